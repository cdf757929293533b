import { onTestFinished } from 'vitest';
import type { Behavior } from '../../demo/model/behavior.ts';
import { type ScriptedModel, startScriptedModel } from '../../demo/model/scripted-model.ts';
import { createLanguageModel, type RemoteModel } from '../../src/platform/llm/language-model.ts';
import { createSteppedClock, type SteppedClock } from './fakes/clock.ts';
import { type ModelStep, textOf } from './fakes/language-model.ts';

export interface ModelWorld {
  readonly model: RemoteModel;
  readonly server: ScriptedModel;
  readonly clock: SteppedClock;
}

export interface ModelWorldOptions {
  readonly deadlineMs?: number;
  readonly key?: string;
  readonly name?: string;
}

/** The real adapter on a scripted server of its own, with a clock that stands still. */
export async function openModelWorld({
  deadlineMs = 30_000,
  key,
  name = 'scripted-demo',
}: ModelWorldOptions = {}): Promise<ModelWorld> {
  const server = await startScriptedModel();
  onTestFinished(() => server.stop());
  const clock = createSteppedClock();
  return { model: createLanguageModel({ name, baseUrl: server.url, key, deadlineMs, clock }), server, clock };
}

/** What the server does for a step. One that is away is so for the repetition too. */
export function behaviorsOf(step: ModelStep): readonly Behavior[] {
  if (step === 'declines') return [{ kind: 'declines' }];
  if (step === 'hangs') return [{ kind: 'hangs' }];
  if (step === 'refuses the key') return [{ kind: 'fails', status: 401, code: 'invalid_api_key' }];
  if (step === 'is away') return [{ kind: 'breaks' }, { kind: 'breaks' }];
  if ('says' in step) return [{ kind: 'says', text: textOf(step.says) }];
  return [{ kind: 'calls', tool: step.calls, args: textOf(step.with) }];
}
