import { type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Receipts } from '../core/ports/receipts.ts';
import { laneOptions } from './app.ts';
import { type Connecting, close, keepConnected } from './connection.ts';
import { createSlackLog } from './slack-log.ts';
import { createSlackRequests } from './slack-requests.ts';
import type { SlackAccess } from './tokens.ts';
import type { Webhook } from './webhook.ts';

/** How what people do comes in. */
export interface Entrance {
  /** Hands it to Bolt. */
  readonly receiver: Receiver;
  /** Takes Slack's requests; absent where there is a socket. */
  readonly webhook?: Webhook;
  /** Keeps it open until `signal` aborts. */
  hold(connecting: Connecting): Promise<void>;
}

interface EntranceOptions {
  readonly access: SlackAccess;
  readonly receipts: Receipts;
  readonly clock: Clock;
  readonly log: Log;
}

export function createEntrance({ access, receipts, clock, log }: EntranceOptions): Entrance {
  const { secret } = access;
  if (secret.mode === 'socket') return createSocket(access, secret.appToken, log);
  const { receiver, webhook } = createSlackRequests({ signingSecret: secret.signingSecret, receipts, clock, log });
  return {
    receiver,
    webhook,
    async hold({ signal, onState }) {
      onState('connected');
      await new Promise((resolve) => {
        if (signal.aborted) resolve(undefined);
        else signal.addEventListener('abort', resolve, { once: true });
      });
      await receiver.stop();
    },
  };
}

/** A socket whose reconnecting is ours. */
function createSocket(access: SlackAccess, appToken: string, log: Log): Entrance {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: createSlackLog(log),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { ...laneOptions(access, log), retryConfig: { retries: 0 } } },
  });
  return {
    receiver,
    async hold(connecting) {
      try {
        await keepConnected(receiver.client, connecting);
      } finally {
        await close(receiver.client, connecting.clock);
      }
    },
  };
}
