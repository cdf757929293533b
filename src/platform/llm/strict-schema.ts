import { z } from 'zod';
import { isJsonObject } from '../../core/json.ts';

/** A JSON Schema. */
export type Shape = Readonly<Record<string, unknown>>;

/** What OpenAI's strict mode has no word for; a schema that needs it has to be written in another way. */
const unknownToStrict = ['allOf', 'not', 'if', 'patternProperties', 'propertyNames', 'prefixItems'];

/** What says the shape. The rest (lengths, ranges, patterns) differs from server to server, breaks some, and is checked by Zod anyway. */
const kept = ['type', 'enum', 'const', 'description', '$ref'];

const names = /^[\w-]{1,64}$/;

/**
 * The JSON Schema of what a model is to say, within what OpenAI's strict mode takes: an object at the root, every key of every object required and no
 * other allowed. Throws `TypeError` with the place where `schema` cannot be put so: what may be missing has to be nullable, a record a list of entries.
 */
export function strictSchema(schema: z.ZodType, name: string): Shape {
  if (!names.test(name)) throw new TypeError(`${name} is no name of a schema: letters, digits, _ and - only`);
  const whole = tighten(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }), name);
  if (whole['type'] !== 'object') throw new TypeError(`${name} has to be an object at its root`);
  return whole;
}

function tighten(node: unknown, place: string): Shape {
  if (!isJsonObject(node)) throw new TypeError(`${place} may be anything; say what it is`);
  const unknown = unknownToStrict.find((word) => word in node);
  if (unknown !== undefined) throw new TypeError(`${place} needs ${unknown}, which strict mode does not know`);
  const { type, items, definitions } = node;
  const choices = node['anyOf'] ?? node['oneOf'];
  const tight = {
    ...Object.fromEntries(kept.flatMap((word) => (word in node ? [[word, node[word]]] : []))),
    ...(Array.isArray(choices) ? { anyOf: choices.map((one, at) => tighten(one, `${place}|${at}`)) } : {}),
    ...(type === 'array' ? { items: tighten(items, `${place}[]`) } : {}),
    ...(type === 'object' ? tightenObject(node, place) : {}),
    ...(isJsonObject(definitions) ? { definitions: tightenEach(definitions, place) } : {}),
  };
  return Object.keys(tight).some((word) => word !== 'description') ? tight : tighten(undefined, place);
}

function tightenObject({ properties, required, additionalProperties }: Shape, place: string): Shape {
  if (!isJsonObject(properties) || isJsonObject(additionalProperties))
    throw new TypeError(`${place} has keys of any name; make it a list of entries`);
  const listed: readonly unknown[] = Array.isArray(required) ? required : [];
  const missing = Object.keys(properties).find((key) => !listed.includes(key));
  if (missing !== undefined) throw new TypeError(`${place}.${missing} may be missing; make it nullable`);
  return { properties: tightenEach(properties, place), required: Object.keys(properties), additionalProperties: false };
}

function tightenEach(nodes: Shape, place: string): Shape {
  return Object.fromEntries(Object.entries(nodes).map(([key, node]) => [key, tighten(node, `${place}.${key}`)]));
}
