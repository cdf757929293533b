import { describe, expect, it } from 'vitest';
import { nodeOvercommitted } from '../../../src/analysis/detectors/node-overcommitted.ts';
import type { NodeView } from '../../../src/core/views/capacity.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import { aNode, aPod, minutes, now, seconds, viewOf } from '../../support/views.ts';

const detector = nodeOvercommitted.configure({});
const subject = { kind: 'Node', namespace: '', name: 'node-1' };
const gibibyte = 2 ** 30;

function judge(pods: readonly PodView[], node: Partial<NodeView> = {}) {
  const offers = { cpu: 4, memory: 8 * gibibyte, pods: 3 };
  return detector.evaluate({
    subject,
    view: viewOf({ node: [aNode({ allocatable: offers, ...node })], pod: pods }),
    now,
  });
}

function resident(name: string, cpu: number, memory = 0, overrides: Partial<PodView> = {}): PodView {
  return aPod({ name, node: 'node-1', createdAt: now - 5 * minutes, requests: { cpu, memory }, ...overrides });
}

const waiting = aPod({
  name: 'waiting',
  unscheduled: { reason: 'Unschedulable', message: '0/1 nodes are available: 1 Too many pods.', since: now },
});

describe('fires', () => {
  it('when more CPU is requested than there is, naming the largest', () => {
    const [finding] = judge([resident('a', 3), resident('b', 1.5)]).findings;
    expect(finding).toMatchObject({ kind: 'node-overcommitted', severity: 'warning', since: now - 5 * minutes });
    expect(finding?.cause).toContain('Its 2 pods request 4.5 cores of CPU, and it offers 4 cores.');
    expect(finding?.cause).toContain('The largest: shop/a 3 cores, shop/b 1.5 cores.');
  });

  it('when more memory is requested than there is', () => {
    const [finding] = judge([resident('a', 0, 6 * gibibyte), resident('b', 0, 3 * gibibyte)]).findings;
    expect(finding?.cause).toContain('request 9 GiB of memory, and it offers 8 GiB.');
  });

  it('when it runs all the pods it may and others wait for that', () => {
    const full = ['a', 'b', 'c'].map((name) => resident(name, 0));
    expect(judge([...full, waiting]).findings[0]?.cause).toContain('3 pods of at most 3, and 1 pod find no node.');
    expect(judge(full).findings).toEqual([]);
  });
});

describe('stays silent', () => {
  it('at first, and looks again', () => {
    const judged = judge([resident('a', 5, 0, { createdAt: now - 20 * seconds })]);
    expect(judged).toEqual({ findings: [], recheckAt: now + 40 * seconds });
  });

  it.each<[string, readonly PodView[], Partial<NodeView>]>([
    ['when all fits to the last core', [resident('a', 3.9), resident('b', 0.1)], {}],
    ['about pods that have ended', [resident('a', 3), resident('b', 3, 0, { phase: 'Succeeded' })], {}],
    [
      'about pods that leave',
      [resident('a', 3), resident('b', 3, 0, { deletion: { since: now, finalizers: [] } })],
      {},
    ],
    ['on a node that offers nothing yet', [resident('a', 3)], { allocatable: { cpu: 0, memory: 0, pods: 0 } }],
    ['on a node that is being deleted', [resident('a', 9)], { deletion: { since: now, finalizers: [] } }],
  ])('%s', (_case, pods, node) => {
    expect(judge(pods, node).findings).toEqual([]);
  });
});
