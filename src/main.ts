import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeChain, exportAudit, verifyExportedAudit, verifyStoredAudit } from './composition/audit.ts';
import { isRoleName, type RoleName, readEnvironment, readLogLevel, roles } from './composition/environment.ts';
import { parseConfig, type Running, runLifeguard } from './composition/run.ts';
import { defaultRedisUrl } from './composition/store-parts.ts';
import type { Config } from './config/load.ts';
import { describeError, LifeguardError } from './core/errors.ts';
import { redact } from './core/redact.ts';
import { createLog } from './platform/logging/log.ts';

const usage = [
  `Usage: npm start -- [--role ${roles.join('|')}]   (configuration: LIFEGUARD_CONFIG, default lifeguard.yaml)`,
  '       npm start -- audit export              prints every record as JSON Lines',
  '       npm start -- audit verify [file]       looks for changed or missing records, in Redis or in an exported file',
].join('\n');

/** A second signal, or a stop that takes longer than this, ends the process at once, milliseconds. */
const stopWithinMs = 20_000;

const { env } = process;

/** One sentence without secrets, and an exit code that tells a wrong set-up (2) from a failure (1). */
function fail(error: unknown): never {
  process.stderr.write(`lifeguard: ${describeError(error)}\n`);
  process.exit(error instanceof LifeguardError && error.code === 'config-invalid' ? 2 : 1);
}

function invalid(message: string): LifeguardError {
  return new LifeguardError(message, { code: 'config-invalid', retry: 'permanent' });
}

function readRole(): RoleName {
  const { role, help } = readArguments();
  if (help) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  if (isRoleName(role)) return role;
  throw invalid(`There is no role ${role}. ${firstLine(usage)}`);
}

function readArguments(): { readonly role: string; readonly help: boolean } {
  try {
    return parseArgs({
      options: { role: { type: 'string', default: 'all' }, help: { type: 'boolean', default: false } },
    }).values;
  } catch (error) {
    throw invalid(`${describeError(error).replace(/\.$/, '')}. ${firstLine(usage)}`);
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

async function readConfig(): Promise<string> {
  const path = env['LIFEGUARD_CONFIG'] ?? 'lifeguard.yaml';
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw invalid(`There is no configuration at ${path}. Set LIFEGUARD_CONFIG, or start from lifeguard.example.yaml.`);
  }
}

/** The exit code: 1 where the chain is broken. */
async function runAudit([verb, file, ...more]: readonly string[]): Promise<number> {
  if (more.length > 0 || (verb !== 'verify' && (verb !== 'export' || file !== undefined))) throw invalid(usage);
  const log = createLog({ level: 'silent' });
  const { redisUrl = defaultRedisUrl } = readEnvironment(env);
  const place = async () => ({ redisUrl, cluster: (await loadSettings()).cluster.name, log });
  if (verb === 'export') {
    await exportAudit({ ...(await place()), print: (line) => process.stdout.write(`${line}\n`) });
    return 0;
  }
  const report = file === undefined ? await verifyStoredAudit(await place()) : await verifyExportedAudit(file);
  process.stdout.write(`${describeChain(report)}\n`);
  return report.faults.length === 0 ? 0 : 1;
}

async function loadSettings(): Promise<Config> {
  return parseConfig(await readConfig(), env['LIFEGUARD_CONFIG'] ?? 'lifeguard.yaml');
}

async function start(): Promise<Running> {
  const role = readRole();
  const log = createLog({ level: readLogLevel(env) });
  process.on('unhandledRejection', (error) => log.error('a promise was left alone', { problem: describeError(error) }));
  const environment = readEnvironment(env);
  const config = await loadSettings();
  return runLifeguard({ role, config, log, environment, onFatal: fail });
}

/** A mistake of ours: with its stack, which Node would print as it is. */
process.on('uncaughtException', (error) => {
  process.stderr.write(`${redact(error.stack ?? describeError(error))}\n`);
  process.exit(1);
});

if (Number(process.versions.node.split('.')[0]) < 24)
  fail(new Error(`Lifeguard needs Node 24; this is ${process.version}. Use npm start, which brings its own.`));

if (process.argv[2] === 'audit') process.exit(await runAudit(process.argv.slice(3)).catch(fail));

const running = await start().catch(fail);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    void running.stop().then(() => process.exit(0));
  });
}
