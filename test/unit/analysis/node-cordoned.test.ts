import { describe, expect, it } from 'vitest';
import { nodeCordoned } from '../../../src/analysis/detectors/node-cordoned.ts';
import type { NodeView } from '../../../src/core/views/capacity.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import { aNode, aPod, minutes, now, viewOf } from '../../support/views.ts';

const detector = nodeCordoned.configure({});
const subject = { kind: 'Node', namespace: '', name: 'node-1' };
const hours = 60 * minutes;
const forgotten = { unschedulable: true, cordonedAt: now - 5 * hours };

function judge(node: Partial<NodeView>, pods: readonly PodView[] = []) {
  return detector.evaluate({ subject, view: viewOf({ node: [aNode(node)], pod: pods }), now });
}

describe('fires', () => {
  it('on a node that is drained and forgotten', () => {
    const daemon = aPod({ node: 'node-1', owner: { kind: 'DaemonSet', name: 'agent', uid: 'uid-agent' } });
    const [finding] = judge(forgotten, [daemon]).findings;
    expect(finding).toMatchObject({ kind: 'node-cordoned', severity: 'info', since: now - 5 * hours });
    expect(finding?.cause).toBe(
      'No new pod has been let in since 2026-03-02 05:00 UTC.\nIt is drained: only pods of DaemonSets and static pods are left.',
    );
  });

  it('with the pods still on it, and as a warning while pods wait', () => {
    const unscheduled = { reason: 'Unschedulable', message: '0/1 nodes are available', since: now };
    const [finding] = judge(forgotten, [aPod({ node: 'node-1' }), aPod({ name: 'b', unscheduled })]).findings;
    expect(finding?.severity).toBe('warning');
    expect(finding?.cause).toContain('It was not drained: 1 pod of 1 workload run there still (shop/checkout).');
    expect(finding?.cause).toContain('Pods that find no node at the moment: 1.');
  });
});

describe('stays silent', () => {
  it('during maintenance, and looks again when it should be over', () => {
    const judged = judge({ unschedulable: true, cordonedAt: now - 1 * hours });
    expect(judged).toEqual({ findings: [], recheckAt: now + 3 * hours });
  });

  it.each<[string, Partial<NodeView>]>([
    ['that takes pods again', { ...forgotten, unschedulable: false }],
    ['of which nobody knows since when', { unschedulable: true }],
    ['that an autoscaler removes', { ...forgotten, removal: 'ToBeDeletedByClusterAutoscaler' }],
    ['that is being deleted', { ...forgotten, deletion: { since: now, finalizers: [] } }],
  ])('on a node %s', (_case, node) => {
    expect(judge(node)).toEqual({ findings: [] });
  });
});
