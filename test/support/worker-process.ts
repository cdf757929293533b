import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { configText } from './lifeguard.ts';

interface Surroundings {
  readonly kubeconfig: string;
  readonly redisUrl: string;
  readonly slack: LocalSlack;
}

export interface WorkerProcess {
  /** SIGKILL: it has no time to put anything in order. */
  kill(): void;
}

/** `npm start -- --role worker` in a process of its own; resolves when it is up. Killed when the test ends. */
export async function startWorkerProcess({ kubeconfig, redisUrl, slack }: Surroundings): Promise<WorkerProcess> {
  const config = join(await mkdtemp(join(tmpdir(), 'lifeguard-worker-')), 'lifeguard.yaml');
  await writeFile(config, configText({ kubeconfig }));
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, '--role', 'worker'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      LIFEGUARD_CONFIG: config,
      KUBECONFIG: kubeconfig,
      REDIS_URL: redisUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      PORT: '0',
    },
  });
  const kill = (): void => void child.kill('SIGKILL');
  onTestFinished(kill);
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The worker ended with ${code}.`)));
  ended.catch(() => undefined);
  await Promise.race([saidUp(child.stdout), ended]);
  return { kill };
}

async function saidUp(output: NodeJS.ReadableStream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  createInterface(output).on('line', (line) => line.includes('Lifeguard is up') && resolve());
  await promise;
}
