import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/composition/environment.ts';
import { openModel } from '../../../src/composition/model-parts.ts';
import { parseConfig } from '../../../src/composition/run.ts';
import { createLog } from '../../../src/platform/logging/log.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { openModelWorld } from '../../support/scripted-model.ts';

interface Line {
  readonly level: unknown;
  readonly msg: string;
  readonly problem?: string;
}

/** What is logged at the start, once there is a line. */
async function startWith(variables: Record<string, string>, name = 'scripted-demo') {
  const { promise, resolve } = Promise.withResolvers<Line>();
  const stream = { write: (line: string) => resolve(JSON.parse(line)) };
  const model = openModel({
    config: parseConfig(`slack: { channel: C_OPS }\nmodel: { name: ${name} }\n`, 'test.yaml'),
    environment: readEnvironment(variables),
    clock: createSteppedClock(),
    log: createLog({ level: 'debug', stream }),
  });
  return { model, line: await promise };
}

describe('the model at the start', () => {
  it('is none without a key and an address, which one line says', async () => {
    const { model, line } = await startWith({ OPENAI_API_KEY: ' ', OPENAI_BASE_URL: '' });
    expect(model).toBeUndefined();
    expect(line.msg).toMatch(/no model: neither OPENAI_API_KEY nor OPENAI_BASE_URL/);
  });

  it('is there with an address alone', async () => {
    const { server } = await openModelWorld();
    const { model, line } = await startWith({ OPENAI_BASE_URL: server.url });
    expect(model?.name).toBe('scripted-demo');
    expect(line.msg).toMatch(/worded by a model/);
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ['the key is wrong', { key: 'right' }, 'scripted-demo', 'refuses the key'],
    ['it is not there', {}, 'gpt-9', 'has no gpt-9'],
  ])(
    'is told of in one line when %s, and no question is asked',
    async (_case, { key }: { key?: string }, name, words) => {
      const { server } = await openModelWorld();
      server.key = key;
      const { line } = await startWith({ OPENAI_API_KEY: 'wrong', OPENAI_BASE_URL: server.url }, name);
      expect(line.msg).toMatch(/those of the rules/);
      expect(line.problem).toContain(words);
      expect(server.requests).toHaveLength(0);
    },
  );

  it('cannot be at what is no address', () => {
    expect(() => readEnvironment({ OPENAI_BASE_URL: 'vllm:8000' })).toThrow(/OPENAI_BASE_URL is not the address/);
  });
});
