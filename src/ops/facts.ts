import { namespacesOf, type Plan } from '../core/action.ts';
import { describeError } from '../core/errors.ts';
import type { LiveObject } from '../core/ports/objects.ts';
import type { Workload } from '../core/ports/workloads.ts';
import type { Origin } from '../core/proposal.ts';
import { isWorkloadRef } from '../core/resource-ref.ts';
import type { Action } from './action.ts';
import { readStanding } from './authority.ts';
import type { OpsContext } from './context.ts';
import type { Case, Claimant, Fact, Freeze, NodeService, Tally } from './guardrail.ts';
import { dayMs } from './guardrails/attempts.ts';
import { readCapacity } from './node/capacity.ts';
import { readNodeService } from './node/service.ts';
import { findBudget, podLabels } from './pod/budgets.ts';
import { findReverted } from './reverted.ts';

export interface Question {
  readonly action: Action;
  readonly plan: Plan;
  readonly origin: Origin;
  readonly tally: Tally;
  /** The execution that it is judged for, once it is carried out: its own attempt does not count against it. */
  readonly executionId?: string | undefined;
  /** Whose rights in Kubernetes count; Lifeguard's own where absent. */
  readonly claimant?: Claimant | undefined;
}

/** What guardrails judge, read now. What cannot be read is handed on as unreadable, never guessed. */
export async function gatherFacts(question: Question, context: OpsContext): Promise<Case> {
  const { action, plan, origin, tally, claimant } = question;
  const { policy, clock } = context;
  const now = clock.now();
  const { target } = plan;
  const [killSwitch, rights, attempts, workload, affected, autoscaler, vertical, nodes, capacity, openIncidents] =
    await Promise.all([
      look(() => context.controls.killSwitch()),
      look(async () => (claimant === undefined ? undefined : readStanding(claimant, { action, plan }, context))),
      look(() => readAttempts(question, context)),
      look(async () => (isWorkloadRef(target) ? context.workloads.read(target) : undefined)),
      look(() => readAffected(plan, context)),
      look(async () => (isWorkloadRef(target) ? context.workloads.autoscaler(target) : undefined)),
      look(() => readVertical(plan, context)),
      look(() => readNodes(plan, context)),
      look(() => readCapacity(plan, context)),
      look(() => context.incidents.countOpen()),
    ]);
  const { id: actionId, endsRollout, lasting } = action;
  const holder = isWorkloadRef(target) ? workload : await look(() => readHolder(question, context));
  const [podBudget, reverted] =
    'unreadable' in holder
      ? [holder, holder]
      : await Promise.all([
          look(() => readBudget(plan, holder.known, context)),
          look(() => findReverted(holder.known, context)),
        ]);
  const namespaces = namespacesOf(plan);
  return {
    actionId,
    endsRollout,
    lasting,
    plan,
    namespaces,
    origin,
    tally,
    now,
    policy,
    killSwitch,
    rights,
    attempts,
    workload,
    affected,
    holder,
    autoscaler,
    verticalAutoscaler: vertical,
    nodes,
    capacity,
    podBudget,
    openIncidents,
    reverted,
    freeze: longestFreeze(namespaces, context),
  };
}

/** What is not written to the cluster has no labels or annotations there. */
async function readHolder({ action, plan }: Question, { objects }: OpsContext): Promise<LiveObject | undefined> {
  return action.elsewhere === undefined ? await objects.read(plan.target) : undefined;
}

/** Everything tried within the longest time that any guardrail looks back. */
async function readAttempts({ executionId }: Question, { clock, policy, ledger }: OpsContext) {
  const since = clock.now() - Math.max(policy.attempts.windowMs, policy.budget.windowMs, dayMs);
  return (await ledger.attempts(since)).filter((one) => one.executionId !== executionId);
}

async function readAffected({ target, affects = [] }: Plan, { workloads }: OpsContext): Promise<readonly Workload[]> {
  const others = affects.filter(isWorkloadRef).filter(({ uid }) => uid !== target.uid);
  const read = await Promise.all(others.map((ref) => workloads.read(ref)));
  return read.filter((workload) => workload !== undefined);
}

function longestFreeze(namespaces: readonly string[], { clock, freezeAt }: OpsContext): Freeze | undefined {
  const freezes = namespaces.map((one) => freezeAt(one, clock.now())).filter((freeze) => freeze !== undefined);
  return freezes.toSorted((a, b) => b.until - a.until)[0];
}

async function readVertical({ target, asks = {} }: Plan, { workloads }: OpsContext) {
  const sets = asks.cpu !== undefined || asks.memory !== undefined;
  return sets && isWorkloadRef(target) ? await workloads.verticalAutoscaler(target) : undefined;
}

async function readBudget(plan: Plan, live: Workload | LiveObject | undefined, context: OpsContext) {
  if ((plan.asks?.pods ?? 0) === 0 || live === undefined) return undefined;
  return findBudget(plan, 'template' in live ? podLabels(live.template) : live.labels, context);
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
