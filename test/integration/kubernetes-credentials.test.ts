import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadCredentials } from '../../src/platform/kubernetes/credentials.ts';
import { createHttpClient, type HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';
import { type FakeApi, type Handler, startFakeApi, status } from '../support/kubernetes/fake-api.ts';

const closing: (() => Promise<void>)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-kubernetes-'));
});

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true });
});

async function serve(handle: Handler, tls?: { readonly key: string; readonly cert: string }): Promise<FakeApi> {
  const api = await startFakeApi(handle, tls);
  closing.push(() => api.close());
  return api;
}

function closeLater(http: HttpClient): HttpClient {
  closing.push(() => http.close());
  return http;
}

const podList = '/api/v1/namespaces/shop/pods';

describe('credentials in the cluster', () => {
  /** A service account folder and a server that takes only the token `good`. */
  async function mountToken(
    token: string,
  ): Promise<{ readonly tokenFile: string; readonly tls: { key: string; cert: string } }> {
    const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    await writeFile(join(folder, 'ca.crt'), made.cert);
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, `${token}\n`);
    return { tokenFile, tls: { key: made.private, cert: made.cert } };
  }

  const onlyGood: Handler = ({ headers }, reply) => {
    if (headers['authorization'] === 'Bearer good') reply.json(200, { ok: true });
    else reply.json(401, status(401, 'Unauthorized', 'Unauthorized'));
  };

  async function connect(api: FakeApi, now: () => number): Promise<HttpClient> {
    const { hostname, port } = new URL(api.url);
    const sources = { inClusterDir: folder, inClusterHost: hostname, inClusterPort: port, now };
    return closeLater(createHttpClient(await loadCredentials(sources)));
  }

  test('a token that expired is read again when the server refuses it, and the request goes through', async () => {
    const { tokenFile, tls } = await mountToken('good');
    let accepted = 'Bearer good';
    const api = await serve(({ headers }, reply) => {
      if (headers['authorization'] === accepted) reply.json(200, { ok: true });
      else reply.json(401, status(401, 'Unauthorized', 'Unauthorized'));
    }, tls);
    const http = await connect(api, () => 0);
    await http.json({ path: podList });
    accepted = 'Bearer renewed';
    await writeFile(tokenFile, 'renewed');
    await expect(http.json({ path: podList })).resolves.toEqual({ ok: true });
    expect(api.received).toHaveLength(3);
    await http.json({ path: podList });
    expect(api.received).toHaveLength(4);
  });

  test('a renewed token is noticed within a minute without a refusal', async () => {
    const { tokenFile, tls } = await mountToken('first');
    const api = await serve((_, reply) => reply.json(200, {}), tls);
    let now = 0;
    const http = await connect(api, () => now);
    await http.json({ path: podList });
    await writeFile(tokenFile, 'second');
    await utimes(tokenFile, 1_000, 1_000);
    await http.json({ path: podList });
    now = 60_000;
    await http.json({ path: podList });
    expect(api.received.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer first',
      'Bearer first',
      'Bearer second',
    ]);
  });

  test('a token that stays wrong is told in one sentence, after one more try', async () => {
    const { tls } = await mountToken('bad');
    const api = await serve(onlyGood, tls);
    const failure = await failureOf((await connect(api, () => 0)).json({ path: podList }));
    expect(failure.code).toBe('cluster-unauthorized');
    expect(api.received).toHaveLength(2);
  });

  test("a server with another CA's certificate is not trusted", async () => {
    const { tls } = await mountToken('good');
    const api = await serve(onlyGood, tls);
    await mountToken('good');
    const failure = await failureOf((await connect(api, () => 0)).json({ path: podList }));
    expect(failure.message).toContain('its certificate is not signed by the configured CA');
    expect(api.received).toHaveLength(0);
  });

  test('no kubeconfig and no service account', async () => {
    const failure = await failureOf(loadCredentials({ inClusterDir: join(folder, 'absent'), now: () => 0 }));
    expect(failure.code).toBe('config-invalid');
    expect(failure.message).toMatch(
      /^No Kubernetes cluster is configured: KUBECONFIG is not set .* set KUBECONFIG to a kubeconfig file or run Lifeguard inside the cluster\.$/,
    );
  });
});

describe('credentials from kubeconfig files', () => {
  function config(parts: { readonly server?: string; readonly user?: object; readonly context?: string }): string {
    return JSON.stringify({
      ...(parts.server === undefined ? {} : { clusters: [{ name: 'one', cluster: { server: parts.server } }] }),
      ...(parts.user === undefined ? {} : { users: [{ name: 'me', user: parts.user }] }),
      ...(parts.context === undefined
        ? {}
        : { contexts: [{ name: 'c', context: { cluster: 'one', user: 'me' } }], 'current-context': parts.context }),
    });
  }

  async function write(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }

  async function authorizationWith(user: object): Promise<string | string[] | undefined> {
    const api = await serve((_, reply) => reply.json(200, {}));
    const kubeconfig = await write('config', config({ server: api.url, user, context: 'c' }));
    await closeLater(createHttpClient(await loadCredentials({ kubeconfig, now: () => 0 }))).json({ path: podList });
    return api.received[0]?.headers['authorization'];
  }

  test('a token', async () => {
    expect(await authorizationWith({ token: 'abc' })).toBe('Bearer abc');
  });

  test('user name and password', async () => {
    expect(await authorizationWith({ username: 'me', password: 'pw' })).toBe('Basic bWU6cHc=');
  });

  test('an exec plug-in', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'made' },
    };
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'printf',
      args: ['%s', JSON.stringify(credential)],
      interactiveMode: 'Never',
    };
    expect(await authorizationWith({ exec })).toBe('Bearer made');
  });

  test('an exec plug-in that fails is told in one sentence', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', 'echo log in first >&2; exit 1'],
    };
    const failure = await failureOf(authorizationWith({ exec }));
    expect(failure.code).toBe('cluster-unauthorized');
    expect(failure.message).toMatch(/cannot be read \(log in first\)\.$/);
  });

  test('an exec plug-in that hangs does not hold a request beyond its deadline', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sleep', args: ['3'] };
    const kubeconfig = await write('config', config({ server: 'https://127.0.0.1:1', user: { exec }, context: 'c' }));
    const http = createHttpClient(await loadCredentials({ kubeconfig, now: () => 0 }), { timeoutMs: 100 });
    const failure = await failureOf(closeLater(http).json({ path: podList }));
    expect(failure.message).toContain('no response within 0.1 s');
  });

  test('a broken file is not quoted', async () => {
    const kubeconfig = await write('config', 'users:\n- user: {token: abcdefgh\nclusters: [');
    const failure = await failureOf(loadCredentials({ kubeconfig, now: () => 0 }));
    expect(failure.message).not.toContain('abcdefgh');
  });

  test('several files are merged, the first wins, and missing ones are skipped', async () => {
    const api = await serve((_, reply) => reply.json(200, {}));
    const first = await write('first', config({ user: { token: 'of-first' }, context: 'c' }));
    const second = await write('second', config({ server: api.url, user: { token: 'of-second' } }));
    const kubeconfig = [join(folder, 'absent'), first, second].join(':');
    const credentials = await loadCredentials({ kubeconfig, now: () => 0 });
    expect(credentials.server).toBe(api.url);
    const secrets = await credentials.read({ fresh: false });
    expect(secrets.headers['authorization']).toBe('Bearer of-first');
  });

  test.each([
    ['no file', () => Promise.resolve(join(folder, 'absent')), /names no file that exists/],
    ['no YAML', () => write('config', '{ not yaml'), /cannot be read/],
    ['no context', () => write('config', config({ server: 'https://x' })), /has no usable current context/],
  ])('%s is told in one sentence', async (_, make, sentence) => {
    const failure = await failureOf(loadCredentials({ kubeconfig: await make(), now: () => 0 }));
    expect(failure.code).toBe('config-invalid');
    expect(failure.message).toMatch(sentence);
    expect(failure.message.endsWith('.')).toBe(true);
  });
});
