import { describe, expect, it, vi } from 'vitest';
import type { Message } from '../../demo/slack/messages.ts';
import { approver, channel, startLifeguard } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import {
  crash,
  manifest,
  play,
  releaseBadly,
  releaseWell,
  repliesWith,
  replyWith,
  restarted,
  rootsOf,
  rootWith,
  type Scene,
  writesTo,
} from '../support/shop-scenario.ts';

const mended = { image: 'app:3', env: { CRASH_AFTER_S: '0' } };

/** Ends Lifeguard, waits for what happens `meanwhile`, and starts it again over the same Slack and Redis. */
async function restart(scene: Scene, meanwhile: () => unknown = () => {}): Promise<void> {
  const { kubeconfig, slack, redisUrl } = scene;
  await scene.stop();
  await meanwhile();
  await startLifeguard({ kubeconfig, slack, redisUrl });
  await slack.waitForConnections(1);
}

async function approve({ slack }: Scene, { ts }: Message): Promise<void> {
  await slack.click({ user: approver, channel, ts, buttonText: 'Approve' });
}

describe('after a restart', () => {
  it('an open incident keeps its one message, and its button works', async () => {
    const scene = await play();
    const root = await releaseBadly(scene);
    await restart(scene);
    await approve(scene, root);
    await replyWith(scene.slack, root, 'shop/app is healed');
    await rootWith(scene.slack, '[RESOLVED]');
    expect(rootsOf(scene.slack)).toHaveLength(1);
    expect(repliesWith(scene.slack, root, 'Proposed:')).toHaveLength(1);
    expect(writesTo(scene.cluster)).toHaveLength(1);
  });

  it('what was mended meanwhile is resolved in its own thread', async () => {
    const scene = await play();
    const root = await releaseBadly(scene);
    await restart(scene, () => scene.cluster.apply(manifest(mended)));
    const resolved = await rootWith(scene.slack, '[RESOLVED]');
    expect(resolved.ts).toBe(root.ts);
    await replyWith(scene.slack, root, 'The trouble is gone.');
    expect(rootsOf(scene.slack)).toHaveLength(1);
    expect(writesTo(scene.cluster)).toEqual([]);
  });

  it('what broke meanwhile gets a message, what was told before gets none', async () => {
    const scene = await play();
    await releaseBadly(scene);
    await releaseWell(scene, { name: 'cart' });
    await restart(scene, () => {
      scene.cluster.apply(manifest({ name: 'cart', image: 'app:2', env: crash }));
      return restarted(scene.cluster, 4);
    });
    await rootWith(scene.slack, 'op:approve', 'shop/cart: crash loop');
    expect(rootsOf(scene.slack)).toHaveLength(2);
  });

  it('what comes back soon after it was resolved goes on in its thread', async () => {
    const scene = await play();
    const root = await releaseBadly(scene);
    await approve(scene, root);
    await replyWith(scene.slack, root, 'shop/app is healed');
    await rootWith(scene.slack, '[RESOLVED]');
    await restart(scene);
    scene.cluster.apply(manifest({ image: 'app:4', env: crash }));
    await replyWith(scene.slack, root, 'It is back');
    const open = await rootWith(scene.slack, '[CRITICAL] shop/app: crash loop', 'reopened 1x', 'op:approve');
    expect(open.ts).toBe(root.ts);
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('a change under way is proven and told once', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await approve(scene, root);
    await vi.waitFor(() => expect(writesTo(cluster)).toHaveLength(1), soon);
    await restart(scene);
    await replyWith(slack, root, 'shop/app is healed');
    await rootWith(slack, '[RESOLVED]');
    expect(repliesWith(slack, root, 'shop/app is healed')).toHaveLength(1);
    expect(writesTo(cluster)).toHaveLength(1);
  });

  it('nothing of the one before goes on', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    // It is about to be seen healthy when Lifeguard stops.
    await releaseWell(scene);
    cluster.apply(manifest({ name: 'cart', env: crash }));
    await rootWith(slack, 'shop/cart: crash loop');
    await restart(scene);
    const root = await releaseBadly(scene, { name: 'basket' });
    await approve(scene, root);
    await replyWith(slack, root, 'shop/basket is healed');
    expect(scene.log.filter(({ msg }) => msg === 'a subject could not be judged and will be looked at again')).toEqual(
      [],
    );
  });
});
