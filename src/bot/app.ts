import { App, SocketModeReceiver, webApi } from '@slack/bolt';
import { z } from 'zod';
import { describeError } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';
import { createSlackLog } from './slack-log.ts';
import type { SlackAccess } from './tokens.ts';

/** The bot as Slack knows it. */
export interface Identity {
  readonly teamId: string;
  readonly enterpriseId?: string;
  readonly botId: string;
  readonly botUserId: string;
}

const callTimeoutMs = 5_000;

/**
 * The lane for answers to people: a call fails soon rather than late, and a 429 on one method does not hold up the others. Never with
 * `headers`: Slack's client writes the first token it sees into that object and then sends it for everything.
 */
function laneOptions({ apiUrl }: SlackAccess, log: Log): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    timeout: callTimeoutMs,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 2, minTimeout: 200, maxTimeout: 1_000 },
    allowAbsoluteUrls: false,
    logger: createSlackLog(log),
    fetch: guardFetch(apiUrl),
  };
}

export function createInteractiveClient(access: SlackAccess, log: Log): webApi.WebClient {
  return new webApi.WebClient(access.botToken, laneOptions(access, log));
}

/** Answer addresses come with the payload; nothing is ever sent anywhere but to Slack. */
function guardFetch(apiUrl: string): webApi.FetchFunction {
  const home = new URL(apiUrl).origin;
  return (target, init) => {
    const url = new URL(target);
    const slack = url.protocol === 'https:' && (url.hostname === 'slack.com' || url.hostname.endsWith('.slack.com'));
    if (url.origin !== home && !slack) return Promise.reject(new Error(`${url.origin} is not Slack`));
    return fetch(url, { redirect: 'error', signal: AbortSignal.timeout(callTimeoutMs), ...init });
  };
}

const AuthTest = z.object({
  team_id: z.string(),
  enterprise_id: z.string().optional(),
  bot_id: z.string(),
  user_id: z.string(),
});

export async function identify(client: webApi.WebClient): Promise<Identity> {
  const { team_id, enterprise_id, bot_id, user_id } = AuthTest.parse(await client.auth.test());
  const identity = { teamId: team_id, botId: bot_id, botUserId: user_id };
  return enterprise_id === undefined ? identity : { ...identity, enterpriseId: enterprise_id };
}

/** Bolt, with a receiver whose reconnecting is ours; it makes no call of its own. */
export function createApp(access: SlackAccess, { botId, botUserId }: Identity, log: Log) {
  const receiver = new SocketModeReceiver({
    appToken: access.appToken,
    logger: createSlackLog(log),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { ...laneOptions(access, log), retryConfig: { retries: 0 } } },
  });
  const app = new App({
    token: access.botToken,
    botId,
    botUserId,
    tokenVerificationEnabled: false,
    convoStore: false,
    receiver,
    logger: createSlackLog(log),
    clientOptions: laneOptions(access, log),
  });
  app.error(async (error) => log.error('a listener failed', { problem: describeError(error) }));
  return { app, socket: receiver.client };
}
