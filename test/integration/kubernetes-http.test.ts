import { afterEach, describe, expect, test } from 'vitest';
import { checkAccess } from '../../src/platform/kubernetes/access.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { createWorkloads } from '../../src/platform/kubernetes/workloads.ts';
import { openClient } from '../support/kubernetes/clients.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { type FakeApi, type Handler, startFakeApi, status } from '../support/kubernetes/fake-api.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function serve(handle: Handler): Promise<FakeApi> {
  const api = await startFakeApi(handle);
  closing.push(() => api.close());
  return api;
}

function closeLater(http: HttpClient): HttpClient {
  closing.push(() => http.close());
  return http;
}

const podList = '/api/v1/namespaces/shop/pods';

describe('failures in words', () => {
  test.each([
    [401, 'cluster-unauthorized', /refuses Lifeguard's credentials \(token expired or wrong\); renew them/],
    [404, 'cluster-not-found', /has nothing at \/api\/v1\/namespaces\/shop\/pods: the words of the server\.$/],
    [409, 'cluster-conflict', /Somebody else changed .* at the same time/],
    [410, 'cluster-expired', /too old to read on from/],
    [400, 'cluster-rejected', /rejected GET \/api\/v1\/namespaces\/shop\/pods \(400\): the words of the server\.$/],
    [415, 'cluster-rejected', /\(415\)/],
    [422, 'cluster-rejected', /\(422\)/],
    [500, 'cluster-unreachable', /answers with an error \(500: the words of the server\)\.$/],
    [503, 'cluster-unreachable', /\(503/],
  ])('HTTP %i is %s', async (code, expected, sentence) => {
    const api = await serve((_, reply) => reply.json(code, status(code, 'Any', 'the words of the server')));
    const failure = await failureOf(closeLater(openClient(api.url)).json({ path: podList }));
    expect(failure.code).toBe(expected);
    expect(failure.message).toMatch(sentence);
  });

  test('a missing right names the verb, the resource, the place, and the rule to add', async () => {
    const words = 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"';
    const api = await serve((_, reply) => reply.json(403, status(403, 'Forbidden', words)));
    const failure = await failureOf(closeLater(openClient(api.url)).json({ path: podList }));
    expect(failure.code).toBe('cluster-forbidden');
    expect(failure.message).toBe(
      'Lifeguard may not list pods in namespace shop; add apiGroups [""], resources ["pods"], verbs ["list"] to the Role of namespace shop bound to jane.',
    );
  });

  test('an admission refusal is quoted as it is', async () => {
    const words = 'admission webhook "policy.example" denied the request: no images without a digest';
    const api = await serve((_, reply) => reply.json(403, status(403, 'Forbidden', words)));
    const failure = await failureOf(closeLater(openClient(api.url)).json({ method: 'PATCH', path: podList }));
    expect(failure.message).toBe(`The Kubernetes API does not allow PATCH ${podList}: ${words}.`);
  });

  test('429 carries how long to wait', async () => {
    const api = await serve((_, reply) => reply.json(429, {}, { 'retry-after': '7' }));
    const failure = await failureOf(closeLater(openClient(api.url)).json({ path: podList }));
    expect(failure.retry).toBe('rate-limited');
    expect(failure.retryAfterMs).toBe(7_000);
  });

  test('values that the server complains about stay out of the message', async () => {
    const words =
      ' "" is invalid: patch: Invalid value: "{\\"env\\":[{\\"name\\":\\"PIN\\",\\"value\\":\\"4711\\"}]}": strict decoding error';
    const api = await serve((_, reply) =>
      reply.json(422, { ...status(422, 'Invalid', words), details: { causes: [{}] } }),
    );
    const failure = await failureOf(closeLater(openClient(api.url)).json({ path: podList }));
    expect(failure.message).toContain('Invalid value: …: strict decoding error');
    expect(failure.message).not.toContain('4711');
  });

  test('nobody listens', async () => {
    const api = await startFakeApi(() => {});
    await api.close();
    const failure = await failureOf(closeLater(openClient(api.url)).json({ path: podList }));
    expect(failure.code).toBe('cluster-unreachable');
    expect(failure.message).toBe(`The Kubernetes API at ${api.url} does not answer (connection refused).`);
  });

  test('a server that hangs is given up at the deadline', async () => {
    const api = await serve(() => {});
    const failure = await failureOf(closeLater(openClient(api.url, { timeoutMs: 150 })).json({ path: podList }));
    expect(failure.code).toBe('cluster-unreachable');
    expect(failure.message).toBe(`The Kubernetes API at ${api.url} does not answer (no response within 0.15 s).`);
  });

  test('a body that never ends is given up at the deadline too', async () => {
    const api = await serve((_, reply) => reply.stream().raw('{"items":['));
    const failure = await failureOf(closeLater(openClient(api.url, { timeoutMs: 150 })).json({ path: podList }));
    expect(failure.message).toContain('no response within');
  });

  test("a caller's abort is no failure of the cluster", async () => {
    const api = await serve(() => {});
    const stop = new AbortController();
    const pending = closeLater(openClient(api.url)).json({ path: podList, signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(pending).rejects.toThrow('stopped');
  });

  test('something else that listens there', async () => {
    const api = await serve((_, reply) => reply.text(200, '<html>hello</html>'));
    const failure = await failureOf(closeLater(openClient(api.url)).json({ path: podList }));
    expect(failure.message).toContain('is not a Kubernetes API');
  });
});

describe('connections', () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'u', generation: 1 },
    spec: { replicas: 1, selector: {}, template: {} },
    status: { observedGeneration: 1 },
  };

  test('200 reads one after another share a connection', async () => {
    const api = await serve((_, reply) => reply.json(200, deployment));
    const workloads = createWorkloads(closeLater(openClient(api.url)));
    for (let read = 0; read < 200; read += 1) {
      await workloads.read({ kind: 'Deployment', namespace: 'shop', name: 'web' });
    }
    expect(api.received).toHaveLength(200);
    expect(api.connections).toBeLessThanOrEqual(2);
  });

  test('200 reads at once share a few', async () => {
    const api = await serve((_, reply) => reply.json(200, deployment));
    const workloads = createWorkloads(closeLater(openClient(api.url)));
    const ref = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;
    await Promise.all(Array.from({ length: 200 }, () => workloads.read(ref)));
    expect(api.connections).toBeLessThanOrEqual(8);
  });
});

describe('reading and patching through the typed client', () => {
  const ref = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;
  const template = { spec: { containers: [{ name: 'app', image: 'a', fieldOfNextYear: { kept: true } }] } };
  const deployment = { metadata: { uid: 'u' }, spec: { replicas: 1, selector: {}, template }, status: {} };

  test('fields that the client does not know yet survive', async () => {
    const api = await serve((_, reply) => reply.json(200, deployment));
    const workload = await createWorkloads(closeLater(openClient(api.url))).read(ref);
    expect(workload?.template).toEqual(template);
  });

  test('a patch is sent as JSON Patch, strictly validated, under our name, bound to the object', async () => {
    const api = await serve((_, reply) => reply.json(200, deployment));
    const workloads = createWorkloads(closeLater(openClient(api.url)));
    const operations = [{ op: 'replace', path: '/spec/replicas', value: 2 } as const];
    await workloads.patch({ ref: { ...ref, uid: 'u' }, operations, dryRun: true });
    await workloads.patch({ ref, operations, dryRun: false });
    const [dry, real] = api.received;
    expect(dry?.method).toBe('PATCH');
    expect(dry?.headers['content-type']).toBe('application/json-patch+json');
    expect(Object.fromEntries(dry?.query ?? [])).toEqual({
      dryRun: 'All',
      fieldManager: 'lifeguard',
      fieldValidation: 'Strict',
    });
    expect(JSON.parse(dry?.body ?? '')).toEqual([{ op: 'test', path: '/metadata/uid', value: 'u' }, ...operations]);
    expect(real?.query.has('dryRun')).toBe(false);
    expect(JSON.parse(real?.body ?? '')).toEqual(operations);
  });

  test('a server behind a path, as of a proxy, is reached below it', async () => {
    const api = await serve((_, reply) => reply.json(200, deployment));
    await createWorkloads(closeLater(openClient(`${api.url}/k8s/clusters/one/`))).read(ref);
    expect(api.received[0]?.path).toBe('/k8s/clusters/one/apis/apps/v1/namespaces/shop/deployments/web');
  });
});

describe('asking what is allowed', () => {
  test('what may only be done to some objects is asked for each by name', async () => {
    const api = await serve(({ body }, reply) => {
      const { name } = JSON.parse(body).spec.resourceAttributes;
      reply.json(201, { kind: 'SelfSubjectAccessReview', status: { allowed: name === 'ana' } });
    });
    const rules = [{ apiGroup: '', resource: 'users', verbs: ['impersonate'], names: ['ana', 'chi'] }];
    expect(await checkAccess(closeLater(openClient(api.url)), { rules })).toEqual([
      'Lifeguard may not impersonate users chi in the whole cluster; add apiGroups [""], resources ["users"], verbs ["impersonate"], resourceNames ["chi"] to the ClusterRole bound to its service account.',
    ]);
  });

  test('missing rights are named by resource and namespace, the rest is not', async () => {
    const api = await serve(({ body }, reply) => {
      const { namespace, verb, resource } = JSON.parse(body).spec.resourceAttributes;
      const allowed = namespace === 'shop' || (verb === 'get' && resource === 'pods');
      reply.json(201, { kind: 'SelfSubjectAccessReview', status: { allowed } });
    });
    const rules = [
      { apiGroup: '', resource: 'pods', verbs: ['get', 'list'] },
      { apiGroup: '', resource: 'pods', verbs: ['watch'] },
      { apiGroup: '', resource: 'pods/log', verbs: ['get'] },
    ];
    const sentences = await checkAccess(closeLater(openClient(api.url)), { rules, namespaces: ['shop', 'billing'] });
    expect(sentences).toEqual([
      'Lifeguard may not list, watch pods in namespace billing; add apiGroups [""], resources ["pods"], verbs ["list", "watch"] to the Role of namespace billing bound to its service account.',
    ]);
    expect(JSON.parse(api.received.at(-1)?.body ?? '{}').spec.resourceAttributes.subresource).toBe('log');
  });
});
