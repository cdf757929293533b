import { readArray, readObject, readString } from '../../src/core/json.ts';
import { isStill } from './behavior.ts';
import type { Obstacle } from './container-run.ts';
import type { EventRecorder } from './event-recorder.ts';
import { type Fields, fieldsIn, type KubeObject, specOf, statusOf, timeText, withSpec, withStatus } from './objects.ts';
import { PodRunner } from './pod-runner.ts';
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

/** Schedules and runs pods. */
export interface Kubelet {
  runner(pod: KubeObject): PodRunner | undefined;
}

export function startKubelet(options: KubeletOptions): Kubelet {
  const { store, timers, record, startMs } = options;
  const runners = new Map<string, PodRunner>();
  const ending = new Set<string>();
  let scheduled = 0;

  function current(pod: KubeObject): Stored | undefined {
    const stored = store.get(pods, pod.metadata.namespace, pod.metadata.name);
    return stored?.object.metadata.uid === pod.metadata.uid ? stored : undefined;
  }

  function schedule(pod: KubeObject): void {
    const stored = current(pod);
    if (stored === undefined) return;
    const nodeName = readString(specOf(stored.object), 'nodeName') ?? chooseNode();
    if (nodeName === undefined) {
      unschedulable(stored);
      return;
    }
    const condition = {
      type: 'PodScheduled',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: timeText(Date.now()),
    };
    const bound = withStatus(withSpec(stored.object, { nodeName }), {
      ...statusOf(stored.object),
      conditions: [condition],
    });
    const { object } = store.put(pods, bound);
    const { namespace, name } = pod.metadata;
    const note = `Successfully assigned ${namespace ?? ''}/${name} to ${nodeName}`;
    record({ about: object, reason: 'Scheduled', note, type: 'Normal', by: 'default-scheduler' });
    run(object, nodeName);
  }

  function chooseNode(): string | undefined {
    const ready = store.list(nodes).filter(({ object }) => specOf(object)['unschedulable'] !== true);
    scheduled += 1;
    return ready[scheduled % ready.length]?.object.metadata.name;
  }

  function unschedulable(stored: Stored): void {
    const message = '0/0 nodes are available.';
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    store.put(pods, withStatus(stored.object, { ...statusOf(stored.object), conditions: [condition] }));
    record({
      about: stored.object,
      reason: 'FailedScheduling',
      note: message,
      type: 'Warning',
      by: 'default-scheduler',
    });
  }

  function run(pod: KubeObject, node: string): void {
    const address = `10.244.${(scheduled >> 8) % 256}.${scheduled % 256}`;
    const runner = new PodRunner({
      pod,
      timers,
      startMs,
      backoff: options.backoff,
      hostIp: '10.0.0.1',
      podIp: address,
      obstacle: (container) => obstacleOf(store, pod, container),
      onStatus(status) {
        const stored = current(pod);
        if (stored !== undefined) store.put(pods, withStatus(stored.object, status));
      },
      onEvent(container, event) {
        record({ about: pod, fieldPath: `spec.containers{${container}}`, by: 'kubelet', node, ...event });
      },
    });
    runners.set(pod.metadata.uid, runner);
    runner.begin();
  }

  function end(pod: KubeObject): void {
    const { uid } = pod.metadata;
    if (ending.has(uid)) return;
    ending.add(uid);
    const node = readString(specOf(pod), 'nodeName') ?? '';
    for (const container of fieldsIn(readArray(specOf(pod), 'containers'))) {
      const name = readString(container, 'name') ?? '';
      record({
        about: pod,
        fieldPath: `spec.containers{${name}}`,
        reason: 'Killing',
        note: `Stopping container ${name}`,
        type: 'Normal',
        by: 'kubelet',
        node,
      });
    }
    timers.after(Math.min(startMs, 500), () => {
      runners.get(uid)?.end();
      const stored = current(pod);
      if (stored !== undefined) store.remove(stored);
    });
  }

  store.onChange(({ type, resource, stored: { object } }: Change) => {
    if (resource !== pods) return;
    const { uid, deletionTimestamp } = object.metadata;
    if (type === 'DELETED') {
      runners.get(uid)?.end();
      runners.delete(uid);
      ending.delete(uid);
    } else if (deletionTimestamp !== undefined) end(object);
    else if (type === 'ADDED' && !isStill(object)) timers.after(0, () => schedule(object));
  });

  return { runner: (pod) => runners.get(pod.metadata.uid) };
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
