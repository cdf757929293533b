import { expect, it } from 'vitest';
import { hasCode, LifeguardError } from '../../src/core/errors.ts';
import { Explanation } from '../../src/core/explanation.ts';
import { createLanguageModel } from '../../src/platform/llm/language-model.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { unhurried } from '../contract/language-model.ts';

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

/** Whatever a model makes of it, it fits or it is an error that leads to rules only. Its sense is judged elsewhere. */
it('a real model answers what fits, or fails in a way that is known', { timeout: 600_000 }, async () => {
  const baseUrl = process.env['LIFEGUARD_MODEL_URL'];
  const model = createLanguageModel({
    name: process.env['LIFEGUARD_MODEL_NAME'] ?? 'smollm2-135m',
    baseUrl,
    key: process.env['OPENAI_API_KEY'],
    deadlineMs: 90_000,
    clock: systemClock,
  });
  expect(await model.check(unhurried())).toBeUndefined();
  const answers: string[] = [];
  for (const onProgress of [undefined, undefined, () => undefined]) {
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
  process.stdout.write(`${baseUrl}: ${answers.join(', ')}\n`);
});

function codeOf(error: unknown): string {
  return error instanceof LifeguardError ? error.code : String(error);
}
