import { App, type Receiver, webApi } from '@slack/bolt';
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
  /** What the token is good for; absent where Slack does not say it. */
  readonly scopes?: readonly string[];
}

const callTimeoutMs = 5_000;

/**
 * The lane for answers to people: a call fails soon rather than late, and a 429 on one method does not hold up the others. Never with
 * `headers`: Slack's client writes the first token it sees into that object and then sends it for everything.
 */
export function laneOptions({ apiUrl }: SlackAccess, log: Log): webApi.WebClientOptions {
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
export function guardFetch(apiUrl: string): webApi.FetchFunction {
  return (target, init) => {
    const url = new URL(target);
    if (!isSlack(url, apiUrl)) return Promise.reject(new Error(`${url.origin} is not Slack`));
    return fetch(url, { signal: AbortSignal.timeout(callTimeoutMs), ...init, redirect: 'error' });
  };
}

/** Slack itself, or what stands in for it at `apiUrl`. */
export function isSlack({ origin, protocol, hostname, port }: URL, apiUrl: string): boolean {
  if (origin === new URL(apiUrl).origin) return true;
  return protocol === 'https:' && port === '' && (hostname === 'slack.com' || hostname.endsWith('.slack.com'));
}

const AuthTest = z.object({
  team_id: z.string(),
  enterprise_id: z.string().optional(),
  bot_id: z.string(),
  user_id: z.string(),
});

export async function identify(client: webApi.WebClient): Promise<Identity> {
  const answer = await client.auth.test();
  const { team_id, enterprise_id, bot_id, user_id } = AuthTest.parse(answer);
  const scopes = answer.response_metadata?.scopes;
  return {
    teamId: team_id,
    botId: bot_id,
    botUserId: user_id,
    ...(enterprise_id === undefined ? {} : { enterpriseId: enterprise_id }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

interface AppOptions {
  readonly access: SlackAccess;
  readonly identity: Identity;
  readonly receiver: Receiver;
  readonly log: Log;
}

/** Bolt; it makes no call of its own. */
export function createApp({ access, identity, receiver, log }: AppOptions): App {
  const app = new App({
    token: access.botToken,
    botId: identity.botId,
    botUserId: identity.botUserId,
    tokenVerificationEnabled: false,
    convoStore: false,
    receiver,
    logger: createSlackLog(log),
    clientOptions: laneOptions(access, log),
  });
  app.error(async (error) => log.error('a listener failed', { problem: describeError(error) }));
  return app;
}
