import { isJsonObject } from '../../src/core/json.ts';
import { type Fields, fieldsIn } from './objects.ts';
import { listKeys } from './patches.ts';

/** Steps to a value: `f:spec`, `k:{"name":"app"}`; a last `.` is the list item itself. */
export type FieldPath = readonly string[];

/** Paths to values, by their text. */
export type FieldSet = ReadonlyMap<string, FieldPath>;

/** Identity is nobody's field. */
const unowned = new Set(['f:apiVersion', 'f:kind', 'f:status']);
const unownedMetadata = new Set(
  ['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields'].map(
    (field) => `f:${field}`,
  ),
);

/** Every value in the object that somebody can own. */
export function fieldSetOf(object: Fields): FieldSet {
  const paths = pathsOf(object, []).filter(
    ([first = '', second = '']) => !unowned.has(first) && !(first === 'f:metadata' && unownedMetadata.has(second)),
  );
  return new Map(paths.map((path) => [pathKey(path), path]));
}

function pathsOf(value: unknown, at: FieldPath): readonly FieldPath[] {
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...at, `f:${name}`]));
  }
  const key = keyOfList(at);
  if (!Array.isArray(value) || key === undefined) return [at];
  return fieldsIn(value).flatMap((item) => {
    const place = [...at, `k:${JSON.stringify({ [key]: item[key] })}`];
    return [[...place, '.'], ...pathsOf(item, place)];
  });
}

function keyOfList(at: FieldPath): string | undefined {
  return listKeys[(at.at(-1) ?? '').slice(2)];
}

function pathKey(path: FieldPath): string {
  return path.join('\n');
}

/** The value at the path; undefined where there is none. */
export function valueAt(value: unknown, [step, ...rest]: FieldPath): unknown {
  if (step === undefined || step === '.') return value;
  if (step.startsWith('f:')) return isJsonObject(value) ? valueAt(value[step.slice(2)], rest) : undefined;
  return valueAt(Array.isArray(value) ? value.find((item) => isItem(item, step)) : undefined, rest);
}

/** The object without the value at the path. */
export function withoutPath(value: unknown, [step = '', ...rest]: FieldPath): unknown {
  if (step.startsWith('k:')) return Array.isArray(value) ? withoutItem(value, step, rest) : value;
  if (!isJsonObject(value)) return value;
  const name = step.slice(2);
  if (value[name] === undefined) return value;
  if (rest.length > 0) return { ...value, [name]: withoutPath(value[name], rest) };
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

function withoutItem(list: readonly unknown[], step: string, rest: FieldPath): readonly unknown[] {
  if (rest[0] === '.') return list.filter((item) => !isItem(item, step));
  return list.map((item) => (isItem(item, step) ? withoutPath(item, rest) : item));
}

function isItem(item: unknown, step: string): boolean {
  const wanted: unknown = JSON.parse(step.slice(2));
  return isJsonObject(wanted) && isJsonObject(item) && Object.entries(wanted).every(([key, one]) => item[key] === one);
}

/** As `managedFields` writes a set. */
export function fieldTree(fields: FieldSet): Fields {
  const tree: Record<string, unknown> = {};
  for (const path of fields.values()) {
    let place = tree;
    for (const step of path) {
      const next: Record<string, unknown> = isMutable(place[step]) ? place[step] : {};
      place[step] = next;
      place = next;
    }
  }
  return tree;
}

function isMutable(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value);
}

export function setOfTree(tree: Fields, at: FieldPath = []): FieldSet {
  const paths = Object.entries(tree).flatMap(([step, inner]) => {
    const below = isJsonObject(inner) && Object.keys(inner).length > 0 ? inner : undefined;
    return below === undefined ? [[...at, step]] : [...setOfTree(below, [...at, step]).values()];
  });
  return new Map(paths.map((path) => [pathKey(path), path]));
}

/** As conflicts name a field: `.spec.template.spec.containers[name="app"].image`. */
export function pathText(path: FieldPath): string {
  return path
    .filter((step) => step !== '.')
    .map((step) => (step.startsWith('f:') ? `.${step.slice(2)}` : itemText(step.slice(2))))
    .join('');
}

function itemText(key: string): string {
  const parsed: unknown = JSON.parse(key);
  const parts = isJsonObject(parsed) ? Object.entries(parsed) : [];
  return `[${parts.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
