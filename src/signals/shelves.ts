import { refKey } from '../core/resource-ref.ts';
import type { Observation } from '../core/signal.ts';
import type { ViewKind, ViewTypes } from '../core/view.ts';
import type { AlertView } from '../core/views/alert.ts';
import type { EventView } from '../core/views/event.ts';
import type { JobView } from '../core/views/job.ts';
import type { EndpointsView } from '../core/views/network.ts';
import type { ObjectView } from '../core/views/object.ts';
import type { PodView } from '../core/views/pod.ts';
import type { RevisionView, WorkloadView } from '../core/views/workload.ts';
import { createShelf, type Indexes, type Shelf } from './shelf.ts';
import { joinWrites } from './slim/config-map.ts';

/** Every kind of slim object on its own shelf. */
export type Shelves = { readonly [K in ViewKind]: Shelf<ViewTypes[K]> };

/** Events kept of one object; the newest tell the story. */
const eventsPerObject = 20;

export function nameKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** Key of what an Event is about: by uid where it has one, so that it does not pass to a namesake. */
function regardingKey({ regarding }: EventView): string {
  return regarding.uid ?? refKey(regarding);
}

function named<T extends ObjectView>(): Indexes<T> {
  return { name: ({ namespace, name }) => nameKey(namespace, name), namespace: ({ namespace }) => namespace };
}

export function createShelves(): Shelves {
  return {
    // A static pod belongs to its node, which says nothing about it: it is its own owner.
    pod: createShelf<PodView>({
      owner: (pod) => (pod.owner === undefined || pod.owner.kind === 'Node' ? pod.uid : pod.owner.uid),
      node: (pod) => pod.node,
      name: ({ namespace, name }) => nameKey(namespace, name),
    }),
    workload: createShelf<WorkloadView>({ ref: refKey, namespace: ({ namespace }) => namespace }),
    revision: createShelf<RevisionView>({ owner: (revision) => revision.owner.uid }),
    job: createShelf<JobView>({ ...named(), owner: (job) => job.owner?.uid }),
    event: createShelf<EventView>({ regarding: regardingKey }),
    endpoints: createShelf<EndpointsView>({ service: ({ namespace, service }) => nameKey(namespace, service) }),
    alert: createShelf<AlertView>({
      regarding: ({ regarding }) => regarding.namespace,
      hosted: ({ host }) => (host === undefined ? undefined : 'yes'),
    }),
    cronJob: createShelf(named()),
    node: createShelf(named()),
    service: createShelf(named()),
    ingress: createShelf(named()),
    ingressClass: createShelf(named()),
    gateway: createShelf(named()),
    gatewayClass: createShelf(named()),
    route: createShelf(named()),
    certificate: createShelf(named()),
    webhooks: createShelf(named()),
    volumeClaim: createShelf(named()),
    storageClass: createShelf(named()),
    disruptionBudget: createShelf(named()),
    autoscaler: createShelf(named()),
    namespace: createShelf(named()),
    configMap: createShelf(named()),
    rate: createShelf(named()),
    usage: createShelf(named()),
    scaling: createShelf(named()),
    volumeUsage: createShelf(named()),
    logs: createShelf(named()),
  };
}

/** `now` tells the time by the cluster's clock, epoch milliseconds. */
export function putObservation(shelves: Shelves, observation: Observation, now: () => number): void {
  if (observation.kind === 'configMap') {
    const { object } = observation;
    shelves.configMap.put(joinWrites(shelves.configMap.get(object.uid), object, now()));
    return;
  }
  putPlain(shelves, observation);
}

function putPlain<K extends ViewKind>(shelves: Shelves, { kind, object }: Observation<K>): void {
  shelves[kind].put(object);
  if (kind === 'event') forgetOldEvents(shelves.event, object.uid);
}

function forgetOldEvents(events: Shelf<EventView>, uid: string): void {
  const event = events.get(uid);
  if (event === undefined) return;
  const siblings = events.under('regarding', regardingKey(event));
  if (siblings.length <= eventsPerObject) return;
  const oldest = siblings.toSorted((a, b) => a.lastSeen - b.lastSeen)[0];
  if (oldest !== undefined) events.remove(oldest.uid);
}
