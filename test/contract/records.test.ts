import { describe, expect, it } from 'vitest';
import { createRecords } from '../../src/platform/redis/records.ts';
import { createFakeRecords } from '../support/fakes/records.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis, type TestRedis } from '../support/redis.ts';
import { aTally, describeRecords, isOdd, Tally } from './records.ts';

function over({ redis, keyspace }: TestRedis, keepSeconds = 3600) {
  return createRecords({ redis, keyspace, name: 'tallies', schema: Tally, keepSeconds, waits: isOdd });
}

describe('the fake records', () => {
  describeRecords(async () => createFakeRecords(isOdd));
});

describe('records in Redis', () => {
  describeRecords(async () => over(await openTestRedis()));

  it.each([
    ['not JSON', 'ruined {'],
    ['of another shape', '{"id":"a","version":1,"count":"many","notes":[]}'],
    ['empty', ''],
  ])('say which record is damaged: %s', async (_what, text) => {
    const store = await openTestRedis();
    const records = over(store);
    await records.create(aTally('a'));
    await store.redis.set(store.keyspace.key('tallies', 'a'), text);
    const failures = await Promise.all([
      failureOf(records.get('a')),
      failureOf(records.update('a', (tally) => ({ ...tally, count: 1 }))),
    ]);
    for (const { code, retry, message } of failures) {
      expect([code, retry]).toEqual(['record-conflict', 'permanent']);
      expect(message).toContain(store.keyspace.key('tallies', 'a'));
    }
    expect(await records.create(aTally('a'))).toBe(false);
    expect(await store.redis.get(store.keyspace.key('tallies', 'a'))).toBe(text);
  });

  it('of two clusters, or two kinds, do not meet', async () => {
    const [one, other] = [await openTestRedis(), await openTestRedis()];
    await over(one).create(aTally('a'));
    const { redis, keyspace } = one;
    const kind = createRecords({ redis, keyspace, name: 'sums', schema: Tally, keepSeconds: 3600 });
    expect([await over(other).get('a'), await kind.get('a')]).toEqual([undefined, undefined]);
    expect(await kind.recent(10)).toEqual([]);
  });

  it('show what another process has changed, however often they were read', async () => {
    const store = await openTestRedis();
    const [mine, others] = [over(store), over(store)];
    await mine.create(aTally('a'));
    for (let count = 1; count <= 3; count += 1) {
      await others.update('a', (tally) => ({ ...tally, count }));
      expect(await mine.get('a')).toMatchObject({ count });
      expect(await mine.many(['a'])).toMatchObject([{ count }]);
    }
    await store.redis.del(store.keyspace.key('tallies', 'a'));
    expect(await mine.get('a')).toBeUndefined();
  });

  it('go some time after their last change, not their creation', async () => {
    const store = await openTestRedis();
    await over(store, 600).create(aTally('a'));
    const life = () => store.redis.pttl(store.keyspace.key('tallies', 'a'));
    expect(await life()).toBeLessThanOrEqual(600_000);
    await over(store, 6_000).update('a', (tally) => ({ ...tally, count: 1 }));
    expect(await life()).toBeGreaterThan(600_000);
  });

  it('that went wait for nothing any more', async () => {
    const store = await openTestRedis();
    const records = over(store);
    await records.create({ ...aTally('a'), count: 1 });
    await store.redis.del(store.keyspace.key('tallies', 'a'));
    expect(await records.waiting()).toEqual([]);
    expect(await records.create(aTally('a'))).toBe(true);
    expect(await records.waiting()).toEqual([]);
  });

  it('say that Redis is away, at once', async () => {
    const store = await openTestRedis();
    const records = over(store);
    store.redis.disconnect();
    for (const asked of [records.get('a'), records.create(aTally('a')), records.recent(5)]) {
      expect(await failureOf(asked)).toMatchObject({ code: 'store-unreachable', retry: 'transient' });
    }
  });
});
