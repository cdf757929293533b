import type { WebClient } from '@slack/web-api';

/** Asks Slack which of these scopes the token lacks; none where Slack does not say what it has. Fails where Slack does not answer. */
export async function lackingScopes(client: WebClient, wanted: readonly string[]): Promise<readonly string[]> {
  const scopes = (await client.auth.test()).response_metadata?.scopes;
  return scopes === undefined ? [] : wanted.filter((scope) => !scopes.includes(scope));
}
