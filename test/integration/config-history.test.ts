import { expect, it, vi } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { createConfigHistory } from '../../src/platform/redis/config-history.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { approver, channel, startLifeguard } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import { connectTo, manifest, play, replyWith, rootWith, type Scene, writesTo } from '../support/shop-scenario.ts';

const path = '/api/v1/namespaces/shop/configmaps/settings';
const settings = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };

function hold({ cluster }: Scene, data: Readonly<Record<string, string>>): void {
  const metadata = { name: 'settings', namespace: 'shop', annotations: { 'lifeguard.dev/keep-history': 'true' } };
  cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
}

/** Resolves when so many versions are kept. */
async function kept({ redisUrl }: Scene, count: number) {
  const history = createConfigHistory(connectTo(redisUrl), createKeyspace('test'));
  return await vi.waitFor(async () => {
    const versions = await history.read(settings);
    expect(versions).toHaveLength(count);
    return versions;
  }, soon);
}

async function restore(slack: LocalSlack, version = '') {
  await slack.command({ user: 'U_CHI', channel, text: `/kube restore shop/settings ${version}` });
}

it('a ConfigMap gets back what it held, also by who watches after a restart, and its secrets are shown to nobody', async () => {
  const scene = await play();
  const { cluster, slack, redisUrl, kubeconfig, log } = scene;
  const secrets = ['old', 'new'].map((one) => ['horse', one, 'staple'].join('-'));
  const [old = '', fresh = ''] = secrets;
  await slack.waitForConnections(1);
  cluster.apply(manifest({ env: {} }));
  const plain = { metadata: { name: 'plain', namespace: 'shop' }, data: { DB_PASSWORD: old } };
  cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', ...plain });
  hold(scene, { MODE: 'calm', DB_PASSWORD: old });
  const [first] = await kept(scene, 1);
  const read = cluster.requests().filter(({ path: asked }) => asked.includes('/configmaps/'));
  expect(new Set(read.map(({ path: asked }) => asked))).toEqual(new Set([path]));
  await scene.stop();
  const next = await startLifeguard({ kubeconfig, slack, redisUrl });
  await slack.waitForConnections(1);
  hold(scene, { MODE: 'wild', DB_PASSWORD: fresh });
  const versions = await kept(scene, 2);
  expect(versions.map(({ version }) => version)).toEqual([2, 1]);
  expect(versions[1]).toEqual(first);
  await restore(slack);
  const root = await rootWith(slack, 'op:approve', 'Restore ConfigMap shop/settings to version 1');
  await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Details' });
  const details = await slack.waitForView(approver, { textIncludes: 'MODE: calm' });
  await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
  await replyWith(slack, root, 'It is as was asked for.');
  expect(cluster.get(path)).toMatchObject({ data: { MODE: 'calm', DB_PASSWORD: old } });
  expect(writesTo(cluster)).toHaveLength(1);
  expect((await kept(scene, 2)).map(({ content }) => content.data['MODE'])).toContain('wild');
  const audit = JSON.stringify(await connectTo(redisUrl).xrange('lg:test:audit', '-', '+'));
  expect(audit).toContain('MODE: calm');
  const seen = JSON.stringify([slack.messages(channel), slack.thread(channel, root.ts), details, slack.requests]);
  for (const secret of secrets)
    for (const told of [seen, audit, JSON.stringify(log), JSON.stringify(next.log)]) expect(told).not.toContain(secret);
});

it('one that is too large is named by /kube status', async () => {
  const scene = await play();
  const { slack } = scene;
  await slack.waitForConnections(1);
  hold(scene, { big: 'x'.repeat(300 * 1024) });
  await vi.waitFor(
    async () => {
      await slack.command({ user: 'U_CHI', channel, text: '/kube status' });
      const said = JSON.stringify(slack.messages(channel));
      expect(said).toMatch(/:warning: history of configmaps, since .{1,80}: More than 256 KiB.{0,40}shop\/settings/);
    },
    { ...soon, interval: 4_000 },
  );
});
