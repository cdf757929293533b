import { readArray, readPath, readString, readTime } from '../../core/json.ts';
import { parseQuantity } from '../../core/quantity.ts';
import type { NodeView } from '../../core/views/capacity.ts';
import { readConditions, readMetadata, readWrite } from './metadata.ts';

const cordonTaint = 'node.kubernetes.io/unschedulable';

/** Taints of cluster-autoscaler and Karpenter on a node that they take away. */
const removalTaints = ['ToBeDeletedByClusterAutoscaler', 'karpenter.sh/disrupted', 'karpenter.sh/disruption'];

export function slimNode(raw: unknown): NodeView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const conditions = readConditions(raw, 'status', 'conditions');
  const allocatable = (name: string): number =>
    parseQuantity(readString(raw, 'status', 'allocatable', name) ?? '') ?? 0;
  const taints = readArray(raw, 'spec', 'taints');
  const cordon = taints.find((taint) => readString(taint, 'key') === cordonTaint);
  const keys = taints.map((taint) => readString(taint, 'key') ?? '');
  return {
    ...metadata,
    ready: conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    unschedulable: readPath(raw, 'spec', 'unschedulable') === true,
    cordonedAt: readTime(cordon, 'timeAdded') ?? readWrite(raw, 'f:spec', 'f:unschedulable')?.at,
    removal: keys.find((key) => removalTaints.includes(key)),
    conditions,
    addresses: readAddresses(raw, metadata.name),
    allocatable: { cpu: allocatable('cpu'), memory: allocatable('memory'), pods: allocatable('pods') },
  };
}

function readAddresses(raw: unknown, name: string): readonly string[] {
  const all = readArray(raw, 'status', 'addresses').map((one) => readString(one, 'address') ?? name);
  return [...new Set(all)].filter((address) => address !== name);
}
