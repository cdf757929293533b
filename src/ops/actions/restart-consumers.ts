import { z } from 'zod';
import type { Plan, Progress, Refusal } from '../../core/action.ts';
import type { Workload } from '../../core/ports/workloads.ts';
import { isWorkloadRef, ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import { defineAction, type Run } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { objectRbac } from '../object/rbac.ts';
import { findConsumers, readAll } from '../workload/consumers.ts';
import { measureWorkloads } from '../workload/many.ts';
import { verifyWorkload } from '../workload/measurement.ts';
import { workloadRbac } from '../workload/rbac.ts';
import { isRestartedSince, readStamp, restartTemplate, stampRestart } from '../workload/restart.ts';
import { digest } from '../workload/template-diff.ts';

const ConsumersParams = z.strictObject({ target: ResourceRef.extend({ kind: z.enum(['ConfigMap', 'Secret']) }) });

/** The content of a Secret is never read, nor is the Secret: workloads say by name what they use. */
export const restartConsumers = defineAction({
  id: 'restart-consumers',
  title: 'Restart consumers',
  risk: 'low',
  surfaces: ['slash', 'button', 'ai'],
  rbac: [...workloadRbac, ...objectRbac.ConfigMap.map((rule) => ({ ...rule, verbs: ['get', 'list'] }))],
  command: {
    name: 'restart-consumers',
    arguments: ['target'],
    help: 'Restart what uses a ConfigMap or a Secret (`secret/<namespace>/<name>`), one workload after the other.',
  },
  targets: ['ConfigMap', 'Secret'],
  endsRollout: false,
  lasting: false,
  params: ConsumersParams,
  plan: ({ target }, context) => planRestarts(target, context),
  execute: async (run, context) => void (await restartNext(run, context)),
  advance: restartNext,
  isApplied: hasBegun,
  measure: ({ affects = [] }, context) => measureWorkloads(affects, context),
  verify: verifyWorkload,
});

/** More at once is a restart of the whole namespace, which nobody means by the change of one ConfigMap. */
const most = 20;

async function planRestarts(target: ResourceRef, context: ActionContext): Promise<Plan | Refusal> {
  const name = `${target.kind} ${refName(target)}`;
  const consumers = await findConsumers(target, context);
  const running = consumers.filter(({ paused, desired }) => !paused && desired > 0);
  const staying = consumers.filter(({ paused, desired }) => paused || desired === 0);
  if (running.length === 0)
    return { refused: `No workload that runs takes its environment or a volume from ${name}; nothing to restart.` };
  if (running.length > most)
    return {
      refused: `${running.length} workloads use ${name}; Lifeguard restarts up to ${most} one after the other.`,
    };
  const at = context.clock.now();
  for (const live of running)
    await context.workloads.patch({ ref: live.ref, operations: restartTemplate(live, at), dryRun: true });
  const names = running.map(({ ref }) => refKey(ref));
  const paused = staying.map(({ ref }) => refName(ref));
  return {
    target,
    summary: `Restart what uses ${name}: ${names.join(', ')}.`,
    blastRadius: [
      `${countPods(running)} of ${names.length === 1 ? '1 workload' : `${names.length} workloads`}, one workload after the other; the next only once the last is whole.`,
      ...(paused.length === 0 ? [] : [`Paused or without replicas, so left alone: ${paused.join(', ')}.`]),
    ].join(' '),
    risk: running.length === 1 ? 'low' : 'medium',
    diff: '',
    patch: [stampRestart(at)],
    inverse: null,
    undo: 'Nothing to undo: a restart leaves the configuration as it was.',
    objects: running.map(({ ref }) => ref),
    affects: running.map(({ ref }) => ref),
    basis: digest(running.map(({ ref, template }) => ({ uid: ref.uid, template }))),
  };
}

function countPods(running: readonly Workload[]): string {
  const pods = running.reduce((sum, { desired }) => sum + desired, 0);
  return pods === 1 ? '1 pod' : `${pods} pods`;
}

/** The next only once the last is whole, so that a configuration that breaks its consumers breaks one. */
async function restartNext({ plan }: Run, context: ActionContext): Promise<Omit<Progress, 'since'>> {
  const at = readStamp(plan.patch);
  const live = await readAll((plan.affects ?? []).filter(isWorkloadRef), context);
  const restarted = live.filter((one) => isRestartedSince(one, at));
  const under = restarted.find((one) => !isWhole(one));
  const next = live.find((one) => !restarted.includes(one));
  const left = live.filter((one) => !restarted.includes(one) || !isWhole(one)).length;
  if (under === undefined && next !== undefined)
    await context.workloads.patch({ ref: next.ref, operations: restartTemplate(next, at), dryRun: false });
  const wait = under === undefined ? [] : [`${refName(under.ref)} has ${under.ready} of ${under.desired} pods ready.`];
  const total = live.length === 1 ? '1 workload' : `${live.length} workloads`;
  return { left, text: [`Restarted ${live.length - left} of ${total}.`, ...wait].join(' ') };
}

function isWhole({ generation, observedGeneration, desired, updated, available, ready }: Workload): boolean {
  return observedGeneration >= generation && [updated, available, ready].every((count) => count >= desired);
}

async function hasBegun({ plan }: Run, context: ActionContext): Promise<boolean> {
  const live = await readAll((plan.affects ?? []).filter(isWorkloadRef), context);
  return live.some((one) => isRestartedSince(one, readStamp(plan.patch)));
}
