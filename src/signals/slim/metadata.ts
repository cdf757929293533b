import { readArray, readPath, readString, readTime } from '../../core/json.ts';
import type { OwnerRef } from '../../core/view.ts';

export interface Metadata {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: number;
}

export function readMetadata(raw: unknown): Metadata | undefined {
  const uid = readString(raw, 'metadata', 'uid');
  const name = readString(raw, 'metadata', 'name');
  if (uid === undefined || name === undefined) return undefined;
  const namespace = readString(raw, 'metadata', 'namespace') ?? '';
  return { uid, name, namespace, createdAt: readTime(raw, 'metadata', 'creationTimestamp') ?? 0 };
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
