import { describe, expect, it } from 'vitest';
import { startRedis } from '../../demo/redis.ts';
import { approver, channel, privateRedis } from '../support/lifeguard.ts';
import {
  crash,
  manifest,
  play,
  releaseBadly,
  releaseWell,
  replyWith,
  rootsOf,
  rootWith,
  writesTo,
} from '../support/shop-scenario.ts';

const approve = { user: approver, channel, buttonText: 'Approve' };

/** A private Redis that can be taken away and brought back with its data. */
async function mortalRedis() {
  const first = await privateRedis();
  const port = Number(new URL(first.url).port);
  return {
    redisUrl: first.url,
    away: () => first.stop(),
    back: async () => {
      await startRedis({ path: process.env['PATH'] ?? '', folder: first.folder, port });
    },
  };
}

describe('Redis away for a while', () => {
  it('during an incident: it goes on afterwards with one message', async () => {
    const { redisUrl, away, back } = await mortalRedis();
    const scene = await play({ redisUrl });
    const root = await releaseBadly(scene);
    await away();
    scene.cluster.apply(manifest({ name: 'cart', env: crash }));
    await back();
    await rootWith(scene.slack, 'shop/cart: crash loop');
    await scene.slack.click({ ...approve, ts: root.ts });
    await replyWith(scene.slack, root, 'shop/app is healed');
    expect(rootsOf(scene.slack)).toHaveLength(2);
  });

  it('when a person approves: it is said that it did not work, and nothing is written', async () => {
    const { redisUrl, away, back } = await mortalRedis();
    const scene = await play({ redisUrl });
    const root = await releaseBadly(scene);
    await away();
    await scene.slack.click({ ...approve, ts: root.ts });
    await scene.slack.waitForMessage(({ ephemeral_to: to, text }) => to === approver && /Redis/.test(text ?? ''), {
      timeoutMs: 20_000,
    });
    expect(writesTo(scene.cluster)).toEqual([]);
    await back();
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${scene.port}/readyz`)).status).toBe(200);
    await scene.slack.click({ ...approve, ts: root.ts });
    await replyWith(scene.slack, root, 'shop/app is healed');
    expect(writesTo(scene.cluster)).toHaveLength(1);
  });

  it('while something breaks: it is told once Redis is back', async () => {
    const { redisUrl, away, back } = await mortalRedis();
    const scene = await play({ redisUrl });
    await releaseWell(scene);
    await away();
    scene.cluster.apply(manifest({ image: 'app:2', env: crash }));
    await back();
    await rootWith(scene.slack, 'shop/app: crash loop');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });
});
