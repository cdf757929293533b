import type { Plan } from '../core/action.ts';
import { describeError } from '../core/errors.ts';
import type { Origin } from '../core/proposal.ts';
import { isWorkloadRef } from '../core/resource-ref.ts';
import { deny, type Ruling, type Verdict } from '../core/verdict.ts';
import type { Action } from './action.ts';
import { readStanding } from './authority.ts';
import type { OpsContext } from './context.ts';
import type { Case, Claimant, Fact, Guardrail, NodeService } from './guardrail.ts';
import { guardrails } from './guardrails/index.ts';
import { readNodeService } from './node/service.ts';
import { findReverted } from './reverted.ts';

interface Question {
  readonly action: Action;
  readonly plan: Plan;
  readonly origin: Origin;
  readonly attemptKey: string;
  /** Whose rights in Kubernetes count; Lifeguard's own where absent. */
  readonly claimant: Claimant | undefined;
}

export interface Judgement {
  /** The strictest of all: deny before needs-approval before allow. */
  readonly verdict: Verdict;
  readonly rulings: readonly Ruling[];
}

/** Asks every guardrail. Facts are read now; one that cannot be read is handed on as unreadable, never guessed. */
export async function judge(question: Question, context: OpsContext): Promise<Judgement> {
  return ruleOn(await gatherFacts(question, context), guardrails);
}

/** The pure half: every guardrail's verdict, and the strictest. A guardrail that throws denies. */
export function ruleOn(question: Case, rails: readonly Guardrail[]): Judgement {
  const rulings = rails.map((rail) => ({ guardrail: rail.id, verdict: judgeSafely(rail, question) }));
  const strictest = (['deny', 'needs-approval', 'allow'] as const)
    .map((answer) => rulings.find((ruling) => ruling.verdict.answer === answer))
    .find((ruling) => ruling !== undefined);
  return { verdict: strictest?.verdict ?? deny('No guardrail is configured, so nothing may be done.'), rulings };
}

function judgeSafely(rail: Guardrail, question: Case): Verdict {
  try {
    return rail.judge(question);
  } catch (error) {
    return deny(`The guardrail ${rail.id} failed (${describeError(error)}), so it does not let anything through.`);
  }
}

async function gatherFacts(question: Question, context: OpsContext): Promise<Case> {
  const { action, plan, origin, attemptKey, claimant } = question;
  const { policy, clock } = context;
  const now = clock.now();
  const since = now - Math.max(policy.attempts.windowMs, policy.budget.windowMs);
  const { target } = plan;
  const [killSwitch, rights, attempts, workload, autoscaler, nodes, openIncidents] = await Promise.all([
    look(() => context.controls.killSwitch()),
    look(async () => (claimant === undefined ? undefined : readStanding(claimant, { action, plan }, context))),
    look(() => context.ledger.attempts(since)),
    look(async () => (isWorkloadRef(target) ? context.workloads.read(target) : undefined)),
    look(async () => (isWorkloadRef(target) ? context.workloads.autoscaler(target) : undefined)),
    look(() => readNodes(plan, context)),
    look(() => context.incidents.countOpen()),
  ]);
  const { id: actionId, endsRollout, lasting } = action;
  const holder = isWorkloadRef(target) ? workload : await look(() => context.objects.read(target));
  const reverted = 'unreadable' in workload ? workload : await look(() => findReverted(workload.known, context));
  return {
    actionId,
    endsRollout,
    lasting,
    plan,
    origin,
    attemptKey,
    now,
    policy,
    killSwitch,
    rights,
    attempts,
    workload,
    holder,
    autoscaler,
    nodes,
    openIncidents,
    reverted,
    freeze: context.freezeAt(target.namespace, now),
  };
}

async function readNodes(plan: Plan, context: OpsContext): Promise<NodeService> {
  return (plan.asks?.nodes ?? 0) > 0 ? await readNodeService(plan, context) : { total: 0, out: 0, busy: undefined };
}

async function look<T>(read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { known: await read() };
  } catch (error) {
    return { unreadable: describeError(error) };
  }
}
