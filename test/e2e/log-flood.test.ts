import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { secondCrash } from '../support/kubernetes/second-crash.ts';
import { createTalkingApps } from '../support/kubernetes/talking-apps.ts';
import { channel, openSlack, privateRedis } from '../support/lifeguard.ts';
import { sendFlood } from '../support/log-flood.ts';
import { startRoleProcess } from '../support/role-process.ts';
import { connectTo, rootWith } from '../support/shop-scenario.ts';

const { http, namespace } = await useNamespace('flood');
const said = createTalkingApps(http, namespace);
const lines = 100_000;
/** One line in so many is a payment that fails, as always; and once, far from both ends, there is something else. */
const failing = 100;
const odd = Math.floor(lines * 0.4) + 1;

/** Milliseconds. */
const minute = 60_000;

/** Of the whole process, with Node; MB. */
const mostMemory = 700;

/** The odd line comes before an error counts as new, and what goes wrong now comes later, however fast the past minute was sent. */
const detectors = '{ log-errors: { warmUpSeconds: 45, forSeconds: 3 } }';

function say(index: number): string {
  if (index === odd) return 'ERROR quota of tenant 4711 exceeded, its writes are refused';
  if (index % failing === 0) return `ERROR payment ${index} failed: card declined`;
  return `INFO order ${index} placed by user ${index % 977} in ${index % 90} ms`;
}

/** Most memory that a process has had at once, MB. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

type Sender = Pick<Parameters<typeof sendFlood>[0], 'port' | 'origin'>;

/** Something new goes wrong, again and again, until the test ends or it is told to stop. */
function complain(sender: Sender): () => Promise<void> {
  const refused = () => 'ERROR cannot reach payments: connection refused';
  const ending = new AbortController();
  async function goOn(): Promise<void> {
    while (!ending.signal.aborted) {
      await sendFlood({ ...sender, lines: 2, say: refused, from: Date.now(), to: Date.now() });
      await pause(1_000);
    }
  }
  const complaining = goOn();
  const stop = async (): Promise<void> => {
    ending.abort();
    await complaining;
  };
  onTestFinished(stop);
  return stop;
}

/** Whom to listen to is looked for every few seconds, and what is sent before is for people only: one that is heard says that all are. */
async function untilHeard(slack: LocalSlack, sender: Sender): Promise<void> {
  const to = Date.now();
  await sendFlood({ ...sender, lines: 60, say: () => 'INFO all is well', from: to - minute, to });
  const stop = complain(sender);
  await rootWith(slack, `${namespace}/herald: logs an error`);
  await stop();
}

it('a flood of lines delays nobody, loses nothing and stays within bounds; the one line that matters is found', async () => {
  for (const name of ['flooder', 'herald']) await said.run({ name, env: { LOG_EVERY_MS: '0' } });
  await said.untilReady(2);
  const [[pod = ''], [herald = '']] = [await said.podsOf('flooder'), await said.podsOf('herald')];
  const [slack, { url: redisUrl }] = [await openSlack(), await privateRedis()];
  const lifeguard = await startRoleProcess({
    kubeconfig: process.env['KUBECONFIG'] ?? '',
    slack,
    redisUrl,
    cluster: `{ name: flood, namespaces: [${namespace}] }`,
    logs: `{ namespaces: ['${namespace}'], bucketSeconds: 5, source: pushed, push: { enabled: true } }`,
    detectors,
  });
  const [redis, keyspace] = [connectTo(redisUrl), createKeyspace('flood')];
  const origin = { namespace, pod, container: 'app' };
  const { port, pid } = lifeguard;
  await untilHeard(slack, { port, origin: { ...origin, pod: herald } });

  const to = Date.now();
  const flooding = sendFlood({ port, origin, lines, say, from: to - minute, to });
  await said.run({ name: 'crasher', env: { CRASH_AFTER_S: '1', CRASH_LOG: 'FATAL no such table: orders' } });
  const [crashedAt, root] = await Promise.all([
    secondCrash(() =>
      http.json({ path: `/api/v1/namespaces/${namespace}/pods`, query: { labelSelector: 'app=crasher' } }),
    ),
    rootWith(slack, `${namespace}/crasher: crash loop`),
  ]);
  const late = Number(root.ts) * 1000 - crashedAt;
  const { acknowledged, waits } = await flooding;
  const sent = Date.now() - to;
  expect(acknowledged).toBe(lines);

  // All that was acknowledged is read, and then something new goes wrong.
  await expect.poll(() => redis.xlen(keyspace.key('pushed-waiting'))).toBe(0);
  const read = Date.now() - to;
  complain({ port, origin });
  const found = await rootWith(slack, `${namespace}/flooder: logs an error`);
  const place = { channel, threadTs: found.ts, textIncludes: 'logs of' };
  const evidence = JSON.stringify((await slack.waitForMessage(place)).blocks);
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
