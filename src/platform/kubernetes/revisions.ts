import {
  isJsonObject,
  type JsonObject,
  readArray,
  readNumber,
  readObject,
  readPath,
  readString,
  readTime,
} from '../../core/json.ts';
import type { Revision } from '../../core/ports/workloads.ts';

/** Label that the Deployment controller adds to the template of each ReplicaSet. */
const hashLabel = 'pod-template-hash';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** A ReplicaSet as a revision of its Deployment; undefined where it carries no number yet. */
export function revisionOfReplicaSet(raw: JsonObject): Revision | undefined {
  const revision = parseRevision(readString(raw, 'metadata', 'annotations', revisionAnnotation));
  const template = readPath(raw, 'spec', 'template');
  if (revision === undefined || !isJsonObject(template)) return undefined;
  return { revision, ...naming(raw), template: withoutHash(template) };
}

/** A ControllerRevision as a revision of its StatefulSet or DaemonSet; its data is a strategic merge patch that holds the template. */
export function revisionOfControllerRevision(raw: JsonObject): Revision | undefined {
  const revision = readNumber(raw, 'revision');
  const template = readPath(raw, 'data', 'spec', 'template');
  if (revision === undefined || !isJsonObject(template)) return undefined;
  const { $patch: _, ...plain } = template;
  return { revision, ...naming(raw), template: plain };
}

export function newestFirst(revisions: readonly Revision[]): readonly Revision[] {
  return revisions.toSorted((left, right) => right.revision - left.revision);
}

/** True where the controller `uid` owns the object. */
export function isOwnedBy(raw: JsonObject, uid: string): boolean {
  return readArray(raw, 'metadata', 'ownerReferences').some(
    (owner) => readString(owner, 'uid') === uid && readPath(owner, 'controller') === true,
  );
}

export function parseRevision(text: string | undefined): number | undefined {
  const number = Number(text);
  return text !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

function naming(raw: JsonObject): { readonly name: string; readonly createdAt: number } {
  return {
    name: readString(raw, 'metadata', 'name') ?? '',
    createdAt: readTime(raw, 'metadata', 'creationTimestamp') ?? 0,
  };
}

function withoutHash(template: JsonObject): JsonObject {
  const metadata = readObject(template, 'metadata');
  const { [hashLabel]: _, ...labels } = readObject(metadata, 'labels');
  return { ...template, metadata: { ...metadata, labels } } as JsonObject;
}

/** `matchLabels` and `matchExpressions` as the API's `labelSelector` parameter. */
export function labelSelectorOf(selector: JsonObject): string {
  const labels = Object.keys(readObject(selector, 'matchLabels')).map(
    (key) => `${key}=${readString(selector, 'matchLabels', key) ?? ''}`,
  );
  return [...labels, ...readArray(selector, 'matchExpressions').map(requirement)].join(',');
}

function requirement(expression: unknown): string {
  const key = readString(expression, 'key') ?? '';
  const values = readArray(expression, 'values').map(String).join(',');
  switch (readString(expression, 'operator')) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
