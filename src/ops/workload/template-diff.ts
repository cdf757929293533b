import { createHash } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { isJsonObject, type Json, type JsonObject, readArray, readString } from '../../core/json.ts';
import { redact, redactStrings, redactVariable } from '../../core/redact.ts';

/** Lines that may differ: comparing takes time by their square, and nobody reads so many. */
const mostDifferences = 2_000;

/** Unified diff of two objects as YAML, redacted; empty when they are the same, and only numbers of lines where they have too little in common. */
export function diffTemplates(before: JsonObject, after: JsonObject): string {
  const [old, fresh] = [toText(before), toText(after)];
  if (old === fresh) return '';
  const options = { context: 2, maxEditLength: mostDifferences };
  const patch = createTwoFilesPatch('now', 'planned', old, fresh, undefined, undefined, options);
  if (patch === undefined) return `-(${old.split('\n').length} lines)\n+(${fresh.split('\n').length} others)`;
  return patch.split('\n').slice(3).join('\n').trimEnd();
}

/** Text by text first, and once more as a whole: what a line says of the next, as with `--password`, and a value that YAML would fold. */
function toText(template: JsonObject): string {
  return redact(stringify(redactStrings(redactEnv(template)), { sortMapEntries: true, lineWidth: 0 }));
}

/** Masks literal values of variables whose names say secret, wherever they stand. */
function redactEnv(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactEnv);
  if (!isJsonObject(value)) return value;
  const [name, literal] = [readString(value, 'name'), readString(value, 'value')];
  const entries = Object.entries(value).map(([key, inner]) => [key, redactEnv(inner)] as const);
  const copy = Object.fromEntries(entries);
  return name !== undefined && literal !== undefined ? { ...copy, value: redactVariable(name, literal) } : copy;
}

/** Digest of any JSON, independent of the order of keys. */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(value)) ?? '')
    .digest('hex')
    .slice(0, 24);
}

function sortKeys(value: unknown): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => sortKeys(item) ?? null);
  if (isJsonObject(value)) {
    const entries = Object.keys(value)
      .toSorted()
      .map((key) => [key, sortKeys(value[key]) ?? null] as const);
    return Object.fromEntries(entries);
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** `image of app 1.0.1 -> 1.0.0`, or that only the configuration changes. */
export function describeImages(before: JsonObject, after: JsonObject): string {
  const old = imagesOf(before);
  const changes = [...imagesOf(after)].flatMap(([name, image]) => {
    const was = old.get(name);
    return was === image ? [] : [`image of ${name}: ${was ?? 'none'} -> ${image}`];
  });
  return changes.length === 0 ? 'same images, earlier configuration' : changes.join(', ');
}

function imagesOf(template: JsonObject): Map<string, string> {
  const containers = [...readArray(template, 'spec', 'initContainers'), ...readArray(template, 'spec', 'containers')];
  return new Map(
    containers.map((container) => [readString(container, 'name') ?? '', readString(container, 'image') ?? '']),
  );
}
