import { describe, expect, it } from 'vitest';
import { rolloutStuck } from '../../../src/analysis/detectors/rollout-stuck.ts';
import type { ConditionView } from '../../../src/core/views/object.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import type { RevisionView, WorkloadView } from '../../../src/core/views/workload.ts';
import { aCondition } from '../../support/capacity-views.ts';
import {
  aContainer,
  aCrashingContainer,
  aPod,
  aRevision,
  aWorkload,
  checkout,
  minutes,
  now,
  seconds,
  viewOf,
} from '../../support/views.ts';

const detector = rolloutStuck.configure({});

const late = aCondition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded', since: now - minutes });
const moving = aCondition('Progressing', 'True', { reason: 'ReplicaSetUpdated' });
const oldOwner = { kind: 'ReplicaSet', name: 'checkout-1', uid: 'uid-checkout-1' };
const old = aPod({ name: 'old', owner: oldOwner });
const unready = aPod({ containers: [aContainer({ ready: false })] });

interface Given {
  readonly workload?: Partial<WorkloadView>;
  readonly pods?: readonly PodView[];
  readonly failure?: ConditionView;
}

function judge({ workload = { conditions: [late] }, pods = [old, unready], failure }: Given) {
  const revision: RevisionView[] = [aRevision(1), aRevision(2, { failure })];
  const view = viewOf({ workload: [aWorkload({ desired: 1, ...workload })], pod: pods, revision });
  return detector.evaluate({ subject: checkout, view, now });
}

describe('a Deployment past its deadline', () => {
  it('is stuck, with the new revision and what its pods wait for', () => {
    const [finding] = judge({}).findings;
    expect(finding).toMatchObject({ kind: 'rollout-stuck', severity: 'warning', affectedPods: 1, totalPods: 2 });
    expect(finding?.release).toMatchObject({ fromRevision: 1, toRevision: 2 });
    expect(finding?.cause).toContain('Revision 2 made no progress within its deadline: 0 of 1 pods of it are ready');
    expect(finding?.cause).toContain('Pod checkout-2-a runs and is not ready.');
  });

  it('is critical where no pod is ready', () => {
    expect(judge({ pods: [unready] }).findings[0]?.severity).toBe('critical');
  });

  it('says so when no pod of the new revision exists', () => {
    const [finding] = judge({ pods: [old] }).findings;
    expect(finding).toMatchObject({ affectedPods: 0, impact: '0 of 1 pods are of the new revision' });
  });

  it.each<[string, Given]>([
    ['that still progresses', { workload: { conditions: [moving] } }],
    ['that is paused', { workload: { conditions: [late], paused: true } }],
    ['that is wanted no more', { workload: { conditions: [late], desired: 0 } }],
    ['that is being deleted', { workload: { conditions: [late], deletion: { since: now, finalizers: [] } } }],
    ['whose next revision is on its way', { workload: { conditions: [late], generation: 3 } }],
    ['whose new pod crashes', { pods: [old, aPod({ containers: [aCrashingContainer(3)] })] }],
    [
      'whose new pod has just restarted after a crash',
      {
        pods: [
          aPod({
            containers: [
              aContainer({
                ready: false,
                restarts: 2,
                last: { ...aCrashingContainer(1).last, exitCode: 1, reason: 'Error', startedAt: now, finishedAt: now },
              }),
            ],
          }),
        ],
      },
    ],
    [
      'whose new pod waits for its image',
      {
        pods: [
          aPod({ containers: [aContainer({ ready: false, state: { phase: 'waiting', reason: 'ImagePullBackOff' } })] }),
        ],
      },
    ],
    ['whose pods cannot be created', { pods: [old], failure: aCondition('ReplicaFailure', 'True') }],
  ])('%s is not told twice or too early', (_case, given) => {
    expect(judge(given).findings).toEqual([]);
  });
});

function homeless(since: number, message = '0/1 nodes are available: 1 node(s) did not have free ports.'): PodView {
  const unscheduled = { reason: 'Unschedulable', message, since };
  return aPod({ phase: 'Pending', createdAt: since, ready: false, containers: [], unscheduled });
}

describe('a rollout whose new pod finds no node beside the old ones', () => {
  it.each<[string, Partial<WorkloadView>, string]>([
    ['maxUnavailable 0', { maxUnavailable: '0', maxSurge: '1' }, '(maxUnavailable 0)'],
    ['a share that rounds to 0', { maxUnavailable: '25%', maxSurge: '25%' }, '(maxUnavailable 25% of 1 replica is 0)'],
  ])('waits for itself with %s', (_case, workload, words) => {
    const [finding] = judge({ workload, pods: [old, homeless(now - minutes)] }).findings;
    expect(finding?.cause).toContain(`no old pod goes before a new one is ready ${words}`);
    expect(finding?.cause).toContain('The old pods hold the host port that it asks for.');
  });

  it('is looked at again when the grace is over', () => {
    const workload = { maxUnavailable: '0', maxSurge: '1' };
    const judged = judge({ workload, pods: [old, homeless(now - 10 * seconds)] });
    expect(judged).toEqual({ findings: [], recheckAt: now + 20 * seconds });
  });

  it.each<[string, Given]>([
    ['where an old pod may go', { workload: { maxUnavailable: '1', maxSurge: '1' }, pods: [old, homeless(0)] }],
    ['where no old pod is left', { workload: { maxUnavailable: '0', maxSurge: '1' }, pods: [homeless(0)] }],
    ['where all are replaced at once', { workload: { strategy: 'Recreate' }, pods: [old, homeless(0)] }],
  ])('does not wait for itself %s', (_case, given) => {
    expect(judge(given).findings).toEqual([]);
  });
});
