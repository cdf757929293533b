import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Evidence } from '../../../src/core/evidence.ts';
import { done } from '../../../src/core/outcome.ts';
import { explain } from '../../../src/explaining/explain.ts';
import { aFinding, anEvidence } from '../../support/builders.ts';
import { aDraft, createExplainWorld } from '../../support/explaining.ts';
import { createScriptedModel } from '../../support/fakes/scripted-model.ts';
import { checkout } from '../../support/views.ts';

type World = ReturnType<typeof createExplainWorld>;

async function openIncident(world: World, name = 'checkout', evidence: readonly Evidence[] = [anEvidence()]) {
  const { id } = await world.registry.observe(aFinding({ subject: { ...checkout, name } }));
  await world.registry.addEvidence(id, evidence);
  return id;
}

/** The same trouble, seen again. */
function saidAt(world: World, attempt: number): readonly Evidence[] {
  const at = new Date(world.clock.now()).toISOString();
  return [
    anEvidence({
      text: `${at} starting, attempt ${attempt}\n${at} FATAL cannot reach payments after ${attempt * 90}ms`,
    }),
  ];
}

function failing(code: 'model-unreachable' | 'model-rejected' | 'model-unusable') {
  return createScriptedModel(() => {
    throw new LifeguardError('It did not work.', {
      code,
      retry: code === 'model-unreachable' ? 'transient' : 'permanent',
    });
  });
}

describe('an incident with evidence', () => {
  it('is explained in words that its evidence supports', async () => {
    const invented = { text: 'The kafka broker lost 17 messages.', evidence: ['E1'] };
    const { model, asked } = createScriptedModel(() => aDraft({ summary: [...aDraft().summary, invented] }));
    const world = createExplainWorld({ model });
    const id = await openIncident(world);
    expect(world.explained).toEqual([id]);
    expect(await world.explain(id)).toEqual(done);
    expect((await world.read(id))?.explanation).toMatchObject({
      model: 'scripted-1',
      summary: aDraft().summary,
      confidence: 'high',
      dropped: 1,
      usage: { calls: 1, inputTokens: 1_000, outputTokens: 100 },
      cost: 0.0014,
    });
    expect(asked[0]?.data).toContain('cannot reach payments');
    expect(world.ends).toEqual(['asked']);
  });

  it('is left to the rules where no model is configured, nothing is known, it is over, or a person asked for a change', async () => {
    const { model, asked } = createScriptedModel(() => aDraft());
    const without = createExplainWorld({ model: undefined });
    expect(await without.explain(await openIncident(without))).toEqual(done);
    const world = createExplainWorld({ model });
    const { id: bare } = await world.registry.observe(aFinding());
    const { id: request } = await world.registry.request({ ...checkout, name: 'cart' }, 'Scale it.');
    const over = await openIncident(world, 'till');
    await world.registry.note(over, { at: 1, kind: 'proven', text: 'It helped.' }, { resolved: true });
    for (const id of [bare, request, over, 'inc-unknown']) expect(await world.explain(id)).toEqual(done);
    expect(asked).toEqual([]);
  });

  it('is not explained again while only times and counts grow', async () => {
    const { model, asked } = createScriptedModel(() => aDraft());
    const world = createExplainWorld({ model });
    const id = await openIncident(world, 'checkout', saidAt(world, 1));
    await world.explain(id);
    const before = await world.read(id);
    world.clock.advance(7 * 60_000);
    await world.registry.addEvidence(id, saidAt(world, 12));
    await world.explain(id);
    expect(asked).toHaveLength(1);
    expect((await world.read(id))?.explanation).toEqual(before?.explanation);
  });

  it('is explained anew where its evidence says something else', async () => {
    const { model, asked } = createScriptedModel(() => aDraft());
    const world = createExplainWorld({ model });
    const id = await openIncident(world);
    await world.explain(id);
    await world.registry.addEvidence(id, [anEvidence({ text: 'FATAL cannot reach payments, exit code 137' })]);
    await world.explain(id);
    expect(asked).toHaveLength(2);
    expect((await world.read(id))?.explanation?.usage.calls).toBe(2);
  });

  it('loses an explanation whose ids stand for something else now', async () => {
    const { model } = createScriptedModel(() => aDraft());
    const world = createExplainWorld({ model });
    const id = await openIncident(world);
    await world.explain(id);
    await world.registry.addEvidence(id, [
      anEvidence({ kind: 'event', source: 'Events of shop/checkout', text: 'Killing' }),
    ]);
    expect((await world.read(id))?.explanation).toBeUndefined();
    expect(world.explained).toEqual([id, id]);
  });

  it('gets no explanation of evidence that was replaced while the model thought', async () => {
    const world = createExplainWorld({ model: undefined });
    const id = await openIncident(world);
    const { model } = createScriptedModel(async () => {
      await world.registry.addEvidence(id, [anEvidence({ text: 'FATAL disk full' })]);
      return aDraft();
    });
    await explain(id, { ...world.context, model });
    expect((await world.read(id))?.explanation).toBeUndefined();
  });
});

describe('money', () => {
  it('164 findings that do not change cost 164 calls, however often they are looked at and come back', async () => {
    const { model, asked } = createScriptedModel(() => aDraft());
    const world = createExplainWorld({ model });
    const names = Array.from({ length: 164 }, (_, index) => `checkout-${index}`);
    for (let round = 1; round <= 6; round += 1) {
      for (const name of names) {
        const id = await openIncident(world, name, saidAt(world, round));
        await world.explain(id);
        expect((await world.read(id))?.explanation?.summary).toHaveLength(1);
        if (round % 2 === 0) continue;
        await world.registry.note(
          id,
          { at: world.clock.now(), kind: 'proven', text: 'It helped.' },
          { resolved: true },
        );
      }
      world.clock.advance(10 * 60_000);
    }
    expect(asked).toHaveLength(164);
  });

  it('two workers that look at the same time make one call', async () => {
    const { model, asked } = createScriptedModel(() => aDraft());
    const world = createExplainWorld({ model });
    const id = await openIncident(world);
    const ends = await Promise.all(Array.from({ length: 5 }, () => world.explain(id)));
    expect(asked).toHaveLength(1);
    expect(ends.filter((one) => 'againInMs' in one)).toHaveLength(4);
    world.clock.advance(60_000);
    expect(await world.explain(id)).toEqual(done);
    expect(asked).toHaveLength(1);
  });

  it('nobody is asked once the budget of the day or of the incident is spent', async () => {
    const { model, asked } = createScriptedModel(() => aDraft());
    const world = createExplainWorld({ model, callsPerDay: 3, callsPerIncident: 2 });
    const first = await openIncident(world);
    for (const text of ['FATAL one', 'FATAL two', 'FATAL three']) {
      await world.registry.addEvidence(first, [anEvidence({ text })]);
      expect(await world.explain(first)).toEqual(done);
    }
    expect(asked).toHaveLength(2);
    for (const name of ['cart', 'till']) await world.explain(await openIncident(world, name));
    expect(asked).toHaveLength(3);
    expect(world.ends.filter((end) => end === 'spent')).toHaveLength(2);
  });
});

describe('a model that fails', () => {
  it('is asked again a few times, later each time, and then no more that day', async () => {
    const { model, asked } = failing('model-unreachable');
    const world = createExplainWorld({ model, callsPerIncident: 100 });
    const id = await openIncident(world);
    const waits: number[] = [];
    for (let look = 0; look < 10; look += 1) {
      const outcome = await world.explain(id);
      if ('done' in outcome) break;
      waits.push(outcome.againInMs);
      world.clock.advance(outcome.againInMs);
    }
    expect(waits).toEqual([70_000, 140_000]);
    expect(asked).toHaveLength(3);
    world.clock.advance(60_000);
    await world.explain(id);
    expect(asked).toHaveLength(3);
    expect(world.ends).toEqual(['unreachable', 'unreachable', 'unreachable', 'given-up']);
    expect((await world.read(id))?.explanation).toBeUndefined();
  });

  it.each([
    ['model-rejected', 'rejected'],
    ['model-unusable', 'unusable'],
  ] as const)('for good (%s) is not asked again', async (code, end) => {
    const { model, asked } = failing(code);
    const world = createExplainWorld({ model });
    const id = await openIncident(world);
    expect(await world.explain(id)).toEqual(done);
    world.clock.advance(3_600_000);
    expect(await world.explain(id)).toEqual(done);
    expect(asked).toHaveLength(1);
    expect(world.ends).toEqual([end, 'given-up']);
  });

  it('by saying nothing at all ends with the deadline', async () => {
    const aborted: boolean[] = [];
    const hanging = {
      name: 'hanging',
      answer: (_question: unknown, signal: AbortSignal) => {
        signal.addEventListener('abort', () => aborted.push(true));
        return new Promise<never>(() => undefined);
      },
    };
    const world = createExplainWorld({ model: hanging });
    const id = await openIncident(world);
    const look = world.explain(id);
    await expect.poll(() => world.clock.pending()).toBe(1);
    world.clock.advance(30_000);
    expect(await look).toEqual({ againInMs: 70_000 });
    expect(aborted).toEqual([true]);
  });

  it('by writing a book is cut to what could be shown', async () => {
    const long = { text: 'x'.repeat(1_000_000), evidence: Array.from({ length: 1_000 }, () => 'E1') };
    const { model } = createScriptedModel(() => aDraft({ summary: Array.from({ length: 50 }, () => long) }));
    const world = createExplainWorld({ model });
    const id = await openIncident(world);
    await world.explain(id);
    const explanation = (await world.read(id))?.explanation;
    expect(explanation).toMatchObject({ summary: [], confidence: 'outside' });
    expect(JSON.stringify(explanation).length).toBeLessThan(1_000);
  });
});

describe('what a model proposes', () => {
  const rollback = {
    action: 'rollback-workload',
    target: 'Deployment shop/checkout',
    params: [],
    reason: 'It cannot reach payments.',
    evidence: ['E1'],
  };

  it('is handed on, also from an answer that was kept, but not by two workers at once', async () => {
    const { model, asked } = createScriptedModel(() => aDraft({ proposals: [rollback] }));
    const world = createExplainWorld({ model });
    const id = await openIncident(world);
    await world.explain(id);
    await world.explain(id);
    expect(world.proposed).toEqual([{ incidentId: id, actionIds: ['rollback-workload'] }]);
    await world.registry.note(id, { at: 1, kind: 'escalated', text: 'People take over.' }, { escalated: true });
    expect(world.explained).toEqual([id, id]);
    await world.explain(id);
    expect(world.proposed).toHaveLength(2);
    expect(asked).toHaveLength(1);
  });

  it('is not where it is about another namespace', async () => {
    const { model } = createScriptedModel(() =>
      aDraft({ proposals: [{ ...rollback, target: 'Deployment pay/till' }] }),
    );
    const world = createExplainWorld({ model });
    const id = await openIncident(world);
    await world.explain(id);
    expect(world.proposed).toEqual([]);
    expect((await world.read(id))?.explanation?.dropped).toBe(1);
  });
});
