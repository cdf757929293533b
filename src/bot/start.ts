import type { webApi } from '@slack/bolt';
import { LifeguardError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Workspace } from '../handlers/authorise.ts';
import type { Desk } from '../handlers/desk.ts';
import { listenToPeople } from '../handlers/slack-listeners.ts';
import { createApp, createInteractiveClient, type Identity, identify } from './app.ts';
import { type Connecting, close, keepConnected, persist, type SlackState } from './connection.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { type SlackAccess, slackApi } from './tokens.ts';

export interface BotOptions {
  readonly access: SlackAccess;
  readonly clock: Clock;
  readonly log: Log;
  /** Opens the desk once the workspace is known. `client` is the lane for answers to people. */
  readonly openDesk: (slack: { readonly workspace: Workspace; readonly client: webApi.WebClient }) => Desk;
  /** Told of every change of state, for readiness and a gauge. */
  readonly onState?: (state: SlackState) => void;
  /** Slack will never take these tokens. The bot has given up; the process should end with this sentence. */
  readonly onRefused?: (error: LifeguardError) => void;
}

export interface Bot {
  state(): SlackState;
  /** Takes nothing new, lets what is under way finish (at most 10 s), and is gone. */
  stop(): Promise<void>;
}

const drainMs = 10_000;

/** Starts and returns at once: Slack may be away for now, and the bot goes on trying by itself. */
export function startBot(options: BotOptions): Bot {
  const { log, clock } = options;
  const stopping = new AbortController();
  const inFlight = createInFlight();
  let state: SlackState = 'connecting';
  const onState = (next: SlackState): void => {
    if (next === state) return;
    state = next;
    options.onState?.(next);
  };
  const running = run(options, inFlight, { clock, log, signal: stopping.signal, onState }).catch((error: unknown) => {
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
    async stop() {
      stopping.abort();
      await running;
      const left = await inFlight.drain(drainMs, clock);
      if (left > 0) log.warn('stopped with answers to people still under way', { left });
      onState('stopped');
    },
  };
}

async function run(options: BotOptions, inFlight: InFlight, connecting: Connecting): Promise<void> {
  const { access, log, clock, openDesk } = options;
  if (access.apiUrl !== slackApi) log.warn('this is not Slack itself but a stand-in', { address: access.apiUrl });
  const client = createInteractiveClient(access, log);
  const identity = await persist('SLACK_BOT_TOKEN', () => identify(client), connecting);
  if (identity === undefined) return;
  const desk = openDesk({ workspace: workspaceOf(identity), client });
  const { app, socket } = createApp(access, identity, log);
  app.use(({ next }) => inFlight.run(() => next()));
  listenToPeople(app, { desk, log, botUserId: identity.botUserId });
  try {
    await keepConnected(socket, connecting);
  } finally {
    await close(socket, clock);
  }
}

function workspaceOf({ teamId, enterpriseId }: Identity): Workspace {
  return enterpriseId === undefined ? { teamId } : { teamId, enterpriseId };
}
