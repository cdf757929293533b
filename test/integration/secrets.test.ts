import { expect, it, vi } from 'vitest';
import { approver, channel } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import { connectTo, crash, manifest, play, releaseWell, replyWith, rootWith } from '../support/shop-scenario.ts';

/** Values that nobody may see: one whose variable says so, one that its place gives away, one that only its form does. */
function values(release: string) {
  const token = ['gh', 'p_', `${release}Vd9sQ1x7Lm2Zp8Rt4Wy6Nb0Hc5Jf3Ga1`].join('');
  const password = `horse-${release}-staple`;
  const env = { DB_PASSWORD: password, DB_URL: `postgres://shop:pw-${password}@db:5432/shop`, UPSTREAM: token };
  return { env, secrets: [password, token] };
}

it('secrets in variables that a release changes reach neither Slack nor the audit nor the log', async () => {
  const scene = await play();
  const { cluster, slack, redisUrl, log } = scene;
  const [old, fresh] = [values('old'), values('new')];
  await releaseWell(scene, { env: old.env });
  const crashing = { ...crash, CRASH_LOG: `cannot log in with password=${fresh.secrets[0]} and ${fresh.secrets[1]}` };
  cluster.apply(manifest({ image: 'app:2', env: { ...fresh.env, ...crashing } }));
  const root = await rootWith(slack, 'op:approve', 'image of app: app:1 -&gt; app:2');
  await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Details' });
  const details = await slack.waitForView(approver, { textIncludes: 'DB_PASSWORD' });
  await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
  await replyWith(slack, root, 'shop/app is healed');
  await slack.command({ user: approver, channel, text: '/kube image shop/app app:3' });
  await rootWith(slack, 'op:approve', 'app:3');
  await slack.command({ user: approver, channel, text: '/kube audit' });
  const redis = connectTo(redisUrl);
  const audit = await vi.waitFor(async () => {
    const records = JSON.stringify(await redis.xrange('lg:test:audit', '-', '+'));
    expect(records).toContain('app:3');
    return records;
  }, soon);
  const seen = {
    messages: slack.messages(channel),
    threads: slack.thread(channel, root.ts),
    details,
    calls: slack.requests,
  };
  for (const leak of [...old.secrets, ...fresh.secrets]) {
    expect(JSON.stringify(seen)).not.toContain(leak);
    expect(audit).not.toContain(leak);
    expect(JSON.stringify(log)).not.toContain(leak);
  }
  // The reader still sees that the values differ, and that the password of the log is the new one.
  const tags = JSON.stringify(details).match(/redacted:password#[0-9a-f]{4}/g) ?? [];
  expect(new Set(tags).size).toBeGreaterThanOrEqual(2);
  const told = /password=\[(redacted:password#[0-9a-f]{4})\]/.exec(JSON.stringify(seen.threads))?.[1];
  expect(tags).toContain(told);
  expect(audit).toContain('redacted:github-token#');
});
