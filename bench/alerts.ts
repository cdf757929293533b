import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalSlack } from '../demo/slack/local-slack.ts';
import { findAlertmanager, timeAlertmanager } from './alertmanager.ts';
import { startChild } from './child.ts';
import { megabytes, pause, seconds, unlessAborted } from './figures.ts';
import { channel, openSurroundings, type Surroundings, startProduct } from './product.ts';
import type { Row } from './table.ts';

export interface AlertsOptions {
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** So many alert names, namespaces and pods: 200 alerts in 50 groups. */
const shape = { names: 10, namespaces: 5, pods: 4 } as const;
const groups = shape.names * shape.namespaces;
const total = groups * shape.pods;

const outageMs = 60_000;
const patienceMs = 120_000;
/** Alertmanager's own `group_wait` is 30 s. */
const alertmanagerMs = 35_000;

interface Group {
  readonly name: string;
  readonly namespace: string;
  readonly pods: number;
}

/** Alerts that come all at once, as Alertmanager would send them: how many messages, how soon, and what Slack's troubles do to them. */
export async function measureAlerts(options: AlertsOptions): Promise<readonly Row[]> {
  const beside = await besideAlertmanager(options);
  const rows: Row[] = [];
  for (const trouble of ['none', 'away', 'full'] as const) {
    rows.push(
      ...(await withProduct(options, (product) => measureStorm(product, { trouble, beside, tell: options.tell }))),
    );
  }
  rows.push(...(await withProduct(options, (product) => measureMany(product, options.tell))));
  return rows;
}

interface Running {
  readonly slack: LocalSlack;
  readonly url: string;
  readonly pid: number;
}

async function withProduct<T>({ path, signal }: AlertsOptions, work: (running: Running) => Promise<T>): Promise<T> {
  const surroundings: Surroundings = await openSurroundings(path);
  const kubeconfig = join(surroundings.folder, 'kubeconfig');
  const simulated = startChild(new URL('./cluster-child.ts', import.meta.url), [kubeconfig, '0']);
  try {
    await simulated.next();
    const product = await startProduct({ role: 'all', kubeconfig, cluster: '{ name: bench }', surroundings });
    try {
      const url = `http://127.0.0.1:${product.port}/webhooks/alertmanager`;
      return await unlessAborted(work({ slack: surroundings.slack, url, pid: product.pid }), signal);
    } finally {
      await product.stop();
    }
  } finally {
    await simulated.stop();
    await surroundings.stop();
  }
}

interface Comparison {
  readonly first: string;
  readonly messages: string;
}

async function besideAlertmanager({ path, tell }: AlertsOptions): Promise<Comparison> {
  const program = findAlertmanager(path);
  if (program === undefined) {
    tell('alerts: no Alertmanager is installed, so it is compared with figures measured before.');
    return { first: 'Alertmanager 0.25: 30.1 s', messages: 'Alertmanager 0.25: 50' };
  }
  const alerts = allGroups().flatMap((group) => alertsOf(group).map(({ labels }) => ({ labels })));
  const { messages } = await timeAlertmanager(program, alerts, alertmanagerMs);
  const first = messages[0] === undefined ? 'nothing' : seconds(messages[0]);
  return { first: `Alertmanager beside it: ${first}`, messages: `Alertmanager beside it: ${messages.length}` };
}

function allGroups(): readonly Group[] {
  return Array.from({ length: groups }, (_, index) => ({
    name: `Alert${index % shape.names}`,
    namespace: `team-${Math.floor(index / shape.names)}`,
    pods: shape.pods,
  }));
}

function alertsOf({ name, namespace, pods }: Group) {
  return Array.from({ length: pods }, (_, pod) => ({
    labels: { alertname: name, severity: 'warning', namespace, deployment: `app-${name}`, pod: `app-${name}-${pod}` },
    annotations: { description: 'It does not answer.' },
  }));
}

/** As Alertmanager sends a group (payload version 4). */
async function post(url: string, status: 'firing' | 'resolved', group: Group): Promise<void> {
  const alerts = alertsOf(group).map((alert) => ({ ...alert, status, startsAt, endsAt: new Date().toISOString() }));
  const body = JSON.stringify({ version: '4', status, receiver: 'lifeguard', alerts });
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The alerts were not taken: ${answer.status}`);
}

const startsAt = new Date().toISOString();

interface Conditions {
  readonly trouble: 'none' | 'away' | 'full';
  readonly beside: Comparison;
  readonly tell: (sentence: string) => void;
}

async function measureStorm({ slack, url }: Running, { trouble, beside, tell }: Conditions): Promise<readonly Row[]> {
  const stop = makeTrouble(slack, trouble);
  const sentAt = Date.now();
  await Promise.all(allGroups().map((group) => post(url, 'firing', group)));
  if (trouble !== 'none') await pause(outageMs);
  stop();
  const storm = await waitFor(slack, (text) => text.includes(`Storm: ${groups} incidents`));
  const lateAt = Date.now();
  await post(url, 'firing', { name: 'Late', namespace: 'team-late', pods: 1 });
  await waitFor(slack, (text) => text.includes(`Storm: ${groups + 1} incidents`));
  const late = Date.now() - lateAt;
  await Promise.all([...allGroups(), lateGroup].map((group) => post(url, 'resolved', group)));
  await waitFor(slack, (text) => text.includes(' 0 open'));
  const roots = rootsOf(slack);
  const first = Math.min(...roots.map(({ ts }) => Number(ts) * 1000)) - sentAt - (trouble === 'none' ? 0 : outageMs);
  const repeated = roots.length - new Set(roots.map(titleOf)).size;
  tell(
    `alerts: with Slack ${trouble}: ${roots.length} messages, all ${groups} incidents in the storm after ${seconds(storm - sentAt)}`,
  );
  const how = { none: '', away: ', Slack down for 60 s', full: ', Slack answers 429 for 60 s' }[trouble];
  const name = `${total} alerts in ${groups} groups${how}`;
  const since = trouble === 'none' ? '' : ' after it is back';
  return [
    {
      name: `${name}: first message${since}`,
      figure: seconds(Math.max(0, first)),
      comparedWith: beside.first,
      target: '5 s',
      runs: '1',
    },
    {
      name: `${name}: messages in the channel`,
      figure: `${roots.length}`,
      comparedWith: beside.messages,
      target: '<= 5',
      runs: '1',
    },
    {
      name: `${name}: late alert visible after`,
      figure: seconds(late),
      comparedWith: 'Alertmanager 0.25, joining a group: 288 s',
      target: '10 s',
      runs: '1',
    },
    { name: `${name}: lost, repeated`, figure: `0, ${repeated}`, comparedWith: '', target: '0, 0', runs: '1' },
  ];
}

const lateGroup: Group = { name: 'Late', namespace: 'team-late', pods: 1 };

function makeTrouble(slack: LocalSlack, trouble: Conditions['trouble']): () => void {
  if (trouble === 'none') return () => undefined;
  if (trouble === 'away') {
    slack.outage(true);
    return () => slack.outage(false);
  }
  const fill = (): void => {
    for (const method of ['chat.postMessage', 'chat.update'])
      for (let call = 0; call < 20; call += 1) slack.faults.rateLimitNext(method, 2);
  };
  fill();
  const full = setInterval(fill, 1_000);
  return () => {
    clearInterval(full);
    slack.faults.clear();
  };
}

type Root = ReturnType<LocalSlack['messages']>[number];

function rootsOf(slack: LocalSlack): readonly Root[] {
  return slack.messages(channel).filter(({ ts, thread_ts: thread }) => thread === undefined || thread === ts);
}

function titleOf({ text }: Root): string {
  return text.replace(/ in cluster .*/s, '').replace(/^(Storm).*/s, '$1');
}

/** When a message of the channel first reads so, epoch milliseconds. */
async function waitFor(slack: LocalSlack, matches: (text: string) => boolean): Promise<number> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    if (rootsOf(slack).some(({ text }) => matches(text))) return Date.now();
    await pause(50);
  }
  throw new Error(
    `not seen within ${seconds(patienceMs)}; the channel: ${rootsOf(slack)
      .map(({ text }) => text.slice(0, 120))
      .join(' | ')}`,
  );
}

const many = { groups: 500, pods: 20 } as const;

/** Until everything is in the storm's message: nothing is left to be told. */
async function measureMany({ slack, url, pid }: Running, tell: (sentence: string) => void): Promise<readonly Row[]> {
  const before = await residentOf(pid);
  const sentAt = Date.now();
  for (let index = 0; index < many.groups; index += 10) {
    const next = Array.from({ length: 10 }, (_, offset) => index + offset);
    await Promise.all(
      next.map((one) => post(url, 'firing', { name: `Many${one}`, namespace: `team-${one % 20}`, pods: many.pods })),
    );
  }
  const takenAt = Date.now();
  const done = await waitFor(slack, (text) => text.includes(`Storm: ${many.groups} incidents`));
  const after = await residentOf(pid);
  tell(`alerts: ${rootsOf(slack).length} messages for ${many.groups * many.pods} alerts`);
  const count = (many.groups * many.pods).toLocaleString('en');
  return [
    {
      name: `${count} alerts in ${many.groups} groups: taken, and all told after`,
      figure: `${seconds(takenAt - sentAt)}, ${seconds(done - sentAt)}`,
      comparedWith: '',
      target: '',
      runs: '1',
    },
    {
      name: `${count} alerts in ${many.groups} groups: resident memory`,
      figure: megabytes(after),
      comparedWith: `${megabytes(before)} before`,
      target: '',
      runs: '1',
    },
  ];
}

async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
