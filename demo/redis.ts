import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

export interface RedisServer {
  readonly url: string;
  /** The process, where this started one. */
  readonly pid?: number;
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** Use this one and start none. */
  readonly url?: string | undefined;
  /** The search path for programs (`PATH`). */
  readonly path: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Kept when given, so that a restart finds its data; otherwise a new folder that goes with the server. */
  readonly folder?: string;
  readonly onProgress?: (sentence: string) => void;
}

/** How long a server may take to answer, milliseconds. */
const startMs = 60_000;

/** Debian's packages that together run without being installed. */
const packages = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1'];

const help = [
  'There is no Redis: set REDIS_URL, or install one.',
  '  Debian, Ubuntu: apt-get install redis-server',
  '  macOS:          brew install redis',
  '  Fedora:         dnf install valkey',
].join('\n');

/** Redis for the demo and the tests: the one at `url`, one from the path, or Debian's package unpacked into `.cache`. */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  if (options.url !== undefined && options.url !== '') return { url: options.url, stop: () => Promise.resolve() };
  const program = (await findProgram(options.path)) ?? (await unpackDebian(options.onProgress ?? (() => undefined)));
  const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'lifeguard-redis-')));
  const settings = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    'noeviction',
  ];
  const server = spawn(program.command, settings, { stdio: 'ignore', env: program.env });
  const url = `redis://127.0.0.1:${port}`;
  await answers(url, server);
  return {
    url,
    ...(server.pid === undefined ? {} : { pid: server.pid }),
    async stop() {
      await ended(server);
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Program {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

async function findProgram(path: string): Promise<Program | undefined> {
  const candidates = path
    .split(delimiter)
    .flatMap((folder) => ['redis-server', 'valkey-server'].map((name) => join(folder, name)));
  for (const command of candidates) if (await exists(command)) return { command, env: { PATH: path } };
  return undefined;
}

/** Works without root: the packages are downloaded and unpacked, not installed. */
async function unpackDebian(onProgress: (sentence: string) => void): Promise<Program> {
  const folder = join(process.cwd(), '.cache', 'redis');
  const command = join(folder, 'usr', 'bin', 'redis-server');
  if (!(await exists(command))) {
    onProgress("No Redis on the path: fetching Debian's package into .cache/redis.");
    await mkdir(folder, { recursive: true });
    try {
      await run('apt-get', ['download', ...packages], { cwd: folder });
      const archives = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
      for (const archive of archives) await run('dpkg', ['-x', archive, '.'], { cwd: folder });
    } catch (error) {
      throw new Error(help, { cause: error });
    }
  }
  const libraries = (await readdir(join(folder, 'usr', 'lib'))).map((name) => join(folder, 'usr', 'lib', name));
  return { command, env: { LD_LIBRARY_PATH: libraries.join(delimiter) } };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (times * 50 > startMs ? null : 50),
  });
  client.on('error', () => undefined);
  const died = new Promise<never>((_resolve, reject) => {
    server.once('error', (cause) => reject(new Error(help, { cause })));
    server.once('exit', (code) => reject(new Error(`redis-server ended with code ${code} before it answered.`)));
  });
  try {
    await Promise.race([client.ping(), died]);
  } finally {
    client.disconnect();
  }
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.once('exit', () => resolve());
  server.kill('SIGTERM');
  await promise;
}
