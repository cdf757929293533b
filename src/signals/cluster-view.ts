import { isWorkloadRef, type ResourceRef, refKey } from '../core/resource-ref.ts';
import type { Observation, Signal, Stream } from '../core/signal.ts';
import type { ClusterView, ViewKind } from '../core/view.ts';
import type { PodView } from '../core/views/pod.ts';
import { createDepartures } from './departures.ts';
import { isNews } from './log-news.ts';
import { createShelves, nameKey, putObservation, type Shelves } from './shelves.ts';
import {
  allSubjects,
  isTold,
  ownerRef,
  type Place,
  placeOf,
  subjectOfEvent,
  subjectsOf,
  viewKindOf,
} from './subjects.ts';

export interface LiveView extends ClusterView {
  /** Takes a signal in; answers the subjects whose judgement it may change. */
  apply(signal: Signal): readonly ResourceRef[];
  /** Everything that detectors judge. */
  subjects(): readonly ResourceRef[];
  placeOf(subject: ResourceRef): Place;
  count(kind: ViewKind): number;
  /** What the object of an Event belongs to; itself where that is nothing, or not known. */
  ownerOfNamed(ref: ResourceRef): ResourceRef;
  /** The node of the pod that an Event names; undefined for what is no pod, or is not known. */
  nodeOfNamed(ref: ResourceRef): string | undefined;
}

/** What one stream has given so far, by uid. */
interface Inventory {
  readonly stream: Stream;
  readonly known: Map<string, Observation>;
  /** Epoch milliseconds by the cluster's clock at which it was first listed. */
  listedAt: number | undefined;
}

function createInventories() {
  const known = new Map<string, Inventory>();
  return {
    of(stream: Stream): Inventory {
      const inventory = known.get(stream.name) ?? { stream, known: new Map(), listedAt: undefined };
      known.set(stream.name, inventory);
      return inventory;
    },
    /** When the kind was first listed in the namespace; undefined where it has not been. */
    listedAt(kind: ViewKind, namespace: string): number | undefined {
      const covers = ({ kind: own, namespace: limit }: Stream): boolean =>
        own === kind && (limit === undefined || limit === namespace);
      return [...known.values()].find(({ stream, listedAt }) => listedAt !== undefined && covers(stream))?.listedAt;
    },
  };
}

/**
 * The slim view of the cluster that the watcher keeps up to date. `now` tells the time by the cluster's clock, epoch milliseconds; it may be left out where
 * nobody asks since when something is missing.
 */
export function createClusterView(now = (): number => 0): LiveView {
  const departures = createDepartures(now);
  const shelves = createShelves();
  const inventories = createInventories();
  const knows = (kind: ViewKind, namespace: string): boolean => inventories.listedAt(kind, namespace) !== undefined;
  const covers = (ref: ResourceRef): boolean =>
    knows(viewKindOf(ref), ref.namespace) && (!isWorkloadRef(ref) || knows('pod', ref.namespace));
  const alertsOf: ClusterView['alertsOf'] = (ref) => {
    // Nodes are told of by host as well, whatever namespace the exporter is in.
    const near = shelves.alert.under('regarding', ref.namespace);
    const found = ref.kind === 'Node' ? new Set([...near, ...shelves.alert.under('hosted', 'yes')]) : near;
    return [...found].filter((alert) => isTold(alert, ref, world));
  };
  const absence: ClusterView['absence'] = (kind, namespace, name) => {
    const goneAt = departures.of(kind, namespace, name);
    return { since: goneAt ?? inventories.listedAt(kind, namespace) ?? 0, seenToGo: goneAt !== undefined };
  };
  const view: ClusterView = { ...readShelves(shelves), knows, covers, alertsOf, absence };
  const world = { shelves, view };

  function put(observation: Observation, { known }: Inventory): readonly ResourceRef[] {
    const before = known.get(observation.object.uid);
    known.set(observation.object.uid, observation);
    putObservation(shelves, observation, now);
    departures.forget(observation);
    return isNews(observation, before) ? subjectsOf(observation, world) : [];
  }

  /** Whom it touches is asked while the object is still known. */
  function remove(observation: Observation, { known }: Inventory): readonly ResourceRef[] {
    const touched = subjectsOf(observation, world);
    known.delete(observation.object.uid);
    shelves[observation.kind].remove(observation.object.uid);
    departures.note(observation);
    return touched;
  }

  function replace(observations: readonly Observation[], inventory: Inventory): readonly ResourceRef[] {
    inventory.listedAt ??= now();
    const present = new Set(observations.map(({ object }) => object.uid));
    const missing = [...inventory.known.values()].filter(({ object }) => !present.has(object.uid));
    return [
      ...missing.flatMap((observation) => remove(observation, inventory)),
      ...observations.flatMap((observation) => put(observation, inventory)),
    ];
  }

  function take(signal: Signal): readonly ResourceRef[] {
    const inventory = inventories.of(signal.stream);
    if (signal.type === 'listed') return replace(signal.observations, inventory);
    return signal.type === 'seen' ? put(signal.observation, inventory) : remove(signal.observation, inventory);
  }

  return {
    ...view,
    apply: (signal) => distinct(take(signal)),
    subjects: () => distinct(allSubjects(world)),
    placeOf: (subject) => placeOf(subject, world),
    count: (kind) => shelves[kind].size,
    ownerOfNamed: (ref) => subjectOfEvent(ref, world),
    nodeOfNamed: ({ kind, uid = '' }) => (kind === 'Pod' ? shelves.pod.get(uid)?.node : undefined),
  };
}

function distinct(refs: Iterable<ResourceRef>): readonly ResourceRef[] {
  const found = new Map<string, ResourceRef>();
  for (const ref of refs) found.set(refKey(ref), ref);
  return [...found.values()];
}

function readShelves(shelves: Shelves): Omit<ClusterView, 'knows' | 'covers' | 'alertsOf' | 'absence'> {
  function workload(ref: ResourceRef) {
    return shelves.workload.under('ref', refKey(ref)).at(-1);
  }

  function uidOf(ref: ResourceRef): string | undefined {
    if (isWorkloadRef(ref)) return workload(ref)?.uid;
    return ref.uid ?? (ref.kind === 'CronJob' ? find('cronJob', ref.namespace, ref.name)?.uid : undefined);
  }

  /** What stands between a workload and its pods. */
  function intermediates(ref: ResourceRef, uid: string): readonly { readonly uid: string }[] {
    if (ref.kind === 'Deployment') return shelves.revision.under('owner', uid);
    return ref.kind === 'CronJob' ? shelves.job.under('owner', uid) : [];
  }

  function podsOf(ref: ResourceRef): readonly PodView[] {
    const uid = uidOf(ref);
    if (uid === undefined) return [];
    return [uid, ...intermediates(ref, uid).map((one) => one.uid)].flatMap((owner) =>
      shelves.pod.under('owner', owner),
    );
  }

  function ownerOf(pod: PodView): ResourceRef {
    const { owner, namespace, name, uid } = pod;
    if (owner === undefined || owner.kind === 'Node') return { kind: 'Pod', namespace, name, uid };
    const above = owner.kind === 'Job' ? shelves.job.get(owner.uid)?.owner : shelves.revision.get(owner.uid)?.owner;
    return ownerRef(namespace, above ?? owner);
  }

  const find: ClusterView['find'] = (kind, namespace, name) =>
    shelves[kind].under('name', nameKey(namespace, name)).at(-1);

  return {
    find,
    workload,
    podsOf,
    ownerOf,
    all: (kind) => shelves[kind].values(),
    within: (kind, namespace) => shelves[kind].under('namespace', namespace),
    podsOn: (node) => shelves.pod.under('node', node),
    revisionsOf(ref) {
      const uid = workload(ref)?.uid;
      return uid === undefined ? [] : shelves.revision.under('owner', uid).toSorted((a, b) => b.revision - a.revision);
    },
    jobsOf(ref) {
      const uid = uidOf(ref);
      return uid === undefined ? [] : shelves.job.under('owner', uid).toSorted((a, b) => b.createdAt - a.createdAt);
    },
    endpointsOf: ({ namespace, name }) => shelves.endpoints.under('service', nameKey(namespace, name)),
    eventsOf: (ref) => (ref.uid === undefined ? [] : shelves.event.under('regarding', ref.uid)),
  };
}
