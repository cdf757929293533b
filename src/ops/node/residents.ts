import { readArray, readPath, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { isWorkloadRef, type ResourceRef, refName } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';
import { findOwner, isStatic } from '../pod/owner.ts';

export interface Resident {
  readonly pod: LiveObject;
  readonly owner: ResourceRef | undefined;
}

/** The pods of a node, by what a drain does with them. */
export interface Residents {
  readonly moving: readonly Resident[];
  /** Those that nothing makes again. */
  readonly bare: readonly Resident[];
  /** Those that stay, and why: `kube-system/dns-1 (protected namespace)`. Pods of DaemonSets and of the node itself are not among them. */
  readonly staying: readonly string[];
}

/** What is on the node, as `kubectl drain` takes it; what has ended is left alone, and so are protected namespaces. */
export async function findResidents(node: string, context: ActionContext): Promise<Residents> {
  const pods = (await context.objects.list({ kind: 'Pod', node })).filter(isLasting);
  const residents = await Promise.all(pods.map(async (pod) => ({ pod, owner: await findOwner(pod, context) })));
  const movable = residents.filter(({ pod, owner }) => !isStatic(pod) && owner?.kind !== 'DaemonSet');
  const isProtected = ({ pod: { ref } }: Resident): boolean =>
    context.policy.protectedNamespaces.includes(ref.namespace);
  const free = movable.filter((one) => !isProtected(one));
  return {
    moving: free.filter(({ owner }) => owner !== undefined),
    bare: free.filter(({ owner }) => owner === undefined),
    staying: movable.filter(isProtected).map(({ pod: { ref } }) => `${refName(ref)} (protected namespace)`),
  };
}

function isLasting({ status }: LiveObject): boolean {
  const phase = readString(status, 'phase');
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** Whether it keeps files on its node that go with it. */
export function keepsFiles({ pod: { spec } }: Resident): boolean {
  return readArray(spec, 'volumes').some((volume) => {
    const emptyDir = readPath(volume, 'emptyDir');
    return emptyDir !== undefined && readString(emptyDir, 'medium') !== 'Memory';
  });
}

/** Workloads that own some of them, each once. */
export function workloadsOf(residents: readonly Resident[]): readonly ResourceRef[] {
  const owners = residents.flatMap(({ owner }) => (owner !== undefined && isWorkloadRef(owner) ? [owner] : []));
  return [...new Map(owners.map((owner) => [owner.uid, owner])).values()];
}
