import { z } from 'zod';
import type { Plan, Refusal } from '../../core/action.ts';
import type { Workload } from '../../core/ports/workloads.ts';
import { refName, WorkloadRef } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';
import { annotate, restoreAnnotation } from '../mark.ts';
import { Amount } from './amount.ts';
import { ContainerName, findContainer, replaceContainer } from './containers.ts';
import { raisesAnnotation, replaceTemplate } from './patch.ts';
import {
  changedRequests,
  changeShare,
  describeShares,
  mostOf,
  readShares,
  riskOfShares,
  type Shares,
  writeShares,
} from './resources.ts';
import { describePods } from './target.ts';
import { diffTemplates, digest } from './template-diff.ts';

export const ResourceParams = z
  .strictObject({
    target: WorkloadRef,
    container: ContainerName,
    memory: Amount.optional().describe('The limit of memory: 512Mi, 2Gi, or a change such as +50%.'),
    cpu: Amount.optional().describe('The limit of CPU: 250m, 2, or a change such as +50%.'),
    memoryRequest: Amount.optional().describe('What is reserved for it, likewise.'),
    cpuRequest: Amount.optional().describe('What is reserved for it, likewise.'),
  })
  .refine(
    ({ memory, cpu, memoryRequest, cpuRequest }) =>
      [memory, cpu, memoryRequest, cpuRequest].some((amount) => amount !== undefined),
    'name what is to change: memory=…, cpu=…, memoryRequest=… or cpuRequest=…',
  );
export type ResourceParams = z.infer<typeof ResourceParams>;

/** The words of a command that name them. */
export const resourceOptions = ['memory', 'cpu', 'memoryRequest', 'cpuRequest'] as const;

/** What giving a container of the template other requests and limits would change; its pods are replaced. */
export async function planRollout(
  live: Workload,
  params: ResourceParams,
  context: ActionContext,
): Promise<Plan | Refusal> {
  const found = findContainer(live.template, params.container);
  if ('refused' in found) return found;
  const raw = found.container['resources'];
  const before = readShares(raw);
  const after = changeShares(before, params);
  if ('refused' in after) return after;
  const changes = describeShares(before, after);
  if (changes === '') return { refused: `Container ${found.name} of ${refName(live.ref)} has that already.` };
  const template = replaceContainer(live.template, found, { ...found.container, resources: writeShares(raw, after) });
  const raised = countRaise(live, before, after);
  const patch = [...replaceTemplate(live.ref.uid, live.template, template), ...raised.apply];
  const result = await context.workloads.patch({ ref: live.ref, operations: patch, dryRun: true });
  return {
    target: live.ref,
    summary: `Set resources of container ${found.name} of ${live.ref.kind} ${refName(live.ref)}: ${changes}.`,
    blastRadius: describePods(live),
    risk: riskOfShares(before, after),
    diff: diffTemplates(live.template, result.template),
    patch,
    inverse: [...replaceTemplate(live.ref.uid, result.template, live.template), ...raised.restore],
    undo: 'If it does not help, the former requests and limits are put back, unless somebody changed the workload since.',
    asks: { cpu: mostOf(after.cpu), memory: mostOf(after.memory) },
    requests: changedRequests(before, after),
    basis: digest({ uid: live.ref.uid, template: live.template, to: after }),
  };
}

/** Each time that memory is raised is written on the workload, whoever asked for it: the guardrail on leaks reads it. */
function countRaise(live: Workload, before: Shares, after: Shares) {
  if (mostOf(after.memory) <= mostOf(before.memory)) return { apply: [], restore: [] };
  const count = (Number(live.annotations[raisesAnnotation]) || 0) + 1;
  return {
    apply: annotate(live, raisesAnnotation, `${count}`),
    restore: restoreAnnotation(live, raisesAnnotation),
  };
}

/** What a container that has `before` would have. */
export function changeShares(before: Shares, params: Omit<ResourceParams, 'target'>): Shares | Refusal {
  const { cpu, memory, cpuRequest, memoryRequest } = params;
  const newCpu = changeShare('cpu', before.cpu, { limit: cpu, request: cpuRequest });
  if ('refused' in newCpu) return newCpu;
  const newMemory = changeShare('memory', before.memory, { limit: memory, request: memoryRequest });
  return 'refused' in newMemory ? newMemory : { cpu: newCpu, memory: newMemory };
}
