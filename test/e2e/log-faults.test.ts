import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Message } from '../../demo/slack/messages.ts';
import { Incident } from '../../src/core/incident.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { createRecords } from '../../src/platform/redis/records.ts';
import { type IllProxy, startIllProxy } from '../support/ill-proxy.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { createTalkingApps } from '../support/kubernetes/talking-apps.ts';
import { approver, channel, type RunningLifeguard, startLifeguard } from '../support/lifeguard.ts';
import { pushLines } from '../support/loki.ts';
import { soon } from '../support/patience.ts';
import { connectTo, isRoot, rootsOf } from '../support/shop-scenario.ts';

const lokiUrl = process.env['LOKI_URL'] ?? 'http://127.0.0.1:13100';
const { http, namespace } = await useNamespace('faults');
const said = createTalkingApps(http, namespace);

/** One that complains after a while, and one that does its work. */
const complaining = `
n=0
while true; do
  n=$((n + 1)); echo "INFO order $n placed"
  [ $n -gt 15 ] && echo "ERROR cannot reach payments: connection refused"
  sleep 1
done`;
const apps = [
  { name: 'checkout', script: complaining },
  { name: 'mailer', env: { LOG_EVERY_MS: '300', UPSTREAM: 'http://127.0.0.1:8081/' } },
];

const detectors =
  '{ log-errors: { warmUpSeconds: 10, forSeconds: 3 }, log-silence: { steadyMinutes: 0.4, forSeconds: 15 } }';

/** A log that is not heard for so long would be called silent, if it could be heard; milliseconds. */
const awayMs = 22_000;

/** A Loki that failed twice is left alone for half a minute, and the kubelet waits between two starts. */
const patience = { timeoutMs: soon.timeout };

/** A person may give twenty commands a minute. */
const patiently = { ...soon, interval: 4_000 };

type Source = 'pods' | 'loki';

function start(source: Source, address = ''): Promise<RunningLifeguard> {
  return startLifeguard({
    kubeconfig: process.env['KUBECONFIG'] ?? '',
    cluster: `{ name: ${source}, namespaces: [${namespace}] }`,
    logs: `{ namespaces: ['${namespace}'], bucketSeconds: 5, source: ${source}${address} }`,
    detectors,
  });
}

function isIncident(message: Message): boolean {
  return isRoot(message) && message.ephemeral_to === undefined;
}

function rootOf({ slack }: RunningLifeguard, app: string): Promise<Message> {
  return slack.waitForMessage(
    (message, place) => place === channel && isIncident(message) && message.text.includes(`${namespace}/${app}: `),
    patience,
  );
}

/** What a person is answered, as it is shown, and how long that took, milliseconds. */
async function ask({ slack }: RunningLifeguard, words: string) {
  const before = slack.messages(channel).length;
  const begun = performance.now();
  await slack.command({ user: approver, channel, text: `/kube ${words}` });
  const answers = () =>
    slack
      .messages(channel)
      .slice(before)
      .filter(({ ephemeral_to: to }) => to === approver);
  const answer = await slack.waitFor(() => answers()[0], patience);
  return { shown: JSON.stringify([answer.text, answer.blocks]), ms: performance.now() - begun };
}

async function incidentsOf({ redisUrl }: RunningLifeguard, source: Source): Promise<readonly Incident[]> {
  const [redis, keyspace] = [connectTo(redisUrl), createKeyspace(source)];
  return createRecords({ redis, keyspace, name: 'incidents', schema: Incident, keepSeconds: 60 }).recent(20);
}

/** Looks that found a silent log. */
async function silencesSeen({ port }: RunningLifeguard): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/findings_total\{[^}]*kind="log-silent"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
}

/** The apps that have a thread, by name. */
function threadsOn({ slack }: RunningLifeguard): readonly string[] {
  const names = rootsOf(slack).map(({ text }) => /\/([a-z]+): /.exec(text)?.[1] ?? text);
  return names.toSorted();
}

/** Somebody calls the pod of an app, whose upstream refuses: it writes an error each time. */
async function provoke(pod: string): Promise<void> {
  for (let times = 0; times < 16; times += 1) {
    await http.text({ path: `/api/v1/namespaces/${namespace}/pods/${pod}:8080/proxy/` }).catch(() => undefined);
    await pause(500);
  }
}

/** The pod goes while its log is followed and read: nobody is told of that, and the log of the one that takes its place is followed. */
async function replaceMailer(lifeguard: RunningLifeguard): Promise<void> {
  const [former = ''] = await said.podsOf('mailer');
  const asked = ask(lifeguard, `logs ${namespace}/mailer`);
  await http.json({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}/pods/${former}` });
  // All that it wrote, or that one of the pods was not read.
  expect((await asked).shown).toMatch(/finished job|\d of \d pods, from the pods/);
  const next = async () => (await said.podsOf('mailer')).find((pod) => pod !== former);
  await expect.poll(next).toBeDefined();
  await expect
    .poll(async () => (await ask(lifeguard, `logs ${namespace}/mailer --grep starting`)).shown, patiently)
    .toContain('app 1.0.0 starting');
  expect(threadsOn(lifeguard)).not.toContain('mailer');
  await provoke((await next()) ?? '');
  expect(JSON.stringify((await rootOf(lifeguard, 'mailer')).blocks)).toContain('refuses connections');
}

/** Loki is away while people ask for logs and another app crashes. */
async function endureAbsence(lifeguard: RunningLifeguard, proxy: IllProxy): Promise<void> {
  const begun = performance.now();
  proxy.fallIll();
  for (const words of [`logs ${namespace}/checkout`, `patterns ${namespace}/checkout`]) {
    const { shown, ms } = await ask(lifeguard, words);
    expect(shown).toMatch(/order .{1,12} placed.*from the pods · :warning: Loki did not answer/);
    expect(ms).toBeLessThan(30_000);
  }
  await expect
    .poll(async () => (await ask(lifeguard, 'status')).shown, patiently)
    .toMatch(/:warning: logs, since <!date[^>]*>: Loki did not answer/);
  await said.run({ name: 'crasher', env: { CRASH_AFTER_S: '1', CRASH_LOG: 'FATAL no such table: orders' } });
  const root = await rootOf(lifeguard, 'crasher');
  const place = { channel, threadTs: root.ts, textIncludes: 'no such table' };
  const evidence = await lifeguard.slack.waitForMessage(place, patience);
  const incident = (await incidentsOf(lifeguard, 'loki')).find(({ subject }) => subject.name === 'crasher');
  expect(JSON.stringify(root.blocks)).toContain('no such table: orders');
  expect(Number(evidence.ts) * 1000 - (incident?.openedAt ?? 0)).toBeLessThan(5_000);
  await pause(Math.max(0, awayMs - (performance.now() - begun)));
  // After failures it is left alone for half a minute, and then tried again.
  await expect.poll(() => proxy.suffered.size, patiently).toBeGreaterThan(0);
}

it('a pod that is deleted and a Loki that does not answer open and close nothing, and what was missed is told afterwards', async () => {
  const ending = new AbortController();
  await Promise.all(apps.map((app) => said.run(app)));
  await said.untilReady(apps.length);
  const collecting = said.collect((origin, fresh) => pushLines(lokiUrl, origin, fresh), ending.signal);
  onTestFinished(async () => {
    ending.abort();
    await collecting;
  });
  const proxy = await startIllProxy(lokiUrl);
  const [pods, loki] = await Promise.all([start('pods'), start('loki', `, loki: { url: '${proxy.url}' }`)]);
  await Promise.all([rootOf(pods, 'checkout'), rootOf(loki, 'checkout')]);
  expect((await ask(loki, 'status')).shown).not.toContain(':warning:');

  await Promise.all([replaceMailer(pods), endureAbsence(loki, proxy)]);
  await rootOf(pods, 'crasher');
  expect(threadsOn(pods)).toEqual(['checkout', 'crasher', 'mailer']);
  expect(threadsOn(loki)).toEqual(['checkout', 'crasher']);

  proxy.recover();
  expect(JSON.stringify((await rootOf(loki, 'mailer')).blocks)).toContain('refuses connections');
  await expect.poll(async () => (await ask(loki, 'status')).shown, patiently).not.toContain(':warning: logs');
  for (const [running, source] of [
    [pods, 'pods'],
    [loki, 'loki'],
  ] as const) {
    expect(await silencesSeen(running)).toBe(0);
    const checkout = (await incidentsOf(running, source)).find(({ subject }) => subject.name === 'checkout');
    expect([checkout?.state, checkout?.timeline.filter(({ kind }) => kind === 'cleared')]).toEqual(['open', []]);
  }
});
