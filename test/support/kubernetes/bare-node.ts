import { hasCode } from '../../../src/core/errors.ts';
import { readNumber } from '../../../src/core/json.ts';
import type { LiveObject } from '../../../src/core/ports/objects.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import type { HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import { createObjects } from '../../../src/platform/kubernetes/objects.ts';
import { untilThere } from '../patience.ts';

/** A node without a kubelet, so that nothing real is cordoned or moved; its pods end when the test says so. */
export interface BareNode {
  readonly ref: ResourceRef & { readonly uid: string };
  /** A ReplicaSet whose pods are bound to the node and said to be ready. */
  fill(name: string, replicas: number): Promise<readonly LiveObject[]>;
  /** Its pods, with those that are on their way out. */
  pods(): Promise<readonly LiveObject[]>;
  /** Does what a kubelet does once containers have ended: lets go of pods that shall go. */
  reap(): Promise<void>;
  remove(): Promise<void>;
}

export async function createBareNode(http: HttpClient, namespace: string, name: string): Promise<BareNode> {
  const objects = createObjects(http);
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  await http.json({ method: 'POST', path: '/api/v1/nodes', body });
  const live = await objects.read({ kind: 'Node', namespace: '', name });
  if (live === undefined) throw new Error(`node ${name} was not made`);
  const pods = () => objects.list({ kind: 'Pod', node: name });
  /** One that is gone by now is fine. */
  async function end(pod: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
    try {
      await http.json({ method: 'DELETE', path, query: { gracePeriodSeconds: '0' } });
    } catch (error) {
      if (!hasCode(error, 'cluster-not-found')) throw error;
    }
  }

  return {
    ref: live.ref,
    pods,
    async fill(app, replicas) {
      const path = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
      await http.json({ method: 'POST', path, body: JSON.stringify(replicaSet(app, { replicas, node: name })) });
      const made = await untilThere(`${replicas} pods of ${app}`, async () => {
        const own = (await pods()).filter(({ labels }) => labels['app'] === app);
        return own.length === replicas ? own : undefined;
      });
      for (const { ref } of made) await sayReady(http, ref);
      return made;
    },
    async reap() {
      for (const { ref, deletion } of await pods()) if (deletion !== undefined) await end(ref.name);
    },
    async remove() {
      for (const set of await objects.list({ kind: 'ReplicaSet', namespace }))
        await objects.remove({ ref: { ...set.ref, uid: set.ref.uid }, dryRun: false });
      for (const { ref } of await pods()) await end(ref.name);
      await http.json({ method: 'DELETE', path: `/api/v1/nodes/${name}` });
    },
  };
}

async function sayReady(http: HttpClient, { namespace, name }: ResourceRef): Promise<void> {
  await http.json({
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/pods/${name}/status`,
    contentType: 'application/merge-patch+json',
    body: JSON.stringify({ status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }),
  });
}

function replicaSet(name: string, { replicas, node }: { readonly replicas: number; readonly node: string }): object {
  const labels = { app: name };
  const container = { name: 'app', image: 'test.local/app:1.0.0' };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { nodeName: node, containers: [container] } },
    },
  };
}

/** A disruption budget that lets none of an app go; answers once the API server knows that. */
export async function holdAll(http: HttpClient, namespace: string, app: string): Promise<void> {
  const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
  const spec = { maxUnavailable: 0, selector: { matchLabels: { app } } };
  const body = JSON.stringify({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: app }, spec });
  await http.json({ method: 'POST', path, body });
  await untilThere(`the count of budget ${app}`, async () => {
    const { metadata, status } = await http.json({ path: `${path}/${app}` });
    const counted = readNumber(status, 'observedGeneration');
    return counted === readNumber(metadata, 'generation') ? counted : undefined;
  });
}
