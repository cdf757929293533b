import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { readArray, readNumber, readTime } from '../../src/core/json.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { createNamespace, removeNamespace, requireCluster } from '../support/kubernetes/real-cluster.ts';
import { createTalkingApps, type TalkingApps } from '../support/kubernetes/talking-apps.ts';
import { channel, openSlack, privateRedis } from '../support/lifeguard.ts';
import { sendFlood } from '../support/log-flood.ts';
import { startRoleProcess } from '../support/role-process.ts';
import { connectTo, rootWith } from '../support/shop-scenario.ts';

const namespace = `lifeguard-flood-${process.pid}`;
const lines = 100_000;
/** One line in so many is a payment that fails, as always; and once, far from both ends, there is something else. */
const failing = 100;
const odd = Math.floor(lines * 0.4) + 1;

/** Milliseconds. */
const minute = 60_000;

/** Of the whole process, with Node; MB. */
const mostMemory = 700;

const detectors = '{ log-errors: { warmUpSeconds: 70, forSeconds: 3 } }';

let http: HttpClient;
let said: TalkingApps;

beforeAll(async () => {
  http = await requireCluster();
  await createNamespace(http, namespace);
  said = createTalkingApps(http, namespace);
});

afterAll(async () => {
  await removeNamespace(http, namespace);
  await http.close();
});

function say(index: number): string {
  if (index === odd) return 'ERROR quota of tenant 4711 exceeded, its writes are refused';
  if (index % failing === 0) return `ERROR payment ${index} failed: card declined`;
  return `INFO order ${index} placed by user ${index % 977} in ${index % 90} ms`;
}

/** When the pod of an app was down for the second time, epoch milliseconds by the cluster's clock. */
async function secondCrashOf(app: string): Promise<number> {
  const query = { labelSelector: `app=${app}` };
  return vi.waitFor(
    async () => {
      const pods = readArray(await http.json({ path: `/api/v1/namespaces/${namespace}/pods`, query }), 'items');
      const [end] = pods.flatMap((pod) => readArray(pod, 'status', 'containerStatuses')).flatMap(endOf);
      if (end === undefined) throw new Error('no second crash yet');
      return end;
    },
    { timeout: 90_000, interval: 250 },
  );
}

function endOf(status: unknown): readonly number[] {
  const isDown = readTime(status, 'state', 'running', 'startedAt') === undefined;
  const end =
    readTime(status, 'state', 'terminated', 'finishedAt') ?? readTime(status, 'lastState', 'terminated', 'finishedAt');
  return isDown && end !== undefined && (readNumber(status, 'restartCount') ?? 0) >= 1 ? [end] : [];
}

/** Most memory that a process has had at once, MB. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** Something new goes wrong, again and again. */
async function complain(sender: Pick<Parameters<typeof sendFlood>[0], 'port' | 'origin'>, signal: AbortSignal) {
  const refused = () => 'ERROR cannot reach payments: connection refused';
  while (!signal.aborted) {
    await sendFlood({ ...sender, lines: 2, say: refused, from: Date.now(), to: Date.now() });
    await pause(1_000);
  }
}

it('a flood of lines delays nobody, loses nothing and stays within bounds; the one line that matters is found', async () => {
  await said.run({ name: 'flooder', env: { LOG_EVERY_MS: '0' } });
  await said.untilReady(1);
  const [pod = ''] = await said.podsOf('flooder');
  const [slack, { url: redisUrl }] = [await openSlack(), await privateRedis()];
  const lifeguard = await startRoleProcess({
    kubeconfig: process.env['KUBECONFIG'] ?? '',
    slack,
    redisUrl,
    cluster: `{ name: flood, namespaces: [${namespace}] }`,
    logs: `{ namespaces: ['${namespace}'], bucketSeconds: 5, source: pushed, push: { enabled: true } }`,
    detectors,
  });
  // Whom it listens to is looked at every few seconds.
  await pause(12_000);

  const to = Date.now();
  const origin = { namespace, pod, container: 'app' };
  const { port, pid } = lifeguard;
  const flooding = sendFlood({ port, origin, lines, say, from: to - minute, to });
  await said.run({ name: 'crasher', env: { CRASH_AFTER_S: '1', CRASH_LOG: 'FATAL no such table: orders' } });
  const [crashedAt, root] = await Promise.all([
    secondCrashOf('crasher'),
    rootWith(slack, `${namespace}/crasher: crash loop`),
  ]);
  const late = Number(root.ts) * 1000 - crashedAt;
  const { acknowledged, waits } = await flooding;
  const sent = Date.now() - to;
  expect(acknowledged).toBe(lines);

  // All that was acknowledged is read, and then something new goes wrong.
  const [redis, keyspace] = [connectTo(redisUrl), createKeyspace('flood')];
  await expect.poll(() => redis.xlen(keyspace.key('pushed-waiting')), { timeout: 60_000 }).toBe(0);
  const read = Date.now() - to;
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  void complain({ port, origin }, ending.signal);
  const found = await rootWith(slack, `${namespace}/flooder: logs an error`);
  const place = { channel, threadTs: found.ts, textIncludes: 'logs of' };
  const evidence = JSON.stringify((await slack.waitForMessage(place, { timeoutMs: 10_000 })).blocks);
  const peak = await peakOf(pid);
  process.stdout.write(
    `${lines} lines: sent in ${sent} ms with ${waits} waits, read in ${read} ms; another crash told ${Math.round(late)} ms after it; at most ${Math.round(peak)} MB\n`,
  );
  expect(evidence).toContain('error, 1x');
  expect(evidence).toContain('quota of tenant 4711 exceeded');
  expect(evidence).toContain(`error, ${lines / failing}x`);
  expect(late).toBeLessThan(15_000);
  expect(peak).toBeLessThan(mostMemory);
});
