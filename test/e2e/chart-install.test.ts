import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../demo/free-port.ts';
import { deploymentManifest, namespaceManifest } from '../../demo/shop.ts';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/local-slack.ts';
import { openStage, type Stage } from '../../demo/stage.ts';
import manifest from '../../slack-manifest.json' with { type: 'json' };
import { readArray, readString } from '../../src/core/json.ts';
import { createKeyspace } from '../../src/platform/redis/keyspace.ts';
import { assembledImage, importAssembledImage } from '../support/kubernetes/image.ts';
import { kubectlApply } from '../support/kubernetes/kubectl.ts';
import { soon } from '../support/patience.ts';

const run = promisify(execFile);
const namespace = `lifeguard-inside-${process.pid}`;
const shop = `lifeguard-shop-${process.pid}`;
const release = `lg-${process.pid}`;

let stage: Stage;
let slack: LocalSlack;

/** The address of the node, which is this machine. */
async function nodeAddress(): Promise<string> {
  const [node] = readArray(await stage.get('/api/v1/nodes'), 'items');
  const internal = readArray(node, 'status', 'addresses').find((one) => readString(one, 'type') === 'InternalIP');
  return readString(internal, 'address') ?? '';
}

async function apply(manifest: object): Promise<void> {
  await kubectlApply(JSON.stringify(manifest));
}

/** Slack runs on this machine; inside the cluster it has a name. */
async function nameSlack(port: number): Promise<void> {
  const metadata = { name: 'slack', namespace, labels: { 'kubernetes.io/service-name': 'slack' } };
  await apply({ apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: 'None', ports: [{ port }] } });
  const endpoints = [{ addresses: [await nodeAddress()], conditions: { ready: true } }];
  await apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: 'IPv4',
    metadata,
    endpoints,
    ports: [{ port }],
  });
}

function readCheckout() {
  return stage.get(`/apis/apps/v1/namespaces/${shop}/deployments/checkout`);
}

/** Whether it is on record that it ran well: only to what did is gone back without asking. */
async function isSeenHealthy(): Promise<boolean> {
  const key = createKeyspace('inside').key('health', readString(await readCheckout(), 'metadata', 'uid') ?? '');
  const script = `import { Redis } from 'ioredis';
    const redis = new Redis(process.env.REDIS_URL);
    process.stdout.write(String(await redis.exists('${key}')));
    redis.disconnect();`;
  const worker = ['exec', '--namespace', namespace, `deployment/${release}-lifeguard-worker`, '--'];
  return (await run('kubectl', [...worker, 'node', '--input-type=module', '--eval', script])).stdout === '1';
}

beforeAll(async () => {
  await importAssembledImage(process.env['E2E_IMPORT_IMAGE'] ?? '');
  stage = await openStage(process.env['KUBECONFIG'] ?? '');
  const port = await freePort();
  slack = await startLocalSlack({ manifest, port, origin: `http://slack.${namespace}.svc.cluster.local:${port}` });
  for (const name of [namespace, shop]) await stage.apply(namespaceManifest(name));
  await nameSlack(port);
  const stringData = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl };
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'lifeguard', namespace }, stringData });
});

afterAll(async () => {
  await run('helm', ['uninstall', release, '--namespace', namespace]).catch(() => undefined);
  for (const name of [namespace, shop]) await stage.deleteNamespace(name);
  await slack.stop();
  await stage.close();
});

it('installed by its chart, heals a bad release from inside the cluster with no rights but its own', async () => {
  const values = {
    image: { ...assembledImage, pullPolicy: 'Never' },
    redis: { image: assembledImage, size: '' },
    config: {
      cluster: { name: 'inside' },
      // It watches the whole cluster, and what others have left in it may be much.
      slack: { channel: 'C_OPS', storm: { incidents: 100 } },
      policy: {
        storm: { incidents: 100 },
        rules: [{ namespaces: [shop], autonomy: 'auto' }],
        verification: { stableForSeconds: 3, deadlineSeconds: 60 },
      },
    },
  };
  const set = Object.entries(values).flatMap(([name, value]) => ['--set-json', `${name}=${JSON.stringify(value)}`]);
  await run('helm', [
    'install',
    release,
    'helm/lifeguard',
    '--namespace',
    namespace,
    '--wait',
    '--timeout',
    '300s',
    ...set,
  ]);
  const app = { name: 'checkout', replicas: 1, version: '1.0.0' };
  await stage.apply(deploymentManifest(shop, app));
  await expect.poll(isSeenHealthy, { ...soon, interval: 1_000 }).toBe(true);
  await stage.apply(deploymentManifest(shop, { ...app, version: '1.0.1', env: { CRASH_AFTER_S: '2' } }));
  const root = await slack.waitForMessage({ channel: 'C_OPS', textIncludes: `${shop}/checkout: crash loop` });
  await slack.waitForMessage({ channel: 'C_OPS', threadTs: root.ts, textIncludes: `${shop}/checkout is healed` });
  const deployment = await readCheckout();
  const [container] = readArray(deployment, 'spec', 'template', 'spec', 'containers');
  expect(readString(container, 'image')).toBe('test.local/app:1.0.0');
  expect(slack.violations()).toEqual([]);
});
