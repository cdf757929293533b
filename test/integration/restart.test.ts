import { describe, expect, it } from 'vitest';
import { approver, channel, startLifeguard } from '../support/lifeguard.ts';
import {
  crash,
  manifest,
  play,
  releaseBadly,
  releaseWell,
  replyWith,
  rootsOf,
  rootWith,
  type Scene,
} from '../support/shop-scenario.ts';

/** Ends Lifeguard, lets `meanwhile` happen, and starts it again over the same Slack and Redis. */
async function restart(scene: Scene, meanwhile: () => void = () => {}): Promise<void> {
  await scene.stop();
  meanwhile();
  const { kubeconfig, slack, redisUrl } = scene;
  await startLifeguard({ kubeconfig, slack, redisUrl });
}

describe('after a restart', () => {
  it('an open incident keeps its one message, and its button works', async () => {
    const scene = await play();
    const root = await releaseBadly(scene);
    await restart(scene);
    await scene.slack.waitForConnections(1, { timeoutMs: 20_000 });
    await scene.slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
    await replyWith(scene.slack, root, 'shop/app is healed');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('what was mended meanwhile is resolved in its own thread', async () => {
    const scene = await play();
    const root = await releaseBadly(scene);
    await restart(scene, () => scene.cluster.apply(manifest({ image: 'app:3', env: { CRASH_AFTER_S: '0' } })));
    const resolved = await rootWith(scene.slack, '[RESOLVED]');
    expect(resolved.ts).toBe(root.ts);
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('what broke meanwhile gets a message, what was told before gets none', async () => {
    const scene = await play();
    await releaseBadly(scene);
    await releaseWell(scene, { name: 'cart' });
    await restart(scene, () => scene.cluster.apply(manifest({ name: 'cart', image: 'app:2', env: crash })));
    await rootWith(scene.slack, 'shop/cart: crash loop');
    expect(rootsOf(scene.slack)).toHaveLength(2);
  });
});
