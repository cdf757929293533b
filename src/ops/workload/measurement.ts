import type { Measurement, Plan, Verification } from '../../core/action.ts';
import type { ContainerView, PodView } from '../../core/views/pod.ts';
import type { WorkloadView } from '../../core/views/workload.ts';
import type { VerifyInput } from '../action.ts';
import type { ActionContext } from '../context.ts';

/** What the workload looks like now; undefined where it no longer exists. Also the "before" of a proof. */
export async function measureWorkload(
  { target }: Pick<Plan, 'target'>,
  context: ActionContext,
): Promise<Measurement | undefined> {
  const view = await context.observer.observe(target);
  const workload = view.workload(target);
  if (workload === undefined || workload.uid !== target.uid) return undefined;
  const pods = view.podsOf(target).filter(isLasting);
  const findings = context.detect(target, view);
  const replaced = isReplaced(workload, pods);
  const rolledOut = replaced && workload.ready >= workload.desired;
  return {
    at: context.clock.now(),
    desired: workload.desired,
    ready: workload.ready,
    restarts: pods.flatMap((pod) => pod.containers).reduce((sum, container) => sum + container.restarts, 0),
    findings: [...new Set(findings.map((finding) => finding.kind))],
    rolledOut,
    replaced,
    stableSince: rolledOut && workload.desired > 0 ? stableSince(pods) : null,
  };
}

/** Evicted pods and others that have ended stay for long beside those that replaced them. */
function isLasting({ deletion, phase }: PodView): boolean {
  return deletion === undefined && phase !== 'Failed' && phase !== 'Succeeded';
}

function isReplaced(workload: WorkloadView, pods: readonly PodView[]): boolean {
  const caughtUp = workload.observedGeneration >= workload.generation;
  return caughtUp && workload.updated >= workload.desired && pods.length === workload.desired;
}

/** The youngest running container's start; null while any of them is not running or not ready. */
function stableSince(pods: readonly PodView[]): number | null {
  const lasting = pods.flatMap((pod) => pod.containers.filter((container) => container.role !== 'init'));
  const starts = lasting.map(runningSince);
  return starts.some((start) => start === null) || !pods.every((pod) => pod.ready)
    ? null
    : Math.max(0, ...starts.map(Number));
}

function runningSince({ ready, state }: ContainerView): number | null {
  return ready && state.phase === 'running' ? state.startedAt : null;
}

/**
 * Did it help? Improved: rolled out, no finding, every pod ready and unbroken for the configured time. Not: the finding is back on the new
 * pods, or the deadline has passed. Nothing running proves nothing: that is unknown, never success.
 */
export function verifyWorkload(input: VerifyInput, { policy }: ActionContext): Verification {
  const { before, after, appliedAt, now } = input;
  if (after.desired === 0) return settled('unknown', 'Nothing is running (0 replicas wanted), so nothing is proven.');
  const calmMs = after.stableSince === null ? 0 : now - Math.max(after.stableSince, appliedAt);
  const calm = after.findings.length === 0 && after.stableSince !== null;
  if (calm && calmMs >= policy.verification.stableForMs) {
    return settled('improved', `Ready ${after.ready}/${after.desired}, no crash for ${Math.floor(calmMs / 1000)} s.`);
  }
  const relapsed = after.replaced && after.findings.length > 0;
  if (!relapsed && now - appliedAt < policy.verification.deadlineMs) return pending(describeWait(after, calmMs));
  const verdict = after.ready < before.ready ? 'worse' : 'unchanged';
  return settled(
    verdict,
    `After ${Math.round((now - appliedAt) / 1000)} s: ${describeState(after)}; before: ${describeState(before)}.`,
  );
}

function describeWait(after: Measurement, calmMs: number): string {
  return after.stableSince === null
    ? describeState(after)
    : `${describeState(after)}, quiet for ${Math.max(0, Math.floor(calmMs / 1000))} s so far`;
}

function describeState({ ready, desired, restarts, findings }: Measurement): string {
  const wrong = findings.length === 0 ? '' : `, still ${findings.join(' and ')}`;
  return `ready ${ready}/${desired}, ${restarts} restarts${wrong}`;
}

function settled(verdict: Verification['verdict'], sentence: string): Verification {
  return { verdict, settled: true, sentence };
}

function pending(sentence: string): Verification {
  return { verdict: 'unknown', settled: false, sentence };
}
