import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Message } from '../../demo/slack/messages.ts';
import { Incident } from '../../src/core/incident.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { createRecords } from '../../src/platform/redis/records.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { type CollectedLine, createTalkingApps } from '../support/kubernetes/talking-apps.ts';
import {
  approver,
  channel,
  type LifeguardOptions,
  type RunningLifeguard,
  startLifeguard,
} from '../support/lifeguard.ts';
import { pushLines } from '../support/loki.ts';
import { connectTo, isRoot, rootsOf, rootWith, toldTo } from '../support/shop-scenario.ts';

const lokiUrl = process.env['LOKI_URL'] ?? 'http://127.0.0.1:13100';
const { http, namespace } = await useNamespace('said');
const said = createTalkingApps(http, namespace);

/** Calls an upstream once a second, which answers how long it takes: a clock would show how busy this machine is. */
const timing = `
n=0
while true; do
  n=$((n + 1))
  took=$(timeout 5 wget -q -O - http://quotes:8080/) && echo "INFO quote $n took $((took + n % 9)) ms"
  sleep 1
done`;

const visiting = 'while true; do timeout 5 wget -q -O /dev/null http://checkout:8080/ 2>/dev/null; sleep 1; done';

/** Three that get into trouble, and what they need; nothing is wrong with `payments`. */
const apps = [
  { name: 'payments', env: { LOG_EVERY_MS: '500' }, ports: [8080, 8081] },
  { name: 'quotes', env: { VERSION: '100' }, ports: [8080] },
  { name: 'checkout', env: { UPSTREAM: 'http://payments:8080/', LOG_EVERY_MS: '500' }, ports: [8080] },
  { name: 'visitors', script: visiting },
  { name: 'pricing', script: timing },
  { name: 'mailer', env: { LOG_EVERY_MS: '500' } },
];

const detectors =
  '{ log-errors: { warmUpSeconds: 20, forSeconds: 5 }, log-silence: { steadyMinutes: 0.5, forSeconds: 15 }, log-numbers: { warmUpSeconds: 25, forSeconds: 10 } }';

/** How long all is well first: what is usual must be known. */
const calmMs = 50_000;

/** What is found is told, in milliseconds after the first line that shows it (or the last before the silence): what the settings ask for, two buckets, and a look. */
const toldWithinMs = { checkout: 60_000, pricing: 60_000, mailer: 60_000 } as const;

/** A collector sends, and Loki is asked, every few seconds. */
const lokiLatenessMs = 10_000;

type Source = 'pods' | 'loki';
type Subject = keyof typeof toldWithinMs;

const address: Readonly<Record<Source, string>> = { pods: '', loki: `, loki: { url: '${lokiUrl}' }` };

function start(source: Source, shared: Pick<LifeguardOptions, 'slack' | 'redisUrl'> = {}): Promise<RunningLifeguard> {
  return startLifeguard({
    ...shared,
    kubeconfig: process.env['KUBECONFIG'] ?? '',
    cluster: `{ name: ${source}, namespaces: [${namespace}] }`,
    logs: `{ namespaces: ['${namespace}'], bucketSeconds: 5, source: ${source}${address[source]} }`,
    detectors,
  });
}

function rootOf({ slack }: RunningLifeguard, app: Subject): Promise<Message> {
  return slack.waitForMessage(
    (message, place) => place === channel && isRoot(message) && message.text.includes(`${namespace}/${app}: `),
  );
}

/** The app's pattern, quoted in its thread. */
function evidenceOf({ slack }: RunningLifeguard, root: Message, app: Subject): Promise<Message> {
  const textIncludes = `logs of ${namespace}/${app}`;
  return slack.waitForMessage({ channel, threadTs: root.ts, textIncludes });
}

async function incidentsOf({ redisUrl }: RunningLifeguard, source: Source): Promise<readonly Incident[]> {
  const [redis, keyspace] = [connectTo(redisUrl), createKeyspace(source)];
  return createRecords({ redis, keyspace, name: 'incidents', schema: Incident, keepSeconds: 60 }).recent(20);
}

const signs = { checkout: /connection refused/, pricing: /took (?:[4-9]\d\d|\d{4}) ms/ } as const;

/** When its trouble showed in what it wrote since it was brought about, epoch milliseconds; of the silent one, what it wrote last. */
function onsetOf(app: Subject, lines: readonly CollectedLine[]): number {
  const own = lines.filter((line) => line.app === app);
  const line = app === 'mailer' ? own.at(-1) : own.find(({ text }) => signs[app].test(text));
  expect(line).toBeDefined();
  return line?.at ?? 0;
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

const causes: Readonly<Record<Subject, readonly RegExp[]>> = {
  checkout: [
    /It cannot connect: [\d.]+:8081 refuses connections\./,
    new RegExp(`What it calls is Service ${namespace}/payments\\.`),
    /since (?<since>\d\d:\d\d) UTC, .* “upstream http:\/\/payments:8081\/: /,
  ],
  pricing: [
    /“took” is (?:[4-9]\d\d|1\d{3}) ms, 100 ms before \(never beyond \d+ ms\), since (?<since>\d\d:\d\d) UTC, in “quote/,
  ],
  mailer: [
    /It has logged nothing since (?<since>\d\d:\d\d) UTC; \d{2,3} lines a minute before/,
    /The last that it wrote was like “worker \d finished job \d+ in \d+ ms”/,
  ],
};

const quotes: Readonly<Record<Subject, RegExp>> = {
  checkout: /error, \d+x from .*connection refused/,
  pricing: /info, \d+x from .*quote &lt;\*&gt; took &lt;\*&gt;/,
  mailer: /info, \d+x from .*worker &lt;\*&gt; finished job/,
};

interface Told {
  readonly source: Source;
  readonly app: Subject;
  readonly root: Message;
  readonly evidence: Message;
  readonly incident: Incident | undefined;
}

async function tellingOf(running: RunningLifeguard, source: Source, app: Subject): Promise<Told> {
  const root = await rootOf(running, app);
  const evidence = await evidenceOf(running, root, app);
  const incident = (await incidentsOf(running, source)).find(({ subject }) => subject.name === app);
  return { source, app, root, evidence, incident };
}

/** The thread says what is wrong, since when, and on what grounds, and soon enough. */
function check({ source, app, root, evidence, incident }: Told, onset: number): void {
  const told = Number(root.ts) * 1000;
  const grounds = Number(evidence.ts) * 1000;
  const name = `${app}, from ${source}`;
  const cause = incident?.cause ?? '';
  process.stdout.write(
    `${name}: told after ${Math.round(told - onset)} ms, evidence ${Math.round(grounds - (incident?.openedAt ?? 0))} ms after the incident\n`,
  );
  const since = causes[app].flatMap((words) => {
    expect(cause).toMatch(words);
    return words.exec(cause)?.groups?.['since'] ?? [];
  });
  expect([minute(onset - 5_000), minute(onset), minute(onset + 5_000)]).toContain(since[0]);
  expect(JSON.stringify(root.blocks)).toContain(`${namespace}/${app}`);
  expect(JSON.stringify(evidence.blocks)).toMatch(quotes[app]);
  expect(incident?.evidence[0]?.kind).toBe('pattern');
  expect(told - onset).toBeLessThan(toldWithinMs[app] + (source === 'loki' ? lokiLatenessMs : 0));
  expect(grounds - (incident?.openedAt ?? 0)).toBeLessThan(5_000);
}

/** The lines that people are shown, and where they were read. */
async function shownLogs({ slack }: RunningLifeguard): Promise<string> {
  await slack.command({ user: approver, channel, text: `/kube logs ${namespace}/mailer` });
  await expect.poll(() => toldTo(slack, approver)).toContain('mailer');
  return JSON.stringify(slack.messages(channel).findLast(({ ephemeral_to: to }) => to === approver)?.blocks);
}

/** Looks that found a silent log, since it was started. */
async function silencesSeen({ port }: RunningLifeguard): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/findings_total\{[^}]*kind="log-silent"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
}

it('an upstream that refuses, a latency that grows and an app that falls silent are explained from pods and from Loki', async () => {
  const ending = new AbortController();
  const lines: CollectedLine[] = [];
  await Promise.all(apps.map((app) => said.run(app)));
  await said.untilReady(apps.length);
  const collecting = said.collect((origin, fresh) => {
    lines.push(...fresh);
    return pushLines(lokiUrl, origin, fresh);
  }, ending.signal);
  onTestFinished(async () => {
    ending.abort();
    await collecting;
  });
  const [pods, loki] = await Promise.all([start('pods'), start('loki')]);
  await pause(calmMs);
  expect([...rootsOf(pods.slack), ...rootsOf(loki.slack)]).toEqual([]);

  const changedAt = Date.now();
  await said.set('checkout', { UPSTREAM: 'http://payments:8081/' });
  await said.set('mailer', { LOG_EVERY_MS: '0' });
  await said.set('quotes', { VERSION: '400' });
  await pause(3_000);
  await said.set('quotes', { VERSION: '1500' });

  const subjects = ['checkout', 'pricing', 'mailer'] as const;
  const told = await Promise.all(
    subjects.flatMap((app) => [tellingOf(pods, 'pods', app), tellingOf(loki, 'loki', app)]),
  );
  const since = lines.filter(({ at }) => at >= changedAt);
  for (const one of told) check(one, onsetOf(one.app, since));
  for (const { slack } of [pods, loki]) await rootWith(slack, 'took 1500 ms, ');
  expect(await shownLogs(pods)).toContain('from the pods');
  expect(await shownLogs(loki)).toContain('from Loki');

  // Another watcher hears the same history, and says nothing new.
  await pods.stop();
  const again = await start('pods', pods);
  await expect.poll(() => silencesSeen(again)).toBeGreaterThan(0);
  for (const running of [again, loki]) expect(rootsOf(running.slack)).toHaveLength(subjects.length);
  for (const { state, timeline } of await incidentsOf(again, 'pods'))
    expect([state, timeline.filter(({ kind }) => kind === 'cleared')]).toEqual(['open', []]);
});
