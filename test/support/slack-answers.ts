import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/** The error code Slack answers, with its explanations. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; messages: readonly string[] }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WebAPIPlatformError)) throw new Error(`not refused: ${String(error)}`);
  return { code: error.data.error, messages: error.data.response_metadata?.messages ?? [] };
}

/** Seconds to wait that came with a 429. */
export async function retryAfter(call: Promise<unknown>): Promise<number> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WebAPIRateLimitedError)) throw new Error(`not limited: ${String(error)}`);
  return error.retryAfter;
}
