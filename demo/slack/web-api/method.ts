import { z } from 'zod';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Tier } from '../limits.ts';
import type { Wire } from '../wire.ts';
import type { World } from '../world.ts';

/** An answer with `ok: false`; `messages` become response_metadata.messages. */
export class ApiError extends Error {
  readonly code: string;
  readonly messages: readonly string[];
  readonly extra: Wire;

  constructor(code: string, details: { readonly messages?: readonly string[]; readonly extra?: Wire } = {}) {
    super(code);
    this.code = code;
    this.messages = details.messages ?? [];
    this.extra = details.extra ?? {};
  }
}

/** `message`: one per second and channel. `none`: not limited here. */
type Rate = Tier | 'message' | 'none';

export interface Method {
  readonly name: string;
  readonly token: 'bot' | 'app' | 'any';
  readonly rate: Rate;
  /** Scopes this call needs, which for conversations depends on the kind of channel. */
  readonly scopes: (args: JsonObject, world: World) => readonly string[];
  /** Throws ApiError. */
  readonly call: (args: JsonObject, world: World) => Wire;
}

interface Definition<Shape extends z.ZodType> {
  readonly name: string;
  readonly token?: Method['token'];
  readonly rate: Rate;
  readonly scopes?: readonly string[] | Method['scopes'];
  readonly args: Shape;
  readonly run: (args: z.infer<Shape>, world: World) => Wire;
}

export function defineMethod<Shape extends z.ZodType>(definition: Definition<Shape>): Method {
  const { name, token = 'bot', rate, scopes = [], args: shape, run } = definition;
  return {
    name,
    token,
    rate,
    scopes: typeof scopes === 'function' ? scopes : () => scopes,
    call: (args, world) => run(parseArgs(shape, args), world),
  };
}

function parseArgs<Shape extends z.ZodType>(shape: Shape, args: JsonObject): z.infer<Shape> {
  const parsed = shape.safeParse(args);
  if (parsed.success) return parsed.data;
  const messages = parsed.error.issues.map(
    (issue) => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`,
  );
  throw new ApiError('invalid_arguments', { messages });
}

/** Form bodies carry booleans and numbers as text. */
export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((text) => /true|1/.test(text)),
]);
export const count = z.coerce.number().int();
export const jsonObject = z.record(z.string(), z.json());
export const jsonObjects = z.array(jsonObject);
