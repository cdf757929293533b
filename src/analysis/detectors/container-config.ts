import { z } from 'zod';
import { latestEnd } from '../../core/container-runs.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { EventView } from '../../core/views/event.ts';
import type { ContainerView, PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { explainStartFailure } from '../explain/start-failure.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const ContainerConfigParams = z.strictObject({
  /** A ConfigMap is often applied a moment after the pod that needs it, and the kubelet needs another moment to see it; what may mend itself so counts after this long. */
  graceSeconds: z.number().nonnegative().default(20),
  /** Attaching a volume or making a network takes time, and the kubelet says so; it counts after this long. */
  volumeSeconds: z.number().nonnegative().default(60),
});
type ContainerConfigParams = z.infer<typeof ContainerConfigParams>;

const titles = { 'container-config': 'container cannot be started' } as const;

/** Waiting reasons of the kubelet (k8s.io/kubernetes pkg/kubelet/container, pkg/kubelet/kuberuntime). */
const waitingReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
]);

/** How runtimes call a run that never began: containerd and CRI-O, and before them Docker. */
const neverBegan = new Set(['StartError', 'ContainerCannotRun']);

/** Events about a pod none of whose containers can be created yet. */
const preparing: Readonly<Record<string, string>> = {
  FailedMount: 'a volume cannot be mounted: ',
  FailedAttachVolume: 'a volume cannot be attached: ',
  FailedMapVolume: 'a volume cannot be mapped: ',
  FailedCreatePodSandBox: 'its network cannot be set up: ',
};

/** The kubelet repeats such an Event at least every two minutes (its back-off) while it lasts. */
const eventLifeMs = 300_000;

interface Stuck {
  readonly pod: PodView;
  readonly sentence: string;
  readonly about?: ResourceRef | undefined;
  readonly next?: string | undefined;
  /** Epoch milliseconds at which it began, and from which it counts. */
  readonly since: number;
  readonly from: number;
}

interface Failed {
  readonly reason: string;
  readonly message?: string | undefined;
}

/** A container cannot be made or started from what its pod asks for. */
export const containerConfig = defineDetector({
  id: 'container-config',
  judges: 'pods',
  kinds: titles,
  params: ContainerConfigParams,
  evaluate: evaluateContainerConfig,
});

function evaluateContainerConfig(subject: Subject, params: ContainerConfigParams): Judgement {
  const stuck = livePods(subject).flatMap((pod) => judgePod(pod, subject, params));
  const pending = stuck.map(({ from }) => from).filter((from) => from > subject.now);
  const recheck = pending.length === 0 ? {} : { recheckAt: Math.min(...pending) };
  const counting = stuck.filter(({ from }) => from <= subject.now).toSorted((a, b) => a.since - b.since);
  if (counting.length === 0) return { findings: [], ...recheck };
  const finding = findingOfPods(subject, {
    detector: 'container-config',
    kind: 'container-config',
    title: titles['container-config'],
    cause: [...new Set(counting.map(({ sentence }) => sentence))].slice(0, 3),
    step: counting[0]?.next,
    since: Math.min(...counting.map(({ since }) => since)),
    affected: [...new Set(counting.map(({ pod }) => pod))],
    about: counting.flatMap(({ about }) => (about === undefined ? [] : [about])).slice(0, 3),
  });
  return { findings: [finding], ...recheck };
}

function judgePod(pod: PodView, subject: Subject, params: ContainerConfigParams): readonly Stuck[] {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return [];
  const containers = pod.containers.flatMap((container) => judgeContainer(pod, container, params));
  return containers.length > 0 ? containers : judgeEvents(pod, subject, params);
}

function judgeContainer(pod: PodView, container: ContainerView, { graceSeconds }: ContainerConfigParams): Stuck[] {
  const found = failedStart(container);
  if (found === undefined) return [];
  const { words, about, next, lasting } = explainStartFailure(found.message ?? '', pod.namespace);
  const sentence = `${nameOf(container)} cannot be started: ${words} (${found.reason}).`;
  const since = pod.createdAt;
  return [{ pod, sentence, about, next, since, from: lasting ? since : since + graceSeconds * 1000 }];
}

/**
 * How its latest run failed to begin, or what it waits for. The kubelet writes RunContainerError and CrashLoopBackOff by turns beside the former, which
 * stays.
 */
function failedStart(container: ContainerView): Failed | undefined {
  const { state } = container;
  if (state.phase === 'running') return undefined;
  const waits = state.phase === 'waiting' && waitingReasons.has(state.reason) ? state : undefined;
  if (waits !== undefined && waits.reason !== 'RunContainerError') return waits;
  const latest = latestEnd(container);
  return latest !== undefined && neverBegan.has(latest.reason) ? latest : waits;
}

function nameOf({ role, name }: ContainerView): string {
  return `${role === 'init' ? 'Init container' : 'Container'} ${name}`;
}

/** What the kubelet says of a pod on a node before any container of it has begun. */
function judgeEvents(pod: PodView, { view, now }: Subject, params: ContainerConfigParams): Stuck[] {
  const isWaiting = pod.phase === 'Pending' && pod.containers.every(({ state }) => isBeingCreated(state));
  if (!isWaiting || pod.unscheduled !== undefined) return [];
  const ref = { kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid };
  const events = view
    .eventsOf(ref)
    .filter(({ reason, lastSeen }) => preparing[reason] !== undefined && now - lastSeen < eventLifeMs);
  const telling = events.map((event) => judgeEvent(pod, event, params)).toSorted((a, b) => a.from - b.from);
  return telling.slice(0, 1);
}

function isBeingCreated(state: ContainerView['state']): boolean {
  return state.phase === 'waiting' && (state.reason === 'ContainerCreating' || state.reason === 'PodInitializing');
}

function judgeEvent(pod: PodView, { reason, note, createdAt }: EventView, params: ContainerConfigParams): Stuck {
  const volume = /for volume "([^"]+)"/.exec(note)?.[1];
  const { words, about, next, lasting } = explainStartFailure(note, pod.namespace);
  const opening = preparing[reason] ?? '';
  const what = volume === undefined ? opening : opening.replace('a volume', `volume ${volume}`);
  const sentence = `The containers cannot be created: ${what}${words} (${reason}).`;
  const grace = lasting || about !== undefined ? params.graceSeconds : params.volumeSeconds;
  return { pod, sentence, about, next, since: Math.min(createdAt, pod.createdAt), from: pod.createdAt + grace * 1000 };
}
