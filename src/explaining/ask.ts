import { z } from 'zod';
import { findFaults, isBelieved, judgeConfidence } from '../analysis/claims/check.ts';
import { citableOf, findingsOf } from '../core/citable.ts';
import { cut } from '../core/cut.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Incident } from '../core/incident.ts';
import type { Answered, Inquiry, NotAnswered } from '../core/ports/answering.ts';
import type { IncidentReader } from '../core/ports/journal.ts';
import { redact } from '../core/redact.ts';
import { describeIncident, writeData } from './bundle.ts';
import { trimClaim } from './draft.ts';
import { askInstructions } from './prompt.ts';
import { type Asking, askModel } from './question.ts';
import { openReading, type ReadingContext } from './tools.ts';

export interface AskContext extends Asking, ReadingContext {
  readonly incidents: Pick<IncidentReader, 'get'>;
}

const Reply = z.object({
  sentences: z.array(z.object({ text: z.string(), evidence: z.array(z.string()) })),
  outside: z.boolean(),
});

/** Longest question, characters, and the most sentences of an answer. */
const most = { question: 500, sentences: 5 } as const;

/**
 * Answers a question about an incident from its evidence and from what a model reads on the way, as far as the asker may see it. Every sentence is checked
 * like those of an explanation. Fails with the model's errors.
 */
export async function answerQuestion(asked: Inquiry, context: AskContext): Promise<Answered | NotAnswered> {
  const { model } = context;
  const incident = await context.incidents.get(asked.incidentId);
  if (model === undefined)
    return { refused: 'No model is configured, so nobody can answer; the evidence is in the thread.' };
  if (incident === undefined) return { refused: 'There is no such incident.' };
  if (!asked.may(incident.subject.namespace)) return { refused: 'You may not see what this incident is about.' };
  if (!(await context.budget.take(incident.id)))
    return { refused: 'The budget for the model is used up, for today or for this incident.' };
  const visible = visibleEvidence(incident, asked.may);
  const reading = openReading({ incident, may: asked.may, context });
  const question = redact(cut(asked.question.toWellFormed(), most.question, ''));
  const { value, usage } = await askModel(
    {
      instructions: askInstructions,
      data: writeData({ question, ...describeIncident(hideOthers(incident, asked.may), visible) }),
      schema: Reply,
      schemaName: 'answer',
      tools: reading.tools,
      ...(asked.onProgress === undefined ? {} : { onProgress: asked.onProgress }),
    },
    context,
  );
  const cost = context.costOf(usage);
  const checked = checkReply(value, { incident, evidence: [...visible, ...reading.found()] });
  return { ...checked, model: model.name, usage, ...(cost === undefined ? {} : { cost }) };
}

function checkReply(
  { sentences, outside }: z.infer<typeof Reply>,
  basis: { readonly incident: Incident; readonly evidence: readonly Evidence[] },
): Pick<Answered, 'sentences' | 'confidence' | 'dropped' | 'evidence'> {
  const claims = sentences.map(trimClaim);
  const faults = findFaults(claims, basis);
  const sound = isBelieved(faults) ? claims.filter((_claim, index) => faults[index] === undefined) : [];
  const kept = sound.slice(0, most.sentences);
  const cited = new Set(kept.flatMap(({ evidence }) => evidence));
  return {
    sentences: kept,
    confidence: outside ? 'outside' : judgeConfidence(kept, basis),
    dropped: claims.length - kept.length,
    evidence: basis.evidence.filter(({ id }) => id.startsWith('T') && cited.has(id)),
  };
}

/** Without findings of namespaces that are not theirs to see; where there are any, also without what was collected across namespaces. */
function visibleEvidence(incident: Incident, may: Inquiry['may']): readonly Evidence[] {
  const hidden = new Set(
    findingsOf(incident).flatMap(({ subject }, index) => (may(subject.namespace) ? [] : [`F${index + 1}`])),
  );
  const across: readonly Evidence['kind'][] = ['related', 'suspect', 'opinion'];
  return citableOf(incident).filter(({ id, kind }) => !hidden.has(id) && (hidden.size === 0 || !across.includes(kind)));
}

function hideOthers(incident: Incident, may: Inquiry['may']): Incident {
  return { ...incident, related: incident.related.filter(({ finding }) => may(finding.subject.namespace)) };
}
