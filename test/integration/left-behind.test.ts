import { expect, it, onTestFinished } from 'vitest';
import { createAskAgain } from '../../src/composition/left-behind.ts';
import { createStoreParts, type StoreParts } from '../../src/composition/store-parts.ts';
import { LifeguardError } from '../../src/core/errors.ts';
import type { LanguageModel } from '../../src/core/ports/language-model.ts';
import { explain } from '../../src/explaining/explain.ts';
import { aFinding, anEvidence, aProposal } from '../support/builders.ts';
import { createDeskWorld } from '../support/desk.ts';
import { aDraft, createExplainWorld } from '../support/explaining.ts';
import { createScriptedModel } from '../support/fakes/scripted-model.ts';
import { openWorkers } from '../support/jobs.ts';
import { soon } from '../support/patience.ts';
import { openTestRedis, quiet, type TestRedis } from '../support/redis.ts';
import { openPlainRegistry } from '../support/registry.ts';

/** The store as the roles have it, until the test ends. */
async function openStore({ url, cluster }: TestRedis): Promise<StoreParts> {
  const store = await createStoreParts({
    redisUrl: url,
    cluster,
    events: { keepMs: 60_000, most: 10 },
    pushed: { mostWaiting: 1_000, mostKept: 1_000, keepSeconds: 60 },
    log: quiet,
  });
  onTestFinished(async () => {
    await store.queue.close();
    store.redis.disconnect();
  });
  return store;
}

/** A sweep over a store; `queue` is what the registry asks. */
function openSweep(store: StoreParts, queue: Pick<StoreParts['queue'], 'execute' | 'report' | 'explain'>) {
  const { ops } = createDeskWorld();
  const { incidents, index } = store;
  const registry = openPlainRegistry({ incidents, index, queue, clock: ops.clock });
  const askAgain = (model?: LanguageModel) =>
    createAskAgain({ store, registry, ops: { ...ops, proposals: store.proposals }, clock: ops.clock, model });
  return { registry, askAgain };
}

it('proposals that wait are asked for again, however many came after them', async () => {
  const redis = await openTestRedis();
  const store = await openStore(redis);
  const { askAgain } = openSweep(store, store.queue);
  const later = Date.now() + 600_000;
  await store.proposals.create(aProposal({ id: 'approved', state: 'approved', expiresAt: later }));
  await store.proposals.create(aProposal({ id: 'overdue', state: 'awaiting-approval', expiresAt: 1 }));
  await store.proposals.create(aProposal({ id: 'in-time', state: 'awaiting-approval', expiresAt: later }));
  const others = Array.from({ length: 220 }, (_, place) => aProposal({ id: `done-${place}`, state: 'executed' }));
  for (const one of others) await store.proposals.create(one);
  const executed: string[] = [];
  await openWorkers(redis, {
    async execute(id) {
      executed.push(id);
      await store.proposals.update(id, (proposal) => ({ ...proposal, state: 'executed' }));
      return { done: true };
    },
  });
  const sweep = askAgain();
  await sweep();
  await expect.poll(() => executed, soon).toEqual(['approved']);
  const states = (await store.proposals.many(['overdue', 'in-time'])).map(({ state }) => state);
  expect(states).toEqual(['expired', 'awaiting-approval']);
  await expect.poll(async () => (await store.proposals.get('approved'))?.state, soon).toBe('executed');
  await sweep();
  expect((await store.queue.depth()).waiting).toBe(0);
});

it('an incident whose question was lost with Redis is explained after all, with one call, and not asked about again', async () => {
  const redis = await openTestRedis();
  const store = await openStore(redis);
  const away = async (): Promise<void> => {
    throw new LifeguardError('Redis did not take the job.', { code: 'store-unreachable', retry: 'transient' });
  };
  const { registry, askAgain } = openSweep(store, { ...store.queue, explain: away });
  const { id } = await registry.observe(aFinding());
  await expect(registry.addEvidence(id, [anEvidence()])).rejects.toMatchObject({ code: 'store-unreachable' });

  const { model, asked } = createScriptedModel(() => aDraft());
  const { incidents, receipts } = store;
  const context = { ...createExplainWorld({ model }).context, incidents, receipts, registry };
  const looked: string[] = [];
  await openWorkers(redis, {
    explain(incidentId) {
      looked.push(incidentId);
      return explain(incidentId, context);
    },
  });
  const sweep = askAgain(model);
  await sweep();
  await expect.poll(async () => (await incidents.get(id))?.explanation?.summary, soon).toHaveLength(1);
  await sweep();
  await askAgain(model)();
  await store.queue.explain(id);
  await expect.poll(() => looked, soon).toEqual([id, id]);
  expect(asked).toHaveLength(1);
});

it('nothing is asked where no model is configured, or a model has failed already', async () => {
  const redis = await openTestRedis();
  const store = await openStore(redis);
  const queued: string[] = [];
  const queue = { ...store.queue, explain: async (id: string) => void queued.push(id) };
  const { registry, askAgain } = openSweep(store, queue);
  const { id } = await registry.observe(aFinding());
  await registry.addEvidence(id, [anEvidence()]);
  const explaining: string[] = [];
  await openWorkers(redis, { explain: async (one) => (explaining.push(one), { done: true }) });
  await askAgain()();
  const { model } = createScriptedModel(() => {
    throw new LifeguardError('It did not work.', { code: 'model-rejected', retry: 'permanent' });
  });
  const { incidents, receipts } = store;
  await explain(id, { ...createExplainWorld({ model }).context, incidents, receipts, registry });
  await askAgain(model)();
  await store.queue.explain('marker');
  await expect.poll(() => explaining, soon).toEqual(['marker']);
});
