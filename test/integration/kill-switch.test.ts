import { describe, expect, it } from 'vitest';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { approver, channel } from '../support/lifeguard.ts';
import {
  connectTo,
  crash,
  manifest,
  play,
  readApp,
  releaseBadly,
  releaseSeenHealthy,
  repliesWith,
  replyWith,
  restarted,
  rootWith,
  type Scene,
  toldTo,
  writesTo,
} from '../support/shop-scenario.ts';

const auto =
  '{ autonomy: auto, attempts: { backoffSeconds: 2 }, verification: { stableForSeconds: 3, deadlineSeconds: 40 } }';
const admin = 'U_CHI';

describe('auto mode', () => {
  it('rolls a bad release back to one that was seen healthy, without a click', async () => {
    const scene = await play({ policy: auto });
    const { cluster, slack } = scene;
    await releaseSeenHealthy(scene);
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    const root = await rootWith(slack, 'shop/app: crash loop');
    await replyWith(slack, root, 'shop/app is healed.* Ready 1/1, no crash for');
    await rootWith(slack, '[RESOLVED]');
    expect(JSON.stringify(readApp(cluster))).toContain('app:1');
    expect(writesTo(cluster, 'tried')).toHaveLength(1);
    expect(repliesWith(slack, root, 'Waiting for an approver')).toEqual([]);
  });

  it('writes nothing while the kill switch is on, says so, and acts once it is off', async () => {
    const scene = await play({ policy: auto });
    const { cluster, slack } = scene;
    await releaseSeenHealthy(scene);
    await order(scene, 'pause release day', /^Paused \(release day\)/);
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    const root = await rootWith(slack, 'shop/app: crash loop', 'Held back', 'Lifeguard was paused', 'release day');
    await restarted(cluster, 4);
    await slack.command({ user: admin, channel, text: '/kube status' });
    await slack.waitForMessage({ channel, ephemeralTo: admin, textIncludes: 'Kill switch: engaged by <@U_CHI>' });
    expect(writesTo(cluster, 'tried')).toEqual([]);
    await order(scene, 'resume', /^Resumed/);
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster, 'tried')).toHaveLength(1);
  });

  it('writes nothing when the state of the kill switch is lost', async () => {
    const scene = await play({ policy: auto });
    const { cluster, slack } = scene;
    await releaseSeenHealthy(scene);
    await loseKillSwitch(scene);
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    await rootWith(slack, 'shop/app: crash loop', 'The kill switch cannot be read', 'counts as engaged');
    await restarted(cluster, 4);
    expect(writesTo(cluster, 'tried')).toEqual([]);
  });
});

describe('a proposal on screen', () => {
  it('cannot be approved while the kill switch is on, and waits until it is off', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await order(scene, 'pause', /^Paused/);
    await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
    await expect.poll(() => toldTo(slack, approver)).toMatch(/^Not approved: Lifeguard was paused/);
    expect(writesTo(cluster, 'tried')).toEqual([]);
    await order(scene, 'resume', /^Resumed/);
    await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster, 'tried')).toHaveLength(1);
  });

  it('cannot be approved when the state of the kill switch is lost', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await loseKillSwitch(scene);
    await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
    await expect.poll(() => toldTo(slack, approver)).toContain('The kill switch cannot be read');
    expect(writesTo(cluster, 'tried')).toEqual([]);
  });
});

/** Says a command as an admin, and waits for the answer. */
async function order({ slack }: Scene, words: string, answer: RegExp): Promise<void> {
  await slack.command({ user: admin, channel, text: `/kube ${words}` });
  await expect.poll(() => toldTo(slack, admin)).toMatch(answer);
}

async function loseKillSwitch({ redisUrl }: Scene): Promise<void> {
  expect(await connectTo(redisUrl).del(createKeyspace('test').key('kill-switch'))).toBe(1);
}
