import { z } from 'zod';
import type { ClusterView } from '../../core/view.ts';
import type { NodeView } from '../../core/views/capacity.ts';
import type { PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { formatBytes } from '../explain/bytes.ts';
import { count, tenantsOf } from '../explain/node.ts';
import { judgeTroubles } from '../object-finding.ts';

const NodeOvercommittedParams = z.strictObject({
  /** Counted from the newest pod of the node: pods that make room for others are gone by then. */
  graceSeconds: z.number().nonnegative().default(60),
});
type NodeOvercommittedParams = z.infer<typeof NodeOvercommittedParams>;

const titles = { 'node-overcommitted': 'node has promised more than it has' } as const;

/** Sums of requests are sums of decimal fractions: this much more is rounding. */
const tolerance = 1.0001;

/** Pods of which are named as the largest. */
const namedPods = 3;

/**
 * What the pods of a node request is more than the node offers. The scheduler does not do that; static pods, resized pods and nodes that
 * shrink do. Also a full list of pods, where that keeps pods waiting.
 */
export const nodeOvercommitted = defineDetector({
  id: 'node-overcommitted',
  judges: ['Node'],
  kinds: titles,
  params: NodeOvercommittedParams,
  evaluate: evaluateRequests,
});

function evaluateRequests(subject: Subject, { graceSeconds }: NodeOvercommittedParams): Judgement {
  const { view } = subject;
  const node = view.find('node', '', subject.subject.name);
  if (node === undefined || node.deletion !== undefined) return { findings: [] };
  const { pods } = tenantsOf(view, node.name);
  const cause = [
    ...judgeResource('cpu', node, pods),
    ...judgeResource('memory', node, pods),
    ...judgeCount(node, pods, view),
  ];
  if (cause.length === 0) return { findings: [] };
  const since = Math.max(node.createdAt, ...pods.map((pod) => pod.createdAt));
  const trouble = {
    detector: 'node-overcommitted',
    kind: 'node-overcommitted',
    title: titles['node-overcommitted'],
    severity: 'warning',
    cause,
    impact: `${count(pods.length, 'pod')} share it; no more fit`,
    since,
    from: since + graceSeconds * 1000,
  } as const;
  return judgeTroubles(subject, node, [trouble]);
}

const resources = {
  cpu: {
    noun: 'CPU',
    format: (cores: number) => `${Number(cores.toFixed(2))} cores`,
    consequence: 'When all of them want what they requested, all are slowed down.',
  },
  memory: {
    noun: 'memory',
    format: formatBytes,
    consequence: 'When all of them want what they requested, the kubelet evicts some or the kernel kills processes.',
  },
} as const;

function judgeResource(resource: 'cpu' | 'memory', node: NodeView, pods: readonly PodView[]): readonly string[] {
  const offered = node.allocatable[resource];
  const wanted = pods.reduce((sum, pod) => sum + pod.requests[resource], 0);
  if (offered === 0 || wanted <= offered * tolerance) return [];
  const { noun, format, consequence } = resources[resource];
  const largest = pods
    .toSorted((a, b) => b.requests[resource] - a.requests[resource])
    .slice(0, namedPods)
    .map((pod) => `${pod.namespace}/${pod.name} ${format(pod.requests[resource])}`);
  const sums = `${format(wanted)} of ${noun}, and it offers ${format(offered)}`;
  return [`Its ${count(pods.length, 'pod')} request ${sums}. ${consequence} The largest: ${largest.join(', ')}.`];
}

/** A full node is no trouble where pods find room elsewhere. */
function judgeCount({ allocatable }: NodeView, pods: readonly PodView[], view: ClusterView): readonly string[] {
  if (allocatable.pods === 0 || pods.length < allocatable.pods) return [];
  const waiting = [...view.all('pod')].filter(({ unscheduled }) => /too many pods/i.test(unscheduled?.message ?? ''));
  if (waiting.length === 0) return [];
  return [
    `It runs ${pods.length} pods of at most ${allocatable.pods}, and ${count(waiting.length, 'pod')} find no node.`,
  ];
}
