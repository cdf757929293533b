import { expect, it, onTestFinished, vi } from 'vitest';
import { startLocalSlack } from '../../demo/slack/local-slack.ts';
import slackManifest from '../../slack-manifest.json' with { type: 'json' };
import { approver, channel, openSlack } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import { manifest, play, replyWith, rootWith } from '../support/shop-scenario.ts';

const token = ['gh', 'p_', 'oldVd9sQ1x7Lm2Zp8Rt4Wy6Nb0Hc5Jf3Ga1'].join('');

/** Sixty lines, of which people see the last in the message; a secret stands in the first. */
const said = [
  `starting with token ${token}`,
  ...Array.from({ length: 58 }, (_, line) => `step ${line} of the start is done`),
  'FATAL cannot reach payments',
];

const crashing = manifest({
  name: 'checkout',
  env: { CRASH_AFTER_S: '0.2', EXIT_CODE: '3' },
  annotations: { 'sim.lifeguard.dev/crash-log': said.join('\n') },
});

it('a crash whose log is longer than the message shows brings it as a file, once, without secrets', async () => {
  const slack = await openSlack();
  slack.faults.loseReplyOfNext('files.completeUploadExternal');
  const { cluster, log } = await play({ slack });
  cluster.apply(crashing);
  const root = await rootWith(slack, 'shop/checkout: crash loop');
  const evidence = await replyWith(slack, root, 'Evidence for shop/checkout');
  expect(JSON.stringify(evidence)).toContain('These are the newest of ');
  expect(JSON.stringify(evidence)).not.toContain('step 20 ');
  const files = () => slack.thread(channel, root.ts).flatMap((message) => message.files ?? []);
  await vi.waitFor(() => expect(files()).toHaveLength(1), soon);
  const [file] = files();
  expect(file?.name).toMatch(/^checkout-app-(?:crashed|latest)-run-\d{8}-\d{6}Z\.log$/);
  expect(file?.title).toMatch(/^log of shop\/checkout-\S+, container app, the (?:run that crashed|latest run)$/);
  for (const line of said.slice(1)) expect(file?.content).toContain(line);
  expect(file?.content).toContain('starting with token [redacted:github-token#');
  const asked = () => slack.requests.map(({ method }) => method);
  await vi.waitFor(() => expect(asked()).toContain('conversations.replies'), soon);
  expect(asked().filter((method) => method === 'files.completeUploadExternal')).toHaveLength(1);
  expect(JSON.stringify([slack.requests, log])).not.toContain(token);
});

it('a workspace that takes no files gets everything else, and is told so once and in the status', async () => {
  const {
    oauth_config: { scopes },
    ...rest
  } = slackManifest;
  const bot = scopes.bot.filter((scope) => scope !== 'files:write');
  const slack = await startLocalSlack({ manifest: { ...rest, oauth_config: { scopes: { bot } } } });
  onTestFinished(async () => {
    await slack.stop();
    slack.assertNoViolations(['missing-scope']);
  });
  const { cluster, log } = await play({ slack });
  cluster.apply(crashing);
  const root = await rootWith(slack, 'shop/checkout: crash loop');
  await replyWith(slack, root, 'Evidence for shop/checkout');
  const complaints = () => log.filter((entry) => JSON.stringify(entry).includes('missing_scope'));
  await vi.waitFor(() => expect(complaints()).toHaveLength(1), soon);
  await slack.command({ user: approver, channel, text: '/kube status' });
  await slack.waitForMessage({ channel, textIncludes: 'files:write is missing' });
  expect(slack.thread(channel, root.ts).flatMap((message) => message.files ?? [])).toEqual([]);
  expect(complaints()).toHaveLength(1);
});
