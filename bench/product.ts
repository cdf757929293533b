import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type RedisServer, startRedis } from '../demo/redis.ts';
import { type LocalSlack, startLocalSlack } from '../demo/slack/local-slack.ts';
import type { RoleName } from '../src/composition/environment.ts';
import { readNumber } from '../src/core/json.ts';
import { pause } from './figures.ts';

/** What Lifeguard runs beside: a local Slack in this process, and Redis. */
export interface Surroundings {
  readonly slack: LocalSlack;
  readonly redis: RedisServer;
  /** A folder for configuration files that goes at the end. */
  readonly folder: string;
  stop(): Promise<void>;
}

export interface Product {
  readonly pid: number;
  /** Where it takes webhooks. */
  readonly port: number;
  stop(): Promise<void>;
}

export interface ProductOptions {
  readonly role: RoleName;
  readonly kubeconfig: string;
  /** YAML of the `cluster` section, flow style. */
  readonly cluster: string;
  readonly surroundings: Surroundings;
  /** Where the leader's Lease is kept. */
  readonly podNamespace?: string;
  /** New incidents within five minutes that are not a storm yet. */
  readonly storm?: number;
  /** Absent: rules only. */
  readonly model?: { readonly url: string; readonly name: string };
}

export const channel = 'C_OPS';
export const approver = 'U_ANA';

/** Quick to be sure, and no budget that ten runs would use up. */
const policy = [
  'policy:',
  '  autonomy: suggest',
  '  attempts: { backoffSeconds: 2 }',
  '  budget: { cluster: 1000, namespace: 1000 }',
  '  verification: { stableForSeconds: 3, deadlineSeconds: 40 }',
];

const readyWithinMs = 20_000;
const main = new URL('../src/main.ts', import.meta.url).pathname;

export async function openSurroundings(path: string): Promise<Surroundings> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-bench-'));
  const redis = await startRedis({ path });
  const manifest: unknown = JSON.parse(await readFile(new URL('../slack-manifest.json', import.meta.url), 'utf8'));
  const slack = await startLocalSlack({ manifest });
  return {
    slack,
    redis,
    folder,
    async stop() {
      await slack.stop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One role as people start it, in a process of its own; resolves when it says it is ready. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { role, kubeconfig, cluster, surroundings, podNamespace = 'default', storm = 4, model } = options;
  const { slack, redis, folder } = surroundings;
  const config = join(folder, 'lifeguard.yaml');
  const roles = `{ default: viewer, users: { ${approver}: approver } }`;
  await writeFile(
    config,
    [
      `cluster: ${cluster}`,
      `slack: { channel: ${channel}, roles: ${roles}, storm: { incidents: ${storm} } }`,
      ...policy,
      ...(model === undefined ? [] : [`model: { name: ${model.name} }`]),
    ].join('\n'),
  );
  const child = spawn(process.execPath, [main, '--role', role], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      LIFEGUARD_CONFIG: config,
      KUBECONFIG: kubeconfig,
      REDIS_URL: redis.url,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      POD_NAMESPACE: podNamespace,
      LOG_LEVEL: 'info',
      PORT: '0',
      ...(model === undefined ? {} : { OPENAI_BASE_URL: model.url }),
    },
  });
  const port = await readPort(child);
  await untilReady(child, `http://127.0.0.1:${port}/readyz`);
  return { pid: child.pid ?? 0, port, stop: () => ended(child) };
}

/** From the line `Lifeguard is up` of its log. Its later lines are read and dropped. */
function readPort(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('exit', (code) => reject(new Error(`Lifeguard ended with code ${code}.`)));
  if (child.stdout === null) return Promise.reject(new Error('Lifeguard has no output.'));
  createInterface(child.stdout).on('line', (line) => {
    const port = line.startsWith('{') ? readNumber(JSON.parse(line), 'port') : undefined;
    if (port !== undefined) resolve(port);
  });
  return promise;
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const start = Date.now();
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`Lifeguard ended with code ${child.exitCode}.`);
    if (Date.now() - start > readyWithinMs) {
      await ended(child);
      throw new Error('Lifeguard did not become ready.');
    }
    await pause(100);
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  child.kill('SIGTERM');
  await promise;
}
