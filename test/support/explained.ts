import { checkAnswer } from '../../src/analysis/claims/check.ts';
import { citableOf } from '../../src/core/citable.ts';
import type { Draft, Explanation } from '../../src/core/explanation.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { LanguageModel } from '../../src/core/ports/language-model.ts';
import { type ExplainingEnd, explain } from '../../src/explaining/explain.ts';
import { fingerprintOf } from '../../src/explaining/fingerprint.ts';
import { modelActions } from '../../src/ops/model-proposals.ts';
import { createExplainWorld } from './explaining.ts';
import { unsupportedIn } from './unsupported.ts';

/** How an incident was explained, and what was taken out on the way. */
export interface Explained {
  readonly incident: Incident;
  /** How each look at it ended. */
  readonly ends: readonly ExplainingEnd[];
  /** What the model answered; undefined where that could not be used. */
  readonly draft: Draft | undefined;
  /** What people are shown; undefined where rules only. */
  readonly explanation: Explanation | undefined;
  /** Why each sentence, hypothesis and proposal that is missing was taken out. */
  readonly faults: readonly string[];
  /** Actions that would be submitted for it. */
  readonly proposed: readonly string[];
}

interface Patience {
  /** Told of each wait before another look, milliseconds. */
  readonly wait?: (ms: number) => void;
  /** More than explaining ever wants unless said otherwise. */
  readonly looks?: number;
}

/**
 * Takes an incident through the explaining of the product with records in memory, until nothing more is tried. Time stands still but for the waits it asks
 * for.
 */
export async function explainIncident(
  incident: Incident,
  model: LanguageModel,
  { wait, looks = 10 }: Patience = {},
): Promise<Explained> {
  const { context, incidents, ends, proposed, clock } = createExplainWorld({ model });
  await incidents.create(incident);
  for (let look = 0; look < looks; look += 1) {
    const outcome = await explain(incident.id, context);
    if ('done' in outcome) break;
    clock.advance(outcome.againInMs);
    wait?.(outcome.againInMs);
  }
  const draft = (await context.cache.read(fingerprintOf(incident, model.name)))?.draft;
  const basis = { evidence: citableOf(incident), incident, catalogue: modelActions };
  return {
    incident,
    ends,
    draft,
    explanation: (await incidents.get(incident.id))?.explanation,
    faults: draft === undefined ? [] : checkAnswer(draft, basis).faults,
    proposed: proposed.flatMap(({ actionIds }) => actionIds),
  };
}

/** Sentences and hypotheses of an explanation, as people read them. */
export function sentencesOf({
  summary,
  hypotheses,
}: Pick<Explanation, 'summary' | 'hypotheses'>): Explanation['summary'] {
  return [...summary, ...hypotheses.map(({ text, evidence }) => ({ text, evidence }))];
}

/** What of all that is shown an independent rule finds no support for. */
export function unsupportedOf({
  incident,
  explanation,
}: Pick<Explained, 'incident' | 'explanation'>): readonly string[] {
  const shown = explanation === undefined ? [] : sentencesOf(explanation);
  return shown.flatMap((sentence) => {
    const missing = unsupportedIn(sentence, incident);
    return missing.length === 0 ? [] : [`${missing.join(', ')} in “${sentence.text}” ${sentence.evidence.join(' ')}`];
  });
}
