import type { RbacRule } from '../core/action.ts';
import { hasCode } from '../core/errors.ts';
import type { DeclaredContainer, DeclaredWorkload, Inventory } from '../core/inventory.ts';
import { type JsonObject, readArray, readPath, readString } from '../core/json.ts';
import { referencesOf } from '../core/pod-references.ts';
import type { ClusterReader } from '../core/ports/cluster-reader.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import { isMadeEverywhere } from './slim/config-map.ts';

/** What the inventory reads beside what the sources do; without it, ConfigMaps are left out. Their content is not asked for. */
export const inventoryRights: RbacRule = { apiGroup: '', resource: 'configmaps', verbs: ['list'] };

interface Maker {
  readonly kind: string;
  readonly api: string;
  readonly resource: string;
  /** Where its pod is declared. */
  readonly pod: readonly string[];
}

/** Everything that makes pods. What another object makes is declared there. */
const makers: readonly Maker[] = [
  { kind: 'Deployment', api: '/apis/apps/v1', resource: 'deployments', pod: ['spec', 'template', 'spec'] },
  { kind: 'StatefulSet', api: '/apis/apps/v1', resource: 'statefulsets', pod: ['spec', 'template', 'spec'] },
  { kind: 'DaemonSet', api: '/apis/apps/v1', resource: 'daemonsets', pod: ['spec', 'template', 'spec'] },
  {
    kind: 'CronJob',
    api: '/apis/batch/v1',
    resource: 'cronjobs',
    pod: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  },
  { kind: 'Job', api: '/apis/batch/v1', resource: 'jobs', pod: ['spec', 'template', 'spec'] },
  { kind: 'Pod', api: '/api/v1', resource: 'pods', pod: ['spec'] },
];

export interface InventoryScope {
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
  /** Namespaces that are somebody else's business. */
  readonly except: readonly string[];
}

/** Reads what is declared, all at once. Fails with a `cluster-*` code. */
export async function readInventory(
  reader: Pick<ClusterReader, 'list'>,
  { namespaces, except }: InventoryScope,
): Promise<Inventory> {
  const list = async (api: string, resource: string, metadataOnly = false): Promise<readonly JsonObject[]> => {
    const paths = namespaces.length === 0 ? [''] : namespaces.map((name) => `/namespaces/${name}`);
    const pages = await Promise.all(
      paths.map((part) => reader.list({ path: `${api}${part}/${resource}`, metadataOnly })),
    );
    return pages.flat().filter((raw) => !except.includes(readString(raw, 'metadata', 'namespace') ?? ''));
  };
  const found: DeclaredWorkload[] = [];
  for (const maker of makers) {
    const raws = await list(maker.api, maker.resource);
    found.push(...raws.filter(isOwn).map((raw) => readWorkload(raw, maker)));
  }
  const configMaps = await list('/api/v1', 'configmaps', true).catch((error: unknown) => {
    if (hasCode(error, 'cluster-forbidden')) return undefined;
    throw error;
  });
  if (configMaps === undefined) return { workloads: found };
  const people = configMaps.filter(isOwn).map((raw) => refOf('ConfigMap', raw));
  return { workloads: found, configMaps: people.filter(({ name }) => !isMadeEverywhere(name)) };
}

function isOwn(raw: JsonObject): boolean {
  return readArray(raw, 'metadata', 'ownerReferences').length === 0;
}

function refOf(kind: string, raw: JsonObject): ResourceRef {
  const at = (field: string): string => readString(raw, 'metadata', field) ?? '';
  return { kind, namespace: at('namespace'), name: at('name') };
}

function readWorkload(raw: JsonObject, { kind, pod }: Maker): DeclaredWorkload {
  const spec = readPath(raw, ...pod);
  const containers = [...readArray(spec, 'initContainers'), ...readArray(spec, 'containers')];
  return {
    ref: refOf(kind, raw),
    containers: containers.map(readContainer),
    hostAccess: readHostAccess(spec),
    configMaps: referencesOf(spec).configMaps,
  };
}

function readContainer(raw: unknown): DeclaredContainer {
  const requested = (resource: string): boolean =>
    ['requests', 'limits'].some((field) => readPath(raw, 'resources', field, resource) !== undefined);
  return {
    name: readString(raw, 'name') ?? '',
    image: readString(raw, 'image') ?? '',
    privileged: readPath(raw, 'securityContext', 'privileged') === true,
    // A limit alone is its own request.
    requests: { cpu: requested('cpu'), memory: requested('memory') },
  };
}

function readHostAccess(spec: unknown): string[] {
  const flags = ['hostNetwork', 'hostPID', 'hostIPC'].filter((flag) => readPath(spec, flag) === true);
  const paths = readArray(spec, 'volumes').flatMap((volume) => {
    const path = readString(volume, 'hostPath', 'path');
    return path === undefined ? [] : [`hostPath ${path}`];
  });
  return [...flags, ...paths];
}
