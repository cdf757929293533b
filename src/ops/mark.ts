import type { PatchOperation } from '../core/action.ts';
import { LifeguardError } from '../core/errors.ts';
import { type ResourceRef, refKey } from '../core/resource-ref.ts';
import type { Run } from './action.ts';

/** Annotation that names the last write Lifeguard made to an object. */
const markAnnotation = 'lifeguard.dev/last-write';

const annotationsPath = '/metadata/annotations';

/** Whatever carries annotations. */
export interface Annotated {
  readonly annotations: Readonly<Record<string, string>>;
}

export function hasMark(live: Annotated | undefined, mark: string): boolean {
  return live?.annotations[markAnnotation] === mark;
}

/** Where an object is read and changed. */
export interface Writer {
  readonly read: () => Promise<(Annotated & { readonly ref: ResourceRef }) | undefined>;
  readonly patch: (operations: readonly PatchOperation[]) => Promise<unknown>;
}

/**
 * Writes the operations and the mark in one patch, unless the mark says that they are written already. Fails where the object is gone, or another of its name
 * is there.
 */
export async function writeOnce(
  { plan: { target }, mark }: Run,
  operations: readonly PatchOperation[],
  { read, patch }: Writer,
): Promise<void> {
  const live = await read();
  if (live === undefined || live.ref.uid !== target.uid) {
    throw new LifeguardError(`${refKey(target)} was deleted meanwhile.`, {
      code: 'cluster-not-found',
      retry: 'permanent',
    });
  }
  if (!hasMark(live, mark)) await patch(withMark(live, operations, mark));
}

/** The operations, with the mark left in the same write. */
function withMark(live: Annotated, operations: readonly PatchOperation[], mark: string): PatchOperation[] {
  // JSON Patch adds nothing to what is not there; the change itself may have made room already.
  const made = operations.some(({ op, path }) => op === 'add' && path === annotationsPath);
  const room = made ? [] : makeRoom(live);
  return [...operations, ...room, { op: 'add', path: annotationPath(markAnnotation), value: mark }];
}

function makeRoom({ annotations }: Annotated): PatchOperation[] {
  return Object.keys(annotations).length === 0 ? [{ op: 'add', path: annotationsPath, value: {} }] : [];
}

/** RFC 6901: `~` and `/` inside a key. */
function annotationPath(name: string): string {
  return `${annotationsPath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Operations that set an annotation. */
export function annotate(live: Annotated, name: string, value: string): PatchOperation[] {
  return [...makeRoom(live), { op: 'add', path: annotationPath(name), value }];
}

/** Operations that put an annotation back as it is on `live`, once it was set. */
export function restoreAnnotation({ annotations }: Annotated, name: string): PatchOperation[] {
  const value = annotations[name];
  const path = annotationPath(name);
  return [value === undefined ? { op: 'remove', path } : { op: 'replace', path, value }];
}
