import { describe, expect, it } from 'vitest';
import { approver, channel, privateRedis, startLifeguard } from '../support/lifeguard.ts';
import {
  crash,
  manifest,
  openShop,
  play,
  readApp,
  releaseBadly,
  releaseWell,
  replyWith,
  rootsOf,
  rootWith,
  writesTo,
} from '../support/shop-scenario.ts';
import { startWorkerProcess } from '../support/worker-process.ts';

const approve = { user: approver, channel, buttonText: 'Approve' };

describe('a rollback that does not help', () => {
  it('is undone, said so, and handed to people; it is not tried again', async () => {
    const policy = '{ attempts: { backoffSeconds: 2 }, verification: { stableForSeconds: 4, deadlineSeconds: 10 } }';
    const scene = await play({ policy });
    const { cluster, slack } = scene;
    // The former release fails as well, only later, so that it looks healthy when the next one is released.
    const app = { kind: 'StatefulSet', env: { ...crash, CRASH_AFTER_S: '2' } } as const;
    const root = await releaseBadly(scene, app);
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'putting the former state back');
    await replyWith(slack, root, 'Over to people');
    expect(JSON.stringify(readApp(cluster, app))).toContain('app:2');
    expect(writesTo(cluster).filter(({ verb }) => verb === 'patch')).toHaveLength(2);
    expect(rootsOf(slack)).toHaveLength(1);
  });
});

describe('a worker that is killed in the middle of a rollback', () => {
  it('is followed by another one, which finishes what was begun; the change is made once', async () => {
    const { cluster, kubeconfig } = await openShop();
    const { url: redisUrl } = await privateRedis();
    const watcher = await startLifeguard({ kubeconfig, redisUrl, role: 'watcher' });
    const { slack } = watcher;
    await startLifeguard({ kubeconfig, redisUrl, slack, role: 'bot' });
    const scene = { ...watcher, cluster, kubeconfig };
    const worker = await startWorkerProcess({ kubeconfig, redisUrl, slack });
    const root = await releaseBadly(scene);
    await slack.click({ ...approve, ts: root.ts });
    await expect.poll(() => writesTo(cluster).length, { timeout: 20_000, interval: 5 }).toBe(1);
    worker.kill();
    await startWorkerProcess({ kubeconfig, redisUrl, slack });
    await replyWith(slack, root, 'shop/app is healed');
    await rootWith(slack, '[RESOLVED]');
    expect(writesTo(cluster)).toHaveLength(1);
    expect(rootsOf(slack)).toHaveLength(1);
  });
});

describe('a protected namespace', () => {
  it('is never written to, and the thread says why', async () => {
    const policy = '{ autonomy: auto, protectedNamespaces: [shop] }';
    const scene = await play({ policy });
    const { cluster, slack } = scene;
    await releaseWell(scene);
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    const root = await rootWith(slack, 'shop/app: crash loop');
    await replyWith(slack, root, 'protected');
    expect(writesTo(cluster)).toEqual([]);
  });
});
