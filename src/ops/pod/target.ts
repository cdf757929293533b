import { z } from 'zod';
import type { Plan, RbacRule } from '../../core/action.ts';
import { ResourceRef } from '../../core/resource-ref.ts';
import { workloadReadRbac } from '../workload/rbac.ts';

export const PodParams = z.strictObject({ target: ResourceRef.extend({ kind: z.literal('Pod') }) });

/** What reading pods and the health of what owns them needs. */
export const podRbac: readonly RbacRule[] = workloadReadRbac;

export const evictionRbac: RbacRule = { apiGroup: '', resource: 'pods/eviction', verbs: ['create'] };

/** The very pods that shall go: without a uid it could be any of that name. */
export function departed({ objects = [] }: Plan): readonly (ResourceRef & { readonly uid: string })[] {
  return objects.flatMap(({ uid, ...ref }) => (uid === undefined ? [] : [{ ...ref, uid }]));
}

export function countPods(pods: readonly unknown[]): string {
  return pods.length === 1 ? '1 pod' : `${pods.length} pods`;
}
