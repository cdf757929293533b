import { type JsonObject, readObject, readString } from '../../../src/core/json.ts';
import { type App, releaseWell, type Shop } from '../../support/shop-scenario.ts';
import { condition, dayMs, own } from './play.ts';

/** Objects that both the faults and their benign twins are made of. */

export function node(...conditions: ReturnType<typeof condition>[]): JsonObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status: { conditions } };
}

export function cordoned(hoursAgo: number, name = 'node-1'): JsonObject {
  const timeAdded = new Date(Date.now() - (hoursAgo * dayMs) / 24).toISOString();
  const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded }];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { unschedulable: true, taints } };
}

/** The node offers so much CPU, and a pod on it asks for so much. */
export function promise(offered: string, asked: string): readonly JsonObject[] {
  const status = { allocatable: { cpu: offered } };
  const containers = [{ name: 'app', image: 'app:1', resources: { requests: { cpu: asked } } }];
  return [
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status },
    own(['v1', 'Pod'], 'resident', { spec: { nodeName: 'node-1', containers } }),
  ];
}

export const lazyClass: JsonObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  provisioner: 'disks.example.com',
  volumeBindingMode: 'WaitForFirstConsumer',
};

export function claim(storageClassName: string, phase = 'Pending'): JsonObject {
  const spec = { storageClassName, resources: { requests: { storage: '1Gi' } } };
  return own(['v1', 'PersistentVolumeClaim'], 'data', { spec, status: { phase } });
}

export function budget(spec: JsonObject, app = 'app'): JsonObject {
  return own(['policy/v1', 'PodDisruptionBudget'], 'app', { spec: { ...spec, selector: { matchLabels: { app } } } });
}

export function scaler(
  target: string,
  conditions: ReturnType<typeof condition>[] = [],
  currentReplicas = 1,
): JsonObject {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: target };
  const spec = { scaleTargetRef, minReplicas: 1, maxReplicas: 3, metrics: [] };
  const status = { currentReplicas, desiredReplicas: currentReplicas, conditions };
  return own(['autoscaling/v2', 'HorizontalPodAutoscaler'], 'app', { spec, status });
}

export function service(app: string): JsonObject {
  return own(['v1', 'Service'], 'web', { spec: { selector: { app }, ports: [{ port: 80 }] } });
}

/** The endpoints of the Service `web`. */
export function slice(addresses: readonly string[]): JsonObject {
  const endpoints = addresses.map((address) => ({ addresses: [address], conditions: { ready: true } }));
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-a', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints,
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
  };
}

export function ingress(tlsSecret: string): JsonObject {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const rules = [{ host: 'shop.local', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }];
  const tls = [{ hosts: ['shop.local'], secretName: tlsSecret }];
  return own(['networking.k8s.io/v1', 'Ingress'], 'front', { spec: { rules, tls } });
}

export function tlsSecret(crt: string): JsonObject {
  return own(['v1', 'Secret'], 'front-tls', { type: 'kubernetes.io/tls', data: { 'tls.crt': crt } });
}

/** An admission webhook of the Service `web`. */
export function webhook(caBundle: string): JsonObject {
  const clientConfig = { service: { namespace: 'shop', name: 'web' }, caBundle };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'policy' },
    webhooks: [{ name: 'check.policy.io', failurePolicy: 'Fail', clientConfig }],
  };
}

const gatewayApi = 'gateway.networking.k8s.io/v1';

export const gatewayClass: JsonObject = { apiVersion: gatewayApi, kind: 'GatewayClass', metadata: { name: 'envoy' } };

/** With one listener; `listener` and `whole` are the conditions that its controller wrote. */
export function gateway(
  className: string,
  whole = [condition('Accepted', 'True')],
  listener = [condition('Programmed', 'True')],
): JsonObject {
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }];
  const status = { conditions: whole, listeners: [{ name: 'http', conditions: listener }] };
  return own([gatewayApi, 'Gateway'], 'edge', { spec: { gatewayClassName: className, listeners }, status });
}

export function route(backend: string, accepted = condition('Accepted', 'True')): JsonObject {
  const parentRef = { name: 'edge' };
  const rules = [{ backendRefs: [{ name: backend, port: 80 }] }];
  const status = { parents: [{ parentRef, controllerName: 'example.com/envoy', conditions: [accepted] }] };
  return own([gatewayApi, 'HTTPRoute'], 'front', { spec: { parentRefs: [parentRef], rules }, status });
}

export async function applyAll(shop: Shop, ...objects: readonly JsonObject[]): Promise<void> {
  await releaseWell(shop);
  for (const object of objects) shop.cluster.apply(object);
}

/** Releases `shop/app`, and metrics-server says that its container takes so much. */
export async function applyUsage(shop: Shop, app: App, memory: string): Promise<void> {
  await releaseWell(shop, app);
  const [pod] = shop.cluster.list('/api/v1/namespaces/shop/pods');
  const name = readString(pod, 'metadata', 'name') ?? '';
  shop.cluster.apply(
    own(['metrics.k8s.io/v1beta1', 'PodMetrics'], name, { containers: [{ name: 'app', usage: { memory } }] }),
  );
}

/** The app's pod runs, and something outside says that it must not be counted yet: a readiness gate. */
export async function applyGated(shop: Shop): Promise<void> {
  await releaseWell(shop);
  const [pod] = shop.cluster.list('/api/v1/namespaces/shop/pods');
  const closed = condition('Ready', 'False', 'ReadinessGatesNotReady', 'the status of a gate is not "True"');
  shop.cluster.apply(
    own(['v1', 'Pod'], readString(pod, 'metadata', 'name') ?? '', { status: { conditions: [closed] } }),
  );
}

/** Another pod of the same ReplicaSet stands in for the app's, with a quarter of the memory that its Deployment gives it. */
export async function applyLowered(shop: Shop, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
  await releaseWell(shop, { memory: '64Mi' });
  const [pod] = shop.cluster.list('/api/v1/namespaces/shop/pods');
  const { labels = {}, ownerReferences = [] } = readObject(pod, 'metadata');
  const metadata = { name: 'app-lowered', namespace: 'shop', labels, ownerReferences, annotations };
  const containers = [{ name: 'app', image: 'app:1', resources: { limits: { memory: '16Mi' } } }];
  shop.cluster.remove(`/api/v1/namespaces/shop/pods/${readString(pod, 'metadata', 'name')}`);
  shop.cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } });
}
