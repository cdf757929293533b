import { describe, expect, it } from 'vitest';
import { createAudit } from '../../src/platform/redis/audit.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';

const entry = {
  at: 1_772_445_600_000,
  what: 'approved',
  who: 'U_ANA',
  subject: 'p1',
  detail: 'roll back to revision 1',
};

describe('an audit in Redis', () => {
  it('keeps every entry, in order, also the same one twice', async () => {
    const { redis, keyspace } = await openTestRedis();
    const audit = createAudit(redis, keyspace);
    for (const what of ['proposed', 'approved', 'approved']) await audit.append({ ...entry, what });
    const kept = await redis.xrange(keyspace.key('audit'), '-', '+');
    const words = kept.map(([, fields]) => fields.join(' '));
    expect(words).toEqual(
      ['proposed', 'approved', 'approved'].map(
        (what) => `at 1772445600000 what ${what} who U_ANA subject p1 detail roll back to revision 1`,
      ),
    );
  });

  it('keeps no secret', async () => {
    const { redis, keyspace } = await openTestRedis();
    await createAudit(redis, keyspace).append({ ...entry, detail: 'set DB_PASSWORD=hunter2' });
    expect(JSON.stringify(await redis.xrange(keyspace.key('audit'), '-', '+'))).not.toContain('hunter2');
  });

  it('says that Redis is away, at once', async () => {
    const { redis, keyspace } = await openTestRedis();
    redis.disconnect();
    expect((await failureOf(createAudit(redis, keyspace).append(entry))).code).toBe('store-unreachable');
  });
});
