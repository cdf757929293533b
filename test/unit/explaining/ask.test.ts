import { describe, expect, it } from 'vitest';
import type { EventRecord } from '../../../src/core/event-record.ts';
import type { LogWish } from '../../../src/core/ports/workload-logs.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import { type AskContext, answerQuestion } from '../../../src/explaining/ask.ts';
import { aFinding, anEvidence, anIncident } from '../../support/builders.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { createFakeEventStore } from '../../support/fakes/event-store.ts';
import { createFakeModelBudget } from '../../support/fakes/model-budget.ts';
import { createScriptedModel } from '../../support/fakes/scripted-model.ts';
import { quiet } from '../../support/redis.ts';
import { minutes, now } from '../../support/views.ts';

const till = { kind: 'Deployment', namespace: 'pay', name: 'till' };
const incident = anIncident({
  evidence: [
    anEvidence(),
    anEvidence({ id: 'E2', kind: 'related', source: 'pay/till', text: 'pay/till restarts too' }),
  ],
  related: [
    {
      finding: aFinding({ subject: till, cause: 'Container till exits with code 9.' }),
      because: 'same node',
      holds: true,
    },
  ],
});

const event: EventRecord = {
  id: 'e1',
  at: now - minutes,
  namespace: 'shop',
  kind: 'Pod',
  name: 'checkout-2-a',
  owner: { kind: 'Deployment', name: 'checkout' },
  type: 'Warning',
  reason: 'Unhealthy',
  note: 'Readiness probe failed: 503',
  times: 4,
};

type Reply = Parameters<typeof createScriptedModel>[0];

async function ask(
  reply: Reply,
  settings: { readonly may?: (namespace: string) => boolean; readonly calls?: number } = {},
) {
  const { model, asked } = createScriptedModel(reply);
  const clock = createSteppedClock(now);
  const queries: (LogWish & { readonly ref: ResourceRef })[] = [];
  const events = createFakeEventStore();
  await events.append([
    event,
    { ...event, id: 'e2', namespace: 'pay', owner: { kind: 'Deployment', name: 'till' }, note: 'secret of pay' },
  ]);
  const line = {
    at: now - minutes,
    text: 'pool exhausted: 20/20',
    namespace: 'shop',
    pod: 'checkout-2-a',
    container: 'app',
  };
  const context: AskContext = {
    model,
    deadlineMs: 30_000,
    budget: createFakeModelBudget(clock, { callsPerDay: settings.calls ?? 10, callsPerIncident: 10 }),
    costOf: () => 0.002,
    clock,
    log: quiet,
    incidents: { get: async (id) => (id === incident.id ? incident : undefined) },
    logs: {
      async read(ref, wish) {
        queries.push({ ...wish, ref });
        return { lines: [line], source: 'pods', read: 1, pods: 1 };
      },
    },
    events,
  };
  const may = settings.may ?? (() => true);
  const answer = await answerQuestion({ incidentId: incident.id, question: 'Is the pool full?', may }, context);
  return { answer, asked, queries };
}

const object = 'Deployment shop/checkout';
const say = (text: string, ...evidence: readonly string[]) => ({
  sentences: [{ text, evidence: [...evidence] }],
  outside: false,
});

describe('a question about an incident', () => {
  it('is answered from its evidence', async () => {
    const { answer, asked } = await ask(() => say('The container app cannot reach payments.', 'E1'));
    expect(answer).toMatchObject({
      sentences: [{ evidence: ['E1'] }],
      confidence: 'high',
      dropped: 0,
      evidence: [],
      model: 'scripted-1',
      cost: 0.002,
    });
    expect(asked[0]?.data).toContain('Is the pool full?');
    expect(asked[0]?.instructions).not.toContain('Is the pool full?');
  });

  it('is answered from what was read for it, and that is evidence with it', async () => {
    const { answer, queries } = await ask(async ({ use }) => {
      await use('read_logs', { object, contains: 'pool', minutes: 30 });
      await use('read_events', { object, minutes: 30 });
      return {
        sentences: [
          { text: 'The pool is exhausted at 20 of 20.', evidence: ['T1'] },
          { text: 'The readiness probe failed with 503, 4 times.', evidence: ['T2'] },
          { text: 'The pool is exhausted at 30 of 30.', evidence: ['T1'] },
        ],
        outside: false,
      };
    });
    expect(answer).toMatchObject({
      dropped: 1,
      evidence: [
        { id: 'T1', kind: 'log' },
        { id: 'T2', kind: 'event' },
      ],
    });
    expect(answer).toHaveProperty('sentences.length', 2);
    expect(queries).toMatchObject([{ ref: { name: 'checkout' }, contains: 'pool', backMs: 30 * minutes }]);
  });

  it('cannot read what the incident is not about, or more than is good', async () => {
    const said: string[] = [];
    const { queries } = await ask(async ({ use }) => {
      said.push(await use('read_logs', { object: 'Deployment kube-system/coredns', contains: null, minutes: 5 }));
      said.push(await use('read_logs', { object, minutes: 'all' }));
      for (let time = 0; time < 9; time += 1)
        said.push(await use('read_logs', { object, contains: null, minutes: 1e9 }));
      return say('It fails.', 'E1');
    });
    expect(said[0]).toMatch(/^That is not one of: Deployment shop\/checkout/);
    expect(said[1]).toMatch(/^The parameters do not fit/);
    expect(said.at(-1)).toMatch(/^Nothing more can be read/);
    expect(queries).toHaveLength(8);
    expect(queries[0]?.backMs).toBe(24 * 60 * minutes);
  });

  it('shows nothing of namespaces that the asker may not see', async () => {
    const said: string[] = [];
    const { answer, asked } = await ask(
      async ({ use }) => {
        said.push(await use('read_logs', { object: 'Deployment pay/till', contains: null, minutes: 5 }));
        said.push(await use('read_events', { object: 'Deployment pay/till', minutes: 5 }));
        said.push(await use('describe_finding', { id: 'F2' }));
        said.push(await use('describe_finding', { id: 'F1' }));
        return say('Container till exits with code 9.', 'F2');
      },
      { may: (namespace) => namespace === 'shop' },
    );
    expect(`${asked[0]?.data} ${said.join(' ')}`).not.toContain('till exits');
    expect(`${asked[0]?.data} ${said.join(' ')}`).not.toContain('restarts too');
    expect(said.join(' ')).not.toContain('secret of pay');
    expect(said[3]).toContain('"id": "T1"');
    expect(answer).toMatchObject({ sentences: [], dropped: 1, confidence: 'outside' });
  });

  it('is answered by the same model to somebody who may see all', async () => {
    const { answer } = await ask(() => say('Container till exits with code 9.', 'F2'));
    expect(answer).toMatchObject({ sentences: [{ evidence: ['F2'] }], dropped: 0 });
  });

  it('is refused to who may not see it, and when the budget is spent', async () => {
    const reply: Reply = () => say('It fails.', 'E1');
    expect((await ask(reply, { may: () => false })).answer).toEqual({
      refused: 'You may not see what this incident is about.',
    });
    const spent = await ask(reply, { calls: 0 });
    expect(spent.answer).toMatchObject({ refused: expect.stringContaining('budget') });
    expect(spent.asked).toEqual([]);
  });

  it('may have no answer, and that is one', async () => {
    const { answer } = await ask(() => ({ sentences: [], outside: true }));
    expect(answer).toMatchObject({ sentences: [], confidence: 'outside', dropped: 0 });
  });
});
