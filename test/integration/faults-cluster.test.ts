import { describe, expect, it, vi } from 'vitest';
import type { SimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { approver, channel } from '../support/lifeguard.ts';
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
  writesTo,
} from '../support/shop-scenario.ts';

const approve = { user: approver, channel, buttonText: 'Approve' };
const mended = { image: 'app:3', env: { CRASH_AFTER_S: '0' } };

describe('watches', () => {
  it('break twice a second through a whole incident, which goes on as if nothing happened', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    cluster.faults.resetWatchesEvery(500);
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    await rootWith(slack, '[RESOLVED]');
    await expectOnlyRoot(scene, 1);
    cluster.faults.resetWatchesEvery(null);
    expect(watchesOfPods(cluster)).toBeGreaterThan(5);
    expect(repliesWith(slack, root, 'shop/app is healed')).toHaveLength(1);
    expect(writesTo(cluster)).toHaveLength(1);
  });

  it('find the history forgotten in the middle of an incident', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    cluster.faults.expireHistory();
    cluster.faults.resetWatches();
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    await expectOnlyRoot(scene, 1);
  });

  it('come back at different times: pods whose ReplicaSet is not seen yet are told under their Deployment', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    await releaseWell(scene);
    await vi.waitFor(() => expect(watchesOfPods(cluster)).toBeGreaterThan(0), soon);
    cluster.faults.failNext({ match: 'GET /apis/apps/v1/replicasets', status: 503, times: 4 });
    cluster.faults.resetWatches();
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    await rootWith(slack, 'op:approve', 'Deployment shop/app', 'image of app: app:1 -&gt; app:2');
    await expectOnlyRoot(scene, 1);
  });

  it('miss a removal, because the history is forgotten too: the incident ends all the same', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await whileAway(scene, async () => {
      cluster.remove('/apis/apps/v1/namespaces/shop/deployments/app');
      await vi.waitFor(() => expect(cluster.list('/api/v1/namespaces/shop/pods')).toEqual([]), soon);
      cluster.faults.expireHistory();
    });
    expect((await rootWith(slack, '[RESOLVED]')).ts).toBe(root.ts);
    await expectOnlyRoot(scene, 1);
  });
});

/** How often the pods were watched from somewhere on. */
function watchesOfPods(cluster: SimulatedCluster): number {
  return cluster.requests().filter(({ verb, path }) => verb === 'watch' && path === '/api/v1/pods').length;
}

/** Waits until Lifeguard has noticed that the API server is away, and until `meanwhile` has happened. */
async function whileAway({ cluster, log }: Scene, meanwhile: () => Promise<unknown>): Promise<void> {
  const told = log.length;
  cluster.faults.unreachable(true);
  await Promise.all([
    meanwhile(),
    vi.waitFor(
      () => expect(JSON.stringify(log.slice(told))).toContain('a source is in trouble and goes on trying'),
      soon,
    ),
  ]);
  cluster.faults.unreachable(false);
}

/** A later incident shows that nothing follows: the channel has so many messages and that one. */
async function expectOnlyRoot({ cluster, slack }: Scene, count: number): Promise<void> {
  cluster.apply(manifest({ name: 'later', env: crash }));
  await rootWith(slack, 'shop/later: crash loop');
  expect(rootsOf(slack)).toHaveLength(count + 1);
}

describe('the API server', () => {
  it('is away while a workload is mended: its incident ends once it is back', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await whileAway(scene, () => {
      cluster.apply(manifest(mended));
      return vi.waitFor(
        () => expect(JSON.stringify(cluster.list('/api/v1/namespaces/shop/pods'))).not.toContain('app:2'),
        soon,
      );
    });
    expect((await rootWith(slack, '[RESOLVED]')).ts).toBe(root.ts);
    await expectOnlyRoot(scene, 1);
    expect(writesTo(cluster)).toEqual([]);
  });

  it('is away while something breaks: it is told once it is back', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    await releaseWell(scene);
    await vi.waitFor(() => expect(watchesOfPods(cluster)).toBeGreaterThan(0), soon);
    await whileAway(scene, () => {
      cluster.apply(manifest({ image: 'app:2', env: crash }));
      return restarted(cluster, 3);
    });
    await rootWith(slack, 'shop/app: crash loop');
    await expectOnlyRoot(scene, 1);
  });

  it('is away so long that the lead is lost: the incident goes on in its thread', async () => {
    const scene = await play();
    const { slack, log } = scene;
    const leads = () => log.filter(({ msg }) => msg === 'watching the cluster').length;
    const root = await releaseBadly(scene);
    await whileAway(scene, () => vi.waitFor(() => expect(JSON.stringify(log)).toContain('cannot be given up'), soon));
    await vi.waitFor(() => expect(leads()).toBe(2), soon);
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    await expectOnlyRoot(scene, 1);
  });
});

describe('the API server, when a person approves,', () => {
  it('breaks the connection twice: the change is written once', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    cluster.faults.failNext({ match: /^PATCH .*deployments/, status: 0, times: 2 });
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'shop/app is healed');
    expect(writesTo(cluster)).toHaveLength(1);
    await expectOnlyRoot(scene, 1);
  });

  it('is away between the change and its proof: the proof comes once it is back, once', async () => {
    const scene = await play();
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await vi.waitFor(() => expect(writesTo(cluster)).toHaveLength(1), soon);
    await whileAway(scene, () =>
      vi.waitFor(() => expect(JSON.stringify(readApp(cluster))).toContain('"readyReplicas":1'), soon),
    );
    await replyWith(slack, root, 'shop/app is healed');
    await expectOnlyRoot(scene, 1);
    expect(repliesWith(slack, root, 'shop/app is healed')).toHaveLength(1);
    expect(writesTo(cluster)).toHaveLength(1);
  });
});
