import { describeError, hasCode } from '../../core/errors.ts';
import { markOf, type Run } from '../action.ts';
import { auditOf } from '../audit-of.ts';
import { actAs, deciderOf } from '../authority.ts';
import type { OpsContext } from '../context.ts';
import { changedMeanwhile, supersede } from '../recheck.ts';
import { executing, finish, isDecisive, move, readStop, requirePlan, type Step } from './step.ts';

/** The write. It was counted as an attempt before, so that a crash cannot hide it; the mark on the object keeps it single. */
export async function applyStep(step: Step, context: OpsContext): Promise<void> {
  const { proposal, execution, action } = step;
  // Somebody has died while giving way to a new card: from then on nothing is written for this one.
  if (proposal.state === 'expired') return await giveWay(step, changedMeanwhile, context);
  const run = runOf(step);
  const halted = await readStop(execution, context);
  if (halted !== undefined && !(await action.isApplied(run, context))) {
    await finish(proposal, { phase: 'refused', outcome: `${halted} Nothing was changed.` }, context);
    return;
  }
  const at = context.clock.now();
  const obstacle = halted === undefined ? await write(step, run, context) : undefined;
  if (obstacle === undefined) return await tellApplied(step, at, context);
  const outcome = `Not applied: ${obstacle.why}`;
  if (obstacle.outdated) await giveWay(step, outcome, context);
  else await finish(proposal, { phase: 'refused', outcome }, context);
}

function runOf({ proposal, execution }: Step): Run {
  const by = proposal.origin.user ?? deciderOf(proposal)?.user;
  return { plan: requirePlan(execution), mark: markOf(execution, 'apply'), by };
}

async function tellApplied({ proposal, execution, action }: Step, at: number, context: OpsContext): Promise<void> {
  const { summary } = requirePlan(execution);
  const happening = { at, what: 'applied', who: proposal.decision?.by ?? 'lifeguard', detail: summary };
  await context.audit.append(auditOf(happening, proposal, execution));
  await move(proposal, { phase: action.advance === undefined ? 'verifying' : 'advancing', appliedAt: at }, context);
  await context.journal.note(proposal.incidentId, { at, kind: 'applied', text: summary }, executing(proposal, true));
}

/** Why it could not be written. Outdated: somebody has changed the object since, and people have to see what is there now. */
interface Obstacle {
  readonly why: string;
  readonly outdated: boolean;
}

/**
 * A conflict although the mark is there was met by a second attempt. What Lifeguard decided alone is not asked again at once: its attempt stays
 * counted, so that a write which always meets a conflict runs into the loop breaker, and the ladder plans anew.
 */
async function write({ proposal, action }: Step, run: Run, context: OpsContext): Promise<Obstacle | undefined> {
  const decider = deciderOf(proposal);
  try {
    await action.execute(run, actAs(decider, context));
    return undefined;
  } catch (error) {
    if (!isDecisive(error)) throw error;
    const conflict = hasCode(error, 'cluster-conflict');
    if (conflict && (await action.isApplied(run, context))) return undefined;
    return { why: describeError(error), outdated: conflict && decider !== undefined };
  }
}

/** Nothing was written, and nothing will be: the proposal has expired before anything else is done. */
async function giveWay({ proposal }: Step, outdated: string, context: OpsContext): Promise<void> {
  const expired = await context.proposals.update(proposal.id, (current) =>
    current.state === 'approved' ? { ...current, version: current.version + 1, state: 'expired' } : current,
  );
  await context.ledger.withdraw(proposal.id);
  const { refused } = await supersede(expired ?? proposal, { outdated }, context);
  await finish(proposal, { phase: 'refused', outcome: refused }, context);
}
