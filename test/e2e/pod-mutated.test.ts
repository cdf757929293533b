import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCertificate } from '../../demo/cluster/certificate.ts';
import { deploymentManifest, type ShopApp } from '../../demo/shop.ts';
import { type JsonObject, readArray, readPath, readString } from '../../src/core/json.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { startLifeguard } from '../support/lifeguard.ts';
import { untilThere } from '../support/patience.ts';
import { rootsOf, rootWith } from '../support/shop-scenario.ts';

const { http, namespace } = await useNamespace('mutated');
const webhooks = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
let stop = async (): Promise<unknown> => undefined;

beforeAll(async () => {
  stop = await startWebhook();
  await untilThere('the call of the webhook', async () => (await triedLimit()) === '48Mi' || undefined);
});

afterAll(async () => {
  await stop();
});

/** Less than the template gives. The API server has set the request to the limit by then, so both have to change. */
const less = { limits: { memory: '48Mi' }, requests: { memory: '48Mi' } };
const smaller = JSON.stringify([{ op: 'replace', path: '/spec/containers/0/resources', value: less }]);

async function review(request: IncomingMessage, answer: ServerResponse): Promise<void> {
  const asked: unknown = JSON.parse(await text(request));
  const patch = Buffer.from(smaller).toString('base64');
  const response = { uid: readString(asked, 'request', 'uid'), allowed: true, patchType: 'JSONPatch', patch };
  answer.setHeader('content-type', 'application/json');
  answer.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }));
}

/** Makes the pods labelled `app: lowered` smaller, whatever their template says. The API server runs on this machine. */
async function startWebhook(): Promise<() => Promise<unknown>> {
  const { key, cert } = await createCertificate();
  const server = createServer({ key, cert }, (request, answer) => void review(request, answer));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  await post(webhooks, configuration(`https://127.0.0.1:${port}/`, cert));
  return async () => {
    await http.json({ method: 'DELETE', path: `${webhooks}/${namespace}` });
    server.close();
  };
}

/** The API server calls a webhook only some time after it was told of it. */
async function triedLimit(): Promise<string | undefined> {
  const container = { name: 'app', image: 'test.local/app:1.0.0', resources: { limits: { memory: '64Mi' } } };
  const body = { metadata: { name: 'tried', labels: { app: 'lowered' } }, spec: { containers: [container] } };
  const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
  const tried = await http.json({ method: 'POST', path, body: JSON.stringify(body) });
  return readString(readArray(tried, 'spec', 'containers')[0], 'resources', 'limits', 'memory');
}

function configuration(url: string, cert: string): JsonObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: namespace },
    webhooks: [
      {
        name: 'limits.example.com',
        failurePolicy: 'Fail',
        timeoutSeconds: 30,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { url, caBundle: Buffer.from(cert).toString('base64') },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        objectSelector: { matchLabels: { app: 'lowered' } },
      },
    ],
  };
}

async function post(path: string, body: JsonObject): Promise<void> {
  await http.json({ method: 'POST', path, body: JSON.stringify(body) });
}

async function release(app: Pick<ShopApp, 'name' | 'env' | 'memoryLimit'>): Promise<void> {
  const body = deploymentManifest(namespace, { replicas: 1, version: '1.0.0', ...app });
  await post(`/apis/apps/v1/namespaces/${namespace}/deployments`, body);
}

/** One running pod with a limit of 64Mi in its template; answers the path of the pod. */
async function createApp(name: string): Promise<string> {
  await release({ name, memoryLimit: '64Mi' });
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const find = async () => {
    const { items } = await http.json({ path: pods, query: { labelSelector: `app=${name}` } });
    return readArray(items).find((pod) => readString(pod, 'status', 'phase') === 'Running');
  };
  await expect.poll(find).toBeDefined();
  return `${pods}/${readString(await find(), 'metadata', 'name') ?? ''}`;
}

it('pods that a webhook made smaller are told with the webhook; one that was resized in place is not', async () => {
  const resized = await createApp('resized');
  await http.json({
    method: 'PATCH',
    path: `${resized}/resize`,
    contentType: 'application/json-patch+json',
    body: smaller,
  });
  const mutated = await http.json({ path: await createApp('lowered') });
  const [container] = readArray(mutated, 'spec', 'containers');
  expect(readPath(container, 'resources', 'limits')).toEqual(less.limits);
  const { slack } = await startLifeguard({
    kubeconfig: process.env['KUBECONFIG'] ?? '',
    cluster: `{ name: e2e, namespaces: [${namespace}] }`,
    detectors: '{ pod-mutated: { forSeconds: 0 } }',
  });
  await rootWith(
    slack,
    `${namespace}/lowered: pods have lower limits than their template`,
    'Container app runs with a limit of 48 MiB of memory, its template says 64 MiB.',
    `most likely a mutating webhook. Asked about them: ${namespace}.`,
  );
  // A crash that is told: everything before it has been looked at by then.
  await release({ name: 'marker', env: { CRASH_AFTER_S: '0.2' } });
  await rootWith(slack, `${namespace}/marker: crash loop`);
  expect(rootsOf(slack)).toHaveLength(2);
});
