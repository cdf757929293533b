import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { scriptedName } from '../../demo/model/scripted-model.ts';
import { type RedisServer, startRedis } from '../../demo/redis.ts';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/local-slack.ts';
import manifest from '../../slack-manifest.json' with { type: 'json' };
import type { RoleName } from '../../src/composition/environment.ts';
import { parseConfig, type Running, runLifeguard } from '../../src/composition/run.ts';
import { createLog } from '../../src/platform/logging/log.ts';

export interface LifeguardOptions {
  readonly kubeconfig: string;
  /** YAML of the `policy` section, flow style; quick to be sure unless said otherwise. */
  readonly policy?: string;
  /** YAML of the `cluster` section, flow style. */
  readonly cluster?: string;
  /** YAML of the `alertmanager` section, flow style. */
  readonly alertmanager?: string;
  /** YAML of the `prometheus` section, flow style. */
  readonly prometheus?: string;
  /** YAML of the `logs` section, flow style. */
  readonly logs?: string;
  /** YAML of the `incidents` section, flow style. */
  readonly incidents?: string;
  /** YAML of the `audit` section, flow style. */
  readonly audit?: string;
  /** YAML of the `detectors` section, flow style. */
  readonly detectors?: string;
  /** Where a model answers; none otherwise. */
  readonly modelUrl?: string;
  /** Default: a socket. */
  readonly slackMode?: 'socket' | 'http';
  readonly role?: RoleName;
  /** Default: any free one. */
  readonly port?: number;
  /** Share these with another Lifeguard; fresh ones otherwise. */
  readonly slack?: LocalSlack;
  readonly redisUrl?: string;
}

export interface RunningLifeguard extends Running {
  readonly slack: LocalSlack;
  readonly redisUrl: string;
  /** What it logged, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

export const channel = 'C_OPS';
export const approver = 'U_ANA';

/** Quick settings, so that a proof takes seconds. */
const quickPolicy =
  '{ autonomy: suggest, attempts: { backoffSeconds: 2 }, verification: { stableForSeconds: 3, deadlineSeconds: 40 } }';

/** A private Redis for the running test, with its data in a folder that survives a restart on the same port. */
export async function privateRedis(port = 0): Promise<RedisServer & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-test-redis-'));
  const server = await startRedis({ path: process.env['PATH'] ?? '', folder, port });
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { ...server, folder };
}

/** The whole product in this process, over a local Slack and a private Redis, on the given cluster. Stopped when the test ends. */
export async function startLifeguard(options: LifeguardOptions): Promise<RunningLifeguard> {
  const redisUrl = options.redisUrl ?? (await privateRedis()).url;
  const slack = options.slack ?? (await openSlack());
  const log: Record<string, unknown>[] = [];
  const running = await runLifeguard({
    role: options.role ?? 'all',
    config: parseConfig(configText(options), 'test.yaml'),
    log: createLog({ level: 'debug', stream: { write: (line) => void log.push(JSON.parse(line)) } }),
    environment: {
      redisUrl,
      kubeconfig: options.kubeconfig,
      slackBotToken: slack.botToken,
      slackAppToken: slack.appToken,
      slackSigningSecret: slack.signingSecret,
      slackApiUrl: slack.apiUrl,
      modelUrl: options.modelUrl,
      port: options.port ?? 0,
    },
    onFatal: (error) => log.push({ fatal: error.message }),
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= running.stop());
  onTestFinished(stop);
  return { port: running.port, stop, slack, redisUrl, log };
}

/** A local Slack with our own manifest. Its rules are checked when the test ends. */
export async function openSlack(): Promise<LocalSlack> {
  const slack = await startLocalSlack({ manifest });
  onTestFinished(async () => {
    await slack.stop();
    slack.assertNoViolations();
  });
  return slack;
}

/** `lifeguard.yaml` with quick settings, two people with roles, and what `options` say. */
export function configText({
  policy = quickPolicy,
  cluster = '{ name: test }',
  detectors = '{}',
  alertmanager = '{}',
  prometheus = '{}',
  logs = '{}',
  incidents = '{}',
  audit = '{}',
  modelUrl,
  slackMode = 'socket',
}: LifeguardOptions): string {
  const roles = '{ default: viewer, users: { U_ANA: approver, U_CHI: admin } }';
  return `cluster: ${cluster}\nslack: { mode: ${slackMode}, channel: ${channel}, roles: ${roles} }\npolicy: ${policy}\ndetectors: ${detectors}\nalertmanager: ${alertmanager}\nprometheus: ${prometheus}\nlogs: ${logs}\nincidents: ${incidents}\naudit: ${audit}\n${modelSection(modelUrl)}`;
}

function modelSection(url: string | undefined): string {
  return url === undefined ? '' : `model: { name: ${scriptedName} }\n`;
}
