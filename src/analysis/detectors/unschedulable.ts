import { z } from 'zod';
import type { Release } from '../../core/finding.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { formatBytes } from '../explain/bytes.ts';
import { formatCores } from '../explain/cores.ts';
import { explainScheduling, type SchedulingFailure } from '../explain/scheduling.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const UnschedulableParams = z.strictObject({
  /** The scheduler tries again when something changes, and pods that leave make room; it counts after this long. */
  graceSeconds: z.number().nonnegative().default(30),
});
type UnschedulableParams = z.infer<typeof UnschedulableParams>;

const titles = { unschedulable: 'pods find no node' } as const;

/** A node that has just joined may be seen a moment after its first pod. */
const nodeLagMs = 5000;

interface Homeless {
  readonly pod: PodView;
  readonly since: number;
  /** Epoch milliseconds from which it counts. */
  readonly from: number;
  readonly failure: SchedulingFailure;
}

/** Pods for which the scheduler finds no node, or that name one that does not exist. */
export const unschedulable = defineDetector({
  id: 'unschedulable',
  judges: 'pods',
  kinds: titles,
  params: UnschedulableParams,
  evaluate: evaluateScheduling,
});

function evaluateScheduling(subject: Subject, { graceSeconds }: UnschedulableParams): Judgement {
  const graceMs = graceSeconds * 1000;
  const homeless = livePods(subject)
    .flatMap((pod) => judgePod(pod, subject, graceMs))
    .toSorted((a, b) => a.since - b.since);
  const pending = homeless.map(({ from }) => from).filter((from) => from > subject.now);
  const recheck = pending.length === 0 ? {} : { recheckAt: Math.min(...pending) };
  const counting = homeless.filter(({ from }) => from <= subject.now);
  const [first] = counting;
  if (first === undefined) return { findings: [], ...recheck };
  const finding = findingOfPods(subject, {
    detector: 'unschedulable',
    kind: 'unschedulable',
    title: titles.unschedulable,
    cause: [...first.failure.sentences, ...tellSelector(first), ...compareWithNodes(first, subject)],
    step: first.failure.next,
    since: first.since,
    affected: counting.map(({ pod }) => pod),
    about: [...first.failure.about, ...unboundClaims(first, subject)],
    blames: (release) => mayCause(release, first.failure),
  });
  return { findings: [finding], ...recheck };
}

function judgePod(pod: PodView, { view }: Subject, graceMs: number): Homeless[] {
  if (pod.phase !== 'Pending') return [];
  if (pod.unscheduled?.reason === 'Unschedulable') {
    const since = Math.max(pod.unscheduled.since, pod.createdAt);
    return [{ pod, since, from: since + graceMs, failure: explainScheduling(pod.unscheduled.message, pod.namespace) }];
  }
  const isLost = pod.node !== undefined && view.knows('node', '') && view.find('node', '', pod.node) === undefined;
  const since = pod.createdAt;
  return isLost ? [{ pod, since, from: since + nodeLagMs, failure: namesNoNode(pod.node) }] : [];
}

/** Its specification names the node, so the scheduler has not been asked. */
function namesNoNode(node: string | undefined): SchedulingFailure {
  const sentences = [`It is bound to node ${node ?? ''}, which does not exist.`];
  const next = 'Correct nodeName in the pod template, or leave the choice to the scheduler by taking it out.';
  return {
    sentences,
    about: [],
    lacksResources: false,
    asksTooMuch: true,
    missesLabels: false,
    waitsForClaims: false,
    next,
  };
}

/** A cluster that is full is not the fault of a release that asks for no more than the one before. */
function mayCause({ changes }: Release, { lacksResources, asksTooMuch }: SchedulingFailure): boolean {
  return asksTooMuch || (lacksResources && changes.some((change) => change.startsWith('resources of')));
}

/** The node selector is short and mostly what is wrong; an affinity is left to `describe`. */
function tellSelector({ pod: { unscheduled }, failure }: Homeless): readonly string[] {
  const wanted = Object.entries(unscheduled?.selector ?? {}).map(([name, value]) => `${name}=${value}`);
  return failure.missesLabels && wanted.length > 0 ? [`Its node selector asks for ${wanted.join(', ')}.`] : [];
}

/** Whether it would fit on an empty node. */
function compareWithNodes({ pod: { requests }, failure }: Homeless, { view }: Subject): readonly string[] {
  const nodes = view.knows('node', '') ? [...view.all('node')] : [];
  if (!failure.lacksResources || nodes.length === 0) return [];
  const cpu = Math.max(...nodes.map(({ allocatable }) => allocatable.cpu));
  const memory = Math.max(...nodes.map(({ allocatable }) => allocatable.memory));
  const asks = `A pod requests ${formatCores(requests.cpu)} and ${formatBytes(requests.memory)} of memory`;
  const verdict =
    requests.cpu > cpu || requests.memory > memory ? 'no node is that large, even when empty' : 'the nodes are full';
  return [`${asks}; the largest node offers ${formatCores(cpu)} and ${formatBytes(memory)}: ${verdict}.`];
}

/** Claims of the pod that have no volume, where its claims are what it waits for. */
function unboundClaims({ pod, failure }: Homeless, { view }: Subject): readonly ResourceRef[] {
  const { namespace, claims = [] } = pod;
  if (!failure.waitsForClaims) return [];
  const named = new Set(failure.about.map(({ name }) => name));
  return claims
    .filter((name) => !named.has(name) && view.find('volumeClaim', namespace, name)?.phase === 'Pending')
    .map((name) => ({ kind: 'PersistentVolumeClaim', namespace, name }));
}
