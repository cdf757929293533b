import { z } from 'zod';
import { isWorkloadRef, type ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { AutoscalerView } from '../../core/views/capacity.ts';
import type { ConditionView } from '../../core/views/object.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { count } from '../explain/node.ts';
import { type DueTrouble, judgeTroubles, quoteCondition } from '../object-finding.ts';

const AutoscalerParams = z.strictObject({
  /** A new autoscaler, and new pods, have no measurements yet; what it cannot read or scale counts after this long. */
  graceSeconds: z.number().nonnegative().default(120),
  /** Reaching the maximum is what it is for; staying there this long is not. */
  forMinutes: z.number().nonnegative().default(15),
  /** Load comes and goes; up and down again this often within the window is the autoscaler's own doing. */
  turns: z.number().int().min(2).default(4),
  windowMinutes: z.number().positive().max(1440).default(60),
});
type AutoscalerParams = z.infer<typeof AutoscalerParams>;

const titles = {
  'autoscaler-blind': 'autoscaler cannot read its metrics',
  'autoscaler-target': 'autoscaler cannot scale its target',
  'autoscaler-at-max': 'autoscaler wants more than its maximum',
  'autoscaler-flapping': 'autoscaler goes up and down',
} as const;

interface Scaling {
  readonly autoscaler: AutoscalerView;
  readonly target: ResourceRef;
  readonly view: ClusterView;
  readonly params: AutoscalerParams;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Judges the conditions that the HorizontalPodAutoscaler controller keeps. */
export const autoscaler = defineDetector({
  id: 'autoscaler',
  judges: ['HorizontalPodAutoscaler'],
  kinds: titles,
  params: AutoscalerParams,
  evaluate: evaluateAutoscaler,
});

function evaluateAutoscaler(subject: Subject, params: AutoscalerParams): Judgement {
  const { view, now } = subject;
  const { namespace, name } = subject.subject;
  const found = view.find('autoscaler', namespace, name);
  if (found === undefined || found.deletion !== undefined) return { findings: [] };
  const scaling = { autoscaler: found, target: { ...found.target, namespace }, view, params, now };
  const trouble = judgeTarget(scaling) ?? judgeMetrics(scaling) ?? judgeFlapping(scaling) ?? judgeMaximum(scaling);
  return trouble === undefined ? { findings: [] } : judgeTroubles(subject, found, [trouble]);
}

function conditionOf({ autoscaler: { conditions } }: Scaling, type: string, status: ConditionView['status']) {
  return conditions.find((one) => one.type === type && one.status === status);
}

function dueOf({ autoscaler: { createdAt }, params }: Scaling, since: number): number {
  return Math.max(createdAt, since) + params.graceSeconds * 1000;
}

function judgeTarget(scaling: Scaling): DueTrouble | undefined {
  const refused = conditionOf(scaling, 'AbleToScale', 'False');
  if (refused === undefined) return undefined;
  const { target } = scaling;
  const missing = isMissing(scaling) ? [`Its target ${refKey(target)} does not exist.`] : [];
  return {
    detector: 'autoscaler',
    kind: 'autoscaler-target',
    title: titles['autoscaler-target'],
    severity: 'warning',
    cause: [...missing, quoteCondition(refused)],
    impact: `nothing scales ${refName(target)}`,
    since: refused.since,
    from: dueOf(scaling, refused.since),
    about: [target],
  };
}

function isMissing({ target, view }: Scaling): boolean {
  return isWorkloadRef(target) && view.knows('workload', target.namespace) && view.workload(target) === undefined;
}

function judgeMetrics(scaling: Scaling): DueTrouble | undefined {
  const blind = conditionOf(scaling, 'ScalingActive', 'False');
  if (blind === undefined || blind.reason === 'ScalingDisabled' || hasNothingToMeasure(scaling)) return undefined;
  const { target, autoscaler: scaler } = scaling;
  return {
    detector: 'autoscaler',
    kind: 'autoscaler-blind',
    title: titles['autoscaler-blind'],
    severity: 'warning',
    cause: [explainBlindness(blind), quoteCondition(inOrder(blind))],
    impact: `${refName(target)} stays at ${count(scaler.current, 'replica')} whatever its load`,
    since: blind.since,
    from: dueOf(scaling, blind.since),
    about: silentApis(blind),
  };
}

/** Pods that are not ready are not measured: that is their workload's trouble. */
function hasNothingToMeasure({ target, view }: Scaling): boolean {
  return view.workload(target)?.ready === 0;
}

/** Which API did not answer; all autoscalers that need it suffer alike. */
const silentApi = /unable to fetch metrics from (resource|custom|external) metrics API/i;

function silentApis({ message }: ConditionView): readonly ResourceRef[] {
  const which = silentApi.exec(message)?.[1]?.toLowerCase();
  if (which === undefined) return [];
  const group = which === 'resource' ? 'metrics.k8s.io' : `${which}.metrics.k8s.io`;
  return [{ kind: 'APIService', namespace: '', name: `v1beta1.${group}` }];
}

/** Words of the controller (k8s.io/kubernetes pkg/controller/podautoscaler) and what they mean. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/missing request for/i, 'A container requests none of what is measured, so there is no utilization of it.'],
  [/AmbiguousSelector/, 'Several autoscalers scale the same pods, so none of them does.'],
  [/InvalidSelector/, 'Its target has no usable selector of pods.'],
  [
    silentApi,
    'The metrics API does not answer: what serves it (metrics-server or an adapter) is missing or in trouble.',
  ],
  [/FailedGet(External|Object|Pods)Metric/, 'The adapter that serves its custom metric has no such metric.'],
  [/FailedGet(Container)?ResourceMetric/, 'The metrics API has no measurements of its pods.'],
];

function explainBlindness({ reason, message }: ConditionView): string {
  const known = meanings.find(([pattern]) => pattern.test(message) || pattern.test(reason));
  return known?.[1] ?? 'It cannot compute how many replicas are needed.';
}

/** The controller names several autoscalers in an order that changes each time. */
function inOrder(condition: ConditionView): ConditionView {
  const sort = (names: string): string => names.split(' ').toSorted().join(' ');
  return { ...condition, message: condition.message.replace(/(?<=\[)[^\]]*(?=\]$)/, sort) };
}

/** One that is pinned (minimum equals maximum) is at its maximum on purpose. */
function judgeMaximum(scaling: Scaling): DueTrouble | undefined {
  const { autoscaler: scaler, target, params } = scaling;
  const limited = conditionOf(scaling, 'ScalingLimited', 'True');
  if (limited?.reason !== 'TooManyReplicas' || scaler.min >= scaler.max || scaler.current < scaler.max)
    return undefined;
  const since = Math.max(limited.since, scaler.lastScaledAt ?? 0);
  return {
    detector: 'autoscaler',
    kind: 'autoscaler-at-max',
    title: titles['autoscaler-at-max'],
    severity: 'warning',
    cause: [`${refName(target)} has its maximum of ${count(scaler.max, 'replica')}, and the load asks for more.`],
    impact: 'no more replicas come, however busy they are',
    since,
    from: since + params.forMinutes * 60_000,
  };
}

/** Turns are counted, not steps: a load that rises in four steps is followed, not flapped at. */
function judgeFlapping({ autoscaler: scaler, target, view, params, now }: Scaling): DueTrouble | undefined {
  const from = now - params.windowMinutes * 60_000;
  const known = view.find('scaling', scaler.namespace, scaler.name)?.sizes ?? [];
  const sizes = known.filter(({ at }) => at >= from).toReversed();
  const [first] = sizes;
  const turns = countTurns(sizes.map(({ replicas }) => replicas));
  if (first === undefined || turns < params.turns) return undefined;
  const shown = sizes.slice(-shownSizes).map(({ replicas }) => replicas);
  const minutes = Math.max(1, Math.round((now - first.at) / 60_000));
  return {
    detector: 'autoscaler',
    kind: 'autoscaler-flapping',
    title: titles['autoscaler-flapping'],
    severity: 'warning',
    cause: [
      `${refName(target)} was scaled ${shown.join(' → ')} in the last ${minutes} min: ${turns} turns.`,
      'Pods are stopped again before their start has paid off. A longer stabilization window for scaling down, or a target further from the usual load, calms it.',
    ],
    impact: `${turns} turns in ${minutes} min`,
    since: first.at,
    from: first.at,
  };
}

/** Sizes named in words; the newest say most. */
const shownSizes = 12;

/** How often a sequence changes its direction. */
function countTurns(sizes: readonly number[]): number {
  const steps = sizes.slice(1).map((size, index) => Math.sign(size - (sizes[index] ?? size)));
  const moves = steps.filter((step) => step !== 0);
  return moves.slice(1).filter((move, index) => move !== moves[index]).length;
}
