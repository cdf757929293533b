import { readString } from '../../../src/core/json.ts';
import { usualPlays } from './log-plays.ts';
import { type CalmPlay, certificate, condition, own, withHistory, withVolume } from './play.ts';
import { sendAlert } from './plays.ts';
import * as on from './stage-objects.ts';

const watchCertificates = { cluster: '{ name: test, watchCertificates: true }' };

/** What only looks like trouble, each the twin of a fault. */
export const calmPlays: readonly CalmPlay[] = [
  ...usualPlays,
  {
    spares: 'node-unhealthy',
    what: 'good news of a node',
    set: (shop) => on.applyAll(shop, on.node(condition('KernelDeadlock', 'False'), condition('EtcdIsVoter', 'True'))),
  },
  {
    spares: 'node-cordoned',
    what: 'a node that has just been cordoned',
    set: ({ cluster }) => cluster.apply(on.cordoned(1, 'node-2')),
  },
  {
    spares: 'node-overcommitted',
    what: 'a node that has promised all it has',
    set: (shop) => on.applyAll(shop, ...on.promise('3', '3')),
  },
  {
    spares: 'volume-claim',
    what: 'a claim that waits for its first pod',
    set: (shop) => on.applyAll(shop, on.lazyClass, on.claim('fast')),
  },
  {
    spares: 'volume-nearly-full',
    what: 'a volume that is used well and does not fill up',
    async set(shop) {
      await on.applyAll(shop, on.lazyClass, on.claim('fast', 'Bound'));
      return await withVolume({ bytes: [5, 0], inodes: [10, -1] });
    },
  },
  {
    spares: 'disruption-budget',
    what: 'a budget that allows one disruption',
    set: (shop) => on.applyAll(shop, on.budget({ maxUnavailable: 1 })),
  },
  {
    spares: 'autoscaler',
    what: 'an autoscaler at its floor',
    set: (shop) => on.applyAll(shop, on.scaler('app', [condition('ScalingLimited', 'True', 'TooFewReplicas')])),
  },
  {
    spares: 'autoscaler',
    what: 'an autoscaler of nothing',
    set: (shop) => on.applyAll(shop, on.scaler('app', [condition('ScalingActive', 'False', 'ScalingDisabled')], 0)),
  },
  {
    spares: 'autoscaler',
    what: 'an autoscaler that follows a rising load',
    async set(shop) {
      await on.applyAll(shop, on.scaler('app'));
      const rescaled = { kind: 'HorizontalPodAutoscaler', type: 'Normal', reason: 'SuccessfulRescale' } as const;
      return await withHistory(
        [1, 2, 3, 4, 5].map((size) => ({ ...rescaled, ago: 30 - size, note: `New size: ${size};` })),
      );
    },
  },
  {
    spares: 'pod-mutated',
    what: 'a pod that a VerticalPodAutoscaler made smaller',
    set: (shop) => on.applyLowered(shop, { vpaUpdates: 'Pod resources updated by app: container 0: memory limit' }),
  },
  {
    spares: 'webhook-broken',
    what: 'an admission webhook that is answered for, with a CA that is good for long',
    set: async (shop) =>
      on.applyAll(shop, on.service('app'), on.slice(['10.0.0.9']), on.webhook(await certificate(300))),
  },
  {
    spares: 'certificate-expiring',
    what: 'a certificate that is good for long',
    options: watchCertificates,
    set: async (shop) => on.applyAll(shop, on.tlsSecret(await certificate(300))),
  },
  {
    spares: 'ingress-broken',
    what: 'an Ingress with its Service and its certificate',
    options: watchCertificates,
    set: async (shop) =>
      on.applyAll(
        shop,
        on.service('app'),
        on.slice(['10.0.0.9']),
        on.tlsSecret(await certificate(300)),
        on.ingress('front-tls'),
      ),
  },
  {
    spares: 'gateway-broken',
    what: 'a Gateway and a route that work',
    set: (shop) =>
      on.applyAll(
        shop,
        on.gatewayClass,
        on.gateway('envoy'),
        on.service('app'),
        on.slice(['10.0.0.9']),
        on.route('web'),
      ),
  },
  {
    spares: 'memory-near-limit',
    what: 'a container that uses its memory well',
    set: (shop) => on.applyUsage(shop, { memory: '64Mi' }, '52Mi'),
  },
  {
    spares: 'event-rate',
    what: 'as many warnings as always',
    async set(shop) {
      await on.applyAll(shop);
      const always = Array.from({ length: 18 }, (_, bucket) => ({ ago: 175 - bucket * 10, times: 40 }));
      return await withHistory([{ ago: 185 }, ...always, { ago: 2, times: 40 }]);
    },
  },
  {
    spares: 'alert',
    what: 'an alert that fires on purpose',
    set: (shop) => on.applyAll(shop),
    after: ({ port }) => sendAlert(port, { alertname: 'Watchdog', severity: 'none' }),
  },
  {
    spares: 'stuck-deletion',
    what: 'a namespace that is deleted and goes',
    set: ({ cluster }) => {
      cluster.apply({ ...own(['v1', 'ConfigMap'], 'settings', {}), metadata: { name: 'settings', namespace: 'old' } });
      cluster.remove('/api/v1/namespaces/old');
    },
  },
  {
    spares: 'create-failed',
    what: 'a pod that could not be created because the one before had not gone yet',
    set: ({ cluster }) => {
      const containers = [{ name: 'app', image: 'app:1' }];
      const template = { spec: { restartPolicy: 'Never', containers } };
      const job = cluster.apply(own(['batch/v1', 'Job'], 'report', { spec: { template } }));
      const uid = readString(job, 'metadata', 'uid') ?? '';
      cluster.apply(
        own(['events.k8s.io/v1', 'Event'], 'report.1', {
          regarding: { kind: 'Job', namespace: 'shop', name: 'report', uid },
          type: 'Warning',
          reason: 'FailedCreate',
          note: 'object is being deleted: pods "report-x" already exists',
          deprecatedLastTimestamp: new Date().toISOString(),
          deprecatedCount: 3,
        }),
      );
    },
  },
  {
    spares: 'image-pull',
    what: 'an image that is still being pulled',
    set: ({ cluster }) => {
      const waiting = { reason: 'ContainerCreating' };
      const containerStatuses = [{ name: 'app', ready: false, restartCount: 0, state: { waiting } }];
      cluster.apply({
        ...own(['v1', 'Pod'], 'app', { spec: { containers: [{ name: 'app', image: 'huge:1' }] } }),
        metadata: { name: 'app', namespace: 'shop', annotations: { 'sim.lifeguard.dev/still': 'true' } },
        status: { phase: 'Pending', containerStatuses },
      });
    },
  },
  {
    spares: 'unschedulable',
    what: 'a pod behind a scheduling gate',
    set: ({ cluster }) =>
      cluster.apply({
        ...own(['v1', 'Pod'], 'app', { spec: { containers: [{ name: 'app', image: 'app:1' }] } }),
        metadata: { name: 'app', namespace: 'shop', annotations: { 'sim.lifeguard.dev/still': 'true' } },
        status: {
          phase: 'Pending',
          conditions: [condition('PodScheduled', 'False', 'SchedulingGated', 'Scheduling is blocked')],
        },
      }),
  },
];
