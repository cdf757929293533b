import { describe, expect, inject, it } from 'vitest';
import { configText, openSlack, privateRedis } from '../support/lifeguard.ts';
import { closedPort, type ProcessOptions, runProcess, takePort } from '../support/process.ts';
import { connectTo } from '../support/shop-scenario.ts';

/** Ended for a wrong set-up, with this on standard error and nothing else there. */
async function expectRefusal(options: ProcessOptions, sentence: string | RegExp, code = 2): Promise<void> {
  const ended = await runProcess(options);
  expect(ended.stderr).toMatch(/^lifeguard: \S.*\.\n$/s);
  expect(ended.stderr.match(/\n/g)).toHaveLength(1);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.code).toBe(code);
}

describe('the command line', () => {
  it('--help says how it is used', async () => {
    const { code, stdout, stderr } = await runProcess({ args: ['--help'], config: null });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: .*--role all\|bot\|watcher\|worker/);
  });

  it.each([
    ['a role that does not exist', ['--role', 'captain'], 'There is no role captain. Usage: npm start -- [--role all|'],
    ['an option that does not exist', ['--rol=bot'], "Unknown option '--rol'. Usage: npm start -- [--role all|"],
    ['a role without its name', ['--role'], "Option '--role <value>' argument missing. Usage: npm start --"],
    ['a word too many', ['bot'], "Unexpected argument 'bot'."],
  ])('%s', async (_case, args, sentence) => {
    const { code, stderr } = await runProcess({ args });
    expect(stderr).toContain(`lifeguard: ${sentence}`);
    expect(code).toBe(2);
  });
});

describe('the configuration', () => {
  it('a file that is not there', () =>
    expectRefusal(
      { env: { LIFEGUARD_CONFIG: '/nowhere/lifeguard.yaml' } },
      'There is no configuration at /nowhere/lifeguard.yaml. Set LIFEGUARD_CONFIG, or start from lifeguard.example.yaml.',
    ));

  it('no file and no variable', () =>
    expectRefusal({ config: null }, 'There is no configuration at lifeguard.yaml. Set LIFEGUARD_CONFIG'));

  it('a file that is not YAML', () =>
    expectRefusal(
      { config: 'cluster: { name: [' },
      /lifeguard\.yaml is not valid YAML: .+ at line 1, column \d+\.\n$/,
    ));

  it('several faults are all told, each with its place, what was found and what is allowed', async () => {
    const config = `
cluster: { name: Prod Cluster }
slack: { channel: C_OPS, comand: kube }
policy: { autonomy: yolo, attempts: { max: 0 } }
detectors: { crash-loop: { windowSeconds: ten } }`;
    const { code, stderr } = await runProcess({ config });
    expect(code).toBe(2);
    expect(stderr).toContain('lifeguard: lifeguard.yaml has 5 faults:\n');
    expect(stderr).toContain('  cluster.name: found "Prod Cluster", allowed is lower-case letters');
    expect(stderr).toContain(
      '  slack.comand: found a key that does not exist here; remove it or correct its spelling.',
    );
    expect(stderr).toContain('  policy.autonomy: found "yolo", allowed is one of observe, suggest, approve, auto.');
    expect(stderr).toContain('  policy.attempts.max: found 0, allowed is at least 1.');
    expect(stderr).toContain('  detectors.crash-loop.windowSeconds: found "ten", allowed is a number.');
  });

  it('a token in a wrong place is not shown', async () => {
    const token = 'xoxb-100000000001-200000000002-abcDEFghiJKLmnoPQRstu';
    const { code, stderr } = await runProcess({ config: `cluster: { name: test }\nslack: { channel: ${token} }` });
    expect(code).toBe(2);
    expect(stderr).toContain('slack.channel: found "[redacted:slack-token]", allowed is');
  });
});

describe('settings of the process', () => {
  it.each(['http', '-1', '65536'])('PORT=%s', (port) =>
    expectRefusal({ env: { PORT: port } }, `PORT is "${port}"; set it to a whole number from 1 to 65535`),
  );

  it('LOG_LEVEL is none of the levels', () =>
    expectRefusal(
      { env: { LOG_LEVEL: 'loud' } },
      'LOG_LEVEL is "loud"; set it to one of debug, info, warn, error, silent, or leave it out for info.',
    ));

  it('PORT is in use', async () => {
    const port = await takePort();
    await expectRefusal(
      { env: { PORT: String(port), REDIS_URL: inject('redisUrl') } },
      `Port ${port} is already in use. Set PORT to a free one.`,
    );
  });
});

describe('Slack', () => {
  const bot = 'xoxb-100000000001-200000000002-abcDEFghiJKLmnoPQRstu';
  const app = 'xapp-1-A0000000001-300000000003-abcdef0123456789abcdef0123456789';

  it.each([
    ['no bot token', { SLACK_BOT_TOKEN: undefined }, 'SLACK_BOT_TOKEN is not set. Copy the Bot User OAuth Token'],
    ['an empty bot token', { SLACK_BOT_TOKEN: '' }, 'SLACK_BOT_TOKEN is not set. Copy the Bot User OAuth Token'],
    ['no app token', { SLACK_APP_TOKEN: undefined }, 'SLACK_APP_TOKEN is not set. Create an App-Level Token'],
    [
      'the tokens swapped',
      { SLACK_BOT_TOKEN: app, SLACK_APP_TOKEN: bot },
      'are swapped: the bot token starts with xoxb-',
    ],
    ['an address that is not ours', { SLACK_API_URL: 'https://slack.example.com/api/' }, 'would get both tokens'],
  ])('%s', (_case, env, sentence) => expectRefusal({ env }, sentence));

  it('no signing secret where Slack is to send requests; then the app token is not asked for', async () => {
    const config = configText({ kubeconfig: '', slackMode: 'http' });
    await expectRefusal(
      { config },
      'SLACK_SIGNING_SECRET is not set, and slack.mode is http. Copy the Signing Secret from the Slack app',
    );
    const env = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'f'.repeat(32) };
    await expectRefusal({ config, env }, /^lifeguard: Redis at /, 1);
  });

  it.each(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'])('refuses %s', async (name) => {
    const slack = await openSlack();
    const own = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl };
    const wrong = name === 'SLACK_BOT_TOKEN' ? bot : app;
    await expectRefusal(
      { env: { ...own, REDIS_URL: inject('redisUrl'), [name]: wrong } },
      `Slack refuses ${name} (invalid_auth).`,
    );
  });
});

describe('Redis', () => {
  it('does not answer', () =>
    expectRefusal(
      { env: { REDIS_URL: `redis://:pass-w0rd@127.0.0.1:${closedPort}` } },
      /Redis at redis:\/\/127\.0\.0\.1:1 does not answer \(connect ECONNREFUSED 127\.0\.0\.1:1\)\. Start it, or set REDIS_URL\.\n$/,
      1,
    ));

  it.each(['redis.shop', 'http://127.0.0.1:6379', 'redis://:pass-w0rd@127.0.0.1:port'])('REDIS_URL=%s', (url) =>
    expectRefusal(
      { env: { REDIS_URL: url } },
      'REDIS_URL is not the address of a Redis; write it as redis://[user:password@]host:port[/database].',
    ),
  );

  it.each([
    ['a wrong password', ':wrong-pass@'],
    ['no password', ''],
    ['an unknown user', 'nobody:wrong-pass@'],
  ])('%s', async (_case, who) => {
    const { url } = await privateRedis();
    await connectTo(url).config('SET', 'requirepass', 'right-pass');
    const { host } = new URL(url);
    await expectRefusal(
      { env: { REDIS_URL: `redis://${who}${host}` } },
      `Redis at redis://${host} does not accept the user or password; correct them in REDIS_URL.`,
    );
  });

  it('has no such database', async () => {
    await expectRefusal(
      { env: { REDIS_URL: `${inject('redisUrl')}/99` } },
      'has no such database; correct its number in REDIS_URL.',
    );
  });
});
