import { expect, it } from 'vitest';
import { citableOf } from '../../src/core/citable.ts';
import { hasCode, LifeguardError } from '../../src/core/errors.ts';
import { Explanation, type Sentence } from '../../src/core/explanation.ts';
import type { Incident } from '../../src/core/incident.ts';
import { createLanguageModel } from '../../src/platform/llm/language-model.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { unhurried } from '../contract/language-model.ts';
import { anEvidence, anIncident } from '../support/builders.ts';
import { explainIncident, sentencesOf, unsupportedOf } from '../support/explained.ts';

const schema = Explanation.pick({ summary: true }).required();
const data = JSON.stringify({
  evidence: [
    {
      id: 'E1',
      kind: 'log',
      source: 'previous log of shop/checkout-7d9f',
      text: 'java.lang.OutOfMemoryError: Java heap space',
    },
    { id: 'E2', kind: 'status', source: 'shop/checkout-7d9f', text: 'app was OOMKilled 4 times, its limit is 256Mi' },
  ],
});

/** Together less than a minute and a half, whatever the model does. Milliseconds. */
const deadlines = { question: 10_000, explanation: 30_000 } as const;

function openModel(deadlineMs: number) {
  return createLanguageModel({
    name: process.env['LIFEGUARD_MODEL_NAME'] ?? 'smollm2-135m',
    baseUrl: process.env['LIFEGUARD_MODEL_URL'],
    key: process.env['OPENAI_API_KEY'],
    deadlineMs,
    clock: systemClock,
  });
}

/** Whatever a model makes of it, it fits or it is an error that leads to rules only. Its sense is judged elsewhere. */
it('a real model answers what fits, or fails in a way that is known', { timeout: 60_000 }, async () => {
  const model = openModel(deadlines.question);
  expect(await model.check(unhurried())).toBeUndefined();
  const answers: string[] = [];
  for (const onProgress of [undefined, () => undefined]) {
    const start = Date.now();
    const instructions = 'Explain the incident in one short sentence. Cite the ids of the evidence that it rests on.';
    const question = { instructions, data, schema, schemaName: 'explanation', ...(onProgress && { onProgress }) };
    const end = await model.answer(question, unhurried()).then(
      ({ value, usage }) => ({ code: 'fits', sound: schema.safeParse(value).success, usage }),
      (error: unknown) => ({ code: codeOf(error), sound: !hasCode(error, 'model-rejected') }),
    );
    answers.push(`${end.code} after ${((Date.now() - start) / 1000).toFixed(1)} s`);
    expect(end).toMatchObject({
      code: expect.stringMatching(/^(fits|model-unusable|model-unreachable)$/),
      sound: true,
    });
  }
  process.stdout.write(`${model.name}: ${answers.join(', ')}\n`);
});

const crash = anIncident({
  evidence: [
    anEvidence(),
    anEvidence({
      id: 'E2',
      kind: 'event',
      source: 'Events of shop/checkout',
      text: 'BackOff (12x): Back-off restarting failed container app in pod checkout-2-a_shop(1234)',
    }),
  ],
});
const memory = anIncident({
  evidence: [
    anEvidence({ text: 'java.lang.OutOfMemoryError: Java heap space' }),
    anEvidence({ id: 'E2', kind: 'status', source: 'shop/checkout', text: 'app was OOMKilled, its limit is 256Mi' }),
  ],
});

it.each([
  ['a crash', crash],
  ['memory', memory],
])('nothing that a real model makes up about %s is shown', { timeout: 60_000 }, async (_what, incident) => {
  const explained = await explainIncident(incident, openModel(deadlines.explanation), { looks: 1 });
  expect(explained.ends).toHaveLength(1);
  expect(['asked', 'unusable', 'unreachable']).toContain(explained.ends[0]);
  const shown = explained.explanation === undefined ? [] : sentencesOf(explained.explanation);
  expect(unsupportedOf(explained)).toEqual([]);
  expect(shown.filter((sentence) => !sharesWords(sentence, incident))).toEqual([]);
  expect(shown.filter(({ text }) => /https?:|[<@]|\b(?:you|I)\b/.test(text))).toEqual([]);
  expect(new Set(shown.map(({ text }) => text)).size).toBe(shown.length);
  const left = explained.draft === undefined ? 'no answer' : `${explained.faults.length} taken out`;
  process.stdout.write(`${explained.ends.join()}: ${shown.length} shown, ${left}\n`);
});

/** A rule of the test's own: what is shown has a long word or a number from what it cites. */
function sharesWords({ text, evidence }: Sentence, incident: Incident): boolean {
  const cited = citableOf(incident).filter(({ id }) => evidence.includes(id));
  const words = cited.flatMap((one) => one.text.toLowerCase().match(/[a-z]{4,}|\d+/g) ?? []);
  return words.some((word) => text.toLowerCase().includes(word.slice(0, 6)));
}

function codeOf(error: unknown): string {
  return error instanceof LifeguardError ? error.code : String(error);
}
