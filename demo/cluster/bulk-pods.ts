import { stillAnnotation } from './behavior.ts';
import { specOf, statusOf, timeText, withSpec, withStatus } from './objects.ts';
import { namespaces, pods } from './resources.ts';
import type { Store } from './store.ts';
import type { Stored } from './stored.ts';
import type { Writes } from './writes.ts';

/** Pods that are only there, for measuring. */
export interface BulkPods {
  /** Changes the status of so many pods, one after the other, round and round. */
  change(count: number): void;
}

const namespace = 'bulk';

/** Adds `count` running pods in the namespace `bulk`; no kubelet runs them. */
export function addBulkPods(store: Store, writes: Writes, count: number): BulkPods {
  if (store.get(namespaces, undefined, namespace) === undefined) {
    writes.create(namespaces, { metadata: { name: namespace } });
  }
  const first = store.list(pods, namespace).length;
  const names = Array.from({ length: count }, (_, index) => `bulk-${first + index}`);
  for (const name of names) addPod(store, writes, name);
  let turn = 0;
  return {
    change(changes) {
      for (let made = 0; made < changes; made += 1) {
        const stored = store.get(pods, namespace, names[turn % names.length] ?? '');
        turn += 1;
        if (stored !== undefined) touch(store, stored, turn);
      }
    },
  };
}

function addPod(store: Store, writes: Writes, name: string): void {
  const containers = [{ name: 'app', image: 'test.local/app:1.0.0' }];
  const metadata = { name, namespace, labels: { app: 'bulk' }, annotations: { [stillAnnotation]: 'true' } };
  const { object } = writes.create(pods, { metadata, spec: { containers } }, { dryRun: true });
  const now = timeText(Date.now());
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: now };
  const container = { ...containers[0], ready: true, restartCount: 0, started: true, lastState: {} };
  const status = {
    ...statusOf(object),
    phase: 'Running',
    conditions: [ready],
    containerStatuses: [{ ...container, state: { running: { startedAt: now } } }],
  };
  store.put(pods, withStatus(withSpec(object, { ...specOf(object), nodeName: 'node-1' }), status));
}

function touch(store: Store, { object }: Stored, turn: number): void {
  store.put(
    pods,
    withStatus(object, { ...statusOf(object), podIP: `10.${(turn >> 16) % 256}.${(turn >> 8) % 256}.${turn % 256}` }),
  );
}
