import type { Measurement, Plan, Refusal, Verification } from '../../core/action.ts';
import { hasCode, LifeguardError } from '../../core/errors.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { rerunOf } from '../../core/views/job.ts';
import { defineAction, type Run, type VerifyInput } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { copyJob, nameOfCopy, originOf } from '../job/copy.ts';
import { endOf, JobParams, jobRbac } from '../job/target.ts';
import { nothingMeasured, readObject } from '../object/change.ts';
import { digest } from '../workload/template-diff.ts';

export const rerunJob = defineAction({
  id: 'rerun-job',
  title: 'Rerun job',
  risk: 'medium',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: jobRbac('create'),
  command: { name: 'rerun', arguments: ['target'], help: 'Run a finished Job once more, as a copy under a new name.' },
  targets: ['Job'],
  endsRollout: false,
  lasting: false,
  params: JobParams,
  plan: ({ target }, context) => planRerun(target, context),
  execute: createCopy,
  isApplied: async ({ plan }, context) => isOurs(await readCopy(plan, context), plan),
  measure: measureCopy,
  verify: verifyCopy,
});

async function planRerun(target: ResourceRef, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readObject(target, context);
  if ('refused' in live) return live;
  const { ref, spec } = live;
  const end = endOf(live);
  if (end === undefined) return { refused: `Job ${refName(ref)} has not ended yet.` };
  if (spec['manualSelector'] === true)
    return {
      refused: `Job ${refName(ref)} selects its pods by hand, so a copy would take over the pods of the first.`,
    };
  const name = nameOfCopy(ref.name, context.clock.now());
  const { namespace } = ref;
  await context.objects.create({ kind: 'Job', namespace, body: copyJob(live, name), dryRun: true });
  return {
    target: ref,
    summary: `Run Job ${refName(ref)} once more, as ${name}.`,
    blastRadius: `What it does is done again; the ${end === 'failed' ? 'failed' : 'finished'} Job stays for its log.`,
    risk: 'medium',
    diff: '',
    patch: [],
    inverse: null,
    undo: 'What a run has done cannot be taken back; the copy stays for its log.',
    objects: [{ kind: 'Job', namespace, name }],
    countedAs: originOf(live),
    basis: digest({ uid: ref.uid, spec, end }),
  };
}

/** A copy of that name which is of this Job is the one that was made before. */
async function createCopy({ plan }: Run, context: ActionContext): Promise<void> {
  const [copy] = plan.objects ?? [];
  const live = await readObject(plan.target, context);
  if ('refused' in live || copy === undefined)
    throw new LifeguardError(`${refName(plan.target)} is gone, so it cannot be run again.`, {
      code: 'cluster-not-found',
      retry: 'permanent',
    });
  const { namespace, name } = copy;
  try {
    await context.objects.create({ kind: 'Job', namespace, body: copyJob(live, name), dryRun: false });
  } catch (error) {
    const made = hasCode(error, 'cluster-conflict') ? await context.objects.read(copy) : undefined;
    if (!isOurs(made, plan)) throw error;
  }
}

function isOurs(copy: LiveObject | undefined, { target }: Plan): boolean {
  return copy?.annotations[rerunOf] === target.name;
}

async function readCopy({ objects = [] }: Plan, context: ActionContext) {
  const [copy] = objects;
  return copy === undefined ? undefined : await context.objects.read(copy);
}

/** The copy's end: `reached` where it is complete, a finding where it failed too. */
async function measureCopy(plan: Plan, context: ActionContext): Promise<Measurement> {
  const copy = await readCopy(plan, context);
  const end = copy === undefined ? undefined : endOf(copy);
  const findings = end === 'failed' ? ['job-failed'] : [];
  return { ...nothingMeasured(context), findings, reached: end === 'complete' };
}

/** A run that goes on past the deadline is not known to be good. */
function verifyCopy({ after, appliedAt, now }: VerifyInput, { policy }: ActionContext): Verification {
  if (after.reached === true) return { verdict: 'improved', settled: true, sentence: 'The new run is complete.' };
  if (after.findings.length > 0) return { verdict: 'unchanged', settled: true, sentence: 'The new run failed too.' };
  const settled = now - appliedAt >= policy.verification.deadlineMs;
  return { verdict: 'unknown', settled, sentence: 'The new run has not ended yet.' };
}
