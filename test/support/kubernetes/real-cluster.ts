import { readString } from '../../../src/core/json.ts';
import { loadCredentials } from '../../../src/platform/kubernetes/credentials.ts';
import { createHttpClient, type HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import type { Credentials } from '../../../src/platform/kubernetes/secrets.ts';
import { untilThere } from '../patience.ts';

/** A client for the cluster that `KUBECONFIG` names; says what to do where it names none. */
export async function requireCluster(): Promise<HttpClient> {
  return createHttpClient(await readCredentials());
}

/** A client that speaks as a service account of the cluster, with a token made for it by `admin`. */
export async function asServiceAccount(admin: HttpClient, namespace: string, name: string): Promise<HttpClient> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const made = await admin.json({ method: 'POST', path, body: JSON.stringify({ spec: {} }) });
  const headers = { authorization: `Bearer ${readString(made, 'status', 'token') ?? ''}` };
  const credentials = await readCredentials();
  return createHttpClient({
    ...credentials,
    async read(options) {
      return { ...(await credentials.read(options)), cert: undefined, key: undefined, headers };
    },
  });
}

/** The credentials that `KUBECONFIG` names. */
export async function readCredentials(): Promise<Credentials> {
  const kubeconfig = process.env['KUBECONFIG'];
  if (kubeconfig === undefined) throw new Error('The end-to-end tests need a cluster: set KUBECONFIG.');
  return await loadCredentials({ kubeconfig, now: Date.now });
}

/** There with its service account, which a controller makes a moment later: without it no pod can be created. */
export async function createNamespace(http: HttpClient, name: string): Promise<void> {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await http.json({ method: 'POST', path: '/api/v1/namespaces', body });
  const path = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  await untilThere(`the service account of ${name}`, () => http.json({ path }).catch(() => undefined));
}

/** Asks for the removal and does not wait for it. */
export async function removeNamespace(http: HttpClient, name: string): Promise<void> {
  await http.json({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
}
