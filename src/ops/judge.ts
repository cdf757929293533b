import { describeError } from '../core/errors.ts';
import type { Origin } from '../core/proposal.ts';
import { deny, type Ruling, type Verdict } from '../core/verdict.ts';
import type { OpsContext } from './context.ts';
import { gatherFacts, type Question } from './facts.ts';
import type { Case, Guardrail } from './guardrail.ts';
import { guardrails } from './guardrails/index.ts';

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
