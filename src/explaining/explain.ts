import { type CheckedAnswer, checkAnswer } from '../analysis/claims/check.ts';
import type { CheckedProposal } from '../analysis/claims/proposal.ts';
import { citableOf } from '../core/citable.ts';
import { describeError, hasCode } from '../core/errors.ts';
import { Draft, type Explanation, type KeptDraft } from '../core/explanation.ts';
import type { Incident } from '../core/incident.ts';
import { done, type Outcome } from '../core/outcome.ts';
import type { ExplanationCache } from '../core/ports/explanation-cache.ts';
import type { IncidentReader } from '../core/ports/journal.ts';
import type { ModelUsage } from '../core/ports/language-model.ts';
import type { Receipts } from '../core/ports/receipts.ts';
import { bundle, type ModelOffer } from './bundle.ts';
import { trimDraft } from './draft.ts';
import { fingerprintOf } from './fingerprint.ts';
import { explainInstructions } from './prompt.ts';
import { type Asking, askModel } from './question.ts';

/** How a look at an incident ended; `kept`: without a call. */
export type ExplainingEnd = 'asked' | 'kept' | 'spent' | 'unreachable' | 'rejected' | 'unusable' | 'given-up';

export interface ExplainContext extends Asking {
  readonly incidents: Pick<IncidentReader, 'get'>;
  readonly registry: {
    explain(id: string, explanation: Explanation, stands: (incident: Incident) => boolean): Promise<void>;
  };
  readonly cache: ExplanationCache;
  readonly receipts: Receipts;
  readonly catalogue: readonly ModelOffer[];
  /** Hands what a model proposes to the operations. */
  readonly propose: (incidentId: string, proposals: readonly CheckedProposal[]) => Promise<void>;
  /** Told of each end and of how much was dropped, for metrics. */
  readonly onEnd?: (end: ExplainingEnd, dropped: number) => void;
}

/** Of the same question on one day (by UTC), before rules alone have to do. */
const attempts = 3;
const dayMs = 24 * 3_600_000;

/** Longer than the deadline, so that a claim ends after the call it stands for, milliseconds. */
const claimMarginMs = 5_000;

/** What has been looked at is known for as long as answers are kept, milliseconds. */
const lookedAtMs = 90 * dayMs;

/** How long one worker has for submitting what was proposed, before another may, milliseconds. */
const proposingMs = 60_000;

/**
 * Has a model explain an incident and keeps of it what its evidence supports. The same evidence is asked about once, whoever asks and however often. Without
 * a model, a budget or a usable answer the rules' words stand; nothing waits for this. May run twice.
 */
export async function explain(incidentId: string, context: ExplainContext): Promise<Outcome> {
  const incident = await context.incidents.get(incidentId);
  if (context.model === undefined || incident === undefined || !isExplained(incident)) return done;
  const print = fingerprintOf(incident, context.model.name);
  await context.receipts.take(lookOf(incident, print), lookedAtMs);
  const known = await context.cache.read(print);
  if (known !== undefined) return settle({ incident, print, kept: known, asked: false }, context);
  const claimed = context.deadlineMs + claimMarginMs;
  if (!(await context.receipts.take(`explain ${print}`, claimed))) return { againInMs: claimed };
  const finished = await context.cache.read(print);
  if (finished !== undefined) return settle({ incident, print, kept: finished, asked: false }, context);
  return ask(incident, print, context);
}

/**
 * Finds the incidents that nobody has looked at as they are now: what asked for it was lost on its way to the queue. A worker's look is known from its
 * beginning on, because from then on the queue holds it. The same record is asked about once.
 */
export function createForgotten({
  model,
  receipts,
}: Pick<ExplainContext, 'model' | 'receipts'>): (incidents: readonly Incident[]) => Promise<readonly Incident[]> {
  const lookedAt = new WeakSet<Incident>();
  async function isForgotten(incident: Incident): Promise<boolean> {
    if (model === undefined || lookedAt.has(incident) || !isExplained(incident)) return false;
    const known = await receipts.has(lookOf(incident, fingerprintOf(incident, model.name)));
    if (known) lookedAt.add(incident);
    return !known;
  }
  return async (incidents) => {
    const forgotten: Incident[] = [];
    for (const incident of incidents) if (await isForgotten(incident)) forgotten.push(incident);
    return forgotten;
  };
}

/** A look at what is the same for the model, at the same turn of the incident. */
function lookOf({ id, reopened, escalated }: Incident, print: string): string {
  return `look ${id} ${print} ${reopened} ${escalated}`;
}

/** A change that was asked for needs no cause, and nobody looks at what was dismissed. */
function isExplained({ state, finding, evidence, attention }: Incident): boolean {
  return state === 'open' && finding !== undefined && evidence.length > 0 && attention.dismissed === undefined;
}

async function ask(incident: Incident, print: string, context: ExplainContext): Promise<Outcome> {
  const attempt = await nextAttempt(print, context);
  if (attempt === undefined) return end('given-up', context);
  if (!(await context.budget.take(incident.id))) return end('spent', context);
  const question = {
    instructions: explainInstructions,
    data: bundle(incident, context.catalogue),
    schema: Draft,
    schemaName: 'explanation',
  };
  try {
    const { value, usage } = await askModel(question, context);
    const kept = { draft: trimDraft(value), usage };
    await context.cache.keep(print, kept);
    return await settle({ incident, print, kept, asked: true }, context);
  } catch (error) {
    return fail(error, { print, attempt }, context);
  }
}

/** The number of the attempt, from 1; undefined where there have been enough. */
async function nextAttempt(
  print: string,
  { receipts, clock }: Pick<ExplainContext, 'receipts' | 'clock'>,
): Promise<number | undefined> {
  const day = Math.floor(clock.now() / dayMs);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (await receipts.take(`explain ${print} ${day} ${attempt}`, dayMs)) return attempt;
  }
  return undefined;
}

interface Failed {
  readonly print: string;
  readonly attempt: number;
}

/** What may pass is tried again, later each time; what will not is not. A store that is away is the job's to try again. */
async function fail(error: unknown, { print, attempt }: Failed, context: ExplainContext): Promise<Outcome> {
  const { log, deadlineMs } = context;
  const ends = {
    'model-unreachable': 'unreachable',
    'model-rejected': 'rejected',
    'model-unusable': 'unusable',
  } as const;
  const code = (['model-unreachable', 'model-rejected', 'model-unusable'] as const).find((one) => hasCode(error, one));
  if (code === undefined) throw error;
  log.warn('the model gave no explanation; the rules’ words stand', { problem: describeError(error), attempt });
  end(ends[code], context);
  if (code === 'model-unreachable' && attempt < attempts)
    return { againInMs: (deadlineMs + claimMarginMs) * 2 ** attempt };
  while ((await nextAttempt(print, context)) !== undefined);
  return done;
}

function end(how: ExplainingEnd, { onEnd }: ExplainContext, dropped = 0): Outcome {
  onEnd?.(how, dropped);
  return done;
}

interface Settled {
  readonly incident: Incident;
  readonly print: string;
  readonly kept: KeptDraft;
  /** Whether it was asked for just now. */
  readonly asked: boolean;
}

/** What was kept is checked against the evidence as it is now. */
async function settle({ incident, print, kept, asked }: Settled, context: ExplainContext): Promise<Outcome> {
  const { registry, clock, model, catalogue, receipts } = context;
  if (model === undefined) return done;
  const checked = checkAnswer(kept.draft, { evidence: citableOf(incident), incident, catalogue });
  if (incident.explanation?.fingerprint !== print) {
    const explanation = describe({ incident, print, kept, asked }, checked, context);
    await registry.explain(incident.id, { ...explanation, model: model.name, at: clock.now() }, (present) => {
      return present.explanation?.fingerprint !== print && fingerprintOf(present, model.name) === print;
    });
    if (checked.faults.length > 0) context.log.info('words of the model were not shown', { why: checked.faults });
    end(asked ? 'asked' : 'kept', context, checked.dropped);
  }
  const { proposals } = checked;
  const turn = `propose ${incident.id} ${print} ${incident.reopened} ${incident.escalated}`;
  if (proposals.length > 0 && (await receipts.take(turn, proposingMs))) await context.propose(incident.id, proposals);
  return done;
}

/** The cost is what this incident has cost so far; an answer that was kept costs nothing again. */
function describe(
  { incident, print, kept, asked }: Settled,
  { summary, hypotheses, confidence, dropped }: CheckedAnswer,
  { costOf }: ExplainContext,
): Omit<Explanation, 'model' | 'at'> {
  const usage = asked ? addUsage(kept.usage, incident.explanation?.usage) : (incident.explanation?.usage ?? noUsage);
  const cost = costOf(usage);
  return {
    fingerprint: print,
    summary: [...summary],
    hypotheses: [...hypotheses],
    confidence,
    dropped,
    usage,
    ...(cost === undefined ? {} : { cost }),
  };
}

const noUsage: ModelUsage = { calls: 0, inputTokens: 0, outputTokens: 0 };

function addUsage(a: ModelUsage, b: ModelUsage = noUsage): ModelUsage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}
