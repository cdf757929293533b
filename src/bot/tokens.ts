import { LifeguardError } from '../core/errors.ts';

/** How what people do reaches the bot: over a socket that it opens, or as requests that Slack signs. */
type EntranceSecret =
  | { readonly mode: 'socket'; readonly appToken: string }
  | { readonly mode: 'http'; readonly signingSecret: string };

/** What connects a bot to Slack. */
export interface SlackAccess {
  readonly botToken: string;
  readonly secret: EntranceSecret;
  /** Ends with a slash. */
  readonly apiUrl: string;
}

export interface SlackEnvironment {
  readonly SLACK_BOT_TOKEN?: string | undefined;
  readonly SLACK_APP_TOKEN?: string | undefined;
  readonly SLACK_SIGNING_SECRET?: string | undefined;
  readonly SLACK_API_URL?: string | undefined;
}

export const slackApi = 'https://slack.com/api/';

/** Reads and checks what the environment gives and the mode needs. Fails with `config-invalid` and a sentence that says what to do. */
export function checkSlackAccess(environment: SlackEnvironment, mode: EntranceSecret['mode']): SlackAccess {
  const botToken = (environment.SLACK_BOT_TOKEN ?? '').trim();
  const appToken = (environment.SLACK_APP_TOKEN ?? '').trim();
  const signingSecret = (environment.SLACK_SIGNING_SECRET ?? '').trim();
  if (botToken.startsWith('xapp-') && appToken.startsWith('xoxb-')) {
    throw invalid(
      'SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the bot token starts with xoxb-, the app token with xapp-.',
    );
  }
  checkBotToken(botToken);
  if (mode === 'socket') checkAppToken(appToken);
  else checkSigningSecret(signingSecret);
  return {
    botToken,
    secret: mode === 'socket' ? { mode, appToken } : { mode, signingSecret },
    apiUrl: checkApiUrl((environment.SLACK_API_URL ?? '').trim()),
  };
}

function checkBotToken(token: string): void {
  const where = "Copy the Bot User OAuth Token (xoxb-…) from the Slack app's page, OAuth & Permissions.";
  if (token === '') throw invalid(`SLACK_BOT_TOKEN is not set. ${where}`);
  if (token.startsWith('xapp-')) throw invalid(`SLACK_BOT_TOKEN holds an app token (xapp-…). ${where}`);
  if (!token.startsWith('xoxb-')) throw invalid(`SLACK_BOT_TOKEN does not look like a bot token. ${where}`);
}

function checkAppToken(token: string): void {
  const where =
    "Create an App-Level Token (xapp-…) with the scope connections:write on the Slack app's page, Basic Information.";
  if (token === '') throw invalid(`SLACK_APP_TOKEN is not set. ${where}`);
  if (token.startsWith('xoxb-')) throw invalid(`SLACK_APP_TOKEN holds a bot token (xoxb-…). ${where}`);
  if (!token.startsWith('xapp-')) throw invalid(`SLACK_APP_TOKEN does not look like an app token. ${where}`);
}

/** Shorter than this it could be guessed; Slack's own have 32 characters. */
const shortestSecret = 16;

function checkSigningSecret(secret: string): void {
  const where = "Copy the Signing Secret from the Slack app's page, Basic Information.";
  if (secret === '')
    throw invalid(`SLACK_SIGNING_SECRET is not set, and slack.mode is http. ${where} Or set slack.mode to socket.`);
  if (/^x(?:app|ox[a-z])-/.test(secret)) throw invalid(`SLACK_SIGNING_SECRET holds a token. ${where}`);
  if (secret.length < shortestSecret)
    throw invalid(`SLACK_SIGNING_SECRET is too short to be a signing secret. ${where}`);
}

/** Whoever answers at this address gets both tokens, so it is Slack itself or something on this machine or in this cluster. */
function checkApiUrl(text: string): string {
  if (text === '') return slackApi;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid('SLACK_API_URL is not an http or https address. Leave it empty to use Slack itself.');
  }
  const whole = `${url.origin}${url.pathname.replace(/\/*$/, '/')}`;
  if (whole === slackApi || isNear(url.hostname)) return whole;
  throw invalid(
    `SLACK_API_URL points to ${url.hostname}, which would get both tokens. Only this machine (localhost, 127.0.0.0/8, ::1) and cluster-local names (*.svc, *.cluster.local) are accepted; leave it empty to use Slack itself.`,
  );
}

function isNear(hostname: string): boolean {
  if (['localhost', '[::1]'].includes(hostname)) return true;
  return /^127(?:\.\d{1,3}){3}$/.test(hostname) || hostname.endsWith('.svc') || hostname.endsWith('.cluster.local');
}

function invalid(message: string): LifeguardError {
  return new LifeguardError(message, { code: 'config-invalid', retry: 'permanent' });
}
