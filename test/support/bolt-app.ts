import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';

export const quiet = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  setName: ignore,
  getLevel: () => LogLevel.ERROR,
};

function ignore(): void {
  // Bolt insists on logging; tests look at what people see.
}

interface BoltOptions {
  /** How long Bolt waits before it connects again, and for the answer to a ping: a busy machine takes some of that. Milliseconds. */
  readonly reconnectMs?: number;
}

/** A real Bolt app in Socket Mode, connected to the local Slack until the test ends. */
export async function startBolt(
  slack: LocalSlack,
  configure: (app: App) => void = ignore,
  { reconnectMs = 5_000 }: BoltOptions = {},
): Promise<App> {
  const clientOptions = { slackApiUrl: slack.apiUrl, logger: quiet, retryConfig: { retries: 0 } };
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    clientPingTimeout: reconnectMs,
    logger: quiet,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = new App({ token: slack.botToken, receiver, clientOptions, logger: quiet, convoStore: false });
  configure(app);
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

/** A client that reports limits and failures instead of retrying. */
export function openClient(slack: LocalSlack, token = slack.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: quiet,
  });
}
