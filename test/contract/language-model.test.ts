import { describe } from 'vitest';
import { scriptedModel } from '../support/fakes/language-model.ts';
import { behaviorsOf, openModelWorld } from '../support/scripted-model.ts';
import { describeLanguageModel } from './language-model.ts';

describe('the adapter on a server that speaks Chat Completions', () => {
  describeLanguageModel(async () => {
    const { model, server } = await openModelWorld();
    return {
      model,
      script: (...steps) => server.next(...steps.flatMap(behaviorsOf)),
      calls: () => server.requests.length,
    };
  });
});

describe('the fake', () => {
  describeLanguageModel(async () => {
    const model = scriptedModel();
    return { model, script: (...steps) => model.script(...steps), calls: () => model.calls };
  });
});
