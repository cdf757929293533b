import { readNumber, readString } from '../core/json.ts';

/** Answers of Slack's API that stay the same until somebody changes a token or the app. Source: errors of auth.test and apps.connections.open. */
const finalAnswers: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'missing_scope',
  'no_permission',
  'org_login_required',
  'ekm_access_denied',
  'forbidden_team',
  'team_disabled',
  'user_removed_from_team',
]);

/** Slack's error code, where Slack answered with one. */
function slackErrorOf(error: unknown): string | undefined {
  return readString(error, 'data', 'error');
}

/** The sentence for a token that Slack will go on refusing; undefined for everything that may pass. */
export function describeRefusedToken(error: unknown, name: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN'): string | undefined {
  const code = slackErrorOf(error);
  if (code === undefined || !finalAnswers.has(code)) return undefined;
  const cure =
    name === 'SLACK_APP_TOKEN'
      ? 'Create an App-Level Token with the scope connections:write (Basic Information) and set it.'
      : 'Install the app to the workspace again (OAuth & Permissions) and set the token shown there.';
  return `Slack refuses ${name} (${code}). ${cure}`;
}

/** Milliseconds Slack asked to wait, where it did. */
export function retryAfterOf(error: unknown): number | undefined {
  const seconds = readNumber(error, 'retryAfter');
  return seconds === undefined ? undefined : seconds * 1000;
}
