import type { PodView } from '../../core/views/pod.ts';
import { count } from './node.ts';
import { describeState, isExplained } from './pod-state.ts';
import { belongsTo } from './release.ts';
import type { Rollout, Standstill } from './rollout.ts';

/** The pods of a StatefulSet around the first that is not ready. */
interface Queue {
  readonly blocker: PodView;
  readonly ordinal: number;
  /** Pods that wait for it to be created, and to be replaced. */
  readonly missing: number;
  readonly outdated: readonly PodView[];
  /** It is of an older revision, and the controller replaces it only after it has become ready. */
  readonly isLeftOver: boolean;
}

/** A StatefulSet whose other pods wait for one that is not ready. */
export function judgeSet(rollout: Rollout, forMs: number): Standstill | undefined {
  const queue = findQueue(rollout);
  if (queue === undefined || (queue.missing === 0 && queue.outdated.length === 0 && !queue.isLeftOver))
    return undefined;
  const { blocker } = queue;
  if (isExplained(blocker) && !queue.isLeftOver) return undefined;
  const since = Math.max(blocker.createdAt, blocker.readySince ?? 0);
  return {
    cause: [...describeBlocker(queue, rollout), ...describeWaiting(queue)],
    since,
    from: since + forMs,
    affected: [blocker],
  };
}

/** What is written only for a pod that is deleted by hand is not waited for. */
function findQueue({ workload, current, pods }: Rollout): Queue | undefined {
  const placed = pods.map((pod) => ({ pod, ordinal: ordinalOf(pod) })).toSorted((a, b) => a.ordinal - b.ordinal);
  const first = placed.find(({ pod }) => !pod.ready);
  if (first === undefined) return undefined;
  const isRolled = (ordinal: number): boolean =>
    workload.strategy === 'RollingUpdate' && ordinal >= (workload.partition ?? 0);
  const stale = placed.filter(({ pod, ordinal }) => isRolled(ordinal) && !belongsTo(pod, current));
  return {
    blocker: first.pod,
    ordinal: first.ordinal,
    missing: Math.max(0, workload.desired - pods.length),
    outdated: stale.map(({ pod }) => pod).filter((pod) => pod !== first.pod),
    isLeftOver: stale.some(({ pod }) => pod === first.pod),
  };
}

function ordinalOf({ name }: PodView): number {
  return Number(/-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
}

function describeBlocker({ blocker, ordinal, isLeftOver }: Queue, { current }: Rollout): readonly string[] {
  const state = isExplained(blocker) ? 'is not ready' : describeState(blocker);
  const opening = `Ordinal ${ordinal} (pod ${blocker.name}) ${state}`;
  if (!isLeftOver) return [`${opening}.`];
  return [
    `${opening}, and it is not of revision ${current.revision}, the newest.`,
    'The StatefulSet controller replaces it only after it has become ready, so the newest revision does not reach it: deleting the pod does.',
  ];
}

function describeWaiting({ missing, outdated }: Queue): readonly string[] {
  const names = outdated.map(({ name }) => name).join(', ');
  const isOne = outdated.length === 1;
  return [
    ...(missing === 0
      ? []
      : [`${count(missing, 'pod')} behind it ${missing === 1 ? 'waits' : 'wait'} to be created (OrderedReady).`]),
    ...(outdated.length === 0
      ? []
      : [`${count(outdated.length, 'pod')} (${names}) ${isOne ? 'waits' : 'wait'} for the update behind it.`]),
  ];
}
