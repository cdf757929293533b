import { z } from 'zod';
import type { Severity } from '../../core/finding.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { count } from '../explain/node.ts';
import { belongsTo } from '../explain/release.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const EvictedParams = z.strictObject({
  /** Evictions this long ago still count. */
  windowSeconds: z.number().positive().default(3600),
});
type EvictedParams = z.infer<typeof EvictedParams>;

const titles = { evicted: 'pods are evicted by their node' } as const;

interface Eviction {
  readonly pod: PodView;
  /** Epoch milliseconds. */
  readonly at: number;
  /** True where the pod used more disk than its own limit allows; otherwise its node ran short. */
  readonly isOwnFault: boolean;
}

/**
 * Pods that the kubelet ended (phase Failed, reason `Evicted`). Drains, taints and preemption delete pods outright and leave nothing behind, so
 * they are never counted; a node that shuts down leaves the reason `Terminated`.
 */
export const evicted = defineDetector({
  id: 'evicted',
  judges: 'pods',
  kinds: titles,
  params: EvictedParams,
  evaluate: evaluateEvictions,
});

function evaluateEvictions(subject: Subject, { windowSeconds }: EvictedParams): Judgement {
  const windowMs = windowSeconds * 1000;
  const evictions = livePods(subject)
    .filter((pod) => pod.phase === 'Failed' && pod.reason === 'Evicted' && isCurrent(pod, subject))
    .map((pod) => ({ pod, at: evictedAt(pod), isOwnFault: ownFault.test(pod.message ?? '') }))
    .filter(({ at }) => at + windowMs > subject.now)
    .toSorted((a, b) => b.at - a.at);
  const oldest = evictions.at(-1);
  const [latest] = evictions;
  if (oldest === undefined || latest === undefined) return { findings: [] };
  const severity = judgeSeverity(evictions, subject);
  const finding = findingOfPods(subject, {
    detector: 'evicted',
    kind: 'evicted',
    title: titles.evicted,
    cause: describe(latest, evictions),
    ...(latest.isOwnFault ? { step: ownStep } : {}),
    since: oldest.at,
    affected: evictions.map(({ pod }) => pod),
    about: nodesOf(evictions),
    blames: ({ changes }) => latest.isOwnFault || changes.some((change) => change.startsWith('resources of')),
    ...(severity === undefined ? {} : { severity }),
  });
  return { findings: [finding], recheckAt: oldest.at + windowMs };
}

/** What happened to a revision that has been replaced is past, although its pods stay for long. */
function isCurrent(pod: PodView, { subject, view }: Subject): boolean {
  const [current] = view.revisionsOf(subject);
  return current === undefined || belongsTo(pod, current);
}

/** Words of the kubelet's eviction manager (k8s.io/kubernetes pkg/kubelet/eviction/helpers.go). */
const ownFault = /exceed(?:s|ed) .*limit|exceeds the limit/i;

const ownStep =
  'See what it writes there and whether that is meant: raise the limit in the pod template (sizeLimit of the emptyDir, or limits of ephemeral-storage), make it clean up, or give it a volume claim.';

/** The end of its containers, or of its readiness, whichever is later. */
function evictedAt({ containers, readySince = 0, createdAt }: PodView): number {
  const ends = containers.flatMap(({ state }) => (state.phase === 'terminated' ? [state.finishedAt] : []));
  return Math.max(createdAt, readySince, ...ends);
}

/** One pod that its node gave up and that has been replaced is what eviction is for. */
function judgeSeverity(evictions: readonly Eviction[], { subject, view }: Subject): Severity | undefined {
  const workload = view.workload(subject);
  const isReplaced = workload !== undefined && workload.ready >= workload.desired;
  return evictions.length === 1 && isReplaced && evictions.every(({ isOwnFault }) => !isOwnFault) ? 'info' : undefined;
}

function nodesOf(evictions: readonly Eviction[]): readonly ResourceRef[] {
  const names = evictions.flatMap(({ isOwnFault, pod: { node } }) => (isOwnFault || node === undefined ? [] : [node]));
  return [...new Set(names)].slice(0, 3).map((name) => ({ kind: 'Node', namespace: '', name }));
}

function describe(latest: Eviction, evictions: readonly Eviction[]): string[] {
  const { pod } = latest;
  const number =
    evictions.length === 1 ? 'A pod was evicted' : `${count(evictions.length, 'pod')} were evicted, the last`;
  return [
    `${number} by node ${pod.node ?? 'that is not known'}: ${explain(pod.message ?? '')}`,
    ...compareUsage(pod.message),
  ];
}

/** What the kubelet says of the pod; follows on "was evicted by node node-1: ". */
const meanings: readonly (readonly [pattern: RegExp, words: (match: readonly string[]) => string])[] = [
  [
    /EmptyDir volume "([^"]+)" exceeds the limit "([^"]+)"/,
    ([, volume = '', limit = '']) => `its volume ${volume} (emptyDir) holds more than its limit of ${limit}`,
  ],
  [
    /local storage usage exceeds the total limit of containers (\S+?)\.?\s*$/,
    ([, limit = '']) => `the pod wrote more to disk than its limit (ephemeral-storage) of ${limit}`,
  ],
  [
    /Container (\S+) exceeded its local ephemeral storage limit "([^"]+)"/,
    ([, container = '', limit = '']) => `container ${container} wrote more to disk than its limit of ${limit}`,
  ],
  [/low on resource: ([\w.-]+?)\./, ([, resource = '']) => `the node ran short of ${nouns[resource] ?? resource}`],
  [
    /had condition: \[(\w+)\]/,
    ([, condition = '']) => `the node is under pressure (${condition}) and takes no such pods`,
  ],
];

function explain(message: string): string {
  for (const [pattern, words] of meanings) {
    const match = pattern.exec(message);
    if (match !== null) return `${words(match)}.`;
  }
  return message === '' ? 'it gives no reason.' : `it says: ${message.trim().replace(/\.$/, '')}.`;
}

const nouns: Readonly<Record<string, string>> = {
  memory: 'memory',
  'ephemeral-storage': 'disk space',
  inodes: 'inodes (too many files)',
  pids: 'process numbers',
};

/** Those that use more than they request go first. */
function compareUsage(message = ''): readonly string[] {
  const [, container, used, requested] = /Container (\S+) was using (\S+), request is ([^\s,.]+)/.exec(message) ?? [];
  if (container === undefined) return [];
  const request = requested === '0' ? 'requests nothing' : `requests ${requested ?? ''}`;
  return [`Container ${container} used ${used ?? ''} and ${request}; pods that use more than they request go first.`];
}
