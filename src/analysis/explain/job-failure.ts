import type { ClusterView } from '../../core/view.ts';
import type { JobView } from '../../core/views/job.ts';
import type { ConditionView } from '../../core/views/object.ts';
import type { ContainerView, PodView } from '../../core/views/pod.ts';
import { quoteCondition } from '../object-finding.ts';

/** The container of a Job whose end tells why the Job failed. */
interface LastEnd {
  readonly pod: PodView;
  readonly container: ContainerView;
}

/** How a Job has ended: its condition `Complete` or `Failed`; undefined while it has not. */
export function endOf({ conditions }: JobView): ConditionView | undefined {
  return conditions.find(({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'));
}

/** Pods of the Job that have failed, newest first. */
export function failedPods(view: ClusterView, { uid, name, namespace }: JobView): readonly PodView[] {
  const pods = view.podsOf({ kind: 'Job', namespace, name, uid });
  return pods.filter(({ phase }) => phase === 'Failed').toSorted((a, b) => b.createdAt - a.createdAt);
}

export function lastEnd(pods: readonly PodView[]): LastEnd | undefined {
  const ends = pods.flatMap((pod) =>
    pod.containers
      .filter(({ state }) => state.phase === 'terminated' && state.exitCode !== 0)
      .map((container) => ({ pod, container })),
  );
  return ends[0];
}

/** Sentences: why the controller gave the Job up, and how its latest pod ended. */
export function explainJobFailure(job: JobView, end: ConditionView, last: LastEnd | undefined): readonly string[] {
  return [explainEnd(job, end), ...(last === undefined ? [] : [describeEnd(last)])];
}

/** Reasons of the Job controller (k8s.io/api batch/v1). */
function explainEnd({ failed, backoffLimit }: JobView, end: ConditionView): string {
  if (end.reason === 'BackoffLimitExceeded') {
    const retries = `${backoffLimit} ${backoffLimit === 1 ? 'retry' : 'retries'}`;
    return `It failed ${failed === 1 ? 'once' : `${failed} times`}, and its limit is ${retries} (BackoffLimitExceeded).`;
  }
  if (end.reason === 'DeadlineExceeded')
    return 'It ran longer than its activeDeadlineSeconds allows and was stopped (DeadlineExceeded).';
  if (end.reason === 'PodFailurePolicy') return `Its pod failure policy ended it. ${quoteCondition(end)}`;
  return quoteCondition(end);
}

function describeEnd({ pod, container: { name, state } }: LastEnd): string {
  if (state.phase !== 'terminated') return '';
  const reason = state.reason === '' ? '' : ` (${state.reason})`;
  return `Container ${name} of pod ${pod.name} exited with code ${state.exitCode}${reason}.`;
}
