import { describe, expect, it } from 'vitest';
import { checkSlackAccess, type SlackEnvironment } from '../../../src/bot/tokens.ts';
import { describeError, hasCode } from '../../../src/core/errors.ts';

const good = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

function complaint(environment: SlackEnvironment, mode: 'socket' | 'http' = 'socket'): string {
  try {
    checkSlackAccess(environment, mode);
    return 'accepted';
  } catch (error) {
    return hasCode(error, 'config-invalid') ? describeError(error) : 'failed with something else';
  }
}

describe('tokens', () => {
  it('takes a bot token and an app token, blanks around them dropped', () => {
    expect(checkSlackAccess({ SLACK_BOT_TOKEN: ' xoxb-1\n', SLACK_APP_TOKEN: 'xapp-1' }, 'socket')).toEqual({
      botToken: 'xoxb-1',
      secret: { mode: 'socket', appToken: 'xapp-1' },
      apiUrl: 'https://slack.com/api/',
    });
  });

  it.each([
    [{}, 'SLACK_BOT_TOKEN is not set'],
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN is not set'],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: '  ' }, 'SLACK_APP_TOKEN is not set'],
    [{ SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xoxb-1' }, 'are swapped'],
    [{ SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN holds an app token'],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN holds a bot token'],
    [{ SLACK_BOT_TOKEN: 'xoxp-1', SLACK_APP_TOKEN: 'xapp-1' }, 'does not look like a bot token'],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'hello' }, 'does not look like an app token'],
  ])('%j: %s', (environment, words) => {
    expect(complaint(environment)).toContain(words);
  });

  it('never repeats a token', () => {
    const secret = { SLACK_BOT_TOKEN: 'xapp-very-secret', SLACK_APP_TOKEN: 'xoxb-very-secret' };
    expect(complaint(secret)).not.toContain('very-secret');
  });
});

describe('the signing secret', () => {
  const signingSecret = 'f'.repeat(32);

  it('takes the place of the app token where Slack sends requests', () => {
    const access = checkSlackAccess({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: ` ${signingSecret} ` }, 'http');
    expect(access.secret).toEqual({ mode: 'http', signingSecret });
  });

  it.each([
    [undefined, 'SLACK_SIGNING_SECRET is not set, and slack.mode is http. Copy the Signing Secret'],
    ['  ', 'SLACK_SIGNING_SECRET is not set'],
    ['xoxb-100000000000000', 'SLACK_SIGNING_SECRET holds a token'],
    ['xapp-1-A0000000000000', 'SLACK_SIGNING_SECRET holds a token'],
    ['short', 'too short'],
  ])('%s: %s', (secret, words) => {
    const told = complaint({ ...good, SLACK_SIGNING_SECRET: secret }, 'http');
    expect(told).toContain(words);
    expect(told).not.toContain('1000000');
  });
});

describe('the address of the Slack API', () => {
  it.each([
    'http://127.0.0.1:4000/api/',
    'http://127.8.9.1/api/',
    'http://localhost:4000/api/',
    'http://[::1]:4000/api/',
    'http://slack.demo.svc/api/',
    'https://slack.demo.svc.cluster.local/api/',
    'https://slack.com/api/',
  ])('%s is accepted', (url) => {
    expect(checkSlackAccess({ ...good, SLACK_API_URL: url }, 'socket').apiUrl).toBe(url);
  });

  it('ends with a slash and carries no credentials', () => {
    expect(checkSlackAccess({ ...good, SLACK_API_URL: 'http://a:b@localhost/api' }, 'socket').apiUrl).toBe(
      'http://localhost/api/',
    );
  });

  it.each([
    'https://evil.example/api/',
    'http://slack.com/api/',
    'https://slack.com.evil.example/api/',
    'http://127.0.0.1.evil.example/api/',
    'http://localhost.evil.example/',
    'http://10.0.0.1/api/',
    'http://cluster.local.evil.example/',
  ])('%s is refused', (url) => {
    expect(complaint({ ...good, SLACK_API_URL: url })).toContain('which would get both tokens');
  });

  it.each(['ftp://localhost/', 'localhost:4000', 'nonsense'])('%s is no address', (url) => {
    expect(complaint({ ...good, SLACK_API_URL: url })).toContain('not an http or https address');
  });
});
