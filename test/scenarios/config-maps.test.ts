import { expect, it, vi } from 'vitest';
import { readArray, readObject, readString } from '../../src/core/json.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { openRawApi } from '../support/kubernetes/raw-api.ts';
import { credentialsOf } from '../support/kubernetes/simulated.ts';
import { channel } from '../support/lifeguard.ts';
import { soon } from '../support/patience.ts';
import { connectTo, crash, manifest, play, replyWith, rootWith, type Scene } from '../support/shop-scenario.ts';

const pods = '/api/v1/namespaces/shop/pods';
const gentle = { LOG_LEVEL: 'info' };

/** As a person does it: by server-side apply, under a name. */
async function write({ cluster }: Scene, name: string, data: object): Promise<void> {
  const api = openRawApi(await credentialsOf(cluster));
  const metadata = { name, annotations: { 'lifeguard.dev/keep-history': 'true' } };
  const path = `/api/v1/namespaces/shop/configmaps/${name}?fieldManager=ana&force=true`;
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
  const { status } = await api.call({ method: 'PATCH', path, body, contentType: 'application/apply-patch+yaml' });
  await api.close();
  expect(status).toBeLessThan(300);
}

/** The app takes its environment from `settings`, and beside it there is `flags`, which nobody reads. */
async function openConfigured(): Promise<Scene> {
  const scene = await play();
  const { cluster, redisUrl } = scene;
  const connected = connectTo(redisUrl);
  await write(scene, 'settings', gentle);
  await write(scene, 'flags', gentle);
  const app = manifest({});
  const template = readObject(app, 'spec', 'template');
  const containers = [{ name: 'app', image: 'app:1', envFrom: [{ configMapRef: { name: 'settings' } }] }];
  cluster.apply({ ...app, spec: { ...readObject(app, 'spec'), template: { ...template, spec: { containers } } } });
  await runs(scene);
  const kept = createKeyspace('test').key('config-versions', '*');
  await expect.poll(() => connected.keys(kept)).toHaveLength(2);
  await nextSecond();
  return scene;
}

async function runs({ cluster }: Scene): Promise<string> {
  return await vi.waitFor(() => {
    const [pod] = cluster.list(pods);
    expect(readString(pod, 'status', 'phase')).toBe('Running');
    return readString(pod, 'metadata', 'name') ?? '';
  }, soon);
}

/** Kubernetes dates to the second: a write within the second of its making is none. */
async function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1000);
  await vi.waitFor(() => expect(Math.floor(Date.now() / 1000)).toBeGreaterThan(second), soon);
}

async function evidenceOf({ slack }: Scene): Promise<string> {
  const root = await rootWith(slack, 'shop/app: crash loop');
  await replyWith(slack, root, 'cannot reach payments');
  return JSON.stringify(slack.thread(channel, root.ts));
}

it('a ConfigMap was written, and the app that reads it crashes: the evidence names it, its keys, and what takes it over', async () => {
  const scene = await openConfigured();
  await write(scene, 'settings', { ...gentle, ...crash });
  scene.cluster.remove(`${pods}/${await runs(scene)}`);
  const told = await evidenceOf(scene);
  expect(told).toMatch(
    /ConfigMap shop\/settings, which it reads, was written by ana at \d\d:\d\d:\d\d UTC \(\d+ s before\)/,
  );
  expect(told).toContain('until they are restarted');
  expect(told).toContain('Its keys that differ: CRASH_AFTER_S, CRASH_LOG, EXIT_CODE.');
  expect(told).not.toContain('shop/flags');
});

it('a ConfigMap was written that nobody reads, and an app crashes: nothing is said of any', async () => {
  const scene = await openConfigured();
  await write(scene, 'flags', { ...gentle, ...crash });
  const [deployment] = scene.cluster.list('/apis/apps/v1/namespaces/shop/deployments');
  const spec = readObject(deployment, 'spec');
  const template = readObject(spec, 'template');
  const [container] = readArray(template, 'spec', 'containers');
  const env = Object.entries(crash).map(([name, value]) => ({ name, value }));
  const containers = [{ ...Object(container), env }];
  scene.cluster.apply({ ...manifest({}), spec: { ...spec, template: { ...template, spec: { containers } } } });
  expect(await evidenceOf(scene)).not.toContain('ConfigMap');
});
