import { isWorkloadRef, type ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { PodView } from '../../core/views/pod.ts';

/** What runs on a node. */
export interface Tenants {
  /** Pods that have not ended and are not on their way out. */
  readonly pods: readonly PodView[];
  /** What they belong to, by name. */
  readonly owners: readonly ResourceRef[];
}

/** Names listed before the rest is only counted. */
const listLimit = 5;

export function tenantsOf(view: ClusterView, node: string): Tenants {
  const pods = view.podsOn(node).filter((pod) => pod.deletion === undefined && runs(pod));
  const owners = new Map(pods.map((pod) => [refKey(view.ownerOf(pod)), view.ownerOf(pod)]));
  return { pods, owners: [...owners.values()].toSorted((a, b) => (refKey(a) < refKey(b) ? -1 : 1)) };
}

/** Those that a drain moves away: neither of a DaemonSet nor static. */
export function movableTenants(view: ClusterView, node: string): Tenants {
  const { pods, owners } = tenantsOf(view, node);
  const movable = pods.filter(({ owner }) => owner?.kind !== 'Node' && owner?.kind !== 'DaemonSet');
  const kept = new Set(movable.map((pod) => refKey(view.ownerOf(pod))));
  return { pods: movable, owners: owners.filter((owner) => kept.has(refKey(owner))) };
}

/** Deployments and StatefulSets of which no ready pod is left on any other node. */
export function strandedOwners(view: ClusterView, node: string): readonly ResourceRef[] {
  const { owners } = movableTenants(view, node);
  return owners.filter(
    (owner) => isWorkloadRef(owner) && !view.podsOf(owner).some((pod) => pod.ready && pod.node !== node),
  );
}

/** True while its containers run or may run again. */
function runs({ phase }: PodView): boolean {
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** `12 pods of 5 workloads`. */
export function countTenants({ pods, owners }: Tenants): string {
  return `${count(pods.length, 'pod')} of ${count(owners.length, 'workload')}`;
}

/** Share of its places for pods that must be taken before that is worth a word. */
const crowded = 0.9;

/** `It runs 17 pods of at most 17.`; empty where a node is not known or has places left. */
export function describeCrowd(view: ClusterView, name: string): readonly string[] {
  const most = view.find('node', '', name)?.allocatable.pods ?? 0;
  const { pods } = tenantsOf(view, name);
  if (most === 0 || pods.length < most * crowded) return [];
  return [`It runs ${count(pods.length, 'pod')} of at most ${most}.`];
}

/** `1 pod`, `2 pods`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `shop/a, shop/b and 3 more`. */
export function listRefs(refs: readonly ResourceRef[]): string {
  const named = refs.slice(0, listLimit).map(refName).join(', ');
  return refs.length > listLimit ? `${named} and ${refs.length - listLimit} more` : named;
}
