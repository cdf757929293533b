import { describe, expect, it, vi } from 'vitest';
import type { SimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { channel } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import {
  type App,
  crash,
  isRoot,
  manifest,
  play,
  readApp,
  releaseBadly,
  replyWith,
  rootWith,
} from '../support/shop-scenario.ts';

describe('becomes one thread', () => {
  it.each<[string, App, readonly string[]]>([
    [
      'a crash loop of the first release',
      { env: crash },
      [
        'shop/app: crash loop',
        'exits with code 3',
        'the first of this workload',
        'Its log says: “cannot reach payments”',
      ],
    ],
    [
      'a crash loop whose log has a known error, which is said in words',
      {
        env: crash,
        annotations: { 'sim.lifeguard.dev/crash-log': 'dial tcp payments:5432: connect: connection refused\nbye' },
      },
      [
        'It cannot connect: payments:5432 refuses connections.',
        'Its log says: “dial tcp payments:5432: connect: connection refused”',
      ],
    ],
    [
      'an init container',
      { init: true, annotations: { 'sim.lifeguard.dev/init-crash-after': '0.2s' } },
      ['shop/app: crash loop', 'Init container migrate exits with code'],
    ],
    [
      'out of memory',
      { env: { LEAK_MB_PER_S: '200' }, memory: '64Mi' },
      ['shop/app: out-of-memory loop', 'its memory limit of 64 MiB (OOMKilled, exit code 137)'],
    ],
    [
      'an image that cannot be pulled',
      { image: 'missing.local/app:1' },
      [
        'shop/app: image cannot be pulled',
        'Image missing.local/app:1 of container app',
        'People take over.',
        '*Next:* Check the host name in the image',
      ],
    ],
    ['a StatefulSet', { kind: 'StatefulSet', env: crash }, ['StatefulSet shop/app', 'exits with code 3']],
    ['a DaemonSet', { kind: 'DaemonSet', env: crash }, ['DaemonSet shop/app', 'exits with code 3']],
  ])('%s', async (_fault, app, texts) => {
    const { cluster, slack } = await play();
    cluster.apply(manifest(app));
    await rootWith(slack, ...texts);
    cluster.apply(manifest({ name: 'marker', env: crash }));
    await rootWith(slack, 'shop/marker: crash loop');
    expect(slack.messages(channel).filter(isRoot)).toHaveLength(2);
  });

  it.each(['Deployment', 'StatefulSet', 'DaemonSet'] as const)(
    'a bad release of a %s, rolled back and proven after a click',
    async (kind) => {
      const scene = await play();
      const { cluster, slack } = scene;
      const root = await releaseBadly(scene, { kind });
      await slack.click({ user: 'U_ANA', channel, ts: root.ts, buttonText: 'Approve' });
      await replyWith(slack, root, 'shop/app is healed');
      expect(JSON.stringify(readApp(cluster, { kind }))).toContain('app:1');
      await rootWith(slack, '[RESOLVED]');
    },
  );
});

describe('stays silent about', () => {
  it('a healthy workload', async () => {
    const { cluster, slack } = await play();
    cluster.apply(manifest({}));
    await vi.waitFor(() => expect(cluster.list('/api/v1/namespaces/shop/pods')).toHaveLength(1), soon);
    await expectSilence(cluster, slack);
  });

  it('a rollout from one good release to the next', async () => {
    const { cluster, slack } = await play();
    cluster.apply(manifest({}));
    cluster.apply(manifest({ image: 'app:2' }));
    await expectSilence(cluster, slack);
  });

  it('pods that are deleted', async () => {
    const { cluster, slack } = await play();
    cluster.apply(manifest({ env: { CRASH_AFTER_S: '30' } }));
    await vi.waitFor(() => expect(cluster.list('/api/v1/namespaces/shop/pods')).toHaveLength(1), soon);
    await expectSilence(cluster, slack);
  });

  /** A crash loop elsewhere is seen after everything before it, so silence about the rest means silence. */
  async function expectSilence(cluster: SimulatedCluster, slack: LocalSlack): Promise<void> {
    cluster.apply(manifest({ name: 'marker', env: crash }));
    await rootWith(slack, 'shop/marker: crash loop');
    expect(slack.messages(channel).filter(isRoot)).toHaveLength(1);
  }
});
