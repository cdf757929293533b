import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../demo/free-port.ts';
import { deploymentManifest, namespaceManifest } from '../../demo/shop.ts';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/local-slack.ts';
import { openStage, type Stage } from '../../demo/stage.ts';
import manifest from '../../slack-manifest.json' with { type: 'json' };
import { readArray, readString } from '../../src/core/json.ts';
import { assembledImage, importAssembledImage } from '../support/kubernetes/image.ts';
import { kubectlApply } from '../support/kubernetes/kubectl.ts';

const run = promisify(execFile);
const namespace = `lifeguard-inside-${process.pid}`;
const shop = `lifeguard-shop-${process.pid}`;
const patience = { timeoutMs: 120_000 };

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
  await run('helm', ['uninstall', 'lg', '--namespace', namespace]).catch(() => undefined);
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
      slack: { channel: 'C_OPS' },
      policy: {
        rules: [{ namespaces: [shop], autonomy: 'auto' }],
        verification: { stableForSeconds: 3, deadlineSeconds: 60 },
      },
    },
  };
  const set = Object.entries(values).flatMap(([name, value]) => ['--set-json', `${name}=${JSON.stringify(value)}`]);
  await run('helm', [
    'install',
    'lg',
    'helm/lifeguard',
    '--namespace',
    namespace,
    '--wait',
    '--timeout',
    '150s',
    ...set,
  ]);
  const app = { name: 'checkout', replicas: 1, version: '1.0.0' };
  await stage.apply(deploymentManifest(shop, app));
  await stage.waitUntilSettled(shop, ['deployments/checkout']);
  await stage.apply(deploymentManifest(shop, { ...app, version: '1.0.1', env: { CRASH_AFTER_S: '2' } }));
  const root = await slack.waitForMessage({ channel: 'C_OPS', textIncludes: `${shop}/checkout: crash loop` }, patience);
  await slack.waitForMessage(
    { channel: 'C_OPS', threadTs: root.ts, textIncludes: `${shop}/checkout is healed` },
    patience,
  );
  const deployment = await stage.get(`/apis/apps/v1/namespaces/${shop}/deployments/checkout`);
  const [container] = readArray(deployment, 'spec', 'template', 'spec', 'containers');
  expect(readString(container, 'image')).toBe('test.local/app:1.0.0');
  expect(slack.violations()).toEqual([]);
});
