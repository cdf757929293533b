import { expect, it } from 'vitest';
import { workloadShort } from '../../../src/analysis/detectors/workload-short.ts';
import { findingOfPods } from '../../../src/analysis/pod-finding.ts';
import {
  aContainer,
  anIngress,
  aPod,
  aService,
  aWorkload,
  checkout,
  minutes,
  now,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const broken = aPod({
  name: 'checkout-2-b',
  containers: [aContainer({ ready: false })],
  readySince: now - 10 * minutes,
  createdAt: now - 11 * minutes,
});

function judge(parts: ViewParts) {
  const workload = [aWorkload({ desired: 3, ready: 2, updated: 3, available: 2 })];
  const view = viewOf({ workload, pod: [aPod(), aPod({ name: 'checkout-2-c' }), broken], ...parts });
  const { findings } = workloadShort.configure({}).evaluate({ subject: checkout, view, now });
  return findings[0];
}

const route = (namespace: string) => ({
  uid: 'uid-route',
  kind: 'HTTPRoute',
  namespace,
  name: 'front',
  createdAt: now,
  parents: [],
  backends: [{ namespace: 'shop', service: 'checkout', port: 80, path: '/' }],
  conditions: [],
});

it.each<[string, ViewParts, string | undefined]>([
  ['an Ingress', { service: [aService()], ingress: [anIngress()] }, 'Ingress shop/front'],
  ['a route of its namespace', { service: [aService()], route: [route('shop')] }, 'HTTPRoute shop/front'],
  ['a route of another namespace', { service: [aService()], route: [route('edge')] }, 'HTTPRoute edge/front'],
  ['a load balancer', { service: [aService({ type: 'LoadBalancer' })] }, 'Service shop/checkout'],
  ['nothing but a Service within the cluster', { service: [aService()] }, undefined],
  ['an Ingress for another Service', { service: [aService({ name: 'other' })], ingress: [anIngress()] }, undefined],
  [
    'an Ingress for a Service of other pods',
    { service: [aService({ selector: { app: 'web' } })], ingress: [anIngress()] },
    undefined,
  ],
])('a finding knows that requests reach the workload by %s, and how much of it answers', (_case, parts, exposed) => {
  const finding = judge(parts);
  expect([finding?.exposed, finding?.serving]).toEqual([exposed, { ready: 2, wanted: 3 }]);
});

it('a pod of no workload has no share of one', () => {
  const bare = { uid: 'uid-bare', kind: 'Pod', namespace: 'shop', name: 'bare' };
  const pod = aPod({ uid: 'uid-bare', name: 'bare', owner: undefined });
  const finding = findingOfPods(
    { subject: bare, view: viewOf({ pod: [pod], service: [aService()], ingress: [anIngress()] }), now },
    { detector: 'x', kind: 'x', title: 'x', cause: [], since: now, affected: [pod] },
  );
  expect([finding.exposed, finding.serving]).toEqual([undefined, undefined]);
});
