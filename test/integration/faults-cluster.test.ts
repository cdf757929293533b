import { describe, expect, it } from 'vitest';
import { approver, channel } from '../support/lifeguard.ts';
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

describe('the API server', () => {
  it('breaks every watch twice a second through a whole incident, which goes on as if nothing happened', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    cluster.faults.resetWatchesEvery(500);
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    await rootWith(slack, '[RESOLVED]');
    cluster.faults.resetWatchesEvery(null);
    expect(rootsOf(slack)).toHaveLength(1);
    expect(writesTo(cluster)).toHaveLength(1);
  });

  it('forgets its history in the middle of an incident', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    cluster.faults.expireHistory();
    cluster.faults.resetWatches();
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('is away while a workload is mended: its incident ends once it is back', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    cluster.faults.unreachable(true);
    cluster.apply(manifest({ image: 'app:3', env: { CRASH_AFTER_S: '0' } }));
    cluster.faults.unreachable(false);
    const resolved = await rootWith(slack, '[RESOLVED]');
    expect(resolved.ts).toBe(root.ts);
  });

  it('is away while something breaks: it is told once it is back', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    await releaseWell(scene);
    cluster.faults.unreachable(true);
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    cluster.faults.unreachable(false);
    await rootWith(slack, 'shop/app: crash loop');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('is away when a person approves: nothing is written, and it is tried again or explained', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    cluster.faults.failNext({ match: /^PATCH .*deployments/, status: 0, times: 2 });
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster)).toHaveLength(1);
  });
});
