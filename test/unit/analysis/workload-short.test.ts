import { describe, expect, it } from 'vitest';
import { findCause } from '../../../src/analysis/correlation/correlate.ts';
import { workloadShort } from '../../../src/analysis/detectors/workload-short.ts';
import type { WorkloadView } from '../../../src/core/views/workload.ts';
import { aFinding } from '../../support/builders.ts';
import { aContainer, aPod, aWorkload, checkout, minutes, now, viewOf } from '../../support/views.ts';

const detector = workloadShort.configure({});
const unready = (name: string, ago: number) =>
  aPod({
    name,
    uid: name,
    ready: false,
    readySince: now - ago,
    containers: [aContainer({ ready: false, state: { phase: 'waiting', reason: 'ContainerCreating' } })],
  });

function judge(workload: Partial<WorkloadView>, pods = [unready('a', 10 * minutes)]) {
  const view = viewOf({ workload: [aWorkload({ desired: 3, ready: 2, updated: 3, ...workload })], pod: pods });
  return { view, ...detector.evaluate({ subject: checkout, view, now }) };
}

describe('fewer ready pods than wanted', () => {
  it('is said after five minutes, with what they are doing', () => {
    const [finding] = judge({}).findings;
    expect(finding).toMatchObject({ kind: 'workload-short', affectedPods: 1 });
    expect(finding?.cause).toContain('2 of 3 pods are ready.');
    expect(finding?.cause).toContain('1 pod: waiting: ContainerCreating');
  });

  it('is not said before, and looked at again then', () => {
    expect(judge({}, [unready('a', 4 * minutes)])).toMatchObject({ findings: [], recheckAt: now + minutes });
  });

  it.each([
    ['a rollout', { updated: 1 }],
    ['a change not seen yet', { generation: 5, observedGeneration: 4 }],
    ['a pause', { paused: true }],
    ['zero replicas', { desired: 0, ready: 0, updated: 0 }],
    ['a deletion', { deletion: { since: now, finalizers: [] } }],
    ['all of them ready', { ready: 3 }],
  ])('is not said during %s', (_name, workload) => {
    expect(judge(workload).findings).toEqual([]);
  });

  it('never leads what is more exact, however late that is', () => {
    const { view, findings } = judge({});
    const [vague] = findings;
    if (vague === undefined) throw new Error('no finding');
    const exact = aFinding({ subject: vague.subject, kind: 'probe-failing', since: now });
    expect(findCause(vague, [exact], view)?.because).toBeDefined();
    expect(findCause(exact, [vague], view)).toBeUndefined();
  });
});
