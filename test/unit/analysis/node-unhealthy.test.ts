import { describe, expect, it } from 'vitest';
import { nodeUnhealthy } from '../../../src/analysis/detectors/node-unhealthy.ts';
import type { NodeView } from '../../../src/core/views/capacity.ts';
import type { ConditionView } from '../../../src/core/views/object.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import { aNode, aPod, minutes, now, seconds, viewOf } from '../../support/views.ts';

const detector = nodeUnhealthy.configure({});
const subject = { kind: 'Node', namespace: '', name: 'node-1' };

function condition(type: string, status: ConditionView['status'], overrides: Partial<ConditionView> = {}) {
  return { type, status, reason: '', message: '', since: now - minutes, ...overrides };
}

function judge(node: Partial<NodeView>, pods: readonly PodView[] = []) {
  return detector.evaluate({ subject, view: viewOf({ node: [aNode(node)], pod: pods }), now });
}

const silentKubelet = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };

describe('fires', () => {
  it.each([
    ['Unknown', silentKubelet, 'Its kubelet is not heard from'],
    ['False', { reason: 'KubeletNotReady', message: 'cni plugin not initialized' }, 'the pod network is not set up'],
    ['False', { reason: 'KubeletNotReady', message: 'node is shutting down' }, 'The machine is shutting down'],
    ['False', { reason: 'KubeletNotReady', message: 'PLEG is not healthy' }, 'container runtime answers too slowly'],
    ['False', {}, 'Kubernetes gives no reason'],
  ] as const)('on Ready %s (%o) and says what it means', (status, words, meaning) => {
    const [finding] = judge({ conditions: [condition('Ready', status, words)] }).findings;
    expect(finding).toMatchObject({ kind: 'node-not-ready', severity: 'warning', since: now - minutes });
    expect(finding?.cause).toContain(meaning);
    expect(finding?.impact).toBe('0 pods of 0 workloads on it');
  });

  it('critically where a workload has nothing elsewhere', () => {
    const conditions = [condition('Ready', 'Unknown', silentKubelet)];
    const here = aPod({ node: 'node-1', ready: false });
    const [finding] = judge({ conditions }, [
      here,
      aPod({ name: 'ended', node: 'node-1', phase: 'Succeeded' }),
    ]).findings;
    expect(finding).toMatchObject({ severity: 'critical', impact: '1 pod of 1 workload on it' });
    expect(finding?.cause).toContain('No ready pod is left elsewhere of shop/checkout.');
    expect(judge({ conditions }, [here, aPod({ name: 'b', node: 'node-2' })]).findings[0]?.severity).toBe('warning');
  });

  it.each([
    ['MemoryPressure', 'True', 'node-pressure', 'Its memory runs out'],
    ['DiskPressure', 'True', 'node-pressure', 'Its disk runs full'],
    ['PIDPressure', 'True', 'node-pressure', 'process ids'],
    ['NetworkUnavailable', 'True', 'node-problem', 'Its network is not set up'],
    ['KernelDeadlock', 'True', 'node-problem', 'Condition KernelDeadlock is True'],
    ['ReadonlyFilesystem', 'True', 'node-problem', 'ReadonlyFilesystem'],
    ['CorruptDockerOverlay2', 'True', 'node-problem', 'CorruptDockerOverlay2'],
    ['FrequentContainerdRestart', 'True', 'node-problem', 'FrequentContainerdRestart'],
    ['ContainerRuntimeUnhealthy', 'True', 'node-problem', 'ContainerRuntimeUnhealthy'],
    ['StorageReady', 'False', 'node-problem', 'Condition StorageReady is False'],
  ] as const)('at once on %s %s', (type, status, kind, words) => {
    const conditions = [condition('Ready', 'True'), condition(type, status, { since: now, message: 'words of it' })];
    const { findings } = judge({ conditions });
    expect(findings).toMatchObject([{ kind, severity: 'warning', since: now }]);
    expect(findings[0]?.cause).toContain(words);
    expect(findings[0]?.cause).toContain('Kubernetes says: words of it.');
  });
});

describe('stays silent', () => {
  it('on a kubelet that restarts, and looks again', () => {
    const conditions = [condition('Ready', 'False', { since: now - 5 * seconds })];
    expect(judge({ conditions })).toEqual({ findings: [], recheckAt: now + 10 * seconds });
  });

  it.each(['EtcdIsVoter', 'GpuHealthy', 'CNIAvailable', 'KernelReady', 'Ready'])('on the good news of %s', (type) => {
    expect(judge({ conditions: [condition(type, 'True')] }).findings).toEqual([]);
  });

  it.each(['MemoryPressure', 'KernelDeadlock', 'ReadonlyFilesystem', 'FrequentKubeletRestart'])(
    'on %s that is False or Unknown',
    (type) => {
      expect(judge({ conditions: [condition(type, 'False')] }).findings).toEqual([]);
      expect(judge({ conditions: [condition(type, 'Unknown')] }).findings).toEqual([]);
    },
  );

  const away = condition('Ready', 'Unknown', silentKubelet);
  it.each<[string, Partial<NodeView>]>([
    ['that is being deleted', { deletion: { since: now, finalizers: [] } }],
    ['that is being set up', { createdAt: now - 30 * seconds }],
    ['that an autoscaler removes', { removal: 'ToBeDeletedByClusterAutoscaler' }],
    ['that was drained for maintenance', { unschedulable: true }],
  ])('on a node %s', (_case, node) => {
    const daemon = aPod({ node: 'node-1', owner: { kind: 'DaemonSet', name: 'agent', uid: 'uid-agent' } });
    expect(judge({ conditions: [away], ...node }, [daemon]).findings).toEqual([]);
  });

  it('no longer when a cordoned node still runs a workload, or the maintenance takes too long', () => {
    const cordoned = { unschedulable: true, conditions: [away] };
    expect(judge(cordoned, [aPod({ node: 'node-1' })]).findings).toHaveLength(1);
    const late = { ...cordoned, conditions: [{ ...away, since: now - 16 * minutes }] };
    expect(judge(late).findings).toHaveLength(1);
  });
});
