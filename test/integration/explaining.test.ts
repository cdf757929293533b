import { expect, it } from 'vitest';
import { done } from '../../src/core/outcome.ts';
import { explain } from '../../src/explaining/explain.ts';
import { createExplanationCache } from '../../src/platform/redis/explanation-cache.ts';
import { createModelBudget } from '../../src/platform/redis/model-budget.ts';
import { createReceipts } from '../../src/platform/redis/receipts.ts';
import { aFinding, anEvidence } from '../support/builders.ts';
import { aDraft, createExplainWorld } from '../support/explaining.ts';
import { createScriptedModel } from '../support/fakes/scripted-model.ts';
import { openQueue, openWorkers } from '../support/jobs.ts';
import { openTestRedis } from '../support/redis.ts';
import { checkout } from '../support/views.ts';

/** Everything that is shared between workers is in Redis; `deadlineMs` keeps what waits for another worker short. */
async function openShared(limits = { callsPerDay: 100, callsPerIncident: 3 }) {
  const store = await openTestRedis();
  const { model, asked } = createScriptedModel(() => aDraft());
  const world = createExplainWorld({ model });
  const context = {
    ...world.context,
    deadlineMs: 100,
    budget: createModelBudget(store.redis, store.keyspace, { purpose: 'explanations', ...limits }),
    cache: createExplanationCache({ ...store, keepMs: 60_000, most: 100 }),
    receipts: createReceipts(store.redis, store.keyspace),
  };
  async function open(name: string): Promise<string> {
    const { id } = await world.registry.observe(aFinding({ subject: { ...checkout, name } }));
    await world.registry.addEvidence(id, [anEvidence()]);
    return id;
  }
  return { store, world, asked, open, context, explain: (id: string) => explain(id, context) };
}

it('incidents that are asked for by many and looked at by several workers cost one call each', async () => {
  const shared = await openShared();
  const queue = openQueue(shared.store);
  const ids = await Promise.all(['cart', 'till', 'checkout', 'stock', 'search'].map(shared.open));
  for (let worker = 0; worker < 3; worker += 1) await openWorkers(shared.store, { explain: shared.explain });
  await Promise.all(Array.from({ length: 10 }, () => ids.map((id) => queue.explain(id))).flat());
  const explained = async (): Promise<number> =>
    (await shared.world.incidents.many(ids)).filter(({ explanation }) => explanation !== undefined).length;
  await expect.poll(explained).toBe(ids.length);
  expect(shared.asked).toHaveLength(ids.length);
});

it('two that look at the very same moment make one call between them', async () => {
  const shared = await openShared();
  const id = await shared.open('cart');
  const ends = await Promise.all(Array.from({ length: 8 }, () => shared.explain(id)));
  expect(shared.asked).toHaveLength(1);
  expect(ends.filter((end) => end === done)).toHaveLength(1);
});

it('a worker that died after the answer was kept has not spent it', async () => {
  const shared = await openShared({ callsPerDay: 1, callsPerIncident: 1 });
  const id = await shared.open('cart');
  const registry = { explain: () => Promise.reject(new Error('the worker died')) };
  await expect(explain(id, { ...shared.context, registry })).rejects.toThrow('the worker died');
  expect(await shared.explain(id)).toEqual(done);
  expect(shared.asked).toHaveLength(1);
  expect((await shared.world.read(id))?.explanation?.summary).toHaveLength(1);
});
