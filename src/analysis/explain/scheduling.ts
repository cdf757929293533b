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
  /** True where no node has the labels that it asks for. */
  readonly missesLabels: boolean;
  /** True where its volume claims are what it waits for. */
  readonly waitsForClaims: boolean;
  /** What to do about it: a sentence with the places of next steps; absent where no reason is known. */
  readonly next?: string | undefined;
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
    missesLabels: reasons.some(({ text }) => text.includes('node affinity/selector')),
    waitsForClaims: known.some(({ meaning }) => meaning?.side === 'claim'),
    next: chooseNext(known.flatMap(({ meaning }) => meaning ?? [])),
  };
}

/**
 * A pod that no node suits because of itself first; then the nodes that would do if they had room, or were well: the scheduler names for each node but the
 * first thing that speaks against it. A taint is mostly there to stay, as that of a control plane.
 */
function chooseNext(known: readonly Meaning[]): string | undefined {
  const order: readonly Step[] = [
    'claim',
    'room',
    'nodes',
    'taken',
    'storage',
    'volume',
    'labels',
    'neighbours',
    'name',
    'taint',
  ];
  const step = order.find((one) => known.some((meaning) => meaning.step === one));
  return step === undefined ? undefined : steps[step];
}

function readReason(text: string): Reason {
  const [, count, what = text] = /^(\d+) (.*)$/s.exec(text.trim()) ?? [];
  return count === undefined ? { text: what } : { nodes: Number(count), text: what.replace(/^node\(s\) /, '') };
}

const steps = {
  claim:
    'See why {about|the claim} is missing or has no volume (`kubectl -n {namespace|<namespace>} get pvc`): create it, or correct its name in the pod template; the scheduler tries again by itself.',
  room: 'Make room or ask for less: add a node or a larger one, move or scale down what needs its place less, or lower the requests with `{kube|} resources {target|<workload>}`.',
  nodes:
    'Bring the nodes back that are away or closed (`kubectl get nodes` shows which; `{kube|} uncordon` opens one whose maintenance is over), or add a node.',
  volume:
    'Bring the node or zone back to which its volume is bound, or make room there; elsewhere the pod runs only with a new claim and a copy of the data.',
  taken:
    'See which pod has the volume, and let it stop first (a Deployment with such a volume wants the strategy Recreate), or give the pod a claim of its own.',
  storage: 'Make room where the storage class takes its volumes from, ask for a smaller volume, or use another class.',
  labels:
    'Correct the node selector or affinity in the pod template, or label a node with what it asks for (`kubectl get nodes --show-labels`).',
  neighbours:
    'Add a node, run fewer replicas with `{kube|} scale {target|<workload>}`, or loosen in the pod template what keeps the pods apart or together (affinity, topology spread, host port).',
  name: 'Correct nodeName in the pod template, or leave the choice to the scheduler by taking it out.',
  taint:
    'Give the pod template a toleration if these nodes are meant for it, take the taint off if it is not meant any more (`kubectl describe nodes`), or add a node without it.',
} as const;

type Step = keyof typeof steps;

interface Meaning {
  readonly pattern: RegExp;
  /** A clause that follows on "On 2 of 3 nodes", or a sentence without its full stop where it is about the pod. */
  readonly words: string | ((match: readonly string[]) => string);
  readonly side: 'resources' | 'nodes' | 'pod' | 'claim';
  readonly step: Step;
}

/** Reasons of the scheduler's plug-ins (k8s.io/kubernetes pkg/scheduler/framework/plugins), the special before the general. */
const meanings: readonly Meaning[] = [
  { pattern: /^Insufficient cpu/, words: 'not enough CPU is left', side: 'resources', step: 'room' },
  { pattern: /^Insufficient memory/, words: 'not enough memory is left', side: 'resources', step: 'room' },
  {
    pattern: /^Insufficient (\S+)/,
    words: ([, name = '']) => `not enough ${name} is left`,
    side: 'resources',
    step: 'room',
  },
  { pattern: /^Too many pods/, words: 'no room for another pod is left', side: 'resources', step: 'room' },
  {
    pattern: /taint\(?s?\)? ?\{?node\.kubernetes\.io\/not-ready/,
    words: 'the kubelet is not ready',
    side: 'nodes',
    step: 'nodes',
  },
  {
    pattern: /taint\(?s?\)? ?\{?node\.kubernetes\.io\/unreachable/,
    words: 'the kubelet is silent',
    side: 'nodes',
    step: 'nodes',
  },
  {
    pattern: /node\.kubernetes\.io\/(disk|memory|pid)-pressure/,
    words: ([, what = '']) => `${what} runs short`,
    side: 'nodes',
    step: 'nodes',
  },
  {
    pattern: /node\.kubernetes\.io\/unschedulable|were unschedulable/,
    words: 'scheduling is switched off (cordoned)',
    side: 'nodes',
    step: 'nodes',
  },
  {
    pattern: /untolerated taint(?:\(s\))? ?\{([^}]*)\}/,
    words: ([, taint = '']) => `there is a taint that the pod does not tolerate (${taint.replace(/: $/, '')})`,
    side: 'pod',
    step: 'taint',
  },
  {
    pattern: /untolerated taint/,
    words: 'there is a taint that the pod does not tolerate',
    side: 'pod',
    step: 'taint',
  },
  {
    pattern: /node affinity\/selector/,
    words: "the labels are not those that the pod's node selector or affinity asks for",
    side: 'pod',
    step: 'labels',
  },
  {
    pattern: /existing pods anti-affinity/,
    words: 'a pod already runs that keeps this one away (anti-affinity)',
    side: 'pod',
    step: 'neighbours',
  },
  {
    pattern: /pod anti-affinity/,
    words: 'a pod already runs that this one keeps away from (anti-affinity)',
    side: 'pod',
    step: 'neighbours',
  },
  {
    pattern: /pod affinity/,
    words: 'no pod runs that this one wants to be with (affinity)',
    side: 'pod',
    step: 'neighbours',
  },
  {
    pattern: /spread constraints \(missing/,
    words: 'a label is missing by which the pods are to be spread',
    side: 'pod',
    step: 'labels',
  },
  {
    pattern: /spread constraints/,
    words: 'the pods would be spread too unevenly (topology spread)',
    side: 'pod',
    step: 'neighbours',
  },
  { pattern: /free ports/, words: 'the host port that the pod asks for is taken', side: 'pod', step: 'neighbours' },
  { pattern: /requested node name/, words: 'the name is not the one that the pod asks for', side: 'pod', step: 'name' },
  { pattern: /exceed max volume count/, words: 'no more volumes can be attached', side: 'resources', step: 'room' },
  {
    pattern: /available persistent volumes to bind/,
    words: 'there is no volume that fits its claim',
    side: 'claim',
    step: 'claim',
  },
  {
    pattern: /volume node affinity|PersistentVolume's node affinity|volume zone/,
    words: 'its volume cannot be used: it is bound to another node or zone',
    side: 'claim',
    step: 'volume',
  },
  {
    pattern: /ReadWriteOncePod/,
    words: 'its volume is in use by another pod, and only one may use it',
    side: 'claim',
    step: 'taken',
  },
  {
    pattern: /enough free storage/,
    words: 'not enough storage is left for its volume',
    side: 'claim',
    step: 'storage',
  },
  {
    pattern: /unbound immediate PersistentVolumeClaims/,
    words: 'Its volume claims have no volume yet',
    side: 'claim',
    step: 'claim',
  },
  {
    pattern: /persistentvolumeclaim "([^"]+)" not found/,
    words: ([, name = '']) => `Its volume claim ${name} does not exist`,
    side: 'claim',
    step: 'claim',
  },
  {
    pattern: /persistentvolumeclaim "([^"]+)" is being deleted/,
    words: ([, name = '']) => `Its volume claim ${name} is being deleted`,
    side: 'claim',
    step: 'claim',
  },
  { pattern: /no nodes available to schedule pods/, words: 'The cluster has no nodes', side: 'nodes', step: 'nodes' },
];

function findMeaning(text: string): (Meaning & { readonly words: string }) | undefined {
  for (const meaning of meanings) {
    const { pattern, words } = meaning;
    const match = pattern.exec(text);
    if (match !== null) return { ...meaning, words: typeof words === 'string' ? words : words(match) };
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
