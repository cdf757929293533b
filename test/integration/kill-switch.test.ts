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
  releaseWell,
  replyWith,
  rootWith,
  writesTo,
} from '../support/shop-scenario.ts';

const auto =
  '{ autonomy: auto, attempts: { backoffSeconds: 2 }, verification: { stableForSeconds: 3, deadlineSeconds: 40 } }';
const admin = 'U_CHI';

function say(user: string, words: string) {
  return { user, channel, text: `/kube ${words}` };
}

describe('auto mode', () => {
  it('rolls a bad release back to one that was seen healthy, without a click', async () => {
    const scene = await play({ policy: auto });
    await releaseWell(scene);
    await seenHealthy(scene.redisUrl);
    scene.cluster.apply(manifest({ image: 'app:2', env: crash }));
    const root = await rootWith(scene.slack, 'shop/app: crash loop');
    await replyWith(scene.slack, root, 'shop/app is healed');
    await rootWith(scene.slack, '[RESOLVED]');
    expect(JSON.stringify(readApp(scene.cluster))).toContain('app:1');
    expect(writesTo(scene.cluster)).toHaveLength(1);
  });

  it('writes nothing while the kill switch is on, says so, and acts once it is off', async () => {
    const scene = await play({ policy: auto });
    const { cluster, slack } = scene;
    await releaseWell(scene);
    await seenHealthy(scene.redisUrl);
    await slack.command(say(admin, 'pause testing'));
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    const root = await rootWith(slack, 'shop/app: crash loop');
    await replyWith(slack, root, 'Held back');
    await replyWith(slack, root, 'Lifeguard was paused');
    expect(writesTo(cluster)).toEqual([]);
    await slack.command(say(admin, 'resume'));
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster)).toHaveLength(1);
  });
});

describe('a proposal on screen', () => {
  it('cannot be approved while the kill switch is on', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await slack.command(say(admin, 'pause'));
    await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
    await replyWith(slack, root, 'Lifeguard was paused');
    expect(writesTo(cluster)).toEqual([]);
  });

  it('cannot be approved when the state of the kill switch is lost', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    const redis = connectTo(scene.redisUrl);
    const lost = await redis.keys(`${createKeyspace('test').key('*')}`);
    await redis.del(...lost.filter((key) => key.includes('kill')));
    await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
    await replyWith(slack, root, 'kill switch');
    expect(writesTo(cluster)).toEqual([]);
  });
});

/** Waits until some revision is on record as healthy. */
async function seenHealthy(url: string): Promise<void> {
  const redis = connectTo(url);
  await expect.poll(async () => (await redis.keys('lg:test:*health*')).length, { timeout: 20_000 }).toBeGreaterThan(0);
}
