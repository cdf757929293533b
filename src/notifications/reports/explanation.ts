import { citableOf } from '../../core/citable.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Confidence, Explanation, Hypothesis, Sentence } from '../../core/explanation.ts';
import type { Incident } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import { actions, button, context, message, section } from '../blocks/blocks.ts';
import { inline, truncate } from '../blocks/mrkdwn.ts';
import { count, type Words } from './words.ts';

/** Characters: of a model's words in the root, of one sentence, of a source, and of a model's name. */
const limits = { root: 640, sentence: 700, source: 160, model: 40 } as const;

const outside = 'The cause is outside what I can see.';

/** What a model's words are called, so that nobody takes them for a person's or for those of the rules. */
export function labelOf(confidence: Confidence): string {
  return confidence === 'outside' ? 'AI' : `AI, ${confidence} confidence`;
}

/** What a confidence rests on. */
const grounds: Readonly<Record<Confidence, string>> = {
  high: 'what is cited names a failure',
  medium: 'a change right before it is cited',
  low: 'what is cited only happened at the same time',
  outside: 'the evidence does not show the cause',
};

/**
 * A model's words for the root: as many whole sentences as fit into `room` characters, one once it is over. Undefined where nothing of them stands, or
 * nothing fits.
 */
export function sayExplanation({ explanation, state }: Incident, room: number): Words | undefined {
  if (explanation === undefined || saysNothing(explanation)) return undefined;
  const { summary, confidence } = explanation;
  const label = labelOf(confidence);
  const lead = confidence === 'outside' ? [{ rich: outside, plain: outside }] : [];
  const told = summary.map((one) => ({ rich: `${inline(one.text)} ${citing(one)}`, plain: one.text }));
  const shown: Words[] = [];
  let left = Math.min(room, limits.root) - label.length - 3;
  for (const one of [...lead, ...told].slice(0, state === 'resolved' ? 1 : undefined)) {
    left -= one.rich.length + 1;
    if (left < 0) break;
    shown.push(one);
  }
  if (shown.length === 0) return undefined;
  return {
    rich: `*${label}:* ${shown.map(({ rich }) => rich).join(' ')}`,
    plain: ` ${label}: ${shown.map(({ plain }) => plain).join(' ')}`,
  };
}

/** All of it was left out; that the cause was looked for in vain is something else. */
function saysNothing({ summary, confidence, dropped }: Explanation): boolean {
  return summary.length === 0 && (confidence !== 'outside' || dropped > 0);
}

/** `(E1, F1)`. */
function citing({ evidence }: Pick<Sentence, 'evidence'>): string {
  return `(${evidence.map(inline).join(', ')})`;
}

/** Which model it was, what it cost, and how much of it was left out: `AI: gpt-5-mini · cost 0.0021 · 2 unsupported left out`. */
export function creditOf({
  model,
  cost,
  dropped,
}: {
  readonly model: string;
  readonly cost?: number | undefined;
  readonly dropped: number;
}): string {
  return [
    `AI: ${truncate(inline(model), limits.model)}`,
    ...(cost === undefined ? [] : [`cost ${formatCost(cost)}`]),
    ...(dropped === 0 ? [] : [`${dropped} unsupported left out`]),
  ].join(' · ');
}

/** To a hundredth of a cent, whatever the currency. */
function formatCost(cost: number): string {
  return cost > 0 && cost < 0.0001 ? 'under 0.0001' : String(Number(cost.toFixed(4)));
}

/** Sentences, each with the ids it stands on. */
export function listClaims(claims: readonly Sentence[]): string {
  return claims.map((one) => `• ${truncate(inline(one.text), limits.sentence)} ${citing(one)}`).join('\n');
}

/** What the ids stand for, a line each, in the order of the evidence. */
export function listSources(claims: readonly Sentence[], evidence: readonly Evidence[]): string {
  const cited = new Set(claims.flatMap((claim) => claim.evidence));
  const known = evidence.filter(({ id }) => cited.has(id));
  return known.map(({ id, source }) => `${inline(id)} · ${truncate(inline(source), limits.source)}`).join('\n');
}

/** Ids of the buttons with which people say what they think of it. */
export const voteButtons = { helpful: 'explanation:helpful', wrong: 'explanation:wrong' } as const;

/** All that a model made of an incident, with what each sentence stands on; where it was taken back, that. */
export function renderExplanation(incident: Incident): Message {
  const { explanation, title } = incident;
  if (explanation === undefined) {
    const text = 'The evidence has changed since the AI looked at it: what it said of the cause no longer holds.';
    return message(`${title}: ${text}`, [section(text)]);
  }
  const { summary, hypotheses, confidence, model } = explanation;
  const claims = [...summary, ...hypotheses];
  const sources = listSources(claims, citableOf(incident));
  const head = confidence === 'outside' ? `*AI:* ${outside}` : `*${labelOf(confidence)}:* ${grounds[confidence]}`;
  const said = saysNothing(explanation)
    ? '*AI:* Nothing that it said could be supported, so none of it is shown.'
    : head;
  const plain = claims.map(({ text }) => text).join(' ');
  return message(`What the model ${model} says of ${title}: ${plain || 'nothing that could be supported.'}`, [
    section([said, ...(summary.length === 0 ? [] : [listClaims(summary)])].join('\n')),
    ...(hypotheses.length === 0 ? [] : [section(listHypotheses(hypotheses))]),
    ...(sources === '' ? [] : [context(sources)]),
    context(
      `${creditOf(explanation)} · ${describeUsage(explanation)} · each sentence was checked against what it cites`,
    ),
    ...(claims.length === 0 ? [] : [voteOn(incident)]),
  ]);
}

function voteOn({ id, title }: Incident) {
  return actions(`explanation-${id}`, [
    button({ action: voteButtons.helpful, label: 'Helpful', spoken: `The explanation of ${title} helps`, value: id }),
    button({ action: voteButtons.wrong, label: 'Wrong', spoken: `The explanation of ${title} is wrong`, value: id }),
  ]);
}

function listHypotheses(hypotheses: readonly Hypothesis[]): string {
  const listed = hypotheses.map((one) =>
    [listClaims([one]), `      For it: ${inline(one.confirms)}`, `      Against it: ${inline(one.refutes)}`].join('\n'),
  );
  return ['*What it may be*', ...listed].join('\n');
}

function describeUsage({ usage }: Explanation): string {
  const { calls, inputTokens, outputTokens } = usage;
  return calls === 0 ? 'known from before' : `${count(calls, 'call')}, ${count(inputTokens + outputTokens, 'token')}`;
}
