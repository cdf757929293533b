import { describe, expect, it } from 'vitest';
import { unschedulable } from '../../../src/analysis/detectors/unschedulable.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import { aVolumeClaim } from '../../support/capacity-views.ts';
import {
  aNode,
  aPod,
  aRevision,
  checkout,
  minutes,
  now,
  seconds,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const detector = unschedulable.configure({});

function unscheduled(message: string, overrides: Partial<PodView> = {}): PodView {
  return aPod({
    phase: 'Pending',
    ready: false,
    containers: [],
    createdAt: now - minutes,
    unscheduled: { reason: 'Unschedulable', message, since: now - minutes },
    ...overrides,
  });
}

function judge(pods: readonly PodView[], parts: ViewParts = {}) {
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: pods, ...parts }), now });
}

const tail =
  ' no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';

describe('says in words', () => {
  it.each([
    ['3 Insufficient cpu, 1 Too many pods.', ['On all 3 nodes not enough CPU is left.', 'On 1 of 3 nodes no room']],
    ['3 Insufficient nvidia.com/gpu.', ['On all 3 nodes not enough nvidia.com/gpu is left.']],
    [
      '1 node(s) had untolerated taint {dedicated: gpu}, 2 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.',
      ['On 1 of 3 nodes there is a taint that the pod does not tolerate (dedicated: gpu).', 'kubelet is not ready'],
    ],
    ['3 node(s) had untolerated taint(s).', ['On all 3 nodes there is a taint that the pod does not tolerate.']],
    ["3 node(s) didn't match Pod's node affinity/selector.", ["the labels are not those that the pod's node selector"]],
    ["3 node(s) didn't match pod anti-affinity rules.", ['a pod already runs that this one keeps away from']],
    ["3 node(s) didn't satisfy existing pods anti-affinity rules.", ['that keeps this one away']],
    ["2 node(s) didn't match pod affinity rules, 1 node(s) were unschedulable.", ['wants to be with', 'cordoned']],
    ["3 node(s) didn't match pod topology spread constraints (missing required label).", ['a label is missing']],
    ["3 node(s) didn't match pod topology spread constraints.", ['spread too unevenly']],
    ["3 node(s) didn't have free ports for the requested pod ports.", ['host port that the pod asks for is taken']],
    ['pod has unbound immediate PersistentVolumeClaims.', ['Its volume claims have no volume yet.']],
    ['persistentvolumeclaim "data" not found. not found', ['Its volume claim data does not exist.']],
    ['3 the moon is full.', ['On all 3 nodes the scheduler says: the moon is full.']],
  ])('%s', (reasons, sentences) => {
    const [finding] = judge([unscheduled(`0/3 nodes are available: ${reasons}${tail}`)]).findings;
    expect(finding).toMatchObject({ kind: 'unschedulable', severity: 'critical', affectedPods: 1 });
    for (const sentence of sentences) expect(finding?.cause).toContain(sentence);
    expect(finding?.cause).not.toContain('reemption');
  });

  it('that the scheduler knows no nodes, and what it says without its usual opening', () => {
    expect(judge([unscheduled('no nodes available to schedule pods')]).findings[0]?.cause).toContain('has no nodes');
    expect(judge([unscheduled('quite full')]).findings[0]?.cause).toContain('The scheduler says: quite full.');
  });

  it.each([
    [500, 'no node is that large, even when empty'],
    [2, 'the nodes are full'],
  ])('whether %d cores would fit on an empty node', (cpu, verdict) => {
    const pod = unscheduled('0/1 nodes are available: 1 Insufficient cpu.', { requests: { cpu, memory: 2 ** 30 } });
    const [finding] = judge([pod], { node: [aNode()] }).findings;
    expect(finding?.cause).toContain(
      `requests ${cpu} cores and 1 GiB of memory; the largest node offers 4 cores and 8 GiB`,
    );
    expect(finding?.cause).toContain(verdict);
  });

  it('which labels the pod wants its node to have', () => {
    const unscheduledPod = (message: string) =>
      unscheduled(message, { unscheduled: { reason: 'Unschedulable', message, since: now - minutes, selector } });
    const selector = { 'node-type': 'gpu' };
    const missing = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.";
    expect(judge([unscheduledPod(missing)]).findings[0]?.cause).toContain('Its node selector asks for node-type=gpu.');
    const full = '0/3 nodes are available: 3 Insufficient cpu.';
    expect(judge([unscheduledPod(full)]).findings[0]?.cause).not.toContain('selector');
  });

  it('which claims it waits for', () => {
    const message = '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.';
    const claims = [aVolumeClaim(), aVolumeClaim({ uid: 'uid-2', name: 'bound', phase: 'Bound' })];
    const [finding] = judge([unscheduled(message, { claims: ['data', 'bound'] })], { volumeClaim: claims }).findings;
    expect(finding?.about).toEqual([{ kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' }]);
  });

  it('that the node which the pod names does not exist', () => {
    const pod = unscheduled('', { node: 'node-77', unscheduled: undefined });
    expect(judge([pod], { node: [aNode()] }).findings[0]?.cause).toContain('node node-77, which does not exist');
  });
});

describe('blames', () => {
  const full = unscheduled('0/1 nodes are available: 1 Insufficient cpu.');
  const larger = aRevision(2, {
    containers: [
      { name: 'app', image: 'shop/checkout:1.0.0', env: {}, command: '', resources: { 'requests.cpu': '9' } },
    ],
  });

  it('a release that requests more, not one that does not', () => {
    expect(judge([full], { revision: [aRevision(1), larger] }).findings[0]?.release?.toRevision).toBe(2);
    expect(judge([full]).findings[0]?.release).toBeUndefined();
  });

  it('a release for what the pod itself asks for', () => {
    const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
    expect(judge([unscheduled(message)]).findings[0]?.release?.toRevision).toBe(2);
  });
});

describe('stays silent', () => {
  const message = '0/1 nodes are available: 1 Insufficient cpu.';

  it('while the pod is young, and looks again', () => {
    const young = { reason: 'Unschedulable', message, since: now - 10 * seconds };
    expect(judge([unscheduled(message, { unscheduled: young })])).toEqual({
      findings: [],
      recheckAt: now + 20 * seconds,
    });
  });

  it.each<[string, PodView, ViewParts]>([
    [
      'behind scheduling gates',
      unscheduled('', { unscheduled: { reason: 'SchedulingGated', message: '', since: 0 } }),
      {},
    ],
    ['on a pod that is being deleted', unscheduled(message, { deletion: { since: now, finalizers: [] } }), {}],
    ['on a pod that runs', aPod({ node: 'node-1' }), { node: [aNode()] }],
    [
      'on a pod that its node is creating',
      unscheduled('', { unscheduled: undefined, node: 'node-1' }),
      { node: [aNode()] },
    ],
    ['where nodes may not be read', unscheduled('', { unscheduled: undefined, node: 'node-77' }), {}],
  ])('%s', (_case, pod, parts) => {
    expect(judge([pod], parts).findings).toEqual([]);
  });

  it('and is a warning while others serve', () => {
    expect(judge([unscheduled(message), aPod({ name: 'other' })]).findings[0]?.severity).toBe('warning');
  });
});
