import { z } from 'zod';
import type { ClusterView } from '../../core/view.ts';
import type { NodeView } from '../../core/views/capacity.ts';
import type { ConditionView } from '../../core/views/object.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { countTenants, listRefs, movableTenants, strandedOwners, tenantsOf } from '../explain/node.ts';
import { type DueTrouble, judgeTroubles, quoteCondition } from '../object-finding.ts';

const NodeUnhealthyParams = z.strictObject({
  /** A node that is not ready counts after this long; a kubelet that restarts is back sooner. */
  forSeconds: z.number().nonnegative().default(15),
  /** A node younger than this is still being set up. */
  graceSeconds: z.number().nonnegative().default(60),
  /** A drained node that reboots, and one that an autoscaler removes, counts as not ready only after this long. */
  maintenanceSeconds: z.number().nonnegative().default(900),
});
type NodeUnhealthyParams = z.infer<typeof NodeUnhealthyParams>;

const titles = {
  'node-not-ready': 'node is not ready',
  'node-pressure': 'node runs out of resources',
  'node-problem': 'node has a problem',
} as const;

const pressures: Readonly<Record<string, string>> = {
  MemoryPressure: 'Its memory runs out: the kubelet evicts pods that use more than they requested.',
  DiskPressure: 'Its disk runs full: the kubelet removes unused images and evicts pods, and no new pod comes to it.',
  PIDPressure: 'It runs out of process ids: the kubelet evicts pods, and new processes may fail to start.',
};

/**
 * Words in the type of a condition that is True while something is wrong: node-problem-detector's convention (KernelDeadlock,
 * ReadonlyFilesystem, FrequentKubeletRestart, CorruptDockerOverlay2, XfsShutdown, …). Other types (EtcdIsVoter, GpuHealthy) are good when True.
 */
const problemWords =
  /deadlock|readonly|read-only|corrupt|frequent|unhealthy|problem|error|fail|unreachable|unavailable|exhaust|shutdown|hung|panic|degraded|outof|pressure/i;

/** Conditions of the EKS node monitoring agent, which are True while all is well. */
const healthTypes = new Set([
  'KernelReady',
  'NetworkingReady',
  'StorageReady',
  'ContainerRuntimeReady',
  'AcceleratedHardwareReady',
]);

/** Judges the conditions of a node: those of the kubelet, and those that a problem detector adds. */
export const nodeUnhealthy = defineDetector({
  id: 'node-unhealthy',
  judges: ['Node'],
  kinds: titles,
  params: NodeUnhealthyParams,
  evaluate: evaluateNode,
});

function evaluateNode(subject: Subject, params: NodeUnhealthyParams): Judgement {
  const { view } = subject;
  const node = view.find('node', '', subject.subject.name);
  if (node === undefined || node.deletion !== undefined) return { findings: [] };
  const problems = node.conditions.filter(isProblem);
  const troubles = [
    judgeReady(node, view, params),
    judgeProblems('node-pressure', problems.filter(isPressure), { node, view }),
    judgeProblems(
      'node-problem',
      problems.filter((one) => !isPressure(one)),
      { node, view },
    ),
  ].filter((trouble) => trouble !== undefined);
  const adult = node.createdAt + params.graceSeconds * 1000;
  return judgeTroubles(
    subject,
    node,
    troubles.map((trouble) => ({ ...trouble, from: Math.max(trouble.from, adult) })),
  );
}

function isProblem({ type, status }: ConditionView): boolean {
  if (type === 'Ready') return false;
  return healthTypes.has(type) ? status === 'False' : status === 'True' && problemWords.test(type);
}

function isPressure({ type }: ConditionView): boolean {
  return pressures[type] !== undefined;
}

function judgeReady(node: NodeView, view: ClusterView, params: NodeUnhealthyParams): DueTrouble | undefined {
  const ready = node.conditions.find(({ type }) => type === 'Ready');
  if (ready === undefined || ready.status === 'True') return undefined;
  const stranded = strandedOwners(view, node.name);
  const waits = isMaintained(node, view) ? params.maintenanceSeconds : params.forSeconds;
  const last = stranded.length === 0 ? [] : [`No ready pod is left elsewhere of ${listRefs(stranded)}.`];
  return {
    detector: 'node-unhealthy',
    kind: 'node-not-ready',
    title: titles['node-not-ready'],
    severity: stranded.length === 0 ? 'warning' : 'critical',
    cause: [explainNotReady(ready), quoteCondition(ready), ...last],
    impact: `${countTenants(tenantsOf(view, node.name))} on it`,
    since: ready.since,
    from: ready.since + waits * 1000,
  };
}

/** A node from which everything was moved away on purpose. */
function isMaintained(node: NodeView, view: ClusterView): boolean {
  if (node.removal !== undefined) return true;
  return node.unschedulable && movableTenants(view, node.name).pods.length === 0;
}

/** Words of the kubelet and the node controller, and what they mean. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/shutting down/i, 'The machine is shutting down.'],
  [/stopped posting|NodeStatusUnknown/i, 'Its kubelet is not heard from: the machine is off, cut off, or overloaded.'],
  [/never posted|NodeStatusNeverUpdated/i, 'Its kubelet has never reported: it did not start or cannot reach the API.'],
  [/cni|network/i, 'Its kubelet runs, but the pod network is not set up.'],
  [/PLEG/, 'Its container runtime answers too slowly.'],
  [/runtime/i, 'Its kubelet runs, but the container runtime does not answer.'],
];

function explainNotReady({ reason, message }: ConditionView): string {
  const known = meanings.find(([pattern]) => pattern.test(message) || pattern.test(reason));
  return known?.[1] ?? 'Its kubelet says that it cannot run pods.';
}

function judgeProblems(
  kind: 'node-pressure' | 'node-problem',
  conditions: readonly ConditionView[],
  { node, view }: { readonly node: NodeView; readonly view: ClusterView },
): DueTrouble | undefined {
  if (conditions.length === 0) return undefined;
  const since = Math.min(...conditions.map((one) => one.since));
  return {
    detector: 'node-unhealthy',
    kind,
    title: titles[kind],
    severity: 'warning',
    cause: conditions.map(describeProblem),
    impact: `${countTenants(tenantsOf(view, node.name))} on it`,
    since,
    from: since,
  };
}

function describeProblem(condition: ConditionView): string {
  const { type, status } = condition;
  const meaning = pressures[type] ?? (type === 'NetworkUnavailable' ? 'Its network is not set up.' : '');
  return [`Condition ${type} is ${status}.`, meaning, quoteCondition(condition)].filter((one) => one !== '').join(' ');
}
