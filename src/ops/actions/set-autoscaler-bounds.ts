import { z } from 'zod';
import type { PatchOperation, Plan, Refusal } from '../../core/action.ts';
import { readArray, readNumber, readPath, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { ResourceRef, refName } from '../../core/resource-ref.ts';
import { defineAction } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { applyChange, isChanged, measuring, readObject, setField, undoChange } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { verifyReached } from '../workload/reached.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const replicas = z.coerce.number().int().min(1).max(100_000);

/** How much more than now. */
const more = /^\+(\d{1,3})%$/;

const BoundsParams = z
  .strictObject({
    target: ResourceRef.extend({ kind: z.literal('HorizontalPodAutoscaler') }),
    min: replicas.optional().describe('The fewest replicas; left out, it stays.'),
    max: z
      .union([replicas, z.string().regex(more)])
      .optional()
      .describe('How many at most; `+50%` is so much more than now.'),
    cpu: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('The share of the requested CPU that it aims at, percent.'),
  })
  .refine(
    ({ min, max, cpu }) => min !== undefined || max !== undefined || cpu !== undefined,
    'name what is to change: min=…, max=… or cpu=…',
  );
type BoundsParams = z.infer<typeof BoundsParams>;

export const setAutoscalerBounds = defineAction({
  id: 'set-autoscaler-bounds',
  title: 'Set autoscaler bounds',
  risk: 'medium',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: objectRbac.HorizontalPodAutoscaler,
  command: {
    name: 'autoscale',
    arguments: ['target'],
    options: ['min', 'max', 'cpu'],
    help: 'Set between how many replicas an autoscaler chooses, and which percentage of the requested CPU it aims at.',
  },
  targets: ['HorizontalPodAutoscaler'],
  leastAsks: { replicas: 1 },
  endsRollout: false,
  lasting: true,
  params: BoundsParams,
  plan: planBounds,
  execute: applyChange,
  isApplied: isChanged,
  measure: measuring(({ spec }, { patch }) =>
    patch.filter(({ op }) => op !== 'test').every(({ path, value }) => readPointer(spec, path) === value),
  ),
  verify: verifyReached,
  undo: undoChange,
});

/** The value at `/spec/…` (RFC 6901). */
function readPointer(spec: LiveObject['spec'], path: string): unknown {
  const steps = path.split('/').slice(2);
  return steps.reduce<unknown>(
    (value, step) => (Array.isArray(value) ? readArray(value)[Number(step)] : readPath(value, step)),
    spec,
  );
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Percent of the requested CPU; undefined where that is not what it scales by. */
  readonly cpu: number | undefined;
}

/** Kubernetes' own default of `minReplicas`. */
function boundsOf({ spec }: LiveObject): Bounds {
  const [metric, ...others] = cpuMetrics(spec);
  return {
    min: readNumber(spec, 'minReplicas') ?? 1,
    max: readNumber(spec, 'maxReplicas') ?? 1,
    cpu: others.length > 0 ? undefined : metric?.percent,
  };
}

/** Metrics that aim at a share of the CPU that all containers of a pod request, and where they stand. */
function cpuMetrics(spec: LiveObject['spec']) {
  return readArray(spec, 'metrics').flatMap((metric, index) => {
    const isCpu = readString(metric, 'type') === 'Resource' && readString(metric, 'resource', 'name') === 'cpu';
    const percent = readNumber(metric, 'resource', 'target', 'averageUtilization');
    return isCpu && percent !== undefined ? [{ index, percent }] : [];
  });
}

async function planBounds(params: BoundsParams, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readObject(params.target, context);
  if ('refused' in live) return live;
  const now = boundsOf(live);
  const { min = now.min, cpu = now.cpu } = params;
  const max = resolveMax(params.max, now.max);
  const wanted = { min, max, cpu };
  const refusal = refuse(live, now, wanted);
  if (refusal !== undefined) return { refused: refusal };
  const patch = setBounds(live, wanted);
  const result = await context.objects.patch({ ref: live.ref, operations: patch, dryRun: true });
  return {
    target: live.ref,
    summary: `Let HorizontalPodAutoscaler ${refName(live.ref)} choose ${describe(wanted)} (now ${describe(now)}).`,
    blastRadius: 'Its target gets more or fewer pods where what it has now is not within that.',
    risk: 'medium',
    diff: diffTemplates(show(now), show(wanted)),
    patch,
    inverse: setBounds(result, now),
    undo: `What it had (${describe(now)}) is put back, unless somebody changed that since.`,
    asks: { replicas: max },
    basis: digest({ uid: live.ref.uid, now, wanted }),
  };
}

/** Rounded up, so that it is always more. */
function resolveMax(wanted: BoundsParams['max'], now: number): number {
  if (typeof wanted !== 'string') return wanted ?? now;
  return Math.ceil((now * (100 + Number(more.exec(wanted)?.[1]))) / 100);
}

function refuse({ ref, spec }: LiveObject, now: Bounds, { min, max, cpu }: Bounds): string | undefined {
  const name = refName(ref);
  if (min > max) return `${name} cannot have at least ${min} and at most ${max} replicas.`;
  if (cpu !== undefined && now.cpu === undefined) {
    const why = cpuMetrics(spec).length > 1 ? 'by several shares of CPU' : 'by something else than a share of CPU';
    return `${name} scales ${why}, so which of its targets is meant cannot be told; change it where it is declared.`;
  }
  return min === now.min && max === now.max && cpu === now.cpu ? `${name} has ${describe(now)} already.` : undefined;
}

/** `1 to 3 replicas at 70 % of the requested CPU`. */
function describe({ min, max, cpu }: Bounds): string {
  return `${min} to ${max} replicas${cpu === undefined ? '' : ` at ${cpu} % of the requested CPU`}`;
}

function show({ min, max, cpu }: Bounds) {
  return { spec: { minReplicas: min, maxReplicas: max, ...(cpu === undefined ? {} : { cpuUtilization: cpu }) } };
}

function setBounds(live: LiveObject, { min, max, cpu }: Bounds): PatchOperation[] {
  const [metric] = cpuMetrics(live.spec);
  return [
    ...setField(live, 'maxReplicas', max),
    ...setField(live, 'minReplicas', min),
    ...(cpu === undefined || metric === undefined ? [] : setTarget(metric, cpu)),
  ];
}

function setTarget({ index, percent }: { readonly index: number; readonly percent: number }, value: number) {
  const path = `/spec/metrics/${index}/resource/target/averageUtilization`;
  return [
    { op: 'test', path, value: percent },
    { op: 'replace', path, value },
  ] as const;
}
