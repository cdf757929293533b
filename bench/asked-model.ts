import { type ScriptedModel, scriptedName, startScriptedModel } from '../demo/model/scripted-model.ts';
import { createLanguageModel, type RemoteModel } from '../src/platform/llm/language-model.ts';
import { createSteppedClock, type SteppedClock } from '../test/support/fakes/clock.ts';

/** The product's own adapter on a scripted server, with time that stands still. */
interface AskedModel {
  readonly server: ScriptedModel;
  readonly model: RemoteModel;
  readonly clock: SteppedClock;
}

/** Gives `work` a scripted model that ends with it. `deadlineMs`: of real time, for one question. */
export async function withScriptedModel<T>(deadlineMs: number, work: (asked: AskedModel) => Promise<T>): Promise<T> {
  const server = await startScriptedModel();
  const clock = createSteppedClock();
  const model = createLanguageModel({ name: scriptedName, baseUrl: server.url, key: undefined, deadlineMs, clock });
  try {
    return await work({ server, model, clock });
  } finally {
    await server.stop();
  }
}
