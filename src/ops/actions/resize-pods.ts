import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation, Plan, Progress, Refusal } from '../../core/action.ts';
import { readArray, readObject, readPath, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { refName } from '../../core/resource-ref.ts';
import { defineAction, type Run } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { judgeResize, planInPlace } from '../pod/resize.ts';
import { countPods } from '../pod/target.ts';
import { measureWorkload, verifyWorkload } from '../workload/measurement.ts';
import { isMarked } from '../workload/patch.ts';
import { planRollout, ResourceParams, resourceOptions } from '../workload/resource-change.ts';
import { applyAndRollOut, undoAndRollOut } from '../workload/rollout.ts';
import { readTarget } from '../workload/target.ts';
import { setResources } from './set-resources.ts';

export const resizePods = defineAction({
  id: 'resize-pods',
  title: 'Resize pods',
  risk: 'low',
  surfaces: ['slash', 'button', 'ai'],
  rbac: [...setResources.rbac, { apiGroup: '', resource: 'pods/resize', verbs: ['patch'] }],
  command: {
    name: 'resize',
    arguments: ['target', 'container'],
    options: resourceOptions,
    help: 'Set requests and limits of its running pods without a restart where that is possible, otherwise with a rollout.',
  },
  endsRollout: false,
  lasting: true,
  params: ResourceParams,
  plan: planResize,
  execute: async (run, context) => {
    if (!isInPlace(run.plan)) return await applyAndRollOut(run, context);
    await resizeNext(run, context);
  },
  advance: async (run, context) => (isInPlace(run.plan) ? await resizeNext(run, context) : { left: 0, text: '' }),
  isApplied: async (run, context) =>
    isInPlace(run.plan) ? await isResized(run, context) : await isMarked(run, context),
  measure: measureWorkload,
  verify: verifyWorkload,
  undo: async (run, context) =>
    isInPlace(run.plan) ? await resizeBack(run, context) : await undoAndRollOut(run, context),
});

/** A plan names the pods that it resizes; one with a rollout names none. */
function isInPlace({ objects = [] }: Plan): boolean {
  return objects.length > 0;
}

async function planResize(params: ResourceParams, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readTarget(params.target, context);
  if ('refused' in live) return live;
  const inPlace = await planInPlace(live, params, context);
  if (!('obstacle' in inPlace)) return inPlace;
  const rollout = await planRollout(live, params, context);
  if ('refused' in rollout) return rollout;
  const why = `Not in place, but with a rollout: ${inPlace.obstacle}.`;
  return { ...rollout, blastRadius: `${why} ${rollout.blastRadius}` };
}

interface Turn {
  readonly pod: LiveObject;
  /** Whether its spec says already what the plan wants. */
  readonly asked: boolean;
}

/** The pods of the plan that are still there. Those that went took the change with them. */
async function readTurns(
  { objects: refs = [] }: Plan,
  operations: readonly PatchOperation[],
  { objects }: ActionContext,
): Promise<readonly Turn[]> {
  const pods = await Promise.all(refs.map((ref) => objects.read(ref)));
  const wanted = operations.find(({ op }) => op === 'replace');
  return pods
    .filter((pod) => pod !== undefined)
    .filter(({ deletion }) => deletion === undefined)
    .map((pod) => ({ pod, asked: isDeepStrictEqual(readAt(pod, wanted), wanted?.value) }));
}

function readAt({ spec }: LiveObject, operation: PatchOperation | undefined): unknown {
  return readPath(containerAt(spec, operation), 'resources');
}

/** The container that an operation on `/spec/containers/<index>/resources` is about. */
function containerAt(spec: LiveObject['spec'], operation: PatchOperation | undefined): unknown {
  return readArray(spec, 'containers')[Number(operation?.path.split('/')[3])];
}

/** The next pod only once the kubelet has done the last, so that what goes wrong goes wrong on one. */
async function resizeNext({ plan }: Run, context: ActionContext): Promise<Omit<Progress, 'since'>> {
  const turns = await readTurns(plan, plan.patch, context);
  const judged = turns.map(({ pod, asked }) => ({ pod, asked, state: judge(pod, plan) }));
  const waiting = judged.find(({ asked, state }) => asked && state.is === 'waiting');
  const next = judged.find(({ asked }) => !asked);
  const left = judged.filter(({ asked, state }) => !asked || state.is === 'waiting').length;
  const hold = waiting?.state.is === 'waiting' ? [`${refName(waiting.pod.ref)} waits: ${waiting.state.why}.`] : [];
  if (waiting === undefined && next !== undefined) await resize(next.pod, plan.patch, context);
  return { left, text: [`Resized ${turns.length - left} of ${countPods(turns)}.`, ...hold].join(' ') };
}

function judge(pod: LiveObject, { patch: [operation] }: Plan) {
  const container = readObject(containerAt(pod.spec, operation));
  return judgeResize(pod, { name: readString(container, 'name') ?? '', index: 0, container });
}

async function resize({ ref }: LiveObject, operations: readonly PatchOperation[], { objects }: ActionContext) {
  await objects.patch({ ref, operations, part: 'resize', dryRun: false });
}

/** The pods themselves say what was done: the subresource takes no mark. */
async function isResized({ plan }: Run, context: ActionContext): Promise<boolean> {
  return (await readTurns(plan, plan.patch, context)).some(({ asked }) => asked);
}

async function resizeBack({ plan }: Run, context: ActionContext): Promise<void> {
  const operations = plan.inverse ?? [];
  for (const { pod, asked } of await readTurns(plan, operations, context))
    if (!asked) await resize(pod, operations, context);
}
