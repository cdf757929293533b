import type { Plan } from '../core/action.ts';
import { describeError } from '../core/errors.ts';
import type { Origin } from '../core/proposal.ts';
import { isWorkloadRef } from '../core/resource-ref.ts';
import { deny, type Ruling, type Verdict } from '../core/verdict.ts';
import type { Action } from './action.ts';
import type { OpsContext } from './context.ts';
import type { Case, Fact, Guardrail, Holder, NodeService } from './guardrail.ts';
import { guardrails } from './guardrails/index.ts';
import { readCapacity } from './node/capacity.ts';
import { readNodeService } from './node/service.ts';
import { findReverted } from './reverted.ts';

interface Question {
  readonly action: Action;
  readonly plan: Plan;
  readonly origin: Origin;
  readonly attemptKey: string;
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

/** The same on the same facts for somebody else who asks, too. */
export async function judgeFor(
  question: Question,
  other: Origin,
  context: OpsContext,
): Promise<readonly [Judgement, Judgement]> {
  const facts = await gatherFacts(question, context);
  return [ruleOn(facts, guardrails), ruleOn({ ...facts, origin: other }, guardrails)];
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

async function gatherFacts({ action, plan, origin, attemptKey }: Question, context: OpsContext): Promise<Case> {
  const { policy, clock } = context;
  const now = clock.now();
  const since = now - Math.max(policy.attempts.windowMs, policy.budget.windowMs);
  const { target } = plan;
  const [killSwitch, attempts, workload, autoscaler, nodes, openIncidents] = await Promise.all([
    look(() => context.controls.killSwitch()),
    look(() => context.ledger.attempts(since)),
    look(async () => (isWorkloadRef(target) ? context.workloads.read(target) : undefined)),
    look(async () => (isWorkloadRef(target) ? context.workloads.autoscaler(target) : undefined)),
    look(() => readNodes(plan, context)),
    look(() => context.incidents.countOpen()),
  ]);
  const { id: actionId, endsRollout, lasting } = action;
  const holder = isWorkloadRef(target) ? workload : await look(() => context.objects.read(target));
  const capacity = await look(() => readCapacity(plan, context));
  const verticalAutoscaler = await look(() => readVertical(plan, context));
  const affected = await look(() => readAffected(plan, context));
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
    attempts,
    workload,
    holder,
    affected,
    autoscaler,
    verticalAutoscaler,
    nodes,
    capacity,
    openIncidents,
    reverted,
    freeze: context.freezeAt(target.namespace, now),
  };
}

async function readVertical({ target, asks = {} }: Plan, { workloads }: OpsContext) {
  const sets = asks.cpu !== undefined || asks.memory !== undefined;
  return sets && isWorkloadRef(target) ? await workloads.verticalAutoscaler(target) : undefined;
}

async function readAffected({ affects = [] }: Plan, { workloads }: OpsContext): Promise<readonly Holder[]> {
  const found = await Promise.all(affects.filter(isWorkloadRef).map((ref) => workloads.read(ref)));
  return found.filter((one) => one !== undefined);
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
