import { z } from 'zod';
import type { Plan, Refusal } from '../../core/action.ts';
import type { Health } from '../../core/ports/ledger.ts';
import type { Revision, Workload } from '../../core/ports/workloads.ts';
import { refName, WorkloadRef } from '../../core/resource-ref.ts';
import { defineAction } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { measureWorkload, verifyWorkload } from '../workload/measurement.ts';
import { isMarked, replaceTemplate, sameTemplate } from '../workload/patch.ts';
import { workloadRbac } from '../workload/rbac.ts';
import { applyAndRollOut, undoAndRollOut } from '../workload/rollout.ts';
import { describePods, readTarget } from '../workload/target.ts';
import { describeImages, diffTemplates, digest } from '../workload/template-diff.ts';

const RollbackParams = z.strictObject({
  target: WorkloadRef,
  revision: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('The revision to go back to; left out, the newest earlier one that is not known to be bad.'),
});
type RollbackParams = z.infer<typeof RollbackParams>;

export const rollbackWorkload = defineAction({
  id: 'rollback-workload',
  title: 'Roll back workload',
  risk: 'low',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: [...workloadRbac, { apiGroup: '', resource: 'pods', verbs: ['delete'] }],
  command: {
    name: 'rollback',
    arguments: ['target', 'revision'],
    help: 'Put an earlier revision back: the one you name, or the newest healthy one before the present.',
  },
  endsRollout: true,
  lasting: true,
  params: RollbackParams,
  plan: planRollback,
  execute: applyAndRollOut,
  isApplied: isMarked,
  measure: measureWorkload,
  verify: verifyWorkload,
  undo: undoAndRollOut,
});

async function planRollback(params: RollbackParams, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readTarget(params.target, context);
  if ('refused' in live) return live;
  const revisions = await context.workloads.revisions(live.ref);
  const health = await context.health.known(live.ref.uid);
  const chosen = chooseRevision({ live, revisions, health, wanted: params.revision });
  if ('refused' in chosen) return chosen;
  const current = revisions.find((one) => sameTemplate(one.template, live.template));
  const patch = replaceTemplate(live.ref.uid, live.template, chosen.template);
  const result = await context.workloads.patch({ ref: live.ref, operations: patch, dryRun: true });
  const seenHealthy = health.get(chosen.revision) === 'healthy';
  const from = current === undefined ? 'the present template' : `revision ${current.revision}`;
  return {
    target: live.ref,
    summary: `Roll back ${live.ref.kind} ${refName(live.ref)} from ${from} to revision ${chosen.revision} (${describeImages(live.template, chosen.template)}).`,
    blastRadius: `${describePods(live)} Revision ${chosen.revision} ${seenHealthy ? 'was seen healthy' : 'has not been seen running by Lifeguard'}.`,
    risk: seenHealthy ? 'low' : 'medium',
    diff: diffTemplates(live.template, result.template),
    patch,
    inverse: replaceTemplate(live.ref.uid, result.template, live.template),
    undo: `If it does not help, ${from} is put back, unless somebody changed the workload since.`,
    basis: digest({ uid: live.ref.uid, template: live.template, to: chosen.template }),
  };
}

interface Choice {
  readonly live: Workload;
  readonly revisions: readonly Revision[];
  readonly health: ReadonlyMap<number, Health>;
  readonly wanted: number | undefined;
}

function chooseRevision({ live, revisions, health, wanted }: Choice): Revision | Refusal {
  const name = refName(live.ref);
  const current = revisions.find((one) => sameTemplate(one.template, live.template));
  const others = revisions.filter((one) => !sameTemplate(one.template, live.template));
  if (wanted !== undefined) return chooseWanted(wanted, { name, others, current });
  const earlier = others.filter((one) => current === undefined || one.revision < current.revision);
  if (earlier.length === 0) {
    const only = current === undefined ? 'It has no earlier revision' : `Revision ${current.revision} is the only one`;
    return { refused: `${only} of ${name}, so there is nothing to roll back to.` };
  }
  const good = earlier.filter((one) => health.get(one.revision) !== 'bad');
  const best = good.find((one) => health.get(one.revision) === 'healthy') ?? good[0];
  return (
    best ?? {
      refused: `Every earlier revision of ${name} (${listNumbers(earlier)}) was seen failing, so none is safe to roll back to.`,
    }
  );
}

interface Wanted {
  readonly name: string;
  readonly others: readonly Revision[];
  readonly current: Revision | undefined;
}

function chooseWanted(wanted: number, { name, others, current }: Wanted): Revision | Refusal {
  if (current?.revision === wanted) return { refused: `${name} already runs revision ${wanted}.` };
  const found = others.find((one) => one.revision === wanted);
  if (found !== undefined) return found;
  const known = others.length === 0 ? 'it has no other revision' : `it has ${listNumbers(others)}`;
  return { refused: `${name} has no revision ${wanted}; ${known}.` };
}

function listNumbers(revisions: readonly Revision[]): string {
  return revisions.map((one) => one.revision).join(', ');
}
