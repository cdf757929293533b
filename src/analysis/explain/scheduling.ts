import type { ResourceRef } from '../../core/resource-ref.ts';

/** Why the scheduler found no node, in words. */
export interface SchedulingFailure {
  /** Whole sentences, one for each of the scheduler's reasons. */
  readonly sentences: readonly string[];
  /** Claims and classes that it names. */
  readonly about: readonly ResourceRef[];
  /** True where what nodes have left is too little. */
  readonly lacksResources: boolean;
  /** True where the pod itself asks for what no node is: its selector, affinity, ports, claims. */
  readonly asksTooMuch: boolean;
  /** True where its volume claims are what it waits for. */
  readonly waitsForClaims: boolean;
}

/** How the scheduler opens (k8s.io/kubernetes pkg/scheduler/framework/types.go, FitError), and what may follow its reasons. */
const opening = /^0\/(\d+) nodes are available: (.*)$/s;
const appendix = /\. (?:no new claims to deallocate|preemption:|not found).*$/s;

interface Reason {
  /** Absent where it is about the pod and not about nodes. */
  readonly nodes?: number;
  readonly text: string;
}

/** Reads the message of the condition `PodScheduled`; what it does not know it quotes. */
export function explainScheduling(message: string, namespace: string): SchedulingFailure {
  const [, count = '0', rest = message] = opening.exec(message) ?? [];
  const total = Number(count);
  const reasons = rest
    .replace(appendix, '')
    .replace(/\.\s*$/, '')
    .split(/, (?=\d+ )/)
    .map(readReason);
  const known = reasons.map((reason) => ({ reason, meaning: findMeaning(reason.text) }));
  return {
    sentences: known.map(({ reason, meaning }) => formatReason({ reason, total, words: meaning?.words })),
    about: reasons.flatMap(({ text }) => findNamed(text, namespace)),
    lacksResources: known.some(({ meaning }) => meaning?.side === 'resources'),
    asksTooMuch: known.some(({ meaning }) => meaning?.side === 'pod' || meaning?.side === 'claim'),
    waitsForClaims: known.some(({ meaning }) => meaning?.side === 'claim'),
  };
}

function readReason(text: string): Reason {
  const [, count, what = text] = /^(\d+) (.*)$/s.exec(text.trim()) ?? [];
  return count === undefined ? { text: what } : { nodes: Number(count), text: what.replace(/^node\(s\) /, '') };
}

interface Meaning {
  readonly pattern: RegExp;
  /** A clause that follows on "On 2 of 3 nodes", or a sentence without its full stop where it is about the pod. */
  readonly words: string | ((match: readonly string[]) => string);
  readonly side: 'resources' | 'nodes' | 'pod' | 'claim';
}

/** Reasons of the scheduler's plug-ins (k8s.io/kubernetes pkg/scheduler/framework/plugins), the special before the general. */
const meanings: readonly Meaning[] = [
  { pattern: /^Insufficient cpu/, words: 'not enough CPU is left', side: 'resources' },
  { pattern: /^Insufficient memory/, words: 'not enough memory is left', side: 'resources' },
  { pattern: /^Insufficient (\S+)/, words: ([, name = '']) => `not enough ${name} is left`, side: 'resources' },
  { pattern: /^Too many pods/, words: 'no room for another pod is left', side: 'resources' },
  { pattern: /taint\(?s?\)? ?\{?node\.kubernetes\.io\/not-ready/, words: 'the kubelet is not ready', side: 'nodes' },
  { pattern: /taint\(?s?\)? ?\{?node\.kubernetes\.io\/unreachable/, words: 'the kubelet is silent', side: 'nodes' },
  {
    pattern: /node\.kubernetes\.io\/(disk|memory|pid)-pressure/,
    words: ([, what = '']) => `${what} runs short`,
    side: 'nodes',
  },
  {
    pattern: /node\.kubernetes\.io\/unschedulable|were unschedulable/,
    words: 'scheduling is switched off (cordoned)',
    side: 'nodes',
  },
  {
    pattern: /untolerated taint(?:\(s\))? ?\{([^}]*)\}/,
    words: ([, taint = '']) => `there is a taint that the pod does not tolerate (${taint.replace(/: $/, '')})`,
    side: 'pod',
  },
  { pattern: /untolerated taint/, words: 'there is a taint that the pod does not tolerate', side: 'pod' },
  {
    pattern: /node affinity\/selector/,
    words: "the labels are not those that the pod's node selector or affinity asks for",
    side: 'pod',
  },
  {
    pattern: /existing pods anti-affinity/,
    words: 'a pod already runs that keeps this one away (anti-affinity)',
    side: 'pod',
  },
  {
    pattern: /pod anti-affinity/,
    words: 'a pod already runs that this one keeps away from (anti-affinity)',
    side: 'pod',
  },
  { pattern: /pod affinity/, words: 'no pod runs that this one wants to be with (affinity)', side: 'pod' },
  {
    pattern: /spread constraints \(missing/,
    words: 'a label is missing by which the pods are to be spread',
    side: 'pod',
  },
  { pattern: /spread constraints/, words: 'the pods would be spread too unevenly (topology spread)', side: 'pod' },
  { pattern: /free ports/, words: 'the host port that the pod asks for is taken', side: 'pod' },
  { pattern: /requested node name/, words: 'the name is not the one that the pod asks for', side: 'pod' },
  { pattern: /exceed max volume count/, words: 'no more volumes can be attached', side: 'resources' },
  { pattern: /available persistent volumes to bind/, words: 'there is no volume that fits its claim', side: 'claim' },
  {
    pattern: /volume node affinity|PersistentVolume's node affinity|volume zone/,
    words: 'its volume cannot be used: it is bound to another node or zone',
    side: 'claim',
  },
  { pattern: /ReadWriteOncePod/, words: 'its volume is in use by another pod, and only one may use it', side: 'claim' },
  { pattern: /enough free storage/, words: 'not enough storage is left for its volume', side: 'claim' },
  { pattern: /unbound immediate PersistentVolumeClaims/, words: 'Its volume claims have no volume yet', side: 'claim' },
  {
    pattern: /persistentvolumeclaim "([^"]+)" not found/,
    words: ([, name = '']) => `Its volume claim ${name} does not exist`,
    side: 'claim',
  },
  {
    pattern: /persistentvolumeclaim "([^"]+)" is being deleted/,
    words: ([, name = '']) => `Its volume claim ${name} is being deleted`,
    side: 'claim',
  },
  { pattern: /no nodes available to schedule pods/, words: 'The cluster has no nodes', side: 'nodes' },
];

function findMeaning(text: string): { readonly words: string; readonly side: Meaning['side'] } | undefined {
  for (const { pattern, words, side } of meanings) {
    const match = pattern.exec(text);
    if (match !== null) return { words: typeof words === 'string' ? words : words(match), side };
  }
  return undefined;
}

interface Formatted {
  readonly reason: Reason;
  readonly total: number;
  readonly words: string | undefined;
}

function formatReason({ reason: { nodes, text }, total, words }: Formatted): string {
  if (nodes === undefined) return words === undefined ? `The scheduler says: ${text}.` : `${words}.`;
  return `On ${countNodes(nodes, total)} ${words ?? `the scheduler says: ${text}`}.`;
}

function countNodes(nodes: number, total: number): string {
  if (nodes < total) return `${nodes} of ${total} nodes`;
  return total === 1 ? 'the only node' : `all ${total} nodes`;
}

function findNamed(text: string, namespace: string): ResourceRef[] {
  const claim = /persistentvolumeclaim "([^"]+)"/.exec(text)?.[1];
  const storageClass = /storageclass(?:\.storage\.k8s\.io)? "([^"]+)" not found/.exec(text)?.[1];
  return [
    ...(claim === undefined ? [] : [{ kind: 'PersistentVolumeClaim', namespace, name: claim }]),
    ...(storageClass === undefined ? [] : [{ kind: 'StorageClass', namespace: '', name: storageClass }]),
  ];
}
