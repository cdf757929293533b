import { expect, it } from 'vitest';
import { createAudit } from '../../src/platform/redis/audit.ts';
import { createFakeAudit } from '../support/fakes/audit.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { openTestRedis } from '../support/redis.ts';
import { describeAudit, entry, readAll } from './audit.ts';

async function open() {
  const { redis, keyspace } = await openTestRedis();
  return createAudit(redis, keyspace);
}

describeAudit('Redis', open);
describeAudit('memory', async () => createFakeAudit());

it('is read page by page', async () => {
  const audit = await open();
  for (let batch = 0; batch < 1_050; batch += 50)
    await Promise.all(Array.from({ length: 10 }, () => audit.append(entry)));
  const { redis, keyspace } = await openTestRedis();
  const long = createAudit(redis, keyspace);
  const pipeline = redis.pipeline();
  const [record] = await audit.recent(1);
  for (let index = 0; index < 2_500; index += 1)
    pipeline.xadd(keyspace.key('audit'), '*', 'record', JSON.stringify({ ...record, seq: index + 1 }));
  await pipeline.exec();
  expect((await readAll(long)).map(({ seq }) => seq)).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1));
});

it('says that Redis is away, at once', async () => {
  const { redis, keyspace } = await openTestRedis();
  redis.disconnect();
  expect((await failureOf(createAudit(redis, keyspace).append(entry))).code).toBe('store-unreachable');
});
