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
/** How long the messages of Alertmanager are waited for: its `group_wait` is 30 s, and what Slack has refused is tried again after its `group_interval`, 5 min. */
const alertmanagerMs = { none: 35_000, away: 370_000, full: 370_000 } as const;
const statusOf = { none: 200, away: 503, full: 429 } as const;
const troubles = ['none', 'away', 'full'] as const;
type Trouble = (typeof troubles)[number];

interface Group {
  readonly name: string;
  readonly namespace: string;
  readonly pods: number;
}

/** Alerts that come all at once, as Alertmanager would send them: how many messages, how soon, and what Slack's troubles do to them. */
export async function measureAlerts(options: AlertsOptions): Promise<readonly Row[]> {
  const beside = Promise.all(troubles.map((trouble) => besideAlertmanager(options, trouble)));
  beside.catch(() => undefined);
  const storms: Storm[] = [];
  for (const trouble of troubles)
    storms.push(await withProduct(options, (product) => measureStorm(product, trouble, options.tell)));
  const many = await withProduct(options, (product) => measureMany(product, options.tell));
  const compared = await unlessAborted(beside, options.signal);
  return [...troubles.flatMap((trouble, index) => rowsOf(trouble, storms[index], compared[index])), ...many];
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
  readonly lost: string;
}

/** Alertmanager under the same trouble. What was measured before stands in where none is installed. */
async function besideAlertmanager({ path, tell }: AlertsOptions, trouble: Trouble): Promise<Comparison> {
  const program = findAlertmanager(path);
  if (program === undefined) {
    tell('alerts: no Alertmanager is installed, so it is compared with figures measured before.');
    return trouble === 'none'
      ? { first: 'Alertmanager 0.25: 30.1 s', messages: 'Alertmanager 0.25: 50', lost: '' }
      : { first: '', messages: '', lost: '' };
  }
  // As Prometheus would by sending them again and again, so that none ends while it waits.
  const endsAt = new Date(Date.now() + 3_600_000).toISOString();
  const alerts = allGroups().flatMap((group) => alertsOf(group).map(({ labels }) => ({ labels, endsAt })));
  const refusal = trouble === 'none' ? {} : { refusal: { status: statusOf[trouble], forMs: outageMs } };
  const { messages } = await timeAlertmanager(program, { alerts, waitMs: alertmanagerMs[trouble], ...refusal });
  const after = trouble === 'none' ? 0 : outageMs;
  const [first, last] = [messages[0], messages.at(-1)];
  const times =
    first === undefined || last === undefined
      ? 'nothing'
      : `${seconds(first - after)}, the last ${seconds(last - after)}`;
  return {
    first: `Alertmanager beside it: ${times}`,
    messages: `Alertmanager beside it: ${messages.length}`,
    lost: `Alertmanager beside it: ${Math.max(0, groups - messages.length)} not told within ${seconds(alertmanagerMs[trouble])}`,
  };
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

interface Storm {
  /** Until the first message, or since Slack is back, milliseconds. */
  readonly first: number;
  readonly messages: number;
  /** Until the late alert is counted, milliseconds. */
  readonly late: number | undefined;
  /** Incidents that no message counts at the end. */
  readonly lost: number;
  /** Messages that say the same again. */
  readonly repeated: number;
}

async function measureStorm({ slack, url }: Running, trouble: Trouble, tell: (sentence: string) => void) {
  const stop = makeTrouble(slack, trouble);
  const sentAt = Date.now();
  await Promise.all(allGroups().map((group) => post(url, 'firing', group)));
  if (trouble !== 'none') await pause(outageMs);
  stop();
  const storm = await waitFor(slack, (text) => countedIn(text) >= groups);
  const lateAt = Date.now();
  await post(url, 'firing', lateGroup);
  const late = await waitFor(slack, (text) => countedIn(text) > groups);
  await Promise.all([...allGroups(), lateGroup].map((group) => post(url, 'resolved', group)));
  await waitFor(slack, (text) => text.includes(' 0 open'));
  const roots = rootsOf(slack);
  const told = storm === undefined ? 'not all' : `all after ${seconds(storm - sentAt)}`;
  tell(`alerts: with Slack ${trouble}: ${roots.length} messages, of the ${groups} incidents ${told} in the storm`);
  const earliest = Math.min(...roots.map(({ ts }) => Number(ts) * 1000));
  return {
    first: Math.max(0, earliest - sentAt - (trouble === 'none' ? 0 : outageMs)),
    messages: roots.length,
    late: late === undefined ? undefined : late - lateAt,
    lost: groups + 1 - Math.max(...roots.map(({ text }) => countedIn(text)), roots.length),
    repeated: roots.length - new Set(roots.map(titleOf)).size,
  };
}

/** How many incidents a message of a storm counts; 1 for that of an incident. */
function countedIn(text: string): number {
  return Number(/^Storm(?: over)?: (\d+) incident/.exec(text)?.[1] ?? 1);
}

function rowsOf(trouble: Trouble, storm: Storm | undefined, beside: Comparison | undefined): readonly Row[] {
  if (storm === undefined || beside === undefined) return [];
  const how = { none: '', away: ', Slack down for 60 s', full: ', Slack answers 429 for 60 s' }[trouble];
  const name = `${total} alerts in ${groups} groups${how}`;
  const since = trouble === 'none' ? '' : ' after it is back';
  const row = (what: string, figure: string, rest: Pick<Row, 'comparedWith' | 'target'>): Row => ({
    name: `${name}: ${what}`,
    figure,
    ...rest,
    runs: '1',
  });
  const late = storm.late === undefined ? `not within ${seconds(patienceMs)}` : seconds(storm.late);
  return [
    row(`first message${since}`, seconds(storm.first), { comparedWith: beside.first, target: '5 s' }),
    row('messages in the channel', `${storm.messages}`, { comparedWith: beside.messages, target: '<= 5' }),
    row('late alert visible after', late, {
      comparedWith: 'Alertmanager 0.25, joining a group: 288 s',
      target: '10 s',
    }),
    row('lost, repeated', `${storm.lost}, ${storm.repeated}`, { comparedWith: beside.lost, target: '0, 0' }),
  ];
}

const lateGroup: Group = { name: 'Late', namespace: 'team-late', pods: 1 };

function makeTrouble(slack: LocalSlack, trouble: Trouble): () => void {
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

/** When a message of the channel first reads so, epoch milliseconds; undefined where none does in time. */
async function waitFor(slack: LocalSlack, matches: (text: string) => boolean): Promise<number | undefined> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    if (rootsOf(slack).some(({ text }) => matches(text))) return Date.now();
    await pause(50);
  }
  return undefined;
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
  const done = await waitFor(slack, (text) => countedIn(text) >= many.groups);
  const after = await residentOf(pid);
  const counted = Math.max(...rootsOf(slack).map(({ text }) => countedIn(text)));
  tell(`alerts: ${rootsOf(slack).length} messages for ${many.groups * many.pods} alerts, ${counted} incidents told`);
  const count = (many.groups * many.pods).toLocaleString('en');
  return [
    {
      name: `${count} alerts in ${many.groups} groups: taken, and all told after`,
      figure: `${seconds(takenAt - sentAt)}, ${done === undefined ? 'not all' : seconds(done - sentAt)}`,
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
