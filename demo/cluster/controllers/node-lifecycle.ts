import { isDown } from '../behavior.ts';
import { type Fields, specOf, statusOf, timeText, withStatus } from '../objects.ts';
import { nodes, pods } from '../resources.ts';
import type { Store } from '../store.ts';
import type { Stored } from '../stored.ts';
import { type Condition, type ControllerTools, withCondition } from './tools.ts';

/** What the node controller writes when a kubelet has not been heard from for a while, and when it is again. */
const ofNode = {
  down: {
    type: 'Ready',
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  },
  up: { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
} as const satisfies Readonly<Record<string, Condition>>;

const ofPod = {
  down: { type: 'Ready', status: 'False', reason: 'NodeNotReady', message: 'Node is not ready' },
  up: { type: 'Ready', status: 'True', reason: '', message: '' },
} as const satisfies Readonly<Record<string, Condition>>;

/** A node that is marked as down is not heard from any more, and its pods are not ready; nobody moves them. */
export function startNodeLifecycle({ store, timers }: ControllerTools): void {
  store.onChange(({ resource, type, stored, before }) => {
    if (resource !== nodes || type === 'DELETED') return;
    const down = isDown(stored.object);
    if (down === (before !== undefined && isDown(before.object))) return;
    timers.after(0, () => report(store, stored.object.metadata.name, down ? 'down' : 'up'));
  });
}

function report(store: Store, name: string, state: 'down' | 'up'): void {
  const node = store.get(nodes, undefined, name);
  if (node === undefined) return;
  write(store, node, ofNode[state]);
  for (const pod of store.list(pods)) if (specOf(pod.object)['nodeName'] === name) write(store, pod, ofPod[state]);
}

function write(store: Store, { resource, object }: Stored, condition: Condition): void {
  const conditions: readonly Fields[] = withCondition(object, timeText(Date.now()), condition);
  store.put(resource, withStatus(object, { ...statusOf(object), conditions }));
}
