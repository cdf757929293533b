import { detectors } from '../analysis/detectors/index.ts';
import { startHttp } from '../bot/http.ts';
import type { Bot } from '../bot/start.ts';
import { checkSlackAccess, type SlackAccess } from '../bot/tokens.ts';
import { type Config, loadConfig } from '../config/load.ts';
import { describeError, LifeguardError } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';
import { keyPlaceholders } from '../core/secrets/placeholder.ts';
import { startBotRole } from './bot-role.ts';
import type { Environment, RoleName } from './environment.ts';
import { createParts, type Parts } from './parts.ts';
import { reportMissingRights } from './rights.ts';
import { runWatcher } from './watcher-role.ts';
import { createWebhooks } from './webhooks.ts';
import { startWorkerRole } from './worker-role.ts';

export interface RunOptions {
  readonly environment: Environment;
  readonly config: Config;
  readonly role: RoleName;
  readonly log: Log;
  /** Something ended that cannot be mended by going on; the process should end with this sentence. */
  readonly onFatal: (error: LifeguardError) => void;
}

export interface Running {
  readonly port: number;
  /** Stops taking work, lets what runs finish, and closes every connection. */
  stop(): Promise<void>;
}

/** Reads `lifeguard.yaml` with every detector's own parameters. */
export function parseConfig(text: string, name: string): Config {
  return loadConfig(text, {
    name,
    detectors: Object.fromEntries(detectors.map((detector) => [detector.id, detector.params])),
  });
}

/** Starts one role, or all of them in one process. */
export async function runLifeguard(options: RunOptions): Promise<Running> {
  const { role, environment, log } = options;
  keyPlaceholders(environment.redactionKey ?? environment.slackBotToken);
  const access = faces(role) ? slackAccess(environment, options.config) : undefined;
  const parts = await createParts(options);
  if (role !== 'bot') void reportMissingRights(parts);
  const stopping = new AbortController();
  const bot = access === undefined ? undefined : startBotRole(parts, access, options.onFatal);
  const executes = role === 'all' || role === 'worker';
  const workers = role === 'watcher' ? undefined : await startWorkerRole(parts, { executes, reports: access });
  const watching = role === 'all' || role === 'watcher' ? runWatcher(parts, stopping.signal) : Promise.resolve();
  watching.catch((error: unknown) =>
    options.onFatal(
      new LifeguardError(describeError(error), { code: 'cluster-unreachable', retry: 'permanent', cause: error }),
    ),
  );
  const http = await startHttp({
    port: environment.port,
    health: {},
    readiness: readiness(parts, bot),
    metrics: () => parts.telemetry.render(),
    webhooks: bot === undefined ? {} : createWebhooks(parts, bot),
  });
  log.info('Lifeguard is up', { role, port: http.port, cluster: options.config.cluster.name });
  return {
    port: http.port,
    async stop() {
      stopping.abort();
      await Promise.allSettled([bot?.stop(), workers?.stop(), watching]);
      await Promise.allSettled([http.close(), closeParts(parts)]);
    },
  };
}

/** Whether this role talks with people and other systems. */
function faces(role: RoleName): boolean {
  return role === 'all' || role === 'bot';
}

function slackAccess(environment: Environment, { slack }: Config): SlackAccess {
  const variables = {
    SLACK_BOT_TOKEN: environment.slackBotToken,
    SLACK_APP_TOKEN: environment.slackAppToken,
    SLACK_SIGNING_SECRET: environment.slackSigningSecret,
    SLACK_API_URL: environment.slackApiUrl,
  };
  return checkSlackAccess(variables, slack.mode);
}

function readiness({ store }: Parts, bot: Bot | undefined) {
  const redis = async (): Promise<undefined> => void (await store.redis.ping());
  const slack = (): string | undefined =>
    bot?.state() === 'connected' ? undefined : `not connected (${bot?.state()})`;
  return bot === undefined ? { redis } : { redis, slack };
}

async function closeParts({ store, cluster }: Parts): Promise<void> {
  await store.queue.close();
  store.redis.disconnect();
  await cluster.http.close();
}
