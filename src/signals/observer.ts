import { hasCode } from '../core/errors.ts';
import { isJsonObject, type JsonObject, readObject, readString } from '../core/json.ts';
import type { ClusterReader } from '../core/ports/cluster-reader.ts';
import type { Observer } from '../core/ports/observer.ts';
import { type ResourceRef, type WorkloadRef, workloadKinds } from '../core/resource-ref.ts';
import type { Observation } from '../core/signal.ts';
import { createClusterView } from './cluster-view.ts';
import type { Source } from './source.ts';
import { pods } from './sources/pods.ts';
import { controllerRevisions, replicaSets } from './sources/revisions.ts';
import { daemonSets, deployments, statefulSets } from './sources/workloads.ts';

const byKind: Readonly<Record<string, { readonly workload: Source; readonly revisions: Source }>> = {
  Deployment: { workload: deployments, revisions: replicaSets },
  StatefulSet: { workload: statefulSets, revisions: controllerRevisions },
  DaemonSet: { workload: daemonSets, revisions: controllerRevisions },
};

/** Reads one workload, its revisions and its pods afresh, into the same kind of view the watcher keeps. */
export function createObserver(reader: ClusterReader): Observer {
  return {
    find: (words) => findWorkloads(reader, words),
    async observe(ref) {
      const view = createClusterView();
      const feed = (source: Source, items: readonly JsonObject[]): void => {
        const stream = { name: source.id, kind: source.kind, namespace: ref.namespace };
        view.apply({ type: 'listed', stream, observations: items.map(source.slim).filter(isObservation) });
      };
      const sources = byKind[ref.kind];
      if (sources === undefined) {
        feed(pods, await reader.list({ path: pods.path(ref.namespace) }));
        return view;
      }
      const workload = await readWorkload(reader, sources.workload, ref);
      if (workload === undefined) return view;
      feed(sources.workload, [workload]);
      const labelSelector = formatSelector(readObject(workload, 'spec', 'selector', 'matchLabels'));
      const selected = (source: Source) => reader.list({ path: source.path(ref.namespace), labelSelector });
      const [revisionItems, podItems] = await Promise.all([selected(sources.revisions), selected(pods)]);
      feed(sources.revisions, revisionItems);
      feed(pods, podItems);
      return view;
    },
  };
}

async function readWorkload(reader: ClusterReader, source: Source, ref: ResourceRef): Promise<JsonObject | undefined> {
  try {
    return await reader.get(`${source.path(ref.namespace)}/${ref.name}`);
  } catch (error) {
    if (hasCode(error, 'cluster-not-found')) return undefined;
    throw error;
  }
}

/** `matchExpressions` are left out: the selection only gets wider, and the owner graph narrows it again. */
function formatSelector(labels: JsonObject): string {
  return Object.keys(labels)
    .map((name) => `${name}=${readString(labels, name) ?? ''}`)
    .join(',');
}

function isObservation(value: Observation | undefined): value is Observation {
  return isJsonObject(value);
}

/** Reads `name`, `namespace/name` or `kind/namespace/name`; kinds in any case, plural or short (`deploy`, `sts`, `ds`). */
async function findWorkloads(reader: ClusterReader, words: string): Promise<readonly WorkloadRef[]> {
  const parts = words.split('/').filter((part) => part !== '');
  const [name, namespace, kindWord] = parts.toReversed();
  if (name === undefined || parts.length > 3) return [];
  const kinds = workloadKinds.filter((kind) => kindWord === undefined || meansKind(kindWord, kind));
  const found = await Promise.all(kinds.map((kind) => findOfKind(reader, kind, { name, namespace })));
  return found.flat();
}

const shortNames: Readonly<Record<string, string>> = { deploy: 'deployment', sts: 'statefulset', ds: 'daemonset' };

function meansKind(word: string, kind: string): boolean {
  const singular = word.toLowerCase().replace(/s$/, '');
  return (shortNames[word.toLowerCase()] ?? singular) === kind.toLowerCase();
}

async function findOfKind(
  reader: ClusterReader,
  kind: WorkloadRef['kind'],
  { name, namespace }: { readonly name: string; readonly namespace: string | undefined },
): Promise<WorkloadRef[]> {
  const source = byKind[kind]?.workload;
  if (source === undefined) return [];
  const items = await reader.list({ path: source.path(namespace), fieldSelector: `metadata.name=${name}` });
  return items.flatMap((item) => {
    const uid = readString(item, 'metadata', 'uid');
    const ref = { kind, name, namespace: readString(item, 'metadata', 'namespace') ?? '' };
    return [uid === undefined ? ref : { ...ref, uid }];
  });
}
