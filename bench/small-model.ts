import { faultOf } from '../src/analysis/claims/check.ts';
import { citableOf } from '../src/core/citable.ts';
import type { Draft } from '../src/core/explanation.ts';
import type { Incident } from '../src/core/incident.ts';
import { createLanguageModel } from '../src/platform/llm/language-model.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import { faults } from '../test/scenarios/cases/index.ts';
import { type Explained, explainIncident, sentencesOf, unsupportedOf } from '../test/support/explained.ts';
import { playStream } from '../test/support/stream-player.ts';
import { median, seconds } from './figures.ts';
import { replayRecorded } from './recorded.ts';
import type { Row } from './table.ts';

/** A model this small on a busy machine takes its time, milliseconds. */
const deadlineMs = 180_000;

/** Of the recorded faults, every so many: enough kinds, and not an hour. */
const every = 14;

export interface SmallModelOptions {
  readonly tell: (sentence: string) => void;
  /** The folder with the data sets. */
  readonly data: string;
  /** Where the server answers, with its version. */
  readonly url: string;
  readonly name: string;
  readonly key: string | undefined;
}

/** Takes recorded incidents through the explaining of the product with a real model, and tells each sentence that is kept and each that is dropped. */
export async function measureSmallModel({ tell, data, url, name, key }: SmallModelOptions): Promise<readonly Row[]> {
  const model = createLanguageModel({ name, baseUrl: url, key, deadlineMs, clock: systemClock });
  const problem = await model.check(AbortSignal.timeout(deadlineMs));
  if (problem !== undefined) throw new Error(problem);
  const times: number[] = [];
  const explained: Explained[] = [];
  for (const incident of await explainable(data)) {
    const start = Date.now();
    const one = await explainIncident(incident, model);
    times.push(Date.now() - start);
    explained.push(one);
    tell(`\n${incident.title} (${one.ends.join(', ')}, ${seconds(Date.now() - start)})`);
    for (const sentence of describe(one)) tell(sentence);
  }
  const shown = explained.flatMap(({ explanation }) => (explanation === undefined ? [] : sentencesOf(explanation)));
  const unsupported = explained.flatMap(unsupportedOf);
  for (const one of unsupported) tell(`not found by the bench: ${one}`);
  const usable = explained.filter(({ draft }) => draft !== undefined).length;
  const dropped = explained.reduce((sum, one) => sum + one.faults.length, 0);
  const row = { comparedWith: '', target: '', runs: `${explained.length} incidents, ${name}` };
  return [
    { ...row, name: 'a real small model: answers that fit the schema', figure: `${usable} of ${explained.length}` },
    { ...row, name: 'a real small model: sentences shown, and taken out', figure: `${shown.length}, ${dropped}` },
    { ...row, name: 'a real small model: unsupported sentences shown', figure: `${unsupported.length}`, target: '0' },
    { ...row, name: 'a real small model: time for an explanation, median', figure: seconds(median(times)) },
  ];
}

/** What was recorded elsewhere, and some of our own; only what a model is asked about. */
async function explainable(data: string): Promise<readonly Incident[]> {
  const foreign = (await replayRecorded(data)).flatMap(({ incidents }) => incidents);
  const own: Incident[] = [];
  for (const fault of faults.filter((_fault, index) => index % every === 0))
    own.push(...(await playStream(fault)).incidents);
  return [...foreign, ...own].filter(({ evidence, state }) => evidence.length > 0 && state === 'open');
}

function describe({ incident, draft, explanation, faults: why }: Explained): readonly string[] {
  if (draft === undefined) return ['  rules only'];
  const basis = { evidence: citableOf(incident), incident };
  const shown = new Set((explanation === undefined ? [] : sentencesOf(explanation)).map(({ text }) => text));
  return [
    ...claimsOf(draft).map((claim) => {
      const text = claim.text.replace(/\s+/g, ' ').trim();
      const fault = faultOf(claim, basis);
      const verdict =
        fault === undefined && shown.has(text) ? 'KEPT' : `dropped (${fault?.why ?? 'not bound, or one too many'})`;
      return `  ${verdict}: ${text.slice(0, 300)} [${claim.evidence.slice(0, 6).join(' ')}]`;
    }),
    ...(why.length === 0 ? [] : [`  taken out: ${why.length}`]),
  ];
}

function claimsOf({ summary, hypotheses, proposals }: Draft): Draft['summary'] {
  const reasons = proposals.map(({ action, target, reason, evidence }) => ({
    text: `${action} ${target}: ${reason}`,
    evidence,
  }));
  return [...summary, ...hypotheses, ...reasons];
}
