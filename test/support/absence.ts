import { expect, vi } from 'vitest';
import { deploymentManifest, namespaceManifest } from '../../demo/shop.ts';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import type { Message } from '../../demo/slack/messages.ts';
import type { Stage } from '../../demo/stage.ts';
import { readArray, readNumber, readString } from '../../src/core/json.ts';
import { startAlertmanager } from './alertmanager.ts';
import { aNotification, aRawAlert } from './alerts.ts';
import { channel, openSlack, privateRedis } from './lifeguard.ts';
import { soon } from './patience.ts';
import { type RoleProcess, startRoleProcess } from './role-process.ts';
import { isRoot, repliesWith, replyWith, rootsOf, rootWith } from './shop-scenario.ts';

export interface Absence {
  readonly stage: Stage;
  /** Made here, and only watched. */
  readonly namespace: string;
  /** How long Lifeguard is away at least, milliseconds. */
  readonly forMs: number;
  /** Whether Alertmanager says again that the alert has ended, or has to be asked (three times, which takes a minute). */
  readonly alertEnd: 'sent' | 'asked';
}

/**
 * Lifeguard is killed while one fault and one alert are open. While it is away they end, a second fault starts and stays, and a third comes
 * and goes. Answers the beginnings of the channel's messages once Lifeguard is back, and has checked their threads.
 */
export async function playAbsence(absence: Absence): Promise<readonly string[]> {
  const { stage, namespace } = absence;
  await stage.apply(namespaceManifest(namespace));
  const alertmanager = await startAlertmanager();
  const slack = await openSlack();
  const options = {
    kubeconfig: stage.kubeconfig,
    cluster: `{ name: ${namespace}, namespaces: [${namespace}] }`,
    alertmanager: `{ url: '${alertmanager.url}' }`,
    redisUrl: (await privateRedis()).url,
    slack,
  };
  const first = await startRoleProcess(options);
  const { ended, alert } = await openTwo(absence, { slack, process: first, alertmanagerUrl: alertmanager.url });

  await first.kill();
  const killedAt = Date.now();
  await post(`${alertmanager.url}/api/v2/alerts`, [alert.over]);
  await change(absence);
  // What it sent before it was killed was still on its way for a moment.
  const before = textsOf(slack);
  await vi.waitFor(() => expect(Date.now() - killedAt).toBeGreaterThan(absence.forMs), {
    timeout: absence.forMs + 5_000,
    interval: 100,
  });
  expect(textsOf(slack)).toEqual(before);

  const second = await startRoleProcess(options);
  if (absence.alertEnd === 'sent') await sendAlert(second, alert.over);
  await expectTruth({ slack, namespace, ended });
  return rootsOf(slack).map(({ text }) => text.split(' in cluster ')[0] ?? text);
}

/** What `playAbsence` shall answer. */
export function truthOf(namespace: string): readonly string[] {
  return [
    `RESOLVED: ${namespace}/ended: crash loop`,
    `RESOLVED: ${namespace}/quiet: alert PodsFailing fires`,
    `CRITICAL: ${namespace}/stays: crash loop`,
  ];
}

interface Opening {
  readonly slack: LocalSlack;
  readonly process: RoleProcess;
  readonly alertmanagerUrl: string;
}

/** One crash loop and one alert are told. */
async function openTwo({ stage, namespace }: Absence, { slack, process, alertmanagerUrl }: Opening) {
  for (const name of ['came', 'stays', 'quiet']) await release(stage, namespace, name, 'good');
  await stage.waitUntilSettled(namespace, ['deployments/came', 'deployments/stays', 'deployments/quiet']);
  await release(stage, namespace, 'ended', 'bad');
  const ended = await rootWith(slack, `${namespace}/ended: crash loop`);
  const labels = { namespace, deployment: 'quiet' };
  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const firing = aRawAlert(labels, { startsAt, endsAt: undefined });
  await post(`${alertmanagerUrl}/api/v2/alerts`, [firing]);
  const fingerprint = await onlyFingerprint(alertmanagerUrl);
  await sendAlert(process, { ...firing, fingerprint });
  await rootWith(slack, `${namespace}/quiet: alert PodsFailing fires`);
  const endsAt = new Date().toISOString();
  return { ended, alert: { over: { ...firing, fingerprint, status: 'resolved', endsAt } } };
}

/** What happens while nobody looks. */
async function change({ stage, namespace }: Absence): Promise<void> {
  await release(stage, namespace, 'came', 'bad');
  await release(stage, namespace, 'stays', 'bad');
  await release(stage, namespace, 'ended', 'good');
  await crashedTwice(stage, namespace, 'came');
  await crashedTwice(stage, namespace, 'stays');
  await release(stage, namespace, 'came', 'good');
  await stage.waitUntilSettled(namespace, ['deployments/came', 'deployments/ended']);
}

interface Told {
  readonly slack: LocalSlack;
  readonly namespace: string;
  /** The message of the fault that ended, as it was before. */
  readonly ended: Message;
}

async function expectTruth({ slack, namespace, ended }: Told): Promise<void> {
  const stays = await rootWith(slack, `${namespace}/stays: crash loop`, 'op:approve', 'test.local/app:1.0.1');
  expect((await rootWith(slack, '[RESOLVED]', `${namespace}/ended: crash loop`)).ts).toBe(ended.ts);
  const alert = await slack.waitForMessage(
    (message) => isRoot(message) && message.text.startsWith(`RESOLVED: ${namespace}/quiet: alert PodsFailing fires`),
    { timeoutMs: 120_000 },
  );
  for (const root of [ended, alert]) await replyWith(slack, root, 'Resolved: ');
  for (const { ts } of [ended, alert]) {
    const [root = ended] = rootsOf(slack).filter((one) => one.ts === ts);
    expect(JSON.stringify(root)).not.toContain('op:');
    expect(repliesWith(slack, root, 'It is back')).toEqual([]);
    expect(repliesWith(slack, root, 'Resolved')).toHaveLength(1);
  }
  // A release of it may be named among what changed around the fault that stays; its own trouble is over and was nobody's.
  expect(rootsOf(slack).filter(({ text }) => text.includes(`${namespace}/came`))).toEqual([]);
  expect(textsOf(slack).filter((text) => text.includes(`${namespace}/came: crash loop`))).toEqual([]);
  const threads = [ended, alert, stays].map(({ ts }) => slack.thread(channel, ts).map(({ text }) => text));
  for (const thread of threads) expect(thread).toEqual([...new Set(thread)]);
}

function release(stage: Stage, namespace: string, name: string, how: 'good' | 'bad'): Promise<void> {
  const app = { name, replicas: 1, version: how === 'good' ? '1.0.0' : '1.0.1' };
  const env = how === 'good' ? {} : { CRASH_AFTER_S: '2', CRASH_LOG: 'cannot reach payments' };
  return stage.apply(deploymentManifest(namespace, { ...app, env }));
}

async function crashedTwice(stage: Stage, namespace: string, app: string): Promise<void> {
  await vi.waitFor(async () => {
    const pods = readArray(await stage.get(`/api/v1/namespaces/${namespace}/pods`), 'items');
    const restarts = pods
      .filter((pod) => readString(pod, 'metadata', 'labels', 'app') === app)
      .flatMap((pod) => readArray(pod, 'status', 'containerStatuses'))
      .map((status) => readNumber(status, 'restartCount') ?? 0);
    expect(Math.max(0, ...restarts)).toBeGreaterThanOrEqual(2);
  }, soon);
}

async function onlyFingerprint(url: string): Promise<string> {
  const answer: unknown = await (await fetch(`${url}/api/v2/alerts`)).json();
  return readString(Array.isArray(answer) ? answer[0] : undefined, 'fingerprint') ?? '';
}

function sendAlert({ port }: RoleProcess, alert: Readonly<Record<string, unknown>>): Promise<void> {
  return post(`http://127.0.0.1:${port}/webhooks/alertmanager`, JSON.parse(aNotification([alert])));
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

/** All that the channel shows, threads included. */
function textsOf(slack: LocalSlack): readonly string[] {
  return slack.messages(channel).map((message) => JSON.stringify(message));
}
