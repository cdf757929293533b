import { readArray, readPath, readString } from '../../core/json.ts';
import type { NodeView } from '../../core/view.ts';
import { readMetadata } from './metadata.ts';

export function slimNode(raw: unknown): NodeView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const ready = readArray(raw, 'status', 'conditions').find((one) => readString(one, 'type') === 'Ready');
  return {
    uid: metadata.uid,
    name: metadata.name,
    ready: readString(ready, 'status') === 'True',
    unschedulable: readPath(raw, 'spec', 'unschedulable') === true,
  };
}
