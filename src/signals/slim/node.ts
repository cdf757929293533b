import { readArray, readPath, readString, readTime } from '../../core/json.ts';
import type { NodeView } from '../../core/views/capacity.ts';
import { readConditions, readMetadata } from './metadata.ts';
import { parseQuantity } from './quantity.ts';

const cordonTaint = 'node.kubernetes.io/unschedulable';

export function slimNode(raw: unknown): NodeView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const conditions = readConditions(raw, 'status', 'conditions');
  const allocatable = (name: string): number =>
    parseQuantity(readString(raw, 'status', 'allocatable', name) ?? '') ?? 0;
  const cordon = readArray(raw, 'spec', 'taints').find((taint) => readString(taint, 'key') === cordonTaint);
  return {
    ...metadata,
    ready: conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    unschedulable: readPath(raw, 'spec', 'unschedulable') === true,
    cordonedAt: readTime(cordon, 'timeAdded'),
    conditions,
    allocatable: { cpu: allocatable('cpu'), memory: allocatable('memory'), pods: allocatable('pods') },
  };
}
