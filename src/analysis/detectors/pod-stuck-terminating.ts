import { z } from 'zod';
import type { Severity } from '../../core/finding.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { quoteCondition } from '../object-finding.ts';
import { findingOfPods } from '../pod-finding.ts';

const PodStuckTerminatingParams = z.strictObject({
  /** How long a pod may stay after its time to stop (terminationGracePeriodSeconds) is over. */
  forSeconds: z.number().nonnegative().default(600),
});
type PodStuckTerminatingParams = z.infer<typeof PodStuckTerminatingParams>;

const titles = { 'pod-stuck-terminating': 'deleted pods do not go' } as const;

interface Leaving {
  readonly pod: PodView;
  /** Epoch milliseconds at which its time to stop was over. */
  readonly since: number;
}

/** Pods that were deleted and stay. Kubernetes sets the time of a deletion to when the pod should be gone. */
export const podStuckTerminating = defineDetector({
  id: 'pod-stuck-terminating',
  judges: 'pods',
  kinds: titles,
  params: PodStuckTerminatingParams,
  evaluate: evaluateLeaving,
});

function evaluateLeaving(subject: Subject, { forSeconds }: PodStuckTerminatingParams): Judgement {
  const forMs = forSeconds * 1000;
  const leaving = subject.view
    .podsOf(subject.subject)
    .flatMap((pod) => (pod.deletion === undefined ? [] : [{ pod, since: pod.deletion.since }]))
    .toSorted((a, b) => a.since - b.since);
  const pending = leaving.map(({ since }) => since + forMs).filter((from) => from > subject.now);
  const recheck = pending.length === 0 ? {} : { recheckAt: Math.min(...pending) };
  const stuck = leaving.filter(({ since }) => since + forMs <= subject.now);
  const [first] = stuck;
  if (first === undefined) return { findings: [], ...recheck };
  const severity = judgeSeverity(subject);
  const finding = findingOfPods(subject, {
    detector: 'pod-stuck-terminating',
    kind: 'pod-stuck-terminating',
    title: titles['pod-stuck-terminating'],
    cause: describe(first, subject),
    since: first.since,
    affected: stuck.map(({ pod }) => pod),
    about: brokenNode(first.pod, subject),
    blames: () => false,
    ...(severity === undefined ? {} : { severity }),
  });
  return { findings: [finding], ...recheck };
}

/** A StatefulSet makes no new pod of a name before the old one is gone; elsewhere nobody misses it. */
function judgeSeverity({ subject, view }: Subject): Severity | undefined {
  const workload = view.workload(subject);
  if (workload === undefined || workload.ready >= workload.desired) return 'info';
  return workload.kind === 'StatefulSet' ? undefined : 'warning';
}

function describe({ pod }: Leaving, subject: Subject): readonly string[] {
  const finalizers = pod.deletion?.finalizers ?? [];
  const held =
    finalizers.length === 0
      ? []
      : [`${finalizers.join(', ')} holds it (finalizer), and whoever set that has not let it go.`];
  const reasons = [...describeNode(pod, subject), ...held];
  const opening = `Pod ${pod.name} was deleted, its time to stop is over, and it is still there.`;
  return [opening, ...(reasons.length > 0 ? reasons : describeKubelet(pod, subject))];
}

function describeNode(pod: PodView, subject: Subject): readonly string[] {
  const [node] = brokenNode(pod, subject);
  if (node === undefined) return [];
  const isGone = subject.view.find('node', '', node.name) === undefined;
  return [
    `Its node ${node.name} ${isGone ? 'does not exist any more' : 'is not ready'}, so nobody confirms that its containers have stopped.`,
  ];
}

/** The node of the pod where it is gone or not ready. */
function brokenNode(pod: PodView, { view }: Subject): readonly ResourceRef[] {
  if (pod.node === undefined || !view.knows('node', '')) return [];
  const isReady = view.find('node', '', pod.node)?.ready === true;
  return isReady ? [] : [{ kind: 'Node', namespace: '', name: pod.node }];
}

/** What its node is still about. */
function describeKubelet(pod: PodView, { view }: Subject): readonly string[] {
  const running = pod.containers.filter(({ state }) => state.phase === 'running').map(({ name }) => name);
  const events = view.eventsOf({ kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid });
  const newest = events
    .filter(({ type, reason }) => type === 'Warning' && /Kill|PreStop|Unmount|Detach/i.test(reason))
    .toSorted((a, b) => b.lastSeen - a.lastSeen)[0];
  const quote = newest === undefined ? [] : [quoteCondition({ reason: newest.reason, message: newest.note })];
  if (running.length > 0) return [`Container ${running.join(', ')} still runs: the node cannot stop it.`, ...quote];
  return quote.length > 0
    ? quote
    : [`Its containers have stopped; node ${pod.node ?? ''} has not finished cleaning up.`];
}
