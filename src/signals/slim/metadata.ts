import { cut } from '../../core/cut.ts';
import { isJsonObject, readArray, readObject, readPath, readString, readTime } from '../../core/json.ts';
import { redact } from '../../core/redact.ts';
import type { ConditionView, Deletion, Labels, ObjectView, OwnerRef, WrittenView } from '../../core/views/object.ts';

/** Longest text of a status kept, characters. */
const messageLimit = 600;

/** Prefix of the annotations that are meant for Lifeguard. */
const annotationPrefix = 'lifeguard.dev/';

/** Undefined for an object without identity. */
export function readMetadata(raw: unknown): ObjectView | undefined {
  const uid = readString(raw, 'metadata', 'uid');
  const name = readString(raw, 'metadata', 'name');
  if (uid === undefined || name === undefined) return undefined;
  const deletion = readDeletion(raw);
  return {
    uid,
    name,
    namespace: readString(raw, 'metadata', 'namespace') ?? '',
    createdAt: readTime(raw, 'metadata', 'creationTimestamp') ?? 0,
    ...(deletion === undefined ? {} : { deletion }),
  };
}

function readDeletion(raw: unknown): Deletion | undefined {
  const since = readTime(raw, 'metadata', 'deletionTimestamp');
  return since === undefined ? undefined : { since, finalizers: readStrings(raw, 'metadata', 'finalizers') };
}

/** The controlling owner. */
export function readOwner(raw: unknown): OwnerRef | undefined {
  for (const owner of readArray(raw, 'metadata', 'ownerReferences')) {
    if (readPath(owner, 'controller') !== true) continue;
    const [kind, name, uid] = [readString(owner, 'kind'), readString(owner, 'name'), readString(owner, 'uid')];
    if (kind !== undefined && name !== undefined && uid !== undefined) return { kind, name, uid };
  }
  return undefined;
}

export function readConditions(raw: unknown, ...path: readonly string[]): ConditionView[] {
  return readArray(raw, ...path).flatMap((one) => {
    const type = readString(one, 'type');
    return type === undefined ? [] : [{ type, ...readCondition(one) }];
  });
}

function readCondition(raw: unknown): Omit<ConditionView, 'type'> {
  const status = readString(raw, 'status');
  return {
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: readString(raw, 'reason') ?? '',
    message: readMessage(raw, 'message') ?? '',
    since: readTime(raw, 'lastTransitionTime') ?? 0,
  };
}

/** Words of the cluster: without secrets, and no longer than people read. */
export function readMessage(raw: unknown, ...path: readonly string[]): string | undefined {
  const text = readString(raw, ...path);
  return text === undefined ? undefined : cut(redact(cut(text, 4 * messageLimit, '')), messageLimit, '');
}

/** The annotations under `lifeguard.dev/`, without the prefix. */
export function readAnnotations(raw: unknown): Labels {
  const own = Object.entries(readLabels(raw, 'metadata', 'annotations')).filter(([name]) =>
    name.startsWith(annotationPrefix),
  );
  return Object.fromEntries(own.map(([name, value]) => [name.slice(annotationPrefix.length), value]));
}

export function readLabels(raw: unknown, ...path: readonly string[]): Labels {
  const pairs = Object.entries(readObject(raw, ...path));
  return Object.fromEntries(
    pairs.flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function readStrings(raw: unknown, ...path: readonly string[]): string[] {
  return readArray(raw, ...path).filter((one) => typeof one === 'string');
}

/** Who wrote last among the field managers that own something at this path (`f:spec`), and when: at the latest then was it written as it is. */
export function readWrite(
  raw: unknown,
  ...path: readonly string[]
): { readonly by: string; readonly at: number } | undefined {
  const writes = readArray(raw, 'metadata', 'managedFields').flatMap((entry) => {
    const at = readTime(entry, 'time');
    const owns = isJsonObject(readPath(entry, 'fieldsV1', ...path));
    return owns && at !== undefined ? [{ by: readString(entry, 'manager') ?? 'somebody', at }] : [];
  });
  return writes.toSorted((a, b) => b.at - a.at)[0];
}

/** The newest field manager that owns the number of replicas. */
export function readScaling(raw: unknown): ReturnType<typeof readWrite> {
  return readWrite(raw, 'f:spec', 'f:replicas');
}

/** What `readMetadata` gives, with the last write of the specification. */
export function readWritten(raw: unknown): WrittenView | undefined {
  const metadata = readMetadata(raw);
  return metadata === undefined ? undefined : { ...metadata, specWrittenAt: readWrite(raw, 'f:spec')?.at };
}
