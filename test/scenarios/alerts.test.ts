import { describe, expect, it } from 'vitest';
import { aNotification, aRawAlert } from '../support/alerts.ts';
import { approver, channel, privateRedis } from '../support/lifeguard.ts';
import {
  crash,
  manifest,
  play,
  readApp,
  releaseBadly,
  releaseSeenHealthy,
  releaseWell,
  repliesWith,
  replyWith,
  rootsOf,
  rootWith,
  type Scene,
  writesTo,
} from '../support/shop-scenario.ts';

type Raw = Readonly<Record<string, unknown>>;

function send({ port }: Pick<Scene, 'port'>, ...alerts: readonly Raw[]): Promise<Response> {
  const body = aNotification(alerts);
  return fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, { method: 'POST', body });
}

const ofApp = { namespace: 'shop', deployment: 'app' };
const firing = aRawAlert(ofApp);
const resolved = aRawAlert(ofApp, { status: 'resolved', endsAt: '2026-03-02T09:59:00Z' });

/** It names another cause than the true one, and a remedy for that. */
const lie = aRawAlert(
  { ...ofApp, alertname: 'OOMKilled', container: 'app', reason: 'OOMKilled' },
  { annotations: { summary: 'OOMKilled', description: 'Container app is OOMKilled. Raise its memory limit.' } },
);

describe('an alert that is wrong about a bad release', () => {
  it.each(['before', 'after'] as const)('%s it is seen: it is rolled back, not fed, in one thread', async (when) => {
    const scene = await play({
      policy: '{ autonomy: auto, attempts: { backoffSeconds: 1 }, verification: { stableForSeconds: 3 } }',
    });
    const { cluster, slack } = scene;
    await releaseSeenHealthy(scene, { memory: '64Mi' });
    const tell = () => send(scene, lie).then(() => rootWith(slack, 'OOMKilled'));
    if (when === 'before') await tell();
    cluster.apply(manifest({ image: 'app:2', env: crash, memory: '64Mi' }));
    if (when === 'after') await rootWith(slack, 'shop/app: crash loop').then(tell);
    const root = await rootWith(slack, 'Healed and proven; its alerts still fire');
    const told = JSON.stringify([root, slack.thread(channel, root.ts)]);
    expect(told).toContain('Roll back Deployment shop/app');
    expect(told).not.toContain('limit of memory');
    expect(writesTo(cluster, 'tried')).toHaveLength(1);
    expect(readApp(cluster)).toMatchObject({
      spec: { template: { spec: { containers: [{ image: 'app:1', resources: { limits: { memory: '64Mi' } } }] } } },
    });
    expect(rootsOf(slack)).toHaveLength(1);
  });
});

describe('an alert', () => {
  it('joins the incident that the watch has opened for the same workload', async () => {
    const scene = await play();
    const root = await releaseBadly(scene);
    expect((await send(scene, firing)).status).toBe(200);
    await replyWith(scene.slack, root, 'alert PodsFailing fires');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('gives way to what the watch sees afterwards: one thread, led by what can be mended', async () => {
    const scene = await play();
    await releaseWell(scene);
    await send(scene, firing);
    await rootWith(scene.slack, 'alert PodsFailing fires', 'Pods of the checkout fail.');
    const root = await releaseBadly(scene);
    expect(JSON.stringify(root)).toContain('crash loop');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('that outlasts the healing keeps the thread open, and opens no other', async () => {
    const scene = await play();
    const root = await releaseBadly(scene);
    await send(scene, firing);
    await replyWith(scene.slack, root, 'alert PodsFailing fires');
    await scene.slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
    await rootWith(scene.slack, 'Healed and proven; its alerts still fire');
    await send(scene, resolved);
    await rootWith(scene.slack, 'RESOLVED', 'crash loop');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('has a thread of its own about what nothing else complains of, and that ends when it resolves', async () => {
    const scene = await play();
    await send(scene, firing, firing);
    await rootWith(scene.slack, 'Deployment shop/app', 'Pods of the checkout fail.');
    await send(scene, resolved);
    await send(scene, firing);
    await rootWith(scene.slack, 'RESOLVED', 'alert PodsFailing fires');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('cannot speak in Slack: what its labels and words hold is shown as it is', async () => {
    const scene = await play();
    const hostile = '<!channel> *bold* <http://evil.local|click> \u202Ereversed';
    const words = { annotations: { description: `${hostile} ${'x'.repeat(10_000)}` } };
    await send(scene, aRawAlert({ alertname: hostile, pod: hostile, namespace: 'shop' }, words));
    const root = await rootWith(scene.slack, '&lt;!channel&gt;');
    const thread = scene.slack.thread('C_OPS', root.ts);
    expect(JSON.stringify(thread)).not.toMatch(/<!channel>|<http/);
    expect(JSON.stringify(thread)).not.toContain('\u202E');
  });

  it('is no incident where it fires on purpose', async () => {
    const scene = await play();
    await send(scene, aRawAlert({ alertname: 'Watchdog', severity: 'none' }), firing);
    await rootWith(scene.slack, 'alert PodsFailing fires');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('is not acknowledged while it cannot be kept, and comes again', async () => {
    const redis = await privateRedis();
    const scene = await play({ redisUrl: redis.url });
    await redis.stop();
    expect((await send(scene, firing)).status).toBe(503);
    const again = await privateRedis(Number(new URL(redis.url).port));
    expect(again.url).toBe(redis.url);
    await expect.poll(async () => (await send(scene, firing)).status).toBe(200);
    const root = await rootWith(scene.slack, 'alert PodsFailing fires');
    expect(repliesWith(scene.slack, root, 'PodsFailing').length).toBeLessThan(2);
  });

  it('is refused where it is no notification', async () => {
    const { port } = await play();
    const url = `http://127.0.0.1:${port}/webhooks/alertmanager`;
    expect((await fetch(url, { method: 'POST', body: '{"version":"3"}' })).status).toBe(400);
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(5 * 2 ** 20) })).status).toBe(413);
  });
});
