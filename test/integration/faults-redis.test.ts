import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type RedisServer, startRedis } from '../../demo/redis.ts';
import type { Message } from '../../demo/slack/messages.ts';
import { approver, channel, privateRedis } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import {
  crash,
  manifest,
  play,
  readApp,
  releaseBadly,
  releaseWell,
  repliesWith,
  replyWith,
  restarted,
  rootsOf,
  rootWith,
  type Scene,
  toldTo,
  writesTo,
} from '../support/shop-scenario.ts';

const approve = { user: approver, channel, buttonText: 'Approve' };

/** A private Redis that can be taken away and brought back with its data. */
async function mortalRedis() {
  const first = await privateRedis();
  const port = Number(new URL(first.url).port);
  let second: RedisServer | undefined;
  // Said before Lifeguard starts, so that it outlives Lifeguard.
  onTestFinished(() => second?.stop());
  return {
    redisUrl: first.url,
    away: () => first.stop(),
    async back() {
      second = await startRedis({ path: process.env['PATH'] ?? '', folder: first.folder, port });
    },
  };
}

/** It shows that the container crashed four times or more. */
function crashedOften(message: Message): boolean {
  return /\*Occurrences\*\\n([4-9]|\d\d)/.test(JSON.stringify(message));
}

/** Takes Redis away until Lifeguard has noticed and `meanwhile` has happened, and waits until Lifeguard is ready again. */
async function whileAway(
  { port }: Scene,
  redis: Awaited<ReturnType<typeof mortalRedis>>,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
  await redis.away();
  await expect.poll(ready).toBe(503);
  await meanwhile();
  await redis.back();
  await expect.poll(ready).toBe(200);
}

describe('Redis away for a while', () => {
  it('during an incident: its message catches up, and what breaks meanwhile is told afterwards', async () => {
    const redis = await mortalRedis();
    const scene = await play({ redisUrl: redis.redisUrl });
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await whileAway(scene, redis, () => {
      cluster.apply(manifest({ name: 'cart', env: crash }));
      return restarted(cluster, 4);
    });
    await rootWith(slack, 'shop/cart: crash loop');
    await slack.waitForMessage((message) => message.ts === root.ts && crashedOften(message));
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    await rootWith(slack, '[RESOLVED]');
    expect(rootsOf(slack)).toHaveLength(2);
    expect(repliesWith(slack, root, 'shop/app is healed')).toHaveLength(1);
  });

  it('when a person approves: that is said to this person only, and nothing is written', async () => {
    const redis = await mortalRedis();
    const scene = await play({ redisUrl: redis.redisUrl });
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await whileAway(scene, redis, async () => {
      await slack.click({ ...approve, ts: root.ts });
      await vi.waitFor(
        () =>
          expect(toldTo(slack, approver)).toMatch(
            /^This did not work: Redis did not answer .*\. .*Please try again\.$/,
          ),
        soon,
      );
    });
    expect(writesTo(cluster, 'tried')).toEqual([]);
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster, 'tried')).toHaveLength(1);
  });

  it('between the change and its proof: the proof comes afterwards, and the change is made once', async () => {
    const redis = await mortalRedis();
    const scene = await play({ redisUrl: redis.redisUrl });
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await vi.waitFor(() => expect(writesTo(cluster)).toHaveLength(1), soon);
    await whileAway(scene, redis, () =>
      vi.waitFor(() => expect(JSON.stringify(readApp(cluster))).toContain('"readyReplicas":1'), soon),
    );
    await replyWith(slack, root, 'shop/app is healed');
    await rootWith(slack, '[RESOLVED]');
    expect(repliesWith(slack, root, 'shop/app is healed')).toHaveLength(1);
    expect(rootsOf(slack)).toHaveLength(1);
    expect(writesTo(cluster)).toHaveLength(1);
  });

  it('while something breaks: it is told once Redis is back', async () => {
    const redis = await mortalRedis();
    const scene = await play({ redisUrl: redis.redisUrl });
    const { cluster, slack } = scene;
    await releaseWell(scene);
    await whileAway(scene, redis, () => {
      cluster.apply(manifest({ image: 'app:2', env: crash }));
      return restarted(cluster, 3);
    });
    const root = await rootWith(slack, 'op:approve', 'shop/app: crash loop');
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(rootsOf(slack)).toHaveLength(1);
  });
});
