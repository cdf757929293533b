import { describe, expect, it } from 'vitest';
import { findCause, findRoots } from '../../../src/analysis/correlation/correlate.ts';
import { type Finding, findingKey } from '../../../src/core/finding.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import { aFinding } from '../../support/builders.ts';
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
      finding(checkout, { kind: 'probe', since: now + seconds }),
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
    ['by what was hours ago', noEndpoints, { ...crash, since: now - 120 * minutes }],
    ['by itself', crash, crash],
  ])('not %s', (_case, effect, cause) => {
    expect(findCause(effect, [cause], view)).toBeUndefined();
  });
});

it('the whole chain leads to its beginning', () => {
  const roots = findRoots([route, noEndpoints, crash, node, scaler], view);
  for (const one of [route, noEndpoints, crash, scaler]) expect(roots.get(findingKey(one))?.finding).toBe(node);
  expect(roots.get(findingKey(route))?.because).toContain('it routes to Service shop/checkout');
});

it('two causes at the same time stay two', () => {
  const cart = finding(ref('Deployment', 'cart'));
  const roots = findRoots([crash, cart, noEndpoints], view);
  expect(roots.get(findingKey(cart))?.finding).toBe(cart);
  expect(roots.get(findingKey(noEndpoints))?.finding).toBe(crash);
});
