import fc from 'fast-check';
import { type Finding, findingKey } from '../../src/core/finding.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';
import { aFinding } from './builders.ts';
import {
  aContainer,
  aNode,
  anAutoscaler,
  anIngress,
  aPod,
  aService,
  aWorkload,
  checkout,
  minutes,
  now,
  viewOf,
} from './views.ts';

/** Findings that are entangled in every way that relations know, for properties of what is made of them. */

const hook = { kind: 'ValidatingWebhookConfiguration', namespace: '', name: 'policy' };
const service = { namespace: 'shop', name: 'checkout', port: 443 };

/** A shop in which each object points at others, with a webhook that refuses the pods that are to answer for it. */
export const tangledView = viewOf({
  workload: [aWorkload(), aWorkload({ uid: 'uid-cart', name: 'cart' })],
  pod: [aPod({ node: 'node-1', claims: ['data'], containers: [aContainer({ ready: false })] })],
  service: [aService()],
  ingress: [anIngress()],
  autoscaler: [anAutoscaler()],
  node: [aNode()],
  webhooks: [
    { ...hook, uid: 'uid-hook', createdAt: 0, webhooks: [{ name: 'a.policy.io', failurePolicy: 'Fail', service }] },
  ],
});

const ref = (kind: string, name: string, namespace = 'shop'): ResourceRef => ({ kind, namespace, name });

const subjects: readonly ResourceRef[] = [
  checkout,
  ref('Deployment', 'cart'),
  ref('Service', 'checkout'),
  ref('Ingress', 'front'),
  ref('HorizontalPodAutoscaler', 'checkout'),
  ref('Node', 'node-1', ''),
  ref('Namespace', 'shop', ''),
  ref('PersistentVolumeClaim', 'data'),
  ref('ConfigMap', 'flags'),
  hook,
];

const anyFinding: fc.Arbitrary<Finding> = fc
  .record({
    subject: fc.constantFrom(...subjects),
    detector: fc.constantFrom('crash-loop', 'probe-failing', 'workload-short', 'volume-nearly-full', 'webhook-broken'),
    kind: fc.constantFrom('crash-loop', 'probe-failing', 'workload-short', 'webhook-no-endpoints'),
    cause: fc.constantFrom('It fails.', 'failed calling webhook "a.policy.io"'),
    since: fc.integer({ min: -12, max: 12 }).map((quarters) => now + quarters * 15 * minutes),
    about: fc.uniqueArray(fc.constantFrom(...subjects), { maxLength: 2 }),
    told: fc.boolean(),
  })
  .map(({ told, ...rest }) => aFinding({ ...rest, ...(told ? { reportedBy: 'alertmanager' as const } : {}) }));

export const tangledFindings: fc.Arbitrary<readonly Finding[]> = fc.uniqueArray(anyFinding, {
  selector: findingKey,
  minLength: 1,
  maxLength: 8,
});
