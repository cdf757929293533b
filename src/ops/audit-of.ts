import type { Surface } from '../core/action.ts';
import type { AuditEntry } from '../core/audit-record.ts';
import type { Execution } from '../core/execution.ts';
import type { Proposal } from '../core/proposal.ts';
import { refKey } from '../core/resource-ref.ts';
import { describeRulings } from '../core/verdict.ts';

/** What happened to something proposed. */
interface Happening {
  readonly at: number;
  readonly what: string;
  /** Whose doing it was, where it was not that of who asked. */
  readonly who?: string | undefined;
  /** From where, where it was not from where it was asked for. */
  readonly surface?: Surface;
  readonly detail: string;
}

/** A proposal, or what would have become one. */
type Proposed = Pick<Proposal, 'plan' | 'reason' | 'origin' | 'rulings'> & {
  readonly id?: string;
  readonly incidentId: string | undefined;
};

/** Where the execution is known, its plan and what the guardrails said last count, and its numbers are told. */
type Carried = Partial<Pick<Execution, 'plan' | 'rulings' | 'before' | 'after' | 'verification' | 'outcome'>>;

/** The record of anything that happens to a proposal: all of them say who, what, why, from where, what the guardrails said, the diff and the result. */
export function auditOf({ surface, who, ...happening }: Happening, proposed: Proposed, carried?: Carried): AuditEntry {
  const { reason, origin } = proposed;
  const plan = carried?.plan ?? proposed.plan;
  return {
    ...happening,
    who: who ?? origin.user ?? 'lifeguard',
    subject: refKey(plan.target),
    why: reason,
    surface: surface ?? origin.surface,
    verdicts: describeRulings(carried?.rulings ?? proposed.rulings),
    diff: plan.diff,
    ...idsOf(proposed),
    ...resultOf(carried),
  };
}

function idsOf({ id, incidentId }: Proposed): Pick<AuditEntry, 'incident' | 'proposal'> {
  return {
    ...(incidentId === undefined ? {} : { incident: incidentId }),
    ...(id === undefined ? {} : { proposal: id }),
  };
}

function resultOf({ outcome, verification, before, after }: Carried = {}): Pick<AuditEntry, 'result'> {
  if (outcome === undefined) return {};
  return {
    result: {
      outcome,
      ...(verification === undefined ? {} : { verdict: verification.verdict }),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  };
}
