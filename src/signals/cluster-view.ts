import { isWorkloadRef, type ResourceRef, refKey } from '../core/resource-ref.ts';
import type { Observation, Signal } from '../core/signal.ts';
import type { ClusterView, EventView, NodeView, PodView, RevisionView, WorkloadView } from '../core/view.ts';
import { createShelf, type Shelf } from './shelf.ts';

/** Events kept of one object; the newest tell the story. */
const eventsPerObject = 20;

export interface LiveView extends ClusterView {
  /** Takes a signal in; answers the subjects whose judgement it may change. */
  apply(signal: Signal): readonly ResourceRef[];
  /** Everything that detectors judge. */
  subjects(): readonly ResourceRef[];
  readonly podCount: number;
  readonly workloadCount: number;
}

interface Shelves {
  readonly pods: Shelf<PodView>;
  readonly workloads: Shelf<WorkloadView>;
  readonly revisions: Shelf<RevisionView>;
  readonly nodes: Shelf<NodeView>;
  readonly events: Shelf<EventView>;
}

/** The slim view of the cluster that the watcher keeps up to date. */
export function createClusterView(): LiveView {
  const shelves: Shelves = {
    pods: createShelf((pod) => pod.owner?.uid ?? pod.uid),
    workloads: createShelf((workload) => refKey(workload)),
    revisions: createShelf((revision) => revision.owner.uid),
    nodes: createShelf(() => undefined),
    events: createShelf((event) => event.regarding.uid ?? refKey(event.regarding)),
  };
  const listed = new Map<string, Map<string, Observation>>();
  const view = readShelves(shelves);

  function apply(signal: Signal): readonly ResourceRef[] {
    const known = listed.get(signal.source) ?? new Map<string, Observation>();
    listed.set(signal.source, known);
    const touched = applyToShelves({ signal, known, shelves, view });
    return [...new Map(touched.map((ref) => [refKey(ref), ref])).values()];
  }

  return {
    ...view,
    apply,
    subjects() {
      const refs = [...shelves.pods.values()].map((pod) => view.ownerOf(pod));
      for (const workload of shelves.workloads.values()) refs.push(refOf(workload));
      return [...new Map(refs.map((ref) => [refKey(ref), ref])).values()];
    },
    get podCount() {
      return shelves.pods.size;
    },
    get workloadCount() {
      return shelves.workloads.size;
    },
  };
}

interface Application {
  readonly signal: Signal;
  /** What this source had so far, by uid. */
  readonly known: Map<string, Observation>;
  readonly shelves: Shelves;
  readonly view: ClusterView;
}

function applyToShelves({ signal, known, shelves, view }: Application): ResourceRef[] {
  const seen = (observation: Observation): ResourceRef[] => {
    known.set(observation.object.uid, observation);
    putObservation(shelves, observation);
    return subjectsOf(view, observation);
  };
  const gone = (observation: Observation): ResourceRef[] => {
    const touched = subjectsOf(view, observation);
    known.delete(observation.object.uid);
    removeObservation(shelves, observation);
    return touched;
  };
  if (signal.type === 'seen') return seen(signal.observation);
  if (signal.type === 'gone') return gone(signal.observation);
  const present = new Set(signal.observations.map((observation) => observation.object.uid));
  const missing = [...known.values()].filter((observation) => !present.has(observation.object.uid));
  return [...missing.flatMap(gone), ...signal.observations.flatMap(seen)];
}

function putObservation(shelves: Shelves, observation: Observation): void {
  switch (observation.kind) {
    case 'pod':
      return shelves.pods.put(observation.object);
    case 'workload':
      return shelves.workloads.put(observation.object);
    case 'revision':
      return shelves.revisions.put(observation.object);
    case 'node':
      return shelves.nodes.put(observation.object);
    case 'event':
      return putEvent(shelves.events, observation.object);
  }
}

function putEvent(events: Shelf<EventView>, event: EventView): void {
  events.put(event);
  const siblings = events.under(event.regarding.uid ?? refKey(event.regarding));
  if (siblings.length <= eventsPerObject) return;
  const oldest = siblings.toSorted((a, b) => a.lastSeen - b.lastSeen)[0];
  if (oldest !== undefined) events.remove(oldest.uid);
}

function removeObservation(shelves: Shelves, { kind, object }: Observation): void {
  const shelf = {
    pod: shelves.pods,
    workload: shelves.workloads,
    revision: shelves.revisions,
    node: shelves.nodes,
    event: shelves.events,
  };
  shelf[kind].remove(object.uid);
}

/** Nodes and Events change no judgement by themselves yet; they are context. */
function subjectsOf(view: ClusterView, observation: Observation): ResourceRef[] {
  switch (observation.kind) {
    case 'pod':
      return [view.ownerOf(observation.object)];
    case 'workload':
      return [refOf(observation.object)];
    case 'revision':
      return [ownerRef(observation.object.namespace, observation.object.owner)];
    case 'node':
    case 'event':
      return [];
  }
}

function readShelves(shelves: Shelves): ClusterView {
  function workload(ref: ResourceRef): WorkloadView | undefined {
    return shelves.workloads.under(refKey(ref)).at(-1);
  }

  function revisionsOf(ref: ResourceRef): readonly RevisionView[] {
    const uid = workload(ref)?.uid;
    return uid === undefined ? [] : shelves.revisions.under(uid).toSorted((a, b) => b.revision - a.revision);
  }

  function podsOf(ref: ResourceRef): readonly PodView[] {
    const uid = isWorkloadRef(ref) ? workload(ref)?.uid : ref.uid;
    if (uid === undefined) return [];
    const replicaSets = ref.kind === 'Deployment' ? shelves.revisions.under(uid) : [];
    return [uid, ...replicaSets.map((one) => one.uid)].flatMap((owner) => shelves.pods.under(owner));
  }

  function ownerOf(pod: PodView): ResourceRef {
    if (pod.owner === undefined) return { kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid };
    const replicaSet = shelves.revisions.get(pod.owner.uid);
    return ownerRef(pod.namespace, replicaSet?.owner ?? pod.owner);
  }

  return {
    workload,
    revisionsOf,
    podsOf,
    ownerOf,
    workloads: () => shelves.workloads.values(),
    eventsOf: (ref) => (ref.uid === undefined ? [] : shelves.events.under(ref.uid)),
    nodes: () => shelves.nodes.values(),
  };
}

function refOf({ kind, namespace, name, uid }: WorkloadView): ResourceRef {
  return { kind, namespace, name, uid };
}

function ownerRef(
  namespace: string,
  { kind, name, uid }: { readonly kind: string; readonly name: string; readonly uid: string },
): ResourceRef {
  return { kind, namespace, name, uid };
}
