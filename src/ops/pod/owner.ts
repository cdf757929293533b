import type { LiveObject } from '../../core/ports/objects.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';

/** What makes this pod again once it is gone: its Deployment, StatefulSet, DaemonSet or Job, or its node; undefined where nothing does. */
export async function findOwner(
  { ref: { namespace }, owner }: LiveObject,
  { objects }: ActionContext,
): Promise<ResourceRef | undefined> {
  if (owner === undefined) return undefined;
  const direct = { ...owner, namespace };
  if (owner.kind !== 'ReplicaSet') return direct;
  const set = await objects.read(direct);
  return set?.owner === undefined ? direct : { ...set.owner, namespace };
}

/** Whether the kubelet makes it from a file of its node, so that the API server cannot be rid of it. */
export function isStatic({ owner, annotations }: LiveObject): boolean {
  return owner?.kind === 'Node' || annotations['kubernetes.io/config.mirror'] !== undefined;
}
