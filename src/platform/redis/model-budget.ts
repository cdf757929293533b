import type { Redis } from 'ioredis';
import type { ModelBudget } from '../../core/ports/model-budget.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { serverTime } from './server-time.ts';

export interface BudgetLimits {
  /** The day is one for all purposes, an incident has a part for each. */
  readonly purpose: 'explanations' | 'questions';
  readonly callsPerDay: number;
  readonly callsPerIncident: number;
}

/** How long it is known what an incident has cost, milliseconds: as long as incidents are kept. */
const keepMs = 90 * 24 * 3_600_000;

/** One step, so that however many ask at once, no more than allowed get a yes. KEYS: day, incident. ARGV: a day's, an incident's, how long it is kept. */
const take = `${serverTime}
local today = math.floor(tonumber(now()) / 86400000)
local day = redis.call('HMGET', KEYS[1], 'day', 'used')
local used = tonumber(day[1]) == today and tonumber(day[2]) or 0
local spent = tonumber(redis.call('GET', KEYS[2]) or '0')
if used >= tonumber(ARGV[1]) or spent >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'day', today, 'used', used + 1)
redis.call('SET', KEYS[2], spent + 1, 'PX', ARGV[3])
return 1`;

export function createModelBudget(redis: Redis, keyspace: Keyspace, limits: BudgetLimits): ModelBudget {
  const { purpose, callsPerDay, callsPerIncident } = limits;
  const day = keyspace.key('model-budget');
  return {
    async take(incidentId) {
      const incident = keyspace.key(`model-budget:${purpose}`, incidentId);
      const args = [callsPerDay, callsPerIncident, keepMs];
      return (await ask(() => redis.eval(take, 2, day, incident, ...args))) === 1;
    },
  };
}
