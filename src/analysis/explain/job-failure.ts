import type { ClusterView } from '../../core/view.ts';
import type { JobView } from '../../core/views/job.ts';
import type { ConditionView } from '../../core/views/object.ts';
import type { ContainerView, PodView, Termination } from '../../core/views/pod.ts';
import { quoteCondition } from '../object-finding.ts';

/** The container of a Job whose end tells why the Job failed. */
interface LastEnd {
  readonly pod: PodView;
  readonly container: ContainerView;
  readonly end: Termination;
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

/** Of the newest pod (the first): its container that failed first, since what fails later is often only stopped with it. */
export function lastEnd(pods: readonly PodView[]): LastEnd | undefined {
  const [pod] = pods.filter(({ containers }) => containers.some((one) => failureOf(one) !== undefined));
  if (pod === undefined) return undefined;
  const ends = pod.containers.flatMap((container) => {
    const end = failureOf(container);
    return end === undefined ? [] : [{ pod, container, end }];
  });
  return ends.toSorted((a, b) => a.end.finishedAt - b.end.finishedAt)[0];
}

function failureOf({ state }: ContainerView): Termination | undefined {
  return state.phase === 'terminated' && state.exitCode !== 0 ? state : undefined;
}

/** Sentences: why the controller gave the Job up, and how its latest pod ended. */
export function explainJobFailure(job: JobView, end: ConditionView, last: LastEnd | undefined): readonly string[] {
  return [explainEnd(job, end), ...(last === undefined ? [] : [describeEnd(last)])];
}

/** What the end of the Job calls for, in place of what its kind does. */
export function jobStep(end: ConditionView, last: LastEnd | undefined): string | undefined {
  if (end.reason === 'DeadlineExceeded')
    return 'See how far it came and what it waited for (its log and Events: `{kube|} events {target|<job>}`); if it only needs longer, raise its activeDeadlineSeconds, then run it once more with `{kube|} rerun {target|<job>}`.';
  if (last?.end.reason === 'OOMKilled')
    return 'Raise the memory limit in the template of the Job if it needs that much, else look for what it piles up; then run it once more (a Job is made anew for that).';
  return undefined;
}

/** Reasons of the Job controller (k8s.io/api batch/v1). */
function explainEnd({ failed, backoffLimit }: JobView, end: ConditionView): string {
  if (end.reason === 'BackoffLimitExceeded') {
    const retries = `${backoffLimit} ${backoffLimit === 1 ? 'retry' : 'retries'}`;
    // Restarts within a pod (restartPolicy OnFailure) use up the limit too, and are not counted as failed pods.
    if (failed <= backoffLimit)
      return `It failed more often than its limit of ${retries} allows (BackoffLimitExceeded).`;
    return `It failed ${failed === 1 ? 'once' : `${failed} times`}, and its limit is ${retries} (BackoffLimitExceeded).`;
  }
  if (end.reason === 'DeadlineExceeded')
    return 'It ran longer than its activeDeadlineSeconds allows and was stopped (DeadlineExceeded).';
  if (end.reason === 'PodFailurePolicy') return `Its pod failure policy ended it. ${quoteCondition(end)}`;
  return quoteCondition(end);
}

function describeEnd({ pod, container, end }: LastEnd): string {
  const reason = end.reason === '' ? '' : ` (${end.reason})`;
  return `Container ${container.name} of pod ${pod.name} exited with code ${end.exitCode}${reason}.`;
}
