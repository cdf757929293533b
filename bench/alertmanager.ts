import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../demo/free-port.ts';
import { pause } from './figures.ts';

/** How a program is called: Debian's package, and the project's own archive. */
const names = ['prometheus-alertmanager', 'alertmanager'];

const startMs = 15_000;

export interface AlertmanagerRun {
  readonly alerts: readonly object[];
  /** How long messages are waited for, milliseconds. */
  readonly waitMs: number;
  /** What Slack answers to every message in the first `forMs` milliseconds. */
  readonly refusal?: { readonly status: number; readonly forMs: number };
}

export interface AlertmanagerTimes {
  /** When each message was taken, milliseconds after the alerts were sent. */
  readonly messages: readonly number[];
}

/** The program on the search path; undefined where none is installed. */
export function findAlertmanager(path: string): string | undefined {
  const candidates = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find((file) => existsSync(file));
}

/** Sends alerts to a real Alertmanager with its default timing and a Slack receiver, and listens. */
export async function timeAlertmanager(
  program: string,
  { alerts, waitMs, refusal }: AlertmanagerRun,
): Promise<AlertmanagerTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-alertmanager-'));
  const arrivals: number[] = [];
  let openFrom = 0;
  const slack = createServer((request, response) => {
    request.resume();
    const now = performance.now();
    if (refusal !== undefined && now < openFrom) {
      response.writeHead(refusal.status, { 'retry-after': '2' }).end();
      return;
    }
    arrivals.push(now);
    response.end('ok');
  });
  const slackPort = await listen(slack);
  const port = await freePort();
  await writeFile(join(folder, 'alertmanager.yml'), configOf(slackPort));
  const args = [`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/data`];
  const address = [`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='];
  const child = spawn(program, [...args, ...address], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  try {
    await untilReady(`http://127.0.0.1:${port}/-/ready`);
    const sentAt = performance.now();
    openFrom = sentAt + (refusal?.forMs ?? 0);
    await send(`http://127.0.0.1:${port}/api/v2/alerts`, alerts);
    await pause(waitMs);
    return { messages: arrivals.map((at) => at - sentAt) };
  } finally {
    child.kill('SIGTERM');
    await exited;
    slack.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function configOf(port: number): string {
  return [
    'route: { receiver: slack, group_by: [alertname, namespace] }',
    'receivers:',
    `  - { name: slack, slack_configs: [{ api_url: 'http://127.0.0.1:${port}/', channel: '#ops' }] }`,
  ].join('\n');
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

async function untilReady(url: string): Promise<void> {
  const end = Date.now() + startMs;
  while (Date.now() < end) {
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await pause(100);
  }
  throw new Error('Alertmanager did not become ready.');
}

async function send(url: string, alerts: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(alerts) });
  if (!answer.ok) throw new Error(`Alertmanager refused the alerts: ${await answer.text()}`);
}
