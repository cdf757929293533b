import { aNotification, aRawAlert } from '../../support/alerts.ts';
import { loudPlays } from './log-plays.ts';
import { certificate, condition, type FaultPlay, own, withHistory, withVolume } from './play.ts';
import * as on from './stage-objects.ts';

const watchCertificates = { cluster: '{ name: test, watchCertificates: true }' };

const nodes: readonly FaultPlay[] = [
  {
    expects: 'node-not-ready',
    what: 'a node whose kubelet is silent',
    set: (shop) =>
      on.applyAll(
        shop,
        on.node(condition('Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.')),
      ),
    says: ['node-1: node is not ready', 'not heard from', 'elsewhere of shop/app', '1 pod of 1 workload on it'],
  },
  {
    expects: 'node-pressure',
    what: 'a node whose disk runs full',
    set: (shop) =>
      on.applyAll(
        shop,
        on.node(condition('DiskPressure', 'True', 'KubeletHasDiskPressure', 'kubelet has disk pressure')),
      ),
    says: ['node-1: node runs out of resources', 'Its disk runs full', 'KubeletHasDiskPressure'],
  },
  {
    expects: 'node-problem',
    what: 'what the node problem detector has found',
    set: (shop) =>
      on.applyAll(shop, on.node(condition('KernelDeadlock', 'True', 'DockerHung', 'task docker blocked for 120 s'))),
    says: ['node-1: node has a problem', 'KernelDeadlock', 'task docker blocked'],
  },
  {
    expects: 'node-cordoned',
    what: 'a node that was forgotten',
    set: (shop) => on.applyAll(shop, on.cordoned(5)),
    says: ['node-1: node has been cordoned for long', 'still (shop/app)'],
  },
  {
    expects: 'node-overcommitted',
    what: 'a node that has promised too much',
    set: (shop) => on.applyAll(shop, ...on.promise('2', '3')),
    says: ['node-1: node has promised more than it has', 'request 3 cores of CPU, and it offers 2 cores'],
  },
];

const volumes: readonly FaultPlay[] = [
  {
    expects: 'volume-claim-pending',
    what: 'a claim of a storage class that does not exist',
    set: (shop) => on.applyAll(shop, on.lazyClass, on.claim('fats')),
    says: ['shop/data: volume claim gets no volume', 'storage class fats does not exist. There are: fast.'],
  },
  {
    expects: 'volume-claim-lost',
    what: 'a claim whose volume is gone',
    set: (shop) => on.applyAll(shop, on.claim('fast', 'Lost')),
    says: ['shop/data: volume is lost'],
  },
  {
    expects: 'volume-nearly-full',
    what: 'a volume that will be full tomorrow',
    async set(shop) {
      await on.applyAll(shop, on.lazyClass, on.claim('fast', 'Bound'));
      return await withVolume({ bytes: [10, 1], inodes: [90, 0] });
    },
    says: ['shop/data: volume is nearly full', 'are left (10.0 %)', 'full in about 10 h'],
  },
  {
    expects: 'volume-inodes',
    what: 'a volume that runs out of inodes',
    async set(shop) {
      await on.applyAll(shop, on.lazyClass, on.claim('fast', 'Bound'));
      return await withVolume({ bytes: [90, 0], inodes: [2, 0] });
    },
    says: ['shop/data: volume has few inodes left', '2 inodes of 100 inodes'],
  },
];

const scaling: readonly FaultPlay[] = [
  {
    expects: 'budget-blocks',
    what: 'a budget that blocks every eviction',
    set: (shop) => on.applyAll(shop, on.budget({ minAvailable: 1 })),
    says: [
      'shop/app: disruption budget blocks every eviction',
      'minAvailable 1 wants 1 healthy of 1 pod',
      'drains hang',
    ],
  },
  {
    expects: 'budget-empty',
    what: 'a budget whose selector is wrong',
    set: (shop) => on.applyAll(shop, on.budget({ minAvailable: 1 }, 'ap')),
    says: ['shop/app: disruption budget holds no pods', 'matches neither a pod nor a workload'],
  },
  {
    expects: 'autoscaler-blind',
    what: 'an autoscaler without metrics',
    set: (shop) =>
      on.applyAll(
        shop,
        on.scaler('app', [condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'missing request for cpu')]),
      ),
    says: ['shop/app: autoscaler cannot read its metrics', 'A container requests none', 'stays at 1 replica'],
  },
  {
    expects: 'autoscaler-target',
    what: 'an autoscaler without target',
    set: (shop) =>
      on.applyAll(shop, on.scaler('typo', [condition('AbleToScale', 'False', 'FailedGetScale', 'not found')])),
    says: ['shop/app: autoscaler cannot scale its target', 'target Deployment shop/typo does not exist'],
  },
  {
    expects: 'autoscaler-at-max',
    what: 'an autoscaler at its maximum',
    set: (shop) => on.applyAll(shop, on.scaler('app', [condition('ScalingLimited', 'True', 'TooManyReplicas')], 3)),
    says: ['shop/app: autoscaler wants more than its maximum', 'its maximum of 3 replicas'],
  },
  {
    expects: 'autoscaler-flapping',
    what: 'an autoscaler that goes up and down',
    async set(shop) {
      await on.applyAll(shop, on.scaler('app'));
      const rescaled = { kind: 'HorizontalPodAutoscaler', type: 'Normal', reason: 'SuccessfulRescale' } as const;
      const sizes = [2, 4, 2, 4, 2, 4].map((size, index) => ({ ...rescaled, ago: 30 - 5 * index, size }));
      return await withHistory(sizes.map(({ size, ...rest }) => ({ ...rest, note: `New size: ${size}; reason: cpu` })));
    },
    says: ['shop/app: autoscaler goes up and down', '2 → 4 → 2 → 4 → 2 → 4', '4 turns'],
  },
];

const network: readonly FaultPlay[] = [
  {
    expects: 'service-no-endpoints',
    what: 'a Service whose pods are not ready',
    set: (shop) => on.applyAll(shop, on.service('app'), on.slice([])),
    says: ['shop/web: Service has no ready endpoints'],
  },
  {
    expects: 'ingress-no-certificate',
    what: 'an Ingress whose certificate does not exist',
    options: watchCertificates,
    set: (shop) => on.applyAll(shop, on.service('app'), on.slice(['10.0.0.9']), on.ingress('front-tls')),
    says: ['shop/front: Ingress has no certificate', 'Secret front-tls, which does not exist'],
  },
  {
    expects: 'webhook-ca-expiring',
    what: 'an admission webhook whose CA ends in three days',
    set: async (shop) => on.applyAll(shop, on.service('app'), on.slice(['10.0.0.9']), on.webhook(await certificate(3))),
    says: ['policy: CA of an admission webhook ends', 'check.policy.io'],
  },
  {
    expects: 'certificate-expiring',
    what: 'a certificate that ends in five days',
    options: watchCertificates,
    set: async (shop) => on.applyAll(shop, on.tlsSecret(await certificate(5))),
    says: ['shop/front-tls: certificate is about to expire', 'for localhost'],
  },
  {
    expects: 'certificate-expired',
    what: 'a certificate that ended yesterday',
    options: watchCertificates,
    set: async (shop) => on.applyAll(shop, on.tlsSecret(await certificate(-1))),
    says: ['shop/front-tls: certificate has expired'],
  },
  {
    expects: 'gateway-not-served',
    what: 'a Gateway of a class that does not exist',
    set: (shop) => on.applyAll(shop, on.gatewayClass, on.gateway('envy')),
    says: ['shop/edge: Gateway is not served', 'GatewayClass envy, which does not exist'],
  },
  {
    expects: 'gateway-listener',
    what: 'a Gateway whose listener is not set up',
    set: (shop) =>
      on.applyAll(
        shop,
        on.gatewayClass,
        on.gateway('envoy', undefined, [condition('Programmed', 'False', 'PortUnavailable', 'port 80 is taken')]),
      ),
    says: ['shop/edge: Gateway has a broken listener', 'Listener http', 'port 80 is taken'],
  },
  {
    expects: 'route-not-accepted',
    what: 'a route that its Gateway does not take',
    set: (shop) =>
      on.applyAll(
        shop,
        on.gatewayClass,
        on.gateway('envoy'),
        on.service('app'),
        on.slice(['10.0.0.9']),
        on.route('web', condition('Accepted', 'False', 'NotAllowedByListeners', 'namespace shop is not allowed')),
      ),
    says: ['shop/front: no Gateway takes the route', 'namespace shop is not allowed'],
  },
  {
    expects: 'route-no-backend',
    what: 'a route to a Service that does not exist',
    set: (shop) => on.applyAll(shop, on.gatewayClass, on.gateway('envoy'), on.route('wbe')),
    says: ['shop/front: route leads to what does not exist', 'wbe'],
  },
];

const workloads: readonly FaultPlay[] = [
  {
    expects: 'memory-near-limit',
    what: 'a container that will be killed soon',
    set: (shop) => on.applyUsage(shop, { memory: '64Mi' }, '62Mi'),
    says: ['shop/app: memory is near its limit', '62 MiB of its limit of 64 MiB (97 %)'],
  },
  {
    expects: 'workload-short',
    what: 'a pod that nothing is wrong with, and that is not ready',
    set: on.applyGated,
    says: ['shop/app: has fewer ready pods than it should', '0 of 1 pods are ready', 'readiness gate'],
  },
  {
    expects: 'pod-mutated',
    what: 'a pod that got less memory than its Deployment gives it',
    set: (shop) => on.applyLowered(shop),
    says: ['shop/app: pods have lower limits than their template', '16 MiB of memory, its template says 64 MiB'],
  },
  {
    expects: 'event-rate',
    what: 'far more warnings than there ever were',
    async set(shop) {
      await on.applyAll(shop);
      return await withHistory([{ ago: 180 }, { ago: 90 }, { ago: 2, times: 40 }]);
    },
    says: ['shop/app: far more warnings than usual', '40 warnings in 10 minutes', 'Unhealthy 40'],
  },
  {
    expects: 'restart-rate',
    what: 'far more restarts than there ever were',
    async set(shop) {
      await on.applyAll(shop);
      const restarts = { type: 'Restart', reason: 'Restarted' } as const;
      return await withHistory([{ ago: 180 }, { ...restarts, ago: 2, times: 20 }]);
    },
    says: ['shop/app: far more restarts than usual', '20 restarts in 10 minutes', 'Restarted 20'],
  },
  {
    expects: 'alert',
    what: 'an alert about what nothing else complains of',
    set: (shop) => on.applyAll(shop),
    after: ({ port }) => sendAlert(port, { namespace: 'shop', deployment: 'app' }),
    says: ['shop/app: alert PodsFailing fires', 'Pods of the checkout fail.'],
  },
  {
    expects: 'cronjob-missed',
    what: 'a schedule whose runs do not start',
    set: ({ cluster }) =>
      cluster.apply(own(['batch/v1', 'CronJob'], 'nightly', { spec: { schedule: '@every 1s', jobTemplate: {} } })),
    says: ['shop/nightly: scheduled run did not start', 'None has started yet.'],
  },
  {
    expects: 'stuck-deletion',
    what: 'a namespace that is deleted and does not go',
    set: ({ cluster }) => {
      const metadata = { name: 'settings', namespace: 'old', finalizers: ['example.com/guard'] };
      cluster.apply({ ...own(['v1', 'ConfigMap'], 'settings', {}), metadata });
      cluster.remove('/api/v1/namespaces/old');
    },
    says: ['old: deletion of the namespace does not end', 'example.com/guard in 1 resource'],
  },
];

export async function sendAlert(port: number, labels: Readonly<Record<string, string>>): Promise<void> {
  const body = aNotification([aRawAlert(labels)]);
  await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, { method: 'POST', body });
}

export const faultPlays: readonly FaultPlay[] = [
  ...nodes,
  ...volumes,
  ...scaling,
  ...network,
  ...workloads,
  ...loudPlays,
];
