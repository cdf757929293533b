import type { IncomingMessage } from 'node:http';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';

const mostBytes = 20 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    size += part.length;
    if (size > mostBytes) throw new Error('request body too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** Undefined when the text is not a JSON object. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isJsonObject(value) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Arguments that travel as JSON inside a form field. All others stay text, even when they start with a bracket. */
const nested = new Set(['blocks', 'attachments', 'metadata', 'view', 'files', 'unfurls']);

/** Web API arguments of a JSON, form or query request. */
export function readArgs(contentType: string, body: string): JsonObject {
  if (contentType.includes('application/json')) return parseObject(body) ?? {};
  const args: Record<string, JsonObject[string]> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const parsed = nested.has(name) ? parseJson(value) : value;
    args[name] = JSON.parse(JSON.stringify(parsed ?? value));
  }
  return args;
}

/** The content of an uploaded file: the first part of a multipart body, or the raw body. */
export async function readUpload(contentType: string, body: Buffer): Promise<string> {
  if (!contentType.includes('multipart/form-data')) return body.toString('utf8');
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  for (const [, part] of form) return typeof part === 'string' ? part : await part.text();
  return '';
}
