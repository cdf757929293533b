import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { connectRedis, openRedis } from '../../src/platform/redis/connection.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { createPushedLogSource, createPushedLogs } from '../../src/platform/redis/pushed-logs.ts';
import { privateRedis, startLifeguard } from '../support/lifeguard.ts';
import { quiet } from '../support/redis.ts';

async function startBot(logs: string) {
  const cluster = await startSimulatedCluster({ startMs: 50 });
  onTestFinished(() => cluster.stop());
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'pushed-logs-')), 'kubeconfig');
  await cluster.writeKubeconfig(kubeconfig);
  const server = await privateRedis();
  const watched = '{ name: test, namespaces: [shop] }';
  const bot = await startLifeguard({ kubeconfig, redisUrl: server.url, role: 'bot', cluster: watched, logs });
  const redis = connectRedis(server.url, quiet);
  await openRedis(redis, server.url);
  onTestFinished(() => redis.disconnect());
  const post = (body: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`http://127.0.0.1:${bot.port}/logs`, {
      method: 'POST',
      headers,
      body: headers['content-encoding'] ? gzipSync(body) : body,
    });
  return { post, server, store: { redis, keyspace: createKeyspace('test') }, url: `http://127.0.0.1:${bot.port}` };
}

function record(log: string, namespace = 'shop'): string {
  return JSON.stringify({ log, kubernetes: { namespace_name: namespace, pod_name: 'web-1', container_name: 'app' } });
}

it('what collectors send is kept before they hear so, and refused while Redis is away', async () => {
  const { post, server, store, url } = await startBot('{ source: pushed, push: { enabled: true } }');
  const sent = await post(
    [record('one'), record('password=hunter22'), '{"log":"x"}', record('unwatched', 'pay')].join('\n'),
    {
      'content-encoding': 'gzip',
    },
  );
  expect([sent.status, await sent.text()]).toEqual([
    200,
    'Kept 2 lines. Dropped: 1 record without kubernetes.namespace_name, pod_name and container_name.\n',
  ]);
  const waiting = await createPushedLogs({ ...store, mostWaiting: 1, mostKept: 1, keepSeconds: 1 }).take(10);
  const texts = ['one', expect.stringMatching(/^password=\[redacted/)];
  expect(waiting.flatMap(({ lines }) => lines.map(({ text }) => text))).toEqual(texts);
  const query = { namespace: 'shop', pods: ['web-1'], from: 0, to: Date.now() + 1, limit: 10 };
  expect((await createPushedLogSource(store).read(query)).map(({ text }) => text)).toEqual(texts);
  expect((await post('[{"log":"of nobody"}]')).status).toBe(400);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  for (const line of ['kept"} 2', 'unwatched"} 1', 'dropped"} 1']) {
    expect(metrics).toContain(`lifeguard_log_lines_received_total{outcome="${line}`);
  }
  await server.stop();
  const refused = await post(record('two'));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
});

it('collectors that send more than is read are asked to slow down', async () => {
  const { post } = await startBot('{ source: pushed, push: { enabled: true, waitingMegabytes: 1 } }');
  const many = Array.from({ length: 60 }, (_, index) =>
    record(`${index} ${'lorem ipsum dolor sit amet '.repeat(400)}`),
  );
  expect((await post(many.join('\n'))).status).toBe(200);
  const refused = await post(many.join('\n'));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
});

it('nothing is taken where it is not switched on', async () => {
  const { post } = await startBot('{}');
  expect((await post(record('one'))).status).toBe(404);
});
