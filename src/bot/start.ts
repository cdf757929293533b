import type { webApi } from '@slack/bolt';
import { LifeguardError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Receipts } from '../core/ports/receipts.ts';
import type { Workspace } from '../handlers/authorise.ts';
import type { Desk } from '../handlers/desk.ts';
import { listenToPeople } from '../handlers/slack-listeners.ts';
import { createApp, createInteractiveClient, type Identity, identify } from './app.ts';
import { type Connecting, persist, type SlackState } from './connection.ts';
import { createEntrance, type Entrance } from './entrance.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { type SlackAccess, slackApi } from './tokens.ts';
import type { Webhook } from './webhook.ts';

/** Slack as it answered at the start. */
interface SlackSession {
  readonly workspace: Workspace;
  /** The lane for answers to people. */
  readonly client: webApi.WebClient;
  /** What the token is good for; undefined where Slack does not say it. */
  readonly scopes: readonly string[] | undefined;
}

export interface BotOptions {
  readonly access: SlackAccess;
  readonly clock: Clock;
  readonly log: Log;
  /** What has been taken from Slack already, by whichever bot. */
  readonly receipts: Receipts;
  /** Opens the desk once the workspace is known. */
  readonly openDesk: (slack: SlackSession) => Desk;
  /** Told of every change of state, for readiness and a gauge. */
  readonly onState?: (state: SlackState) => void;
  /** Slack will never take these tokens. The bot has given up; the process should end with this sentence. */
  readonly onRefused?: (error: LifeguardError) => void;
}

export interface Bot {
  state(): SlackState;
  /** Takes Slack's requests; absent where a socket is used. */
  readonly webhook?: Webhook | undefined;
  /** Takes nothing new, lets what is under way finish (at most 10 s), and is gone. */
  stop(): Promise<void>;
}

const drainMs = 10_000;

/** Starts and returns at once: Slack may be away for now, and the bot goes on trying by itself. */
export function startBot(options: BotOptions): Bot {
  const { log, clock } = options;
  const stopping = new AbortController();
  const inFlight = createInFlight();
  const entrance = createEntrance(options);
  let state: SlackState = 'connecting';
  const onState = (next: SlackState): void => {
    if (next === state) return;
    state = next;
    options.onState?.(next);
  };
  const connecting = { clock, log, signal: stopping.signal, onState };
  const running = run(options, { entrance, inFlight }, connecting).catch((error: unknown) => {
    onState('refused');
    const known = error instanceof LifeguardError ? error : undefined;
    const refused =
      known ??
      new LifeguardError('The bot failed to start.', { code: 'config-invalid', retry: 'permanent', cause: error });
    log.error('the bot has given up', { problem: refused.message });
    options.onRefused?.(refused);
  });
  return {
    state: () => state,
    webhook: entrance.webhook,
    async stop() {
      stopping.abort();
      await running;
      const left = await inFlight.drain(drainMs, clock);
      if (left > 0) log.warn('stopped with answers to people still under way', { left });
      onState('stopped');
    },
  };
}

interface Doors {
  readonly entrance: Entrance;
  readonly inFlight: InFlight;
}

async function run(options: BotOptions, { entrance, inFlight }: Doors, connecting: Connecting): Promise<void> {
  const { access, log, clock, receipts, openDesk } = options;
  if (access.apiUrl !== slackApi) log.warn('this is not Slack itself but a stand-in', { address: access.apiUrl });
  const client = createInteractiveClient(access, log);
  const identity = await persist('SLACK_BOT_TOKEN', () => identify(client), connecting);
  if (identity === undefined) return;
  const desk = openDesk({ workspace: workspaceOf(identity), client, scopes: identity.scopes });
  const app = createApp({ access, identity, receiver: entrance.receiver, log });
  app.use(({ next }) => inFlight.run(() => next()));
  listenToPeople(app, { desk, log, clock, receipts, botUserId: identity.botUserId });
  await entrance.hold(connecting);
}

function workspaceOf({ teamId, enterpriseId }: Identity): Workspace {
  return enterpriseId === undefined ? { teamId } : { teamId, enterpriseId };
}
