import { describe, expect, it } from 'vitest';
import { type JsonObject, readPath, readString } from '../../src/core/json.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { createRevisionHealth } from '../../src/platform/redis/ledger.ts';
import { approver, channel, privateRedis, startLifeguard } from '../support/lifeguard.ts';
import { startRoleProcess } from '../support/role-process.ts';
import {
  connectTo,
  crash,
  manifest,
  openShop,
  play,
  readApp,
  releaseBadly,
  releaseSeenHealthy,
  releaseWell,
  repliesWith,
  replyWith,
  restarted,
  rootsOf,
  rootWith,
  type Scene,
  writesTo,
} from '../support/shop-scenario.ts';

const auto =
  '{ autonomy: auto, attempts: { backoffSeconds: 1 }, verification: { stableForSeconds: 3, deadlineSeconds: 40 } }';
const approve = { user: approver, channel, buttonText: 'Approve' };

describe('a rollback that does not help', () => {
  const policy = '{ attempts: { backoffSeconds: 0.5 }, verification: { stableForSeconds: 4, deadlineSeconds: 10 } }';
  // The former release fails as well, only later, so that it looks healthy when the next one is released.
  const env = { ...crash, CRASH_AFTER_S: '2' };

  it.each(['Deployment', 'StatefulSet'] as const)('is undone, said so, and handed to people (%s)', async (kind) => {
    const scene = await play({ policy });
    const { cluster, slack } = scene;
    const root = await releaseBadly(scene, { kind, env });
    const before = templateOf(readApp(cluster, { kind }));
    await slack.click({ ...approve, ts: root.ts });
    await replyWith(slack, root, 'It did not help, so it was undone');
    await replyWith(slack, root, 'Over to people');
    expect(templateOf(readApp(cluster, { kind }))).toEqual(before);
    expect(repliesWith(slack, root, 'putting the former state back')).toHaveLength(1);
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('is not tried in a loop, although Lifeguard may act alone', async () => {
    const scene = await play({ policy: policy.replace('{', '{ autonomy: auto,') });
    const { cluster, slack } = scene;
    await releaseWell(scene, { env });
    await noteHealthy(scene, 1);
    cluster.apply(manifest({ image: 'app:2', env: crash }));
    const root = await rootWith(slack, 'shop/app: crash loop');
    await replyWith(slack, root, 'Over to people');
    await restarted(cluster, 4);
    expect(writesTo(cluster, 'tried')).toHaveLength(2);
    expect(JSON.stringify(readApp(cluster))).toContain('app:2');
  });
});

describe('a rollback that somebody puts back', () => {
  it('is not made again, although Lifeguard may act alone and has attempts left; people are called', async () => {
    const scene = await play({ policy: auto });
    const { cluster, slack } = scene;
    const bad = manifest({ image: 'app:2', env: crash });
    await releaseSeenHealthy(scene);
    cluster.apply(bad);
    const root = await rootWith(slack, 'shop/app: crash loop');
    await replyWith(slack, root, 'shop/app is healed');
    cluster.apply(bad);
    await replyWith(slack, root, 'Somebody has put back what Lifeguard changed');
    await replyWith(slack, root, 'Over to people');
    await restarted(cluster, 4);
    expect(writesTo(cluster, 'tried')).toHaveLength(1);
    expect(JSON.stringify(readApp(cluster))).toContain('app:2');
    expect(rootsOf(slack)).toHaveLength(1);
  });
});

describe('a leak', () => {
  it('that takes whatever it gets is given more memory twice, and then people look for it', async () => {
    const verification = '{ stableForSeconds: 1, deadlineSeconds: 20 }';
    const scene = await play({
      policy: `{ autonomy: auto, attempts: { backoffSeconds: 0.5 }, verification: ${verification} }`,
    });
    const { cluster, slack } = scene;
    cluster.apply(manifest({ env: { LEAK_MB_PER_S: '15' }, memory: '64Mi' }));
    const root = await rootWith(slack, 'shop/app: out-of-memory loop');
    await replyWith(slack, root, 'Its memory was raised 2 times already, so this looks like a leak');
    await replyWith(slack, root, 'Over to people');
    expect(writesTo(cluster, 'tried')).toHaveLength(2);
    expect(readApp(cluster)).toMatchObject({
      metadata: { annotations: { 'lifeguard.dev/memory-raises': '2' } },
      spec: { template: { spec: { containers: [{ resources: { limits: { memory: '144Mi' } } }] } } },
    });
  });
});

describe('a worker that is killed in the middle of a rollback', () => {
  it.each([
    ['after its write', 0, 'done'],
    ['while its write is under way', 300, 'tried'],
  ] as const)('%s is followed by another one, and the change is made once', async (_when, slowMs, seen) => {
    const scene = await playWithWorkerApart();
    const { cluster, slack, worker } = scene;
    const root = await releaseBadly(scene);
    cluster.faults.slow(slowMs);
    await slack.click({ ...approve, ts: root.ts });
    await expect.poll(() => writesTo(cluster, seen).length, { interval: 5 }).toBe(1);
    await worker.kill();
    cluster.faults.slow(0);
    await startWorker(scene);
    await replyWith(slack, root, 'shop/app is healed');
    await rootWith(slack, '[RESOLVED]');
    expect(writesTo(cluster)).toHaveLength(1);
    expect(readApp(cluster)).toMatchObject({ metadata: { generation: 3 } });
    for (const step of ['Approved by', 'Change applied', 'is healed'])
      expect(repliesWith(slack, root, step)).toHaveLength(1);
    expect(rootsOf(slack)).toHaveLength(1);
  });
});

/** What carries out approved proposals is a process of its own, so that it can be killed. */
async function playWithWorkerApart() {
  const shop = await openShop();
  const { kubeconfig } = shop;
  const { url: redisUrl } = await privateRedis();
  const watcher = await startLifeguard({ kubeconfig, redisUrl, role: 'watcher' });
  await startLifeguard({ kubeconfig, redisUrl, slack: watcher.slack, role: 'bot' });
  const worker = await startWorker({ kubeconfig, redisUrl, slack: watcher.slack });
  return { ...shop, ...watcher, worker };
}

function startWorker({ kubeconfig, redisUrl, slack }: Pick<Scene, 'kubeconfig' | 'redisUrl' | 'slack'>) {
  return startRoleProcess({ kubeconfig, redisUrl, slack, role: 'worker' });
}

/** Puts on record that a revision of the app was once seen healthy. */
async function noteHealthy({ cluster, redisUrl }: Scene, revision: number): Promise<void> {
  const workloadUid = readString(readApp(cluster), 'metadata', 'uid') ?? '';
  const health = createRevisionHealth(connectTo(redisUrl), createKeyspace('test'));
  await health.mark({ workloadUid, revision, health: 'healthy' });
}

function templateOf(workload: JsonObject | undefined) {
  return readPath(workload, 'spec', 'template');
}

describe('refusals by guardrails and plans', () => {
  it('nothing is written to a protected namespace, and the message says why', async () => {
    const scene = await play({ policy: '{ autonomy: auto }' });
    const { cluster, slack } = scene;
    const app = { namespace: 'kube-system' };
    await releaseWell(scene, app);
    cluster.apply(manifest({ ...app, image: 'app:2', env: crash }));
    await rootWith(
      slack,
      'kube-system/app: crash loop',
      'kube-system is a protected namespace; Lifeguard changes nothing',
    );
    expect(writesTo(cluster, 'tried')).toEqual([]);
  });

  it('a first release that is bad cannot be rolled back, and the thread says why', async () => {
    const { cluster, slack } = await play({ policy: '{ autonomy: auto }' });
    cluster.apply(manifest({ env: crash }));
    const root = await rootWith(slack, 'shop/app: crash loop');
    await replyWith(slack, root, 'Revision 1 is the only one of shop/app, so there is nothing to roll back to');
    await replyWith(slack, root, 'Over to people');
    expect(writesTo(cluster, 'tried')).toEqual([]);
  });
});
