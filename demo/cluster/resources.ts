/** A kind of object that the API serves. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  /** Has a `status` subresource; plain writes leave its status alone. */
  readonly hasStatus: boolean;
  /** Has a `scale` subresource. */
  readonly hasScale: boolean;
  /** Counts changes of its specification. */
  readonly hasGeneration: boolean;
  /** Served only once there is something of its group: clusters come without it. */
  readonly addOn: boolean;
}

interface Traits {
  readonly shortNames?: readonly string[];
  readonly cluster?: boolean;
  readonly status?: boolean;
  readonly scale?: boolean;
  readonly generation?: boolean;
  readonly addOn?: boolean;
  readonly plural?: string;
}

function resource(api: string, kind: string, traits: Traits = {}): Resource {
  const [version = 'v1', group = ''] = api.split('/').toReversed();
  const singular = kind.toLowerCase();
  return {
    group,
    version,
    plural: traits.plural ?? pluralOf(singular),
    singular,
    kind,
    namespaced: traits.cluster !== true,
    shortNames: traits.shortNames ?? [],
    hasStatus: traits.status === true,
    hasScale: traits.scale === true,
    hasGeneration: traits.generation === true,
    addOn: traits.addOn === true,
  };
}

function pluralOf(singular: string): string {
  if (singular === 'endpoints') return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

const workload = { status: true, generation: true };

const addOn = { ...workload, addOn: true };

export const pods = resource('v1', 'Pod', { shortNames: ['po'], status: true, generation: true });
export const nodes = resource('v1', 'Node', { shortNames: ['no'], status: true, cluster: true });
export const namespaces = resource('v1', 'Namespace', { shortNames: ['ns'], status: true, cluster: true });
export const configMaps = resource('v1', 'ConfigMap', { shortNames: ['cm'] });
export const secrets = resource('v1', 'Secret');
export const serviceAccounts = resource('v1', 'ServiceAccount', { shortNames: ['sa'] });
export const deployments = resource('apps/v1', 'Deployment', { shortNames: ['deploy'], scale: true, ...workload });
export const replicaSets = resource('apps/v1', 'ReplicaSet', { shortNames: ['rs'], scale: true, ...workload });
export const statefulSets = resource('apps/v1', 'StatefulSet', { shortNames: ['sts'], scale: true, ...workload });
export const daemonSets = resource('apps/v1', 'DaemonSet', { shortNames: ['ds'], ...workload });
export const controllerRevisions = resource('apps/v1', 'ControllerRevision');
export const events = resource('events.k8s.io/v1', 'Event', { shortNames: ['ev'] });
export const disruptionBudgets = resource('policy/v1', 'PodDisruptionBudget', { shortNames: ['pdb'], ...workload });
export const roles = resource('rbac.authorization.k8s.io/v1', 'Role');
export const roleBindings = resource('rbac.authorization.k8s.io/v1', 'RoleBinding');
export const clusterRoles = resource('rbac.authorization.k8s.io/v1', 'ClusterRole', { cluster: true });
export const clusterRoleBindings = resource('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { cluster: true });

export const resources: readonly Resource[] = [
  pods,
  nodes,
  namespaces,
  configMaps,
  secrets,
  serviceAccounts,
  resource('v1', 'Service', { shortNames: ['svc'], status: true }),
  resource('v1', 'PersistentVolumeClaim', { shortNames: ['pvc'], status: true }),
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  controllerRevisions,
  events,
  resource('coordination.k8s.io/v1', 'Lease'),
  resource('batch/v1', 'Job', workload),
  resource('batch/v1', 'CronJob', { shortNames: ['cj'], ...workload }),
  resource('autoscaling/v2', 'HorizontalPodAutoscaler', { shortNames: ['hpa'], status: true }),
  resource('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', { shortNames: ['vpa'], generation: true }),
  disruptionBudgets,
  resource('networking.k8s.io/v1', 'Ingress', { shortNames: ['ing'], ...workload }),
  resource('networking.k8s.io/v1', 'IngressClass', { cluster: true, generation: true }),
  resource('discovery.k8s.io/v1', 'EndpointSlice', { generation: true }),
  resource('storage.k8s.io/v1', 'StorageClass', { shortNames: ['sc'], cluster: true }),
  resource('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', { cluster: true, generation: true }),
  resource('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', { cluster: true, generation: true }),
  resource('networking.k8s.io/v1', 'NetworkPolicy', { shortNames: ['netpol'], generation: true }),
  resource('gateway.networking.k8s.io/v1', 'GatewayClass', { cluster: true, ...addOn }),
  resource('gateway.networking.k8s.io/v1', 'Gateway', { ...addOn, plural: 'gateways' }),
  resource('gateway.networking.k8s.io/v1', 'HTTPRoute', addOn),
  resource('metrics.k8s.io/v1beta1', 'PodMetrics', { addOn: true, plural: 'pods' }),
  roles,
  roleBindings,
  clusterRoles,
  clusterRoleBindings,
];

/** What every cluster serves. */
export const servedResources: readonly Resource[] = resources.filter(({ addOn: isAddOn }) => !isAddOn);

const byPath = new Map(resources.map((one) => [`${one.group}/${one.version}/${one.plural}`, one]));
const byKind = new Map(resources.map((one) => [`${apiVersionOf(one)}/${one.kind}`, one]));

export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return byPath.get(`${group}/${version}/${plural}`);
}

export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  return byKind.get(`${apiVersion}/${kind}`);
}

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** As errors name it: `deployments.apps`. */
export function qualifiedName({ group, plural }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`;
}
