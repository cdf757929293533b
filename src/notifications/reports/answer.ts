import { citableOf } from '../../core/citable.ts';
import type { Incident } from '../../core/incident.ts';
import type { Answered } from '../../core/ports/answering.ts';
import type { Message } from '../../core/ports/channel.ts';
import { context, message, section } from '../blocks/blocks.ts';
import { inline, truncate } from '../blocks/mrkdwn.ts';
import { creditOf, labelOf, listClaims, listSources } from './explanation.ts';

interface AnswerFacts {
  readonly question: string;
  readonly incident: Incident;
  readonly answered: Answered;
}

/** Characters of a question that are repeated. */
const questionLimit = 300;

/** A model's answer to a person's question: sentences, what they stand on, and how much was left out. */
export function reportAnswer({ question, incident, answered }: AnswerFacts): Message {
  const { sentences, confidence, dropped, evidence } = answered;
  const label = labelOf(confidence);
  const nothing = dropped > 0 ? 'I found no answer that the evidence supports.' : 'The evidence does not answer that.';
  const lead = confidence === 'outside' && sentences.length > 0 ? ' The answer is outside what I can see. I see:' : '';
  const said = sentences.length === 0 ? ` ${nothing}` : `${lead}\n${listClaims(sentences)}`;
  const plain = sentences.length === 0 ? nothing : sentences.map(({ text }) => text).join(' ');
  const sources = listSources(sentences, [...citableOf(incident), ...evidence]);
  const left = dropped === 0 ? '' : ` · what I could not support was left out (${dropped})`;
  return message(`${label}, asked “${question}”: ${plain}`, [
    section(`*${truncate(inline(question), questionLimit)}*\n*${label}:*${said}`),
    ...(sources === '' ? [] : [context(sources)]),
    context(`${creditOf({ ...answered, dropped: 0 })}${left}`),
  ]);
}

/** What is shown while the model works; `step`: what it does just now. */
export function reportThinking(question: string, step: string): Message {
  return message(`The AI is looking into “${question}”: ${step}.`, [
    section(`*${truncate(inline(question), questionLimit)}*\n*AI:* ${inline(step)} …`),
  ]);
}
