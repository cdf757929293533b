import { hasCode } from '../src/core/errors.ts';
import { type JsonObject, readNumber, readString } from '../src/core/json.ts';
import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient, type HttpClient } from '../src/platform/kubernetes/http-client.ts';

/** The cluster that the story is played on. */
export interface Stage {
  readonly kubeconfig: string;
  /** Creates or changes one object. */
  apply(manifest: JsonObject): Promise<void>;
  /** Resolves when the workloads have been ready without a change for a few seconds. `names`: `deployments/checkout`. */
  waitUntilSettled(namespace: string, names: readonly string[]): Promise<void>;
  get(path: string): Promise<JsonObject>;
  deleteNamespace(name: string): Promise<void>;
  close(): Promise<void>;
}

/** How long a Deployment must be complete before the story goes on, so that Lifeguard has seen it healthy, milliseconds. */
const settledMs = 7_000;
const lookEveryMs = 250;
const patienceMs = 90_000;

/** Sets the stage on the cluster of a kubeconfig file, simulated or real. */
export async function openStage(kubeconfig: string): Promise<Stage> {
  const http = createHttpClient(await loadCredentials({ kubeconfig, now: () => Date.now() }));
  return {
    kubeconfig,
    apply: (manifest) => apply(http, manifest),
    waitUntilSettled: (namespace, names) => waitUntilSettled(http, namespace, names),
    get: (path) => http.json({ path }),
    deleteNamespace: (name) => deleteNamespace(http, name),
    close: () => http.close(),
  };
}

/** Merge patch, or create where there is nothing yet: lists, such as containers, are replaced whole. */
async function apply(http: HttpClient, manifest: JsonObject): Promise<void> {
  const collection = collectionOf(
    readString(manifest, 'kind') ?? '',
    readString(manifest, 'metadata', 'namespace') ?? '',
  );
  const path = `${collection}/${readString(manifest, 'metadata', 'name') ?? ''}`;
  const body = JSON.stringify(manifest);
  const query = { fieldManager: 'demo' };
  try {
    await http.json({ path, method: 'PATCH', query, contentType: 'application/merge-patch+json', body });
  } catch (error) {
    if (!hasCode(error, 'cluster-not-found')) throw error;
    await http.json({ path: collection, method: 'POST', query, body });
  }
}

/** The collection of the few kinds that the stage needs. */
function collectionOf(kind: string, namespace: string): string {
  if (kind === 'Namespace') return '/api/v1/namespaces';
  if (kind === 'Node') return '/api/v1/nodes';
  if (kind === 'ConfigMap') return `/api/v1/namespaces/${namespace}/configmaps`;
  return `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s`;
}

async function waitUntilSettled(http: HttpClient, namespace: string, names: readonly string[]): Promise<void> {
  const start = Date.now();
  let since: number | undefined;
  while (since === undefined || Date.now() - since < settledMs) {
    if (Date.now() - start > patienceMs) throw new Error(`The workloads of ${namespace} did not become ready.`);
    const complete = await Promise.all(
      names.map(async (name) => isComplete(await http.json({ path: `/apis/apps/v1/namespaces/${namespace}/${name}` }))),
    );
    since = complete.every(Boolean) ? (since ?? Date.now()) : undefined;
    await pause(lookEveryMs);
  }
}

function isComplete(deployment: JsonObject): boolean {
  const wanted = readNumber(deployment, 'spec', 'replicas');
  return (
    readNumber(deployment, 'status', 'readyReplicas') === wanted &&
    readNumber(deployment, 'status', 'updatedReplicas') === wanted
  );
}

async function deleteNamespace(http: HttpClient, name: string): Promise<void> {
  try {
    await http.json({ path: `/api/v1/namespaces/${name}`, method: 'DELETE' });
  } catch (error) {
    if (!hasCode(error, 'cluster-not-found')) throw error;
  }
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms);
  return promise;
}
