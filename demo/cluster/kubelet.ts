import { isDeepStrictEqual } from 'node:util';
import { readArray, readNumber, readObject, readString } from '../../src/core/json.ts';
import { isDown, isStill } from './behavior.ts';
import type { Obstacle } from './container-run.ts';
import type { EventRecorder } from './event-recorder.ts';
import {
  type Fields,
  fieldsIn,
  type KubeObject,
  specOf,
  statusOf,
  timeText,
  withMetadata,
  withSpec,
  withStatus,
} from './objects.ts';
import { PodRunner } from './pod-runner.ts';
import { withActualResources } from './resize.ts';
import { configMaps, nodes, pods, type Resource, secrets } from './resources.ts';
import type { Change, Store } from './store.ts';
import type { Stored } from './stored.ts';
import type { Timers } from './timers.ts';

export interface KubeletOptions {
  readonly store: Store;
  readonly timers: Timers;
  readonly record: EventRecorder;
  /** Milliseconds until a container runs. */
  readonly startMs: number;
  /** Factor on restart delays. */
  readonly backoff: number;
}

/** How long a pod takes to stop, at most. */
const longestStopMs = 500;

/** Schedules and runs pods, on all nodes. */
export class Kubelet {
  readonly #options: KubeletOptions;
  readonly #runners = new Map<string, PodRunner>();
  readonly #ending = new Set<string>();
  #scheduled = 0;

  constructor(options: KubeletOptions) {
    this.#options = options;
    options.store.onChange((change) => this.#onChange(change));
  }

  runner(pod: KubeObject): PodRunner | undefined {
    return this.#runners.get(pod.metadata.uid);
  }

  #onChange({ type, resource, stored: { object } }: Change): void {
    if (resource !== pods) return;
    const { uid, deletionTimestamp } = object.metadata;
    if (type === 'DELETED') {
      this.#runners.get(uid)?.end();
      this.#runners.delete(uid);
      this.#ending.delete(uid);
    } else if (deletionTimestamp !== undefined) this.#end(object);
    else if (type === 'MODIFIED' && this.#runners.has(uid)) this.#resize(object);
    else if (type === 'ADDED' && !isStill(object)) this.#options.timers.after(0, () => this.#schedule(object));
  }

  /** The pod as it is now; undefined where it is gone. */
  #current(pod: KubeObject): Stored | undefined {
    const stored = this.#options.store.get(pods, pod.metadata.namespace, pod.metadata.name);
    return stored?.object.metadata.uid === pod.metadata.uid ? stored : undefined;
  }

  #schedule(pod: KubeObject): void {
    const { store, record } = this.#options;
    const stored = this.#current(pod);
    if (stored === undefined) return;
    const nodeName = readString(specOf(stored.object), 'nodeName') ?? this.#chooseNode();
    if (nodeName === undefined) {
      this.#leaveUnscheduled(stored);
      return;
    }
    const times = { lastProbeTime: null, lastTransitionTime: timeText(Date.now()) };
    const conditions = [{ type: 'PodScheduled', status: 'True', ...times }];
    const bound = withSpec(stored.object, { nodeName });
    const { object } = store.put(pods, withStatus(bound, { ...statusOf(stored.object), conditions }));
    const { namespace, name } = pod.metadata;
    const note = `Successfully assigned ${namespace ?? ''}/${name} to ${nodeName}`;
    record({ about: object, reason: 'Scheduled', note, type: 'Normal', by: 'default-scheduler' });
    this.#run(object, nodeName);
  }

  #chooseNode(): string | undefined {
    const open = this.#options.store
      .list(nodes)
      .filter(({ object }) => specOf(object)['unschedulable'] !== true && !isDown(object));
    this.#scheduled += 1;
    return open[this.#scheduled % open.length]?.object.metadata.name;
  }

  #leaveUnscheduled({ object }: Stored): void {
    const { store, record } = this.#options;
    const count = store.list(nodes).length;
    const message = `0/${count} nodes are available: ${count} node(s) were unschedulable.`;
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    store.put(pods, withStatus(object, { ...statusOf(object), conditions: [condition] }));
    record({ about: object, reason: 'FailedScheduling', note: message, type: 'Warning', by: 'default-scheduler' });
  }

  #run(pod: KubeObject, node: string): void {
    const { store, timers, startMs, backoff, record } = this.#options;
    const number = this.#scheduled;
    const runner = new PodRunner({
      pod,
      timers,
      startMs,
      backoff,
      hostIp: '10.0.0.1',
      podIp: `10.244.${(number >> 8) % 256}.${number % 256}`,
      resolve: (container) => withConfigured(store, pod, container),
      obstacle: (container) => obstacleOf(store, pod, container),
      onStatus: (status) => {
        const host = store.get(nodes, undefined, node);
        const stored = host === undefined || isDown(host.object) ? undefined : this.#current(pod);
        if (stored !== undefined) store.put(pods, withActualResources(stored.object, status));
      },
      onEvent: (container, event) =>
        record({ about: pod, fieldPath: `spec.containers{${container}}`, by: 'kubelet', node, ...event }),
    });
    this.#runners.set(pod.metadata.uid, runner);
    runner.begin();
  }

  /** Gives the containers what they are wanted to have now. */
  #resize(pod: KubeObject): void {
    if (readNumber(pod, 'status', 'observedGeneration') === pod.metadata.generation) return;
    const { store, timers, startMs } = this.#options;
    timers.after(startMs, () => {
      const stored = this.#current(pod);
      if (stored === undefined || stored.object.metadata.generation !== pod.metadata.generation) return;
      const actual = withActualResources(stored.object);
      if (!isDeepStrictEqual(actual, stored.object)) store.put(pods, actual);
    });
  }

  #end(pod: KubeObject): void {
    const { store, timers, startMs, record } = this.#options;
    const { uid } = pod.metadata;
    if (this.#ending.has(uid)) return;
    this.#ending.add(uid);
    const node = readString(specOf(pod), 'nodeName') ?? '';
    for (const container of fieldsIn(readArray(specOf(pod), 'containers'))) {
      const name = readString(container, 'name') ?? '';
      const event = { reason: 'Killing', note: `Stopping container ${name}`, type: 'Normal' } as const;
      record({ about: pod, fieldPath: `spec.containers{${name}}`, by: 'kubelet', node, ...event });
    }
    timers.after(Math.min(startMs, longestStopMs), () => {
      this.#runners.get(uid)?.end();
      const stored = this.#current(pod);
      if (stored !== undefined) letGo(store, stored);
    });
  }
}

/** Its time is over; it goes when no finalizer holds it. */
function letGo(store: Store, stored: Stored): void {
  const isHeld = readArray(stored.object, 'metadata', 'finalizers').length > 0;
  if (isHeld) store.put(pods, withMetadata(stored.object, { deletionGracePeriodSeconds: 0 }));
  else store.remove(stored);
}

/** What keeps a container from being created: an image that nobody has, or a configuration that is not there. */
function obstacleOf(store: Store, pod: KubeObject, container: Fields): Obstacle | undefined {
  const image = readString(container, 'image') ?? '';
  if (image.startsWith('missing.local/')) {
    const message = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://missing.local/v2/": dial tcp: lookup missing.local: no such host`;
    return { reason: 'ErrImagePull', message };
  }
  const { namespace } = pod.metadata;
  for (const { resource, reference } of referencesOf(container)) {
    const name = readString(reference, 'name') ?? '';
    if (reference['optional'] === true) continue;
    const found = store.get(resource, namespace, name);
    if (found === undefined) {
      return { reason: 'CreateContainerConfigError', message: `${resource.singular} "${name}" not found` };
    }
    const key = readString(reference, 'key');
    if (key !== undefined && readObject(found.object, 'data')[key] === undefined) {
      const message = `couldn't find key ${key} in ${resource.kind} ${namespace ?? ''}/${name}`;
      return { reason: 'CreateContainerConfigError', message };
    }
  }
  return undefined;
}

/** The container with what its environment takes from ConfigMaps. */
function withConfigured(store: Store, pod: KubeObject, container: Fields): Fields {
  const dataOf = (reference: unknown): Fields => {
    const found = store.get(configMaps, pod.metadata.namespace, readString(reference, 'name') ?? '');
    return readObject(found?.object, 'data');
  };
  const wholes = fieldsIn(readArray(container, 'envFrom')).flatMap(({ configMapRef }) =>
    Object.entries(dataOf(configMapRef)).map(([name, value]) => ({ name, value })),
  );
  const own = fieldsIn(readArray(container, 'env')).map((entry) => {
    const reference = readObject(entry, 'valueFrom', 'configMapKeyRef');
    const value = dataOf(reference)[readString(reference, 'key') ?? ''];
    return value === undefined ? entry : { ...entry, value };
  });
  return { ...container, env: [...wholes, ...own] };
}

function referencesOf(container: Fields): readonly { readonly resource: Resource; readonly reference: Fields }[] {
  const sources = [
    ...fieldsIn(readArray(container, 'env')).map((entry) => readObject(entry, 'valueFrom')),
    ...fieldsIn(readArray(container, 'envFrom')),
  ];
  return sources.flatMap((source) =>
    [
      { resource: configMaps, reference: source['configMapKeyRef'] ?? source['configMapRef'] },
      { resource: secrets, reference: source['secretKeyRef'] ?? source['secretRef'] },
    ].flatMap(({ resource, reference }) => {
      const found = fieldsIn([reference]);
      return found.map((one) => ({ resource, reference: one }));
    }),
  );
}
