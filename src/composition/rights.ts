import type { Config } from '../config/load.ts';
import type { RbacRule } from '../core/action.ts';
import { describeError } from '../core/errors.ts';
import { actions } from '../ops/actions/index.ts';
import { checkAccess } from '../platform/kubernetes/access.ts';
import { configHistoryRights } from '../signals/config-recorder.ts';
import { inventoryRights } from '../signals/inventory.ts';
import { chooseSources, type SourceChoice } from '../signals/sources/index.ts';
import { usageRights } from '../signals/usage-stream.ts';
import type { Parts } from './parts.ts';

/** What it needs in its own namespace: the leader's Lease. */
export const ownRights: readonly RbacRule[] = [
  { apiGroup: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'create', 'update'] },
];

/** Rights that belong to no source or action: reading logs. */
const logRights: RbacRule = { apiGroup: '', resource: 'pods/log', verbs: ['get'] };

/** Everything Lifeguard asks of the API server, from what the sources and actions declare; verbs merged by resource. */
export function neededRights(choice: SourceChoice): readonly RbacRule[] {
  const merged = new Map<string, RbacRule>();
  for (const rule of [
    ...chooseSources(choice).map((source) => source.rbac),
    usageRights,
    inventoryRights,
    configHistoryRights,
    ...actions.flatMap((action) => action.rbac),
    logRights,
    ...ownRights,
  ]) {
    const key = `${rule.apiGroup}/${rule.resource}`;
    const verbs = new Set([...(merged.get(key)?.verbs ?? []), ...rule.verbs]);
    merged.set(key, { ...rule, verbs: [...verbs].toSorted() });
  }
  return [...merged.values()];
}

/** What it takes to look at what people may do, and to act as them: as these and nobody else. */
function identityRights({ identities }: Config['kubernetes']): readonly RbacRule[] {
  if (identities === undefined) return [];
  const known = [...Object.values(identities.users), ...Object.values(identities.groups)];
  const impersonate = (resource: string, names: readonly string[]): RbacRule[] =>
    names.length === 0 ? [] : [{ apiGroup: '', resource, verbs: ['impersonate'], names: [...new Set(names)] }];
  return [
    { apiGroup: 'authorization.k8s.io', resource: 'subjectaccessreviews', verbs: ['create'] },
    ...impersonate(
      'users',
      known.map(({ user }) => user),
    ),
    ...impersonate(
      'groups',
      known.flatMap(({ groups }) => groups),
    ),
  ];
}

/** Says at start which rights are missing; what does not need them goes on. */
export async function reportMissingRights({ cluster, config, log }: Parts): Promise<void> {
  const { namespaces } = config.cluster;
  const scope = namespaces.length === 0 ? {} : { namespaces };
  try {
    const missing = await Promise.all([
      checkAccess(cluster.http, { rules: neededRights(config.cluster), ...scope }),
      checkAccess(cluster.http, { rules: identityRights(config.kubernetes) }),
    ]);
    for (const sentence of missing.flat()) log.warn('a right is missing', { problem: sentence });
  } catch (error) {
    log.warn('the rights could not be checked', { problem: describeError(error) });
  }
}
