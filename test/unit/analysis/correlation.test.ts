import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCause, findRoots } from '../../../src/analysis/correlation/correlate.ts';
import { type Finding, findingKey } from '../../../src/core/finding.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import { aFinding } from '../../support/builders.ts';
import { tangledFindings, tangledView } from '../../support/tangle.ts';
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
  seconds,
  viewOf,
} from '../../support/views.ts';

function finding(subject: ResourceRef, overrides: Partial<Finding> = {}): Finding {
  return aFinding({ kind: `trouble-of-${subject.kind}`, subject, since: now, ...overrides });
}

const ref = (kind: string, name: string, namespace = 'shop'): ResourceRef => ({ kind, namespace, name });

const crash = finding(checkout, { kind: 'crash-loop' });
const { release: _release, exemplar: _exemplar, ...unreleased } = crash;
const noEndpoints = finding(ref('Service', 'checkout'), { since: now + 40 * seconds });
const route = finding(ref('Ingress', 'front'), { since: now + 50 * seconds });
const scaler = finding(ref('HorizontalPodAutoscaler', 'checkout'), { since: now + 60 * seconds });
const node = finding(ref('Node', 'node-1', ''), { since: now - 10 * seconds });

const waiting = aPod({ node: 'node-1', containers: [aContainer({ ready: false })] });
const view = viewOf({
  workload: [aWorkload(), aWorkload({ uid: 'uid-cart', name: 'cart' })],
  pod: [waiting],
  service: [aService()],
  ingress: [anIngress()],
  autoscaler: [anAutoscaler()],
  node: [aNode()],
});

describe('a finding is explained', () => {
  it.each<[string, Finding, Finding, string]>([
    [
      'by the workload that a Service sends to',
      noEndpoints,
      crash,
      'the Service sends to the pods of Deployment shop/checkout, 40 s apart',
    ],
    ['by the Service that an Ingress routes to', route, noEndpoints, 'it routes to Service shop/checkout, 10 s apart'],
    ['by the workload that is scaled', scaler, crash, 'the autoscaler scales Deployment shop/checkout, 60 s apart'],
    ['by the node that its pods run on', crash, node, 'its troubled pods run on node node-1, 10 s apart'],
    [
      'by the namespace that goes away',
      crash,
      finding(ref('Namespace', 'shop', '')),
      'its namespace shop is being deleted',
    ],
    [
      'by an object that it names',
      finding(checkout, { about: [ref('Secret', 'tls')] }),
      finding(ref('Secret', 'tls')),
      'Secret shop/tls is what it names as its cause',
    ],
    [
      'by what began earlier on the same object',
      { ...unreleased, kind: 'probe', since: now + seconds },
      crash,
      'it is about the same Deployment',
    ],
    [
      'by another that misses the same object',
      finding(ref('Deployment', 'cart'), { about: [ref('ConfigMap', 'flags')], since: now + seconds }),
      finding(checkout, { about: [ref('ConfigMap', 'flags')] }),
      'both come from ConfigMap shop/flags',
    ],
  ])('%s', (_case, effect, cause, because) => {
    expect(findCause(effect, [cause], view)).toMatchObject({
      finding: cause,
      because: expect.stringContaining(because),
    });
    expect(findCause(cause, [effect], view)).toBeUndefined();
  });

  it.each<[string, Finding, Finding]>([
    ['by another workload', crash, finding(ref('Deployment', 'cart'))],
    [
      'by a workload of another namespace with the same labels',
      noEndpoints,
      finding({ ...checkout, namespace: 'other' }),
    ],
    ['by another node', crash, finding(ref('Node', 'node-2', ''))],
    ['by what was wrong with its node hours ago', crash, { ...node, since: now - 120 * minutes }],
    ['by what was wrong with it hours ago', { ...crash, kind: 'probe' }, { ...crash, since: now - 120 * minutes }],
    [
      'an alert by what was hours ago, whatever its labels point at',
      { ...noEndpoints, reportedBy: 'alertmanager' },
      { ...crash, since: now - 120 * minutes },
    ],
    ['a selector that is wrong by the workload behind it', { ...noEndpoints, kind: 'service-wrong-selector' }, crash],
    ['a missing class by the Service', { ...route, kind: 'ingress-no-class' }, noEndpoints],
    ['by itself', crash, crash],
  ])('not %s', (_case, effect, cause) => {
    expect(findCause(effect, [cause], view)).toBeUndefined();
  });
});

describe('however far apart they began, a finding is explained', () => {
  const old = now - 120 * minutes;
  const claim = finding(ref('PersistentVolumeClaim', 'data'), { detector: 'volume-claim', since: old });
  const full = finding(claim.subject, { detector: 'volume-nearly-full', severity: 'critical', since: old });
  const hook = { kind: 'ValidatingWebhookConfiguration', namespace: '', name: 'policy' };
  const withClaim = aPod({ claims: ['data'] });
  const webhooks = [
    { ...hook, uid: 'uid-hook', createdAt: 0, webhooks: [{ name: 'a.policy.io', failurePolicy: 'Fail' }] },
  ];
  const wide = viewOf({ pod: [withClaim], service: [aService()], ingress: [anIngress()], webhooks });

  it.each<[string, Finding, Finding]>([
    ['by the claim that it names', finding(checkout, { detector: 'unschedulable', about: [claim.subject] }), claim],
    [
      'by another that misses the same',
      finding(checkout, { about: [hook] }),
      finding(ref('Deployment', 'cart'), { about: [hook], since: old }),
    ],
    ['by the workload behind the Service', noEndpoints, { ...crash, since: old }],
    ['by the Service behind the Ingress', route, { ...noEndpoints, since: old }],
    ['by the full volume that it writes to', crash, full],
    [
      'by the webhook that refuses it, though that is only known since a restart',
      finding(checkout, { cause: 'failed calling webhook "a.policy.io"', since: old }),
      finding(hook, { kind: 'webhook-no-endpoints', detector: 'webhook-broken' }),
    ],
  ])('%s', (_case, effect, cause) => {
    expect(findCause(effect, [cause], wide)?.finding).toBe(cause);
  });

  it("but an image that cannot be pulled is not the volume's fault", () => {
    expect(findCause({ ...crash, detector: 'image-pull' }, [full], wide)).toBeUndefined();
  });
});

describe('findings about one workload say what more they share', () => {
  const release = { fromRevision: 6, toRevision: 7, at: now, changes: [] };
  const later = { kind: 'probe', since: now + 40 * seconds };

  it.each<[string, Partial<Finding>, Partial<Finding>, string]>([
    ['the release', { release }, { release }, 'both follow the same release, revision 7, 40 s apart'],
    [
      'nothing more, of two releases',
      { release },
      { release: { ...release, toRevision: 6 } },
      'it is about the same Deployment, 40 s apart',
    ],
    [
      'the ReplicaSet',
      { exemplar: { pod: 'a', container: 'app', previous: false } },
      { exemplar: { pod: 'b', container: 'app', previous: true } },
      'both are about pods of the same ReplicaSet, checkout-2, 40 s apart',
    ],
    [
      'nothing more, of two ReplicaSets',
      { exemplar: { pod: 'a', container: 'app', previous: false } },
      { exemplar: { pod: 'old', container: 'app', previous: true } },
      'it is about the same Deployment, 40 s apart',
    ],
  ])('%s', (_case, effect, cause, because) => {
    const owner = { kind: 'ReplicaSet', name: 'checkout-1', uid: 'uid-checkout-1' };
    const pod = [aPod({ name: 'a' }), aPod({ name: 'b' }), aPod({ name: 'old', owner })];
    const found = findCause({ ...unreleased, ...later, ...effect }, [{ ...unreleased, ...cause }], viewOf({ pod }));
    expect(found?.because).toBe(because);
  });
});

describe('a circle of causes', () => {
  const cart = finding(ref('Deployment', 'cart'), { about: [noEndpoints.subject], since: now - 5 * minutes });
  const service = { ...noEndpoints, about: [cart.subject], since: now - 4 * minutes };
  const tail = { ...route, since: now - 9 * minutes };

  it('ends at its earliest finding, not at what leads into it', () => {
    const roots = findRoots([tail, service, cart], view);
    for (const one of [cart, service, tail]) expect(roots.get(findingKey(one))?.finding).toBe(cart);
    expect(roots.get(findingKey(cart))?.because).toBe('');
    expect(roots.get(findingKey(tail))?.because).toContain('it routes to Service shop/checkout');
  });

  it('is explained by what explains any of it', () => {
    const roots = findRoots([tail, service, cart, crash, node], view);
    for (const one of [cart, service, tail, crash]) expect(roots.get(findingKey(one))?.finding).toBe(node);
  });
});

it('the whole chain leads to its beginning', () => {
  const roots = findRoots([route, noEndpoints, crash, node, scaler], view);
  for (const one of [route, noEndpoints, crash, scaler]) expect(roots.get(findingKey(one))?.finding).toBe(node);
  expect(roots.get(findingKey(route))?.because).toContain('it routes to Service shop/checkout');
});

it('a node that is not ready leads over what it had promised before', () => {
  const promised = { ...node, kind: 'node-overcommitted', since: now - 20 * minutes };
  const down = { ...node, kind: 'node-not-ready' };
  const roots = findRoots([promised, down, crash], view);
  for (const one of [promised, down, crash]) expect(roots.get(findingKey(one))?.finding).toBe(down);
});

it('many findings are each compared with those they may have to do with, not with all', () => {
  let looks = 0;
  const many = Array.from({ length: 400 }, (_, index) => {
    const one = finding(ref('Deployment', `app-${index}`));
    return Object.defineProperty(one, 'subject', {
      get() {
        looks += 1;
        return ref('Deployment', `app-${index}`);
      },
    });
  });
  expect(findRoots([node, ...many], view).size).toBe(401);
  expect(looks).toBeLessThan(100 * many.length);
});

it('two causes at the same time stay two', () => {
  const cart = finding(ref('Deployment', 'cart'));
  const roots = findRoots([crash, cart, noEndpoints], view);
  expect(roots.get(findingKey(cart))?.finding).toBe(cart);
  expect(roots.get(findingKey(noEndpoints))?.finding).toBe(crash);
});

it('whatever findings there are, their order does not matter', () => {
  const shuffled = tangledFindings.chain((found) =>
    fc.tuple(fc.constant(found), fc.shuffledSubarray([...found], { minLength: found.length })),
  );
  const rootsOf = (found: readonly Finding[]) =>
    [...findRoots(found, tangledView)]
      .map(([key, root]) => `${key}: ${findingKey(root.finding)}, ${root.because}`)
      .toSorted();
  fc.assert(
    fc.property(shuffled, ([found, others]) => {
      expect(rootsOf(others)).toEqual(rootsOf(found));
      for (const [, root] of findRoots(found, tangledView))
        expect(findRoots(found, tangledView).get(findingKey(root.finding))?.finding).toBe(root.finding);
    }),
    { numRuns: 500 },
  );
});
