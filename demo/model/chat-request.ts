import { isJsonObject, type JsonObject, readArray, readObject, readString } from '../../src/core/json.ts';
import type { Abilities } from './behavior.ts';

/** A request to the chat completions, as it came. */
export interface ChatRequest {
  readonly body: JsonObject;
  /** Whether the answer is to be streamed. */
  readonly streamed: boolean;
  /** `json_schema`, `schema_object`, `json_object` or `text`. */
  readonly format: string;
  /** Names of the tools that may be called. */
  readonly tools: readonly string[];
  readonly authorization: string | undefined;
}

export function readChatRequest(body: JsonObject, authorization: string | undefined): ChatRequest {
  const asked = readString(body, 'response_format', 'type') ?? 'text';
  const shaped = asked === 'json_object' && isJsonObject(readObject(body, 'response_format')['schema']);
  return {
    body,
    streamed: body['stream'] === true,
    format: shaped ? 'schema_object' : asked,
    tools: readArray(body, 'tools').map((tool) => readString(tool, 'function', 'name') ?? ''),
    authorization,
  };
}

/** Whether the server understands the request. */
export function understands({ format, tools }: ChatRequest, can: Abilities): boolean {
  if (tools.length > 0 && !can.tools) return false;
  if (format === 'json_schema') return can.jsonSchema;
  if (format === 'schema_object') return can.schemaObject;
  return format !== 'json_object' || can.jsonObject;
}

/** What the question is about: the first message of the user. */
export function dataOf({ body }: ChatRequest): string {
  const user = readArray(body, 'messages').find((message) => readString(message, 'role') === 'user');
  return readString(user, 'content') ?? '';
}

/** The form that is asked for: from the request, or from the last line of its instructions. */
export function shapeOf({ body, format }: ChatRequest): JsonObject {
  if (format === 'json_schema') return readObject(body, 'response_format', 'json_schema', 'schema');
  if (format === 'schema_object') return readObject(body, 'response_format', 'schema');
  const said = readString(readArray(body, 'messages')[0], 'content') ?? '';
  try {
    const shape: unknown = JSON.parse(said.slice(said.lastIndexOf('\n') + 1));
    return isJsonObject(shape) ? shape : {};
  } catch {
    return {};
  }
}
