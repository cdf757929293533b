import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, type WebClientOptions } from '@slack/web-api';
import { describeError, LifeguardError } from '../../core/errors.ts';

/** When Slack says "too fast" without saying how long, milliseconds. */
const defaultRetryAfterMs = 30_000;

/** Settings that every client of ours shares: no retries behind our back (a post may be made twice), no waiting, a deadline. */
export const clientOptions: WebClientOptions = {
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: 8_000,
};

/** What an operator does about Slack's refusals. */
const remedies: Readonly<Record<string, string>> = {
  not_in_channel: 'invite the bot there: /invite @Lifeguard',
  channel_not_found: 'set slack.channel to the id of a channel that exists, and invite the bot there',
  is_archived: 'unarchive the channel or set slack.channel to another',
  invalid_auth: 'check SLACK_BOT_TOKEN',
  account_inactive: 'reinstall the app and set the new SLACK_BOT_TOKEN',
  token_revoked: 'reinstall the app and set the new SLACK_BOT_TOKEN',
  missing_scope: 'reinstall the app from slack-manifest.json',
  edit_window_closed: 'let apps edit their messages (workspace settings, message editing)',
};

/** Refusals that mean the message to edit is not there (any more). */
const gone = new Set(['message_not_found', 'cant_update_message', 'thread_not_found']);

/** Slack's own trouble, told as an error. */
const theirs = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** Every failure of a Slack call in our terms: rate-limited, away (the call may have been carried out), gone, or refused. */
export function failureOf(error: unknown, method: string): LifeguardError {
  if (error instanceof WebAPIRateLimitedError) return rateLimited(error.retryAfter * 1000, error);
  if (error instanceof WebAPIPlatformError) return refused(error.data.error, method, error);
  if (error instanceof WebAPIHTTPError && error.statusCode === 429) return rateLimited(defaultRetryAfterMs, error);
  if (isUnnamedRateLimit(error)) return rateLimited(defaultRetryAfterMs, error);
  return away(`Slack did not answer ${method} (${describeError(error)}).`, error);
}

/** A 429 without Retry-After comes as a plain error. */
function isUnnamedRateLimit(error: unknown): boolean {
  return describeError(error).includes('Retry header');
}

function refused(code: string, method: string, cause: unknown): LifeguardError {
  if (code === 'ratelimited' || code === 'rate_limited') return rateLimited(defaultRetryAfterMs, cause);
  if (theirs.has(code)) return away(`Slack failed at ${method} (${code}).`, cause);
  if (gone.has(code))
    return new LifeguardError(`The message is gone (${code}).`, {
      code: 'channel-message-gone',
      retry: 'conflict',
      cause,
    });
  const remedy = remedies[code];
  return new LifeguardError(`Slack refused ${method}: ${code}${remedy === undefined ? '' : `; ${remedy}`}.`, {
    code: 'channel-rejected',
    retry: 'transient',
    cause,
  });
}

function rateLimited(retryAfterMs: number, cause: unknown): LifeguardError {
  return new LifeguardError('Slack asks to slow down.', {
    code: 'channel-rate-limited',
    retry: 'rate-limited',
    retryAfterMs,
    cause,
  });
}

function away(message: string, cause: unknown): LifeguardError {
  return new LifeguardError(message, { code: 'channel-unreachable', retry: 'transient', cause });
}
