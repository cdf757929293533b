import { hasCode, LifeguardError } from '../../core/errors.ts';
import { type JsonObject, readArray, readObject, readString } from '../../core/json.ts';
import type { LiveObject, ObjectKind, Objects, Shelf } from '../../core/ports/objects.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import { evictionHold } from './failures.ts';
import type { HttpClient } from './http-client.ts';
import { readPages } from './pages.ts';
import { ownerOf, textsOf } from './workload-state.ts';

/** The name under which the API server records our changes in `managedFields`. */
const fieldManager = 'lifeguard';

interface Place {
  readonly api: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

const inNamespace = (api: string, resource: string): Place => ({ api, resource, namespaced: true });
const inCluster = (api: string, resource: string): Place => ({ api, resource, namespaced: false });

const places: Readonly<Record<ObjectKind, Place>> = {
  Node: inCluster('/api/v1', 'nodes'),
  Pod: inNamespace('/api/v1', 'pods'),
  Deployment: inNamespace('/apis/apps/v1', 'deployments'),
  StatefulSet: inNamespace('/apis/apps/v1', 'statefulsets'),
  DaemonSet: inNamespace('/apis/apps/v1', 'daemonsets'),
  ReplicaSet: inNamespace('/apis/apps/v1', 'replicasets'),
  Job: inNamespace('/apis/batch/v1', 'jobs'),
  CronJob: inNamespace('/apis/batch/v1', 'cronjobs'),
  HorizontalPodAutoscaler: inNamespace('/apis/autoscaling/v2', 'horizontalpodautoscalers'),
  ConfigMap: inNamespace('/api/v1', 'configmaps'),
  Service: inNamespace('/api/v1', 'services'),
  Ingress: inNamespace('/apis/networking.k8s.io/v1', 'ingresses'),
  PersistentVolumeClaim: inNamespace('/api/v1', 'persistentvolumeclaims'),
  PodDisruptionBudget: inNamespace('/apis/policy/v1', 'poddisruptionbudgets'),
  StorageClass: inCluster('/apis/storage.k8s.io/v1', 'storageclasses'),
};

/** `writer` sends what changes the cluster. */
export function createObjects(http: HttpClient, writer = http): Objects {
  return {
    async read(ref) {
      try {
        const raw = await http.json({ path: pathOf(ref) });
        return ref.uid === undefined || readString(raw, 'metadata', 'uid') === ref.uid
          ? liveOf(ref.kind, raw)
          : undefined;
      } catch (error) {
        if (hasCode(error, 'cluster-not-found')) return undefined;
        throw error;
      }
    },
    list: (shelf) => list(http, shelf),
    async patch({ ref, operations, dryRun, part }) {
      const guard = ref.uid === undefined ? [] : [{ op: 'test', path: '/metadata/uid', value: ref.uid }];
      const raw = await writer.json({
        method: 'PATCH',
        path: part === undefined ? pathOf(ref) : `${pathOf(ref)}/${part}`,
        query: { fieldManager, fieldValidation: 'Strict', dryRun: trial(dryRun) },
        contentType: 'application/json-patch+json',
        body: JSON.stringify([...guard, ...operations]),
      });
      return liveOf(ref.kind, raw);
    },
    async create({ kind, namespace, body, dryRun }) {
      const raw = await writer.json({
        method: 'POST',
        path: collectionOf(kind, namespace),
        query: { fieldManager, fieldValidation: 'Strict', dryRun: trial(dryRun) },
        body: JSON.stringify(body),
      });
      return liveOf(kind, raw);
    },
    async remove({ ref, dryRun }) {
      // The API server does not read the query where there is a body: a dry run asked for there would be none.
      const options = { ...deleteOptionsOf(ref, dryRun), propagationPolicy: 'Background' };
      try {
        await writer.json({ method: 'DELETE', path: pathOf(ref), body: JSON.stringify(options) });
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    evict: (request) => evict(writer, request),
  };
}

async function list(http: HttpClient, { kind, namespace, name, node }: Shelf): Promise<readonly LiveObject[]> {
  const fields = [
    ...(name === undefined ? [] : [`metadata.name=${name}`]),
    ...(node === undefined ? [] : [`spec.nodeName=${node}`]),
  ];
  const path = collectionOf(kind, namespace);
  let found: LiveObject[] = [];
  await readPages(http, {
    collection: fields.length === 0 ? { path } : { path, fieldSelector: fields.join(',') },
    onItem: (raw) => void found.push(liveOf(kind, raw)),
    onRestart() {
      found = [];
    },
  });
  return found;
}

async function evict(http: HttpClient, { ref, dryRun }: Parameters<Objects['evict']>[0]): Promise<string | undefined> {
  const { name, namespace } = ref;
  const metadata = { name, namespace };
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata, deleteOptions: deleteOptionsOf(ref, dryRun) };
  try {
    await http.json({
      method: 'POST',
      path: `${pathOf(ref)}/eviction`,
      query: { dryRun: trial(dryRun) },
      body: JSON.stringify(body),
    });
    return undefined;
  } catch (error) {
    const hold = evictionHold(error);
    if (hold !== undefined) return hold;
    if (isGone(error)) return undefined;
    throw error;
  }
}

function deleteOptionsOf({ uid }: { readonly uid: string }, dryRun: boolean): object {
  return { preconditions: { uid }, ...(dryRun ? { dryRun: ['All'] } : {}) };
}

function trial(dryRun: boolean): 'All' | undefined {
  return dryRun ? 'All' : undefined;
}

/** Gone, or the name is another object's now: the uid is a precondition. */
function isGone(error: unknown): boolean {
  return hasCode(error, 'cluster-not-found') || hasCode(error, 'cluster-conflict');
}

function pathOf({ kind, namespace, name }: ResourceRef): string {
  return `${collectionOf(kind, namespace)}/${encodeURIComponent(name)}`;
}

function collectionOf(kind: string, namespace: string | undefined): string {
  const place = Object.entries(places).find(([known]) => known === kind)?.[1];
  if (place === undefined)
    throw new LifeguardError(`There is no action on a ${kind}.`, { code: 'action-invalid', retry: 'permanent' });
  const part = place.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${place.api}${part}/${place.resource}`;
}

function liveOf(kind: string, raw: JsonObject): LiveObject {
  const at = (field: string): string => readString(raw, 'metadata', field) ?? '';
  const finalizers = readArray(raw, 'metadata', 'finalizers').filter((one) => typeof one === 'string');
  const deletedAt = readString(raw, 'metadata', 'deletionTimestamp');
  return {
    ref: { kind, namespace: at('namespace'), name: at('name'), uid: at('uid') },
    annotations: textsOf(raw, 'annotations'),
    labels: textsOf(raw, 'labels'),
    owner: ownerOf(raw),
    finalizers,
    deletion: deletedAt === undefined ? undefined : { since: Date.parse(deletedAt), finalizers },
    spec: readObject(raw, 'spec'),
    status: readObject(raw, 'status'),
    data: readObject(raw, 'data'),
    binaryData: readObject(raw, 'binaryData'),
    immutable: raw['immutable'] === true,
    allowsExpansion: raw['allowVolumeExpansion'] === true,
  };
}
