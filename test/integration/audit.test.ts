import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAudit } from '../../src/platform/redis/audit.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { privateRedis } from '../support/lifeguard.ts';
import { runProcess } from '../support/process.ts';
import { connectTo } from '../support/shop-scenario.ts';

const config = 'cluster: { name: shop }\nslack: { channel: C_OPS }\n';

async function openRecords(count: number) {
  const server = await privateRedis();
  const redis = connectTo(server.url);
  const keyspace = createKeyspace('shop');
  const audit = createAudit(redis, keyspace);
  for (let index = 1; index <= count; index += 1)
    await audit.append({ at: index, what: 'applied', who: 'U_ANA', subject: 'shop/web', detail: `change ${index}` });
  const run = (...args: readonly string[]) =>
    runProcess({ args: ['audit', ...args], config, env: { REDIS_URL: server.url } });
  return { ...server, redis, stream: keyspace.key('audit'), run };
}

it('an audit is exported and verified, in Redis and as a file', async () => {
  const { run, folder } = await openRecords(3);
  const exported = await run('export');
  const lines = exported.stdout.trim().split('\n');
  expect(lines).toHaveLength(4);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ seq: 1, detail: 'change 1' });
  const whole = { code: 0, stdout: 'The audit is whole: 3 records (1 to 3), none changed, none missing.\n' };
  expect(await run('verify')).toMatchObject(whole);
  const file = join(folder, 'audit.jsonl');
  await writeFile(file, exported.stdout);
  expect(await run('verify', file)).toMatchObject(whole);
  await writeFile(file, exported.stdout.replace('change 2', 'change 9'));
  expect(await run('verify', file)).toMatchObject({ code: 1, stdout: expect.stringContaining('Record 2 was changed') });
  await writeFile(file, lines.slice(0, 2).join('\n'));
  expect((await run('verify', file)).stdout).toContain('records may be missing there');
  await writeFile(file, 'nonsense');
  expect(await run('verify', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('Line 1 of') });
});

it('a record that was taken out of Redis is missed', async () => {
  const { run, redis, stream } = await openRecords(4);
  const kept = await redis.xrange(stream, '-', '+');
  await redis.xdel(stream, kept[1]?.[0] ?? '');
  expect(await run('verify')).toMatchObject({ code: 1, stdout: expect.stringContaining('record 2 is missing') });
  await redis.xdel(stream, kept[3]?.[0] ?? '');
  expect((await run('verify')).stdout).toContain('Records 4 to 4 are missing at the end.');
});

it.each([[[]], [['delete']], [['export', 'file']], [['verify', 'a', 'b']]])(
  'audit %j is not understood',
  async (args) => {
    expect(await runProcess({ args: ['audit', ...args], config })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('audit verify [file]'),
    });
  },
);
