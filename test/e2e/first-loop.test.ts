import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploymentManifest, namespaceManifest, type ShopApp } from '../../demo/shop.ts';
import { openStage, type Stage } from '../../demo/stage.ts';
import { isJsonObject, type JsonObject, readArray, readNumber, readObject, readString } from '../../src/core/json.ts';
import { secondCrash } from '../support/kubernetes/second-crash.ts';
import { approver, channel, type RunningLifeguard, startLifeguard } from '../support/lifeguard.ts';
import { replyWith, rootWith, untilSeenHealthy } from '../support/shop-scenario.ts';

const good: ShopApp = { name: 'checkout', replicas: 2, version: '1.0.0' };
const bad: ShopApp = { ...good, version: '1.0.1', env: { CRASH_AFTER_S: '2', CRASH_LOG: 'cannot reach payments' } };
const autoProvenIn = (seconds: number): string =>
  `{ autonomy: auto, attempts: { backoffSeconds: 2 }, verification: { stableForSeconds: ${seconds}, deadlineSeconds: 40 } }`;
const auto = autoProvenIn(3);

let stage: Stage;
let namespace: string;
let count = 0;

beforeEach(async () => {
  const kubeconfig = process.env['KUBECONFIG'];
  if (kubeconfig === undefined || kubeconfig === '')
    throw new Error('The end-to-end tests need a cluster: set KUBECONFIG.');
  stage = await openStage(kubeconfig);
  count += 1;
  namespace = `lifeguard-e2e-${process.pid}-${count}`;
  await stage.apply(namespaceManifest(namespace));
});

afterEach(async () => {
  await stage.deleteNamespace(namespace);
  await stage.close();
});

function start(policy?: string): Promise<RunningLifeguard> {
  const cluster = `{ name: e2e, namespaces: [${namespace}] }`;
  return startLifeguard({ kubeconfig: stage.kubeconfig, cluster, ...(policy === undefined ? {} : { policy }) });
}

function release(app: ShopApp): Promise<void> {
  return stage.apply(deploymentManifest(namespace, app));
}

function readDeployment(): Promise<JsonObject> {
  return stage.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${good.name}`);
}

async function readImage(): Promise<string | undefined> {
  const [container] = readArray(await readDeployment(), 'spec', 'template', 'spec', 'containers');
  return readString(container, 'image');
}

describe('a bad release on a real cluster', () => {
  it('becomes a thread within 10 s of the second crash, an approved rollback, and proof', async () => {
    const lifeguard = await start();
    const { slack } = lifeguard;
    await release(good);
    await untilSeenHealthy(lifeguard, 'e2e');
    await release(bad);
    const crashed = await secondCrash(() => stage.get(`/api/v1/namespaces/${namespace}/pods`));
    const root = await rootWith(slack, 'op:approve');
    expect(Number(root.ts) * 1000 - crashed).toBeLessThan(10_000);
    const shown = JSON.stringify(root);
    expect(shown).toMatch(/\[(CRITICAL|WARNING)\] \S+\/checkout: crash loop/);
    expect(shown).toContain('exits with code 1');
    expect(shown).toContain('cannot reach payments');
    expect(shown).toContain('image of app: test.local/app:1.0.0 -&gt; test.local/app:1.0.1');
    expect(await readImage()).toBe('test.local/app:1.0.1');

    await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
    await replyWith(slack, root, `${namespace}/checkout is healed`);
    const proof = await replyWith(slack, root, 'Findings: crash-loop → none');
    expect(JSON.stringify(proof)).toMatch(/Ready 2\/2, no crash for \d+ s/);
    expect(await readImage()).toBe('test.local/app:1.0.0');
    const closed = await rootWith(slack, '[RESOLVED]');
    expect(JSON.stringify(closed)).not.toContain('op:approve');
  });

  it('is not rolled back when it is the first revision; the thread says why and calls people', async () => {
    const { slack } = await start();
    await release(bad);
    const root = await rootWith(slack, `${namespace}/checkout: crash loop`);
    await replyWith(slack, root, 'Revision 1 is the only one of');
    await replyWith(slack, root, 'People take over');
    expect(readNumber(await readDeployment(), 'metadata', 'generation')).toBe(1);
  });

  it('is healed without a click where the policy says auto', async () => {
    const lifeguard = await start(auto);
    const { slack } = lifeguard;
    await release(good);
    await untilSeenHealthy(lifeguard, 'e2e');
    await release(bad);
    const root = await rootWith(slack, `${namespace}/checkout: crash loop`);
    await replyWith(slack, root, 'Lifeguard (auto)');
    await replyWith(slack, root, `${namespace}/checkout is healed`);
    expect(await readImage()).toBe('test.local/app:1.0.0');
  });

  it('that leaks memory gets more of it twice, and then people', async () => {
    const { slack } = await start(auto);
    await release({ ...good, replicas: 1, env: { LEAK_MB_PER_S: '12' }, memoryLimit: '48Mi' });
    const root = await rootWith(slack, `${namespace}/checkout: out-of-memory loop`);
    await replyWith(slack, root, 'limit of memory 48Mi -&gt; 72Mi');
    await replyWith(slack, root, 'People take over');
    const deployment = await readDeployment();
    const [container] = readArray(deployment, 'spec', 'template', 'spec', 'containers');
    const raises = Number(readString(deployment, 'metadata', 'annotations', 'lifeguard.dev/memory-raises') ?? 0);
    expect(raises).toBeLessThanOrEqual(2);
    expect(['48Mi', '72Mi', '108Mi'][raises]).toBe(readString(container, 'resources', 'limits', 'memory'));
  });

  it('is left alone while Lifeguard is paused, and healed once it is resumed', async () => {
    const lifeguard = await start(auto);
    const { slack } = lifeguard;
    await release(good);
    await untilSeenHealthy(lifeguard, 'e2e');
    await slack.command({ user: 'U_CHI', channel, text: '/kube pause release day' });
    await slack.waitForMessage({ channel, ephemeralTo: 'U_CHI' });
    await release(bad);
    const root = await rootWith(slack, `${namespace}/checkout: crash loop`);
    await replyWith(slack, root, 'Lifeguard was paused');
    const paused = await readDeployment();
    expect(readNumber(paused, 'metadata', 'generation')).toBe(2);
    expect(JSON.stringify(paused)).not.toContain('lifeguard.dev/');
    expect(readArray(paused, 'metadata', 'managedFields').map((entry) => readString(entry, 'manager'))).not.toContain(
      'lifeguard',
    );

    await slack.command({ user: 'U_CHI', channel, text: '/kube resume' });
    await replyWith(slack, root, `${namespace}/checkout is healed`);
    expect(await readImage()).toBe('test.local/app:1.0.0');
  });

  it('has its rollback undone when that does not help, and people are called', async () => {
    // Its pods run for 2 s between their crashes; the two do so in turn.
    const lifeguard = await start(autoProvenIn(10));
    const { slack } = lifeguard;
    const name = 'flags';
    const optional = { name: 'CRASH_AFTER_S', valueFrom: { configMapKeyRef: { name, key: 'crash', optional: true } } };
    const manifest = withVariable(deploymentManifest(namespace, good), optional);
    // No pod of before is left: those go on without the crash.
    await stage.apply({ ...manifest, spec: { ...readObject(manifest, 'spec'), strategy: { type: 'Recreate' } } });
    await untilSeenHealthy(lifeguard, 'e2e');
    await stage.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { crash: '2' } });
    await release(bad);
    const root = await rootWith(slack, `${namespace}/checkout: crash loop`);
    await replyWith(slack, root, 'It did not help, so it was undone.');
    await replyWith(slack, root, 'People take over');
    expect(await readImage()).toBe('test.local/app:1.0.1');
  });

  it('of a StatefulSet is rolled back although its unready pod blocks the rollout', async () => {
    const lifeguard = await start(auto);
    const { slack } = lifeguard;
    await stage.apply(statefulSet('1.0.0', ''));
    const path = `/apis/apps/v1/namespaces/${namespace}/statefulsets/db`;
    await untilSeenHealthy(lifeguard, 'e2e');
    await stage.apply(statefulSet('1.0.1', '2'));
    const root = await rootWith(slack, `${namespace}/db: crash loop`);
    await replyWith(slack, root, `${namespace}/db is healed`);
    expect(readNumber(await stage.get(path), 'status', 'readyReplicas')).toBe(2);
  });
});

/** Its pods are ready only once they answer, so that a crashing one never is. */
function statefulSet(version: string, crashAfter: string): JsonObject {
  const labels = { app: 'db' };
  const readinessProbe = { httpGet: { path: '/readyz', port: 8080 }, initialDelaySeconds: 3, periodSeconds: 1 };
  const env = [{ name: 'CRASH_AFTER_S', value: crashAfter }];
  const container = {
    name: 'app',
    image: `test.local/app:${version}`,
    imagePullPolicy: 'IfNotPresent',
    env,
    readinessProbe,
  };
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } };
  const spec = { replicas: 2, serviceName: 'db', selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db', namespace }, spec };
}

function withVariable(manifest: JsonObject, variable: JsonObject): JsonObject {
  const text = JSON.stringify(manifest).replace('"env":[]', `"env":[${JSON.stringify(variable)}]`);
  const changed: unknown = JSON.parse(text);
  return isJsonObject(changed) ? changed : manifest;
}
