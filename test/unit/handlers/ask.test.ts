import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Explanation } from '../../../src/core/explanation.ts';
import type { Answered } from '../../../src/core/ports/answering.ts';
import type { Message } from '../../../src/core/ports/channel.ts';
import type { People } from '../../../src/core/ports/people.ts';
import { anEvidence } from '../../support/builders.ts';
import { crashLoopOf, createDeskWorld, openDesk } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { shownText } from '../../support/shown.ts';

const person = (id: string, kind: 'member' | 'guest' = 'member'): People => ({
  describe: async () => ({ id, kind, teamIds: ['T0LOCAL'], groups: [] }),
});

const explanation: Explanation = {
  model: 'scripted-1',
  at: 0,
  fingerprint: 'print',
  summary: [{ text: 'It cannot reach payments.', evidence: ['E1'] }],
  hypotheses: [],
  confidence: 'high',
  dropped: 0,
  usage: { calls: 1, inputTokens: 1, outputTokens: 1 },
};

const answered: Answered = {
  sentences: [{ text: 'The container app cannot reach payments.', evidence: ['E1'] }],
  confidence: 'high',
  dropped: 1,
  evidence: [],
  model: 'scripted-1',
  usage: { calls: 1, inputTokens: 10, outputTokens: 10 },
};

const thread = { channel: 'C_OPS', ts: '1.000009', thread: '1.000001' };

async function openWorld() {
  const world = createDeskWorld({ clock: createSteppedClock(1_800_000_000_000) });
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  await world.registry.addEvidence(incident.id, [anEvidence()]);
  await world.registry.explain(incident.id, explanation, () => true);
  const entries = { root: { ts: '1.000001', digest: 'x' }, explanation: { ts: '1.000002', digest: 'x' } };
  await world.deliveries.write(incident.id, { channel: 'C_OPS', version: 1, entries });
  const shown: string[] = [];
  const show = (message: Message): void => void shown.push(shownText(message));
  async function ask(text: string, where: { readonly place?: typeof thread; readonly people?: People } = {}) {
    const { place, people = person('U_NEW') } = where;
    const desk = openDesk(world, people);
    const asked = { visitor: { userId: 'U_NEW', teamId: 'T0LOCAL' }, text, show };
    const { message } = await desk.command(place === undefined ? asked : { ...asked, place });
    return message.blocks.length === 0 ? message.text : shownText(message);
  }
  async function vote(value: 'helpful' | 'wrong', { userId = 'U_NEW', ts = '1.000002' } = {}) {
    const desk = openDesk(world, person(userId));
    const click = { visitor: { userId, teamId: 'T0LOCAL' }, value: incident.id, place: { channel: 'C_OPS', ts } };
    return (await desk.vote(value, click)).text;
  }
  return { ...world, incident, shown, ask, vote };
}

describe('a question about an incident', () => {
  it('in its thread is answered there, from the evidence, with its sources', async () => {
    const { ask, answering, incident } = await openWorld();
    answering.says(async () => answered);
    const text = await ask('ask why is checkout slow?', { place: thread });
    expect(text).toContain(
      '*why is checkout slow?*\n*AI, high confidence:*\n• The container app cannot reach payments. (E1)',
    );
    expect(text).toContain('E1 · log of shop/checkout-2-a');
    expect(text).toContain('what I could not support was left out (1)');
    expect(answering.asked).toMatchObject([{ incidentId: incident.id, question: 'why is checkout slow?' }]);
  });

  it('elsewhere names the incident', async () => {
    const { ask, answering, incident } = await openWorld();
    answering.says(async () => answered);
    expect(await ask(`ask ${incident.id} why?`)).toContain('*why?*');
    expect(answering.asked).toMatchObject([{ incidentId: incident.id, question: 'why?' }]);
  });

  it('shows at once that it is worked on, and then what is read', async () => {
    const { ask, answering, shown } = await openWorld();
    answering.says(async ({ onProgress }) => {
      expect(shown).toHaveLength(1);
      for (const step of ['looks up read_logs', 'writes its answer']) onProgress?.(step);
      return answered;
    });
    await ask('ask why?', { place: thread });
    expect(shown).toEqual([
      '*why?*\n*AI:* looks at the evidence …',
      '*why?*\n*AI:* reads logs …',
      '*why?*\n*AI:* writes its answer …',
    ]);
  });

  it('is asked on behalf of somebody who sees what the roles let them see', async () => {
    const { ask, answering } = await openWorld();
    const seen: boolean[] = [];
    answering.says(async ({ may }) => {
      seen.push(may('shop'), may('pay'));
      return answered;
    });
    await ask('ask why?', { place: thread });
    expect(seen).toEqual([true, true]);
    expect(await ask('ask why?', { place: thread, people: person('U_NEW', 'guest') })).toContain('guests');
    expect(answering.asked).toHaveLength(1);
  });

  it.each([
    ['ask', undefined, 'Which incident? Open: `inc-'],
    ['ask', undefined, '(shop/checkout: crash loop). Type `/kube ask <incident> <question>`'],
    ['ask', thread, 'What do you want to know?'],
    ['ask why?', undefined, 'Which incident?'],
    ['ask inc-zzz why?', thread, 'There is no incident `inc-zzz`'],
    ['is it slow?', thread, 'put `ask` before it'],
    ['why is it slow?', thread, 'or `ask` and a question'],
  ])('%s is asked back', async (words, place, answer) => {
    const { ask, answering, shown } = await openWorld();
    expect(await ask(words, place === undefined ? {} : { place })).toContain(answer);
    expect(answering.asked).toEqual([]);
    expect(shown).toEqual([]);
  });

  it('without a model, or with the budget spent, is a sentence that says so', async () => {
    const { ask, answering } = await openWorld();
    expect(await ask('ask why?', { place: thread })).toBe('No model is configured.');
    answering.says(async () => ({ refused: 'The budget <!here> is used up.' }));
    expect(await ask('ask why?', { place: thread })).toBe('The budget &lt;!here&gt; is used up.');
  });

  it.each([
    ['model-unreachable' as const, 'does not answer now'],
    ['model-rejected' as const, 'refuses to be asked'],
    ['model-unusable' as const, 'no answer that can be used'],
  ])('that fails with %s points to the evidence and says nothing of the inside', async (code, words) => {
    const { ask, answering, incident } = await openWorld();
    answering.says(() => Promise.reject(new LifeguardError('HTTP 500 at model:8000', { code, retry: 'transient' })));
    const text = await ask('ask why?', { place: thread });
    expect(text).toContain(words);
    expect(text).toContain(`The evidence is in the thread of ${incident.id}.`);
    expect(text).not.toContain('8000');
  });

  it('asked too often waits', async () => {
    const world = createDeskWorld({ clock: createSteppedClock(1_800_000_000_000) });
    const desk = openDesk(world, person('U_NEW'));
    const texts: string[] = [];
    for (let time = 0; time < 21; time += 1) {
      const asked = { visitor: { userId: 'U_NEW', teamId: 'T0LOCAL' }, text: 'ask inc-zzz why?' };
      texts.push((await desk.command(asked)).message.text);
    }
    expect(texts.at(-1)).toContain('That was a lot at once');
  });
});

describe('what people think of an explanation', () => {
  const counted = /^lifeguard_(explanation_feedback\w*)_total\{model="scripted-1",verdict="([a-z]+)"\} ([1-9]\d*)$/gm;

  it('is counted by model: once, and rightly where somebody thinks again', async () => {
    const { vote, telemetry, ops, incident } = await openWorld();
    expect(await vote('helpful')).toBe('Thank you: noted as helpful.');
    await vote('helpful');
    await vote('wrong', { userId: 'U_BEN' });
    expect(await vote('wrong')).toBe('Thank you: noted as wrong.');
    const counts = [...(await telemetry.render()).body.matchAll(counted)].map(([, name, verdict, times]) => [
      name,
      verdict,
      times,
    ]);
    expect(counts).toEqual([
      ['explanation_feedback', 'helpful', '1'],
      ['explanation_feedback', 'wrong', '2'],
      ['explanation_feedback_withdrawn', 'helpful', '1'],
    ]);
    const votes = (await ops.incidents.get(incident.id))?.explanation?.votes;
    expect(votes).toEqual({ U_NEW: 'wrong', U_BEN: 'wrong' });
  });

  it('is not taken from another message, or of what was taken back', async () => {
    const { vote, registry, incident, ops } = await openWorld();
    expect(await vote('helpful', { ts: '7.000001' })).toContain('nothing was noted');
    await registry.addEvidence(incident.id, [anEvidence({ source: 'another log' })]);
    expect(await vote('helpful')).toContain('This explanation is gone');
    expect((await ops.incidents.get(incident.id))?.explanation).toBeUndefined();
  });
});
