import { readString } from '../../core/json.ts';
import type { ClassView } from '../../core/views/network.ts';
import { readConditions, readLabels, readMetadata } from './metadata.ts';

/** Keeps of a raw IngressClass, StorageClass or GatewayClass that it exists, who serves it, and whether it is the default. */
export function slimClass(raw: unknown): ClassView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const annotations = Object.entries(readLabels(raw, 'metadata', 'annotations'));
  return {
    ...metadata,
    controller:
      readString(raw, 'spec', 'controller') ??
      readString(raw, 'spec', 'controllerName') ??
      readString(raw, 'provisioner') ??
      '',
    isDefault: annotations.some(([name, value]) => name.endsWith('/is-default-class') && value === 'true'),
    bindingMode: readString(raw, 'volumeBindingMode'),
    conditions: readConditions(raw, 'status', 'conditions'),
  };
}
