import { isDeepStrictEqual } from 'node:util';
import { readNumber, readObject, readPath, readString } from '../../../src/core/json.ts';
import { controlledBy, type KubeObject, labelsOf, specOf } from '../objects.ts';
import { hashName } from '../random.ts';
import { removeObject } from '../removals.ts';
import { controllerRevisions } from '../resources.ts';
import type { Stored } from '../stored.ts';
import { activePods, type ControllerTools, childrenOf } from './tools.ts';

export const podHashLabel = 'controller-revision-hash';

/** The ControllerRevision of the owner's present template, with the highest number of its revisions. */
export function currentRevision(tools: ControllerTools, owner: KubeObject): Stored {
  const present = revisionsOf(tools, owner);
  const data = { spec: { template: { ...readObject(owner, 'spec', 'template'), $patch: 'replace' } } };
  const known = present.find(({ object }) => isDeepStrictEqual(readPath(object, 'data'), data));
  const highest = Math.max(0, ...present.filter((one) => one !== known).map(({ object }) => numberOf(object)));
  if (known === undefined) return create(tools, owner, { data, revision: highest + 1 });
  if (numberOf(known.object) > highest) return known;
  return tools.writes.replace(known, { ...known.object, revision: highest + 1 });
}

function revisionsOf({ store }: ControllerTools, owner: KubeObject): readonly Stored[] {
  return childrenOf(store, owner, controllerRevisions);
}

function numberOf(object: KubeObject): number {
  return readNumber(object, 'revision') ?? 0;
}

function create(
  { writes }: ControllerTools,
  owner: KubeObject,
  content: { readonly data: object; readonly revision: number },
): Stored {
  const hash = hashName(content.data);
  const label = owner.kind === 'DaemonSet' ? podHashLabel : 'controller.kubernetes.io/hash';
  const { name, namespace } = owner.metadata;
  const labels = { ...labelsOf(readObject(owner, 'spec', 'template')), [label]: hash };
  const metadata = { name: `${name}-${hash}`, namespace, labels, ownerReferences: [controlledBy(owner)] };
  return writes.create(controllerRevisions, { metadata, ...content });
}

/** The hash that the owner's pods of a revision carry. */
export function hashOf(owner: KubeObject, revision: Stored): string {
  const { metadata } = revision.object;
  return owner.kind === 'DaemonSet' ? (metadata.labels?.[podHashLabel] ?? '') : metadata.name;
}

/** Removes the oldest revisions beyond the limit that no pod belongs to. */
export function forgetRevisions(tools: ControllerTools, owner: KubeObject, kept: readonly string[]): void {
  const used = activePods(tools.store, owner).map(({ object }) => labelsOf(object)[podHashLabel]);
  const old = revisionsOf(tools, owner)
    .filter((one) => !used.includes(hashOf(owner, one)) && !kept.includes(one.object.metadata.name))
    .sort((left, right) => numberOf(left.object) - numberOf(right.object));
  const limit = specOf(owner)['revisionHistoryLimit'];
  const surplus = old.length - (typeof limit === 'number' ? limit : 10);
  for (const revision of old.slice(0, Math.max(0, surplus))) removeObject(tools.store, revision);
}

/** Which revision a pod was made from. */
export function podHash(pod: Stored): string {
  return readString(pod.object, 'metadata', 'labels', podHashLabel) ?? '';
}
