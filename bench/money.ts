import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { startRedis } from '../demo/redis.ts';
import { explain } from '../src/explaining/explain.ts';
import { connectRedis, openRedis } from '../src/platform/redis/connection.ts';
import { createExplanationCache } from '../src/platform/redis/explanation-cache.ts';
import { createKeyspace } from '../src/platform/redis/keyspace.ts';
import { createModelBudget } from '../src/platform/redis/model-budget.ts';
import { createReceipts } from '../src/platform/redis/receipts.ts';
import { aFinding, anEvidence } from '../test/support/builders.ts';
import { createExplainWorld } from '../test/support/explaining.ts';
import { withScriptedModel } from './asked-model.ts';
import type { Row } from './table.ts';

const findings = 164;

/** Each is looked at again so often, of simulated time. */
const everyMs = 10 * 60_000;
const dayMs = 24 * 3_600_000;

/** Of these looks one after which the incident is resolved, so that the next opens it again. */
const resolvedEvery = 6;

const deadlineMs = 10_000;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** What a day of unchanged trouble costs, with the cache, the budget and the receipts of the product in a real Redis. */
export async function measureMoney(path: string): Promise<readonly Row[]> {
  const server = await startRedis({ path });
  const redis = connectRedis(server.url, quiet);
  try {
    await openRedis(redis, server.url);
    const row = { comparedWith: '', runs: `${dayMs / everyMs} looks at ${findings} incidents, scripted model` };
    const day = await spend(redis, 10_000, dayMs / everyMs);
    const spent = await spend(redis, 100, 2);
    return [
      {
        ...row,
        name: `${findings} unchanged findings, re-evaluated for a simulated day: calls of the model`,
        figure: `${day.calls}, ${day.explained} explained`,
        target: `<= ${findings}`,
      },
      {
        ...row,
        name: `${findings} findings with a budget of 100 calls a day`,
        figure: `${spent.calls}, ${spent.explained} explained, ${spent.open - spent.explained} rules only`,
        target: '100',
        runs: `2 looks at ${findings} incidents`,
      },
    ];
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

interface Spent {
  readonly calls: number;
  readonly explained: number;
  readonly open: number;
}

/** Only times, counts and attempts differ from look to look; every so often all is over and comes back. */
function spend(redis: Redis, callsPerDay: number, looks: number): Promise<Spent> {
  return withScriptedModel(deadlineMs, async ({ server, model }) => {
    const world = createExplainWorld({ model });
    const keyspace = createKeyspace(randomUUID());
    const context = {
      ...world.context,
      budget: createModelBudget(redis, keyspace, { purpose: 'explanations', callsPerDay, callsPerIncident: 3 }),
      cache: createExplanationCache({ redis, keyspace, keepMs: 90 * dayMs, most: 2_000 }),
      receipts: createReceipts(redis, keyspace),
    };

    async function look(name: string, round: number): Promise<string> {
      const at = new Date(world.clock.now()).toISOString();
      const { id } = await world.registry.observe(
        aFinding({ subject: { kind: 'Deployment', namespace: 'shop', name } }),
      );
      const text = `${at} starting, attempt ${round}\n${at} FATAL cannot reach payments after ${round * 90}ms`;
      await world.registry.addEvidence(id, [anEvidence({ text })]);
      await explain(id, context);
      if (round % resolvedEvery === 0 && round < looks)
        await world.registry.note(
          id,
          { at: world.clock.now(), kind: 'proven', text: 'It helped.' },
          { resolved: true },
        );
      return id;
    }

    const ids = new Set<string>();
    for (let round = 1; round <= looks; round += 1) {
      for (let index = 0; index < findings; index += 1) ids.add(await look(`checkout-${index}`, round));
      world.clock.advance(everyMs);
    }
    const open = (await world.incidents.many([...ids])).filter(({ state }) => state === 'open');
    const explained = open.filter(({ explanation }) => (explanation?.summary.length ?? 0) > 0).length;
    return { calls: server.requests.length, explained, open: open.length };
  });
}
