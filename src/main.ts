import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isRoleName, roles } from './composition/environment.ts';
import { parseConfig, type Running, runLifeguard } from './composition/run.ts';
import { describeError, LifeguardError } from './core/errors.ts';
import { createLog } from './platform/logging/log.ts';

const usage = `Usage: npm start -- [--role ${roles.join('|')}]   (configuration: LIFEGUARD_CONFIG, default lifeguard.yaml)`;

/** A second signal, or a stop that takes longer than this, ends the process at once, milliseconds. */
const stopWithinMs = 20_000;

const { env } = process;
const log = createLog({ level: env['LOG_LEVEL'] ?? 'info' });

/** One sentence, and an exit code that tells a wrong set-up (2) from a failure (1). */
function fail(error: unknown): never {
  process.stderr.write(`lifeguard: ${describeError(error)}\n`);
  process.exit(error instanceof LifeguardError && error.code === 'config-invalid' ? 2 : 1);
}

function readRole(): (typeof roles)[number] {
  const { values } = parseArgs({
    options: { role: { type: 'string', default: 'all' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  if (isRoleName(values.role)) return values.role;
  throw new LifeguardError(`There is no role ${values.role}. ${usage}`, { code: 'config-invalid', retry: 'permanent' });
}

async function readConfig(): Promise<string> {
  const path = env['LIFEGUARD_CONFIG'] ?? 'lifeguard.yaml';
  try {
    return await readFile(path, 'utf8');
  } catch {
    const message = `There is no configuration at ${path}. Set LIFEGUARD_CONFIG, or start from lifeguard.example.yaml.`;
    throw new LifeguardError(message, { code: 'config-invalid', retry: 'permanent' });
  }
}

async function start(): Promise<Running> {
  const role = readRole();
  const config = parseConfig(await readConfig(), env['LIFEGUARD_CONFIG'] ?? 'lifeguard.yaml');
  return runLifeguard({
    role,
    config,
    log,
    onFatal: fail,
    environment: {
      slackBotToken: env['SLACK_BOT_TOKEN'],
      slackAppToken: env['SLACK_APP_TOKEN'],
      slackApiUrl: env['SLACK_API_URL'],
      redisUrl: env['REDIS_URL'],
      kubeconfig: env['KUBECONFIG'],
      inClusterHost: env['KUBERNETES_SERVICE_HOST'],
      inClusterPort: env['KUBERNETES_SERVICE_PORT'],
      podNamespace: env['POD_NAMESPACE'],
      port: Number(env['PORT'] ?? 8080),
    },
  });
}

if (Number(process.versions.node.split('.')[0]) < 24)
  fail(new Error(`Lifeguard needs Node 24; this is ${process.version}. Use npm start, which brings its own.`));
process.on('unhandledRejection', (error) => log.error('a promise was left alone', { problem: describeError(error) }));

const running = await start().catch(fail);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    void running.stop().then(() => process.exit(0));
  });
}
