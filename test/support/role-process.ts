import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { readNumber } from '../../src/core/json.ts';
import { configText, type LifeguardOptions } from './lifeguard.ts';

export interface RoleProcessOptions extends LifeguardOptions {
  readonly redisUrl: string;
  readonly slack: LocalSlack;
}

export interface RoleProcess {
  readonly port: number;
  readonly pid: number;
  /** SIGKILL: it has no time to put anything in order. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** `npm start -- --role …` in a process of its own; resolves when it is up. Killed when the test ends. */
export async function startRoleProcess(options: RoleProcessOptions): Promise<RoleProcess> {
  const { kubeconfig, redisUrl, slack, role = 'all', port = 0 } = options;
  const config = join(await mkdtemp(join(tmpdir(), 'lifeguard-role-')), 'lifeguard.yaml');
  await writeFile(config, configText(options));
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, '--role', role], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      LIFEGUARD_CONFIG: config,
      KUBECONFIG: kubeconfig,
      REDIS_URL: redisUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      PORT: `${port}`,
    },
  });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  const ended = gone.then(([code]) => Promise.reject(new Error(`The role ${role} ended with ${code}.`)));
  ended.catch(() => undefined);
  const up = await Promise.race([portSaid(child.stdout), ended]);
  return { port: up, pid: child.pid ?? 0, kill };
}

/** From the line `Lifeguard is up` of its log. */
async function portSaid(output: NodeJS.ReadableStream): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  createInterface(output).on(
    'line',
    (line) => line.includes('Lifeguard is up') && resolve(readNumber(JSON.parse(line), 'port') ?? 0),
  );
  return await promise;
}
