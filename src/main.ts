import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isRoleName, type RoleName, readEnvironment, readLogLevel, roles } from './composition/environment.ts';
import { parseConfig, type Running, runLifeguard } from './composition/run.ts';
import { describeError, LifeguardError } from './core/errors.ts';
import { redact } from './core/redact.ts';
import { createLog } from './platform/logging/log.ts';

const usage = `Usage: npm start -- [--role ${roles.join('|')}]   (configuration: LIFEGUARD_CONFIG, default lifeguard.yaml)`;

/** A second signal, or a stop that takes longer than this, ends the process at once, milliseconds. */
const stopWithinMs = 20_000;

const { env } = process;

/** One sentence without secrets, and an exit code that tells a wrong set-up (2) from a failure (1). */
function fail(error: unknown): never {
  const sentence = error instanceof LifeguardError ? error.message : redact(describeError(error));
  process.stderr.write(`lifeguard: ${sentence}\n`);
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
  throw invalid(`There is no role ${role}. ${usage}`);
}

function readArguments(): { readonly role: string; readonly help: boolean } {
  try {
    return parseArgs({
      options: { role: { type: 'string', default: 'all' }, help: { type: 'boolean', default: false } },
    }).values;
  } catch (error) {
    throw invalid(`${describeError(error).replace(/\.$/, '')}. ${usage}`);
  }
}

async function readConfig(): Promise<string> {
  const path = env['LIFEGUARD_CONFIG'] ?? 'lifeguard.yaml';
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw invalid(`There is no configuration at ${path}. Set LIFEGUARD_CONFIG, or start from lifeguard.example.yaml.`);
  }
}

async function start(): Promise<Running> {
  const role = readRole();
  const log = createLog({ level: readLogLevel(env) });
  process.on('unhandledRejection', (error) => log.error('a promise was left alone', { problem: describeError(error) }));
  const environment = readEnvironment(env);
  const config = parseConfig(await readConfig(), env['LIFEGUARD_CONFIG'] ?? 'lifeguard.yaml');
  return runLifeguard({ role, config, log, environment, onFatal: fail });
}

if (Number(process.versions.node.split('.')[0]) < 24)
  fail(new Error(`Lifeguard needs Node 24; this is ${process.version}. Use npm start, which brings its own.`));

const running = await start().catch(fail);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    void running.stop().then(() => process.exit(0));
  });
}
