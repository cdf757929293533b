import jsonPatch from 'fast-json-patch';
import { isJsonObject } from '../../src/core/json.ts';
import { badRequest, patchMisfit, unsupportedBody } from './failure.ts';
import { type Fields, fieldsIn } from './objects.ts';

export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** Answers the patched object; the old one is not changed. */
export function patchObject(object: Fields, contentType: string, body: unknown): Fields {
  switch (contentType) {
    case patchTypes.json:
      return applyJsonPatch(object, body);
    case patchTypes.merge:
      return asFields(mergePatch(object, asFields(body)));
    case patchTypes.strategic:
      return strategicPatch(object, asFields(body));
    default:
      throw unsupportedBody(Object.values(patchTypes));
  }
}

function applyJsonPatch(object: Fields, body: unknown): Fields {
  if (!Array.isArray(body)) {
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  const operations: jsonPatch.Operation[] = structuredClone(body);
  try {
    return asFields(applyOperations(structuredClone(object), operations));
  } catch {
    throw patchMisfit();
  }
}

/** As the API server does it (evanphx/json-patch): a test for null holds where there is nothing. Throws where an operation does not fit. */
export function applyOperations<T>(document: T, operations: readonly jsonPatch.Operation[]): T {
  return operations.reduce((current, operation) => {
    const isNull = operation.op === 'test' && operation.value === null;
    if (isNull && jsonPatch.getValueByPointer(current, operation.path) === undefined) return current;
    return jsonPatch.applyOperation(current, operation, true, false).newDocument;
  }, document);
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const result: Record<string, unknown> = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** The keys by which Kubernetes merges lists of objects; other lists are replaced. */
export const listKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  ownerReferences: 'uid',
  conditions: 'type',
  hostAliases: 'ip',
};

function strategicPatch(target: Fields, patch: Fields): Fields {
  if (patch['$patch'] === 'replace') return without(patch, '$patch');
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = strategicValue(key, result[key], value);
  }
  const kept = patch['$retainKeys'];
  if (!Array.isArray(kept)) return result;
  return Object.fromEntries(Object.entries(result).filter(([key]) => kept.includes(key)));
}

function strategicValue(key: string, target: unknown, value: unknown): unknown {
  if (isJsonObject(value)) return strategicPatch(isJsonObject(target) ? target : {}, value);
  const mergeKey = listKeys[key];
  if (!Array.isArray(value) || mergeKey === undefined) return value;
  return mergeLists(Array.isArray(target) ? fieldsIn(target) : [], fieldsIn(value), mergeKey);
}

function mergeLists(target: readonly Fields[], patch: readonly Fields[], key: string): readonly Fields[] {
  const result = [...target];
  for (const item of patch) {
    if (item['$patch'] === 'replace' && item[key] === undefined) {
      return patch.filter((other) => other['$patch'] === undefined);
    }
    const at = result.findIndex((other) => other[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = strategicPatch(result[at] ?? {}, item);
    else result.push(item);
  }
  return result;
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

function asFields(value: unknown): Fields {
  if (isJsonObject(value)) return value;
  throw badRequest('the object provided is unrecognized (must be of type Object)');
}
