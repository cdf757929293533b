import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LanguageModel, ModelQuestion, ModelTool, ModelUsage } from '../../src/core/ports/language-model.ts';
import type { ModelStep } from '../support/fakes/language-model.ts';

export interface ModelUnderTest {
  readonly model: LanguageModel;
  /** What it does with the calls to come. */
  readonly script: (...steps: readonly ModelStep[]) => void;
  /** How many calls it got. */
  readonly calls: () => number;
}

const Cause = z.object({ cause: z.string().min(3), because: z.array(z.string()), since: z.number().nullable() });
type Cause = z.infer<typeof Cause>;
const fits: Cause = { cause: 'out of memory', because: ['E1'], since: null };

export function question(more: Partial<ModelQuestion<Cause>> = {}): ModelQuestion<Cause> {
  return { instructions: 'Say why.', data: '{"evidence":[]}', schema: Cause, schemaName: 'cause', ...more };
}

export const unhurried = (): AbortSignal => new AbortController().signal;

/** A tool that keeps what it was asked. */
export function eventsTool(): ModelTool & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    name: 'events',
    description: 'Events of a namespace.',
    params: z.object({ namespace: z.string().regex(/^[a-z]+$/) }),
    asked,
    async run(params) {
      asked.push(params);
      return 'OOMKilling 3 times';
    },
  };
}

/** What every language model promises, be it real or not. */
export function describeLanguageModel(open: () => Promise<ModelUnderTest>): void {
  describe('what a model answers', () => {
    it('is the value that the schema asks for, with what it cost', async () => {
      const { model, script, calls } = await open();
      const told: ModelUsage[] = [];
      script({ says: fits });
      const { value, usage } = await model.answer(question({ onCall: (one) => told.push(one) }), unhurried());
      expect(value).toEqual(fits);
      expect(usage.calls).toBe(1);
      expect(usage.inputTokens).toBeGreaterThan(0);
      expect(told).toEqual([usage]);
      expect(calls()).toBe(1);
    });

    it.each([
      ['no JSON', 'It ran out of memory.'],
      ['half of it', '{"cause":"out of mem'],
      ['another shape', { cause: 'out of memory' }],
      ['what breaks a rule that servers are not told of', { ...fits, cause: '?' }],
      ['two at once', [fits, fits]],
      ['nothing', ''],
    ])('is asked for once more when it is %s, and costs both calls', async (_case, said) => {
      const { model, script, calls } = await open();
      script({ says: said }, { says: fits });
      const { value, usage } = await model.answer(question(), unhurried());
      expect(value).toEqual(fits);
      expect(usage.calls).toBe(2);
      expect(calls()).toBe(2);
    });

    it('is not used when it does not fit twice, and has been told of all the same', async () => {
      const { model, script, calls } = await open();
      const told: ModelUsage[] = [];
      script({ says: 'no' }, { says: { cause: 7 } }, { says: fits });
      const asked = model.answer(question({ onCall: (one) => told.push(one) }), unhurried());
      await expect(asked).rejects.toMatchObject({ code: 'model-unusable' });
      expect(calls()).toBe(2);
      expect(told).toHaveLength(2);
    });

    it('may be that it declines, and is not asked again', async () => {
      const { model, script, calls } = await open();
      script('declines', { says: fits });
      await expect(model.answer(question(), unhurried())).rejects.toMatchObject({ code: 'model-unusable' });
      expect(calls()).toBe(1);
    });
  });

  describe('a model that does not answer', () => {
    it.each([
      ['is away', 'model-unreachable', 'transient'],
      ['refuses the key', 'model-rejected', 'permanent'],
    ] as const)('because it %s says so', async (step, code, retry) => {
      const { model, script } = await open();
      script(step);
      await expect(model.answer(question(), unhurried())).rejects.toMatchObject({ code, retry });
    });

    it('is not waited for by who withdraws the question', async () => {
      const { model, script, calls } = await open();
      const withdrawn = new AbortController();
      script('hangs');
      const asked = model.answer(question({ onCall: () => undefined }), withdrawn.signal);
      withdrawn.abort();
      await expect(asked).rejects.toMatchObject({ code: 'model-unreachable' });
      await expect(model.answer(question(), withdrawn.signal)).rejects.toMatchObject({ code: 'model-unreachable' });
      expect(calls()).toBeLessThan(2);
    });
  });

  describe('what a model looks up', () => {
    it('is run with checked parameters and told to it, and a person hears of it', async () => {
      const { model, script } = await open();
      const [events, steps] = [eventsTool(), new Array<string>()];
      script({ calls: 'events', with: { namespace: 'shop' } }, { says: fits });
      const asked = question({ tools: [events], onProgress: (step) => steps.push(step) });
      const { value, usage } = await model.answer(asked, unhurried());
      expect(value).toEqual(fits);
      expect(usage.calls).toBe(2);
      expect(events.asked).toEqual([{ namespace: 'shop' }]);
      expect(steps).toContain('looks up events');
    });

    it.each([
      ['parameters that do not fit', 'events', { namespace: 'KUBE-SYSTEM; rm' }],
      ['parameters that are no JSON', 'events', '{"namespace":'],
      ['a tool that is not there', 'delete', { namespace: 'shop' }],
    ])('is not run for %s; the model hears why and goes on', async (_case, tool, params) => {
      const { model, script } = await open();
      const events = eventsTool();
      script({ calls: tool, with: params }, { says: fits });
      const { value } = await model.answer(question({ tools: [events] }), unhurried());
      expect(value).toEqual(fits);
      expect(events.asked).toEqual([]);
    });

    it('may fail, which the model hears', async () => {
      const { model, script } = await open();
      const broken = { ...eventsTool(), run: () => Promise.reject(new Error('away')) };
      script({ calls: 'events', with: { namespace: 'shop' } }, { says: fits });
      await expect(model.answer(question({ tools: [broken] }), unhurried())).resolves.toMatchObject({ value: fits });
    });

    it('comes to an end, however much it would like to look up', async () => {
      const { model, script, calls } = await open();
      const events = eventsTool();
      script(...Array.from({ length: 20 }, () => ({ calls: 'events', with: { namespace: 'shop' } })));
      await expect(model.answer(question({ tools: [events] }), unhurried())).rejects.toMatchObject({
        code: 'model-unusable',
      });
      expect(events.asked).toHaveLength(5);
      expect(calls()).toBe(7);
    });
  });

  it.each([
    ['a record', z.object({ counts: z.record(z.string(), z.number()) })],
    ['a key that may be missing', z.object({ cause: z.string().optional() })],
    ['anything', z.object({ cause: z.unknown() })],
    ['no object at its root', z.array(z.string())],
  ])('a schema with %s is a mistake that costs no call', async (_case, schema) => {
    const { model, script, calls } = await open();
    script({ says: fits });
    const asked: ModelQuestion<unknown> = { instructions: '', data: '', schema, schemaName: 'cause' };
    await expect(model.answer(asked, unhurried())).rejects.toBeInstanceOf(TypeError);
    expect(calls()).toBe(0);
  });
}
