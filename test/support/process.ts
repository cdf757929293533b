import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { configText } from './lifeguard.ts';
import { soon } from './patience.ts';

type Settings = Readonly<Record<string, string | undefined>>;

export interface ProcessOptions {
  /** What differs from `soundSettings`; undefined takes a setting away. */
  readonly env?: Settings;
  readonly args?: readonly string[];
  /** Text of `lifeguard.yaml`; sound unless given, no file with null. */
  readonly config?: string | null;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LifeguardProcess {
  /** Its log, as text, so far. */
  output(): string;
  /** Waits until its log shows this; fails when the process ends before. */
  untilLogged(text: string | RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
  /** Asks it to stop, as Kubernetes does. */
  terminate(): Promise<Ended>;
}

/** Tokens that look right to whoever does not ask Slack. */
const tokens = {
  SLACK_BOT_TOKEN: 'xoxb-100000000001-200000000002-abcDEFghiJKLmnoPQRstu',
  SLACK_APP_TOKEN: 'xapp-1-A0000000001-300000000003-abcdef0123456789abcdef0123456789',
};

/** Nothing listens on port 1 of this machine. */
export const closedPort = 1;

const kubeToken = 'kube-token-a1b2c3d4e5';

/** A kubeconfig as one line of YAML. */
export function kubeconfigFor(server: string, user: object = { token: kubeToken }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'one',
    clusters: [{ name: 'one', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user }],
    contexts: [{ name: 'one', context: { cluster: 'one', user: 'me' } }],
  });
}

/** `src/main.ts` in a process and a folder of its own. Killed, and the folder removed, when the test ends. */
export async function startProcess({ env = {}, args = [], config }: ProcessOptions = {}): Promise<LifeguardProcess> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'kubeconfig'), kubeconfigFor(`https://127.0.0.1:${closedPort}`));
  if (config !== null) await writeFile(join(folder, 'lifeguard.yaml'), config ?? configText({ kubeconfig: '' }));
  const sound = {
    ...tokens,
    SLACK_API_URL: `http://127.0.0.1:${closedPort}/api/`,
    REDIS_URL: `redis://127.0.0.1:${closedPort}`,
    KUBECONFIG: join(folder, 'kubeconfig'),
    PORT: '0',
  };
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...sound, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  return {
    output: () => stdout,
    ended,
    async untilLogged(text) {
      const early = ended.then(({ code }) => Promise.reject(new Error(`It ended with ${code}: ${stderr}`)));
      early.catch(() => undefined);
      const seen = vi.waitFor(() => expect(stdout).toMatch(text), soon);
      await Promise.race([seen, early]);
    },
    async terminate() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Runs it to its end. Fails where it shows a stack trace or one of its secrets, whatever it ended for. */
export async function runProcess(options: ProcessOptions = {}): Promise<Ended> {
  const ended = await (await startProcess(options)).ended;
  const shown = `${ended.stdout}\n${ended.stderr}`;
  expect(shown).not.toMatch(/\n\s+at /);
  for (const secret of secretsOf({ ...tokens, ...options.env })) expect(shown).not.toContain(secret);
  return ended;
}

function secretsOf(env: Settings): string[] {
  const password = /:([^:@]+)@/.exec(env['REDIS_URL'] ?? '')?.[1];
  const all = [env['SLACK_BOT_TOKEN'], env['SLACK_APP_TOKEN'], env['SLACK_SIGNING_SECRET'], password, kubeToken];
  return all.flatMap((secret) => (secret === undefined || secret.length < 5 ? [] : [secret]));
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-process-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A port of this machine that is taken until the test ends. */
export async function takePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
