import { isDeepStrictEqual } from 'node:util';
import { type AppsV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { hasCode } from '../../core/errors.ts';
import { type JsonObject, readNumber, readObject, readPath, readString } from '../../core/json.ts';
import type { PatchRequest, PodRef, Revision, Workload, Workloads } from '../../core/ports/workloads.ts';
import type { WorkloadRef } from '../../core/resource-ref.ts';
import { findAutoscaler, findVerticalAutoscaler } from './autoscalers.ts';
import { type AppsCall, createAppsCall } from './client-node.ts';
import type { HttpClient } from './http-client.ts';
import { readPages } from './pages.ts';
import {
  isOwnedBy,
  labelSelectorOf,
  newestFirst,
  parseRevision,
  revisionAnnotation,
  revisionOfControllerRevision,
  revisionOfReplicaSet,
} from './revisions.ts';
import { isObserved, workloadOf } from './workload-state.ts';

/** The name under which the API server records our changes in `managedFields`. */
const fieldManager = 'lifeguard';

/** `writer` sends what changes the cluster. */
export function createWorkloads(http: HttpClient, writer = http): Workloads {
  const call = createAppsCall(http);
  const write = createAppsCall(writer);

  async function describe(ref: WorkloadRef, raw: JsonObject): Promise<Workload> {
    return workloadOf(ref, raw, await findRevision({ http, call, ref, raw }));
  }

  return {
    async read(ref) {
      const raw = await readRaw(call, ref);
      return raw === undefined ? undefined : await describe(ref, raw);
    },
    async revisions(ref) {
      const raw = await readRaw(call, ref);
      return raw === undefined ? [] : await listRevisions(http, ref, raw);
    },
    async patch(request) {
      const raw = await write((api) => sendPatch(api, request));
      return await describe(request.ref, raw);
    },
    autoscaler: (ref) => findAutoscaler(http, ref),
    verticalAutoscaler: (ref) => findVerticalAutoscaler(http, ref),
    deletePod: (pod) => deletePod(writer, pod),
  };
}

/** Another pod of the same name is not this pod: the uid is a precondition. */
async function deletePod(http: HttpClient, { namespace, name, uid }: PodRef): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  try {
    await http.json({ method: 'DELETE', path, body: JSON.stringify({ preconditions: { uid } }) });
  } catch (error) {
    if (!hasCode(error, 'cluster-not-found') && !hasCode(error, 'cluster-conflict')) throw error;
  }
}

/** Undefined where it does not exist, or where the name now belongs to another object than `ref.uid`. */
async function readRaw(call: AppsCall, ref: WorkloadRef): Promise<JsonObject | undefined> {
  try {
    const raw = await call((api) => sendRead(api, ref));
    return ref.uid === undefined || readString(raw, 'metadata', 'uid') === ref.uid ? raw : undefined;
  } catch (error) {
    if (hasCode(error, 'cluster-not-found')) return undefined;
    throw error;
  }
}

async function sendRead(api: AppsV1Api, { kind, namespace, name }: WorkloadRef): Promise<unknown> {
  switch (kind) {
    case 'Deployment':
      return await api.readNamespacedDeployment({ namespace, name });
    case 'StatefulSet':
      return await api.readNamespacedStatefulSet({ namespace, name });
    case 'DaemonSet':
      return await api.readNamespacedDaemonSet({ namespace, name });
  }
}

async function sendPatch(api: AppsV1Api, { ref, operations, dryRun }: PatchRequest): Promise<unknown> {
  const { namespace, name } = ref;
  const parameters = {
    namespace,
    name,
    body: ref.uid === undefined ? operations : [{ op: 'test', path: '/metadata/uid', value: ref.uid }, ...operations],
    fieldManager,
    fieldValidation: 'Strict',
    ...(dryRun ? { dryRun: 'All' } : {}),
  };
  const options = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch);
  switch (ref.kind) {
    case 'Deployment':
      return await api.patchNamespacedDeployment(parameters, options);
    case 'StatefulSet':
      return await api.patchNamespacedStatefulSet(parameters, options);
    case 'DaemonSet':
      return await api.patchNamespacedDaemonSet(parameters, options);
  }
}

async function listRevisions(http: HttpClient, ref: WorkloadRef, raw: JsonObject): Promise<readonly Revision[]> {
  const isDeployment = ref.kind === 'Deployment';
  const resource = isDeployment ? 'replicasets' : 'controllerrevisions';
  const uid = readString(raw, 'metadata', 'uid') ?? '';
  let revisions: Revision[] = [];
  await readPages(http, {
    collection: {
      path: `/apis/apps/v1/namespaces/${encodeURIComponent(ref.namespace)}/${resource}`,
      labelSelector: labelSelectorOf(readObject(raw, 'spec', 'selector')),
    },
    onItem(item) {
      if (!isOwnedBy(item, uid)) return;
      const revision = isDeployment ? revisionOfReplicaSet(item) : revisionOfControllerRevision(item);
      if (revision !== undefined) revisions.push(revision);
    },
    onRestart() {
      revisions = [];
    },
  });
  return newestFirst(revisions);
}

interface RevisionQuestion {
  readonly http: HttpClient;
  readonly call: AppsCall;
  readonly ref: WorkloadRef;
  readonly raw: JsonObject;
}

/** The number of the revision that the present template belongs to; undefined until the controller has caught up. */
async function findRevision(question: RevisionQuestion): Promise<number | undefined> {
  const { http, call, ref, raw } = question;
  if (!isObserved(raw)) return undefined;
  switch (ref.kind) {
    case 'Deployment':
      return await deploymentRevision(question);
    case 'StatefulSet':
      return await namedRevision(call, ref, readString(raw, 'status', 'updateRevision'));
    case 'DaemonSet':
      return (await listRevisions(http, ref, raw))[0]?.revision;
  }
}

/** The controller numbers no new template while the Deployment is paused, so then the templates are compared. */
async function deploymentRevision({ http, ref, raw }: RevisionQuestion): Promise<number | undefined> {
  const annotated = parseRevision(readString(raw, 'metadata', 'annotations', revisionAnnotation));
  if (readPath(raw, 'spec', 'paused') !== true) return annotated;
  const current = (await listRevisions(http, ref, raw)).find(({ revision }) => revision === annotated);
  return isDeepStrictEqual(current?.template, readPath(raw, 'spec', 'template')) ? annotated : undefined;
}

async function namedRevision(
  call: AppsCall,
  { namespace }: WorkloadRef,
  name: string | undefined,
): Promise<number | undefined> {
  if (name === undefined) return undefined;
  try {
    const raw = await call((api) => api.readNamespacedControllerRevision({ namespace, name }));
    return readNumber(raw, 'revision');
  } catch (error) {
    if (hasCode(error, 'cluster-not-found')) return undefined;
    throw error;
  }
}
