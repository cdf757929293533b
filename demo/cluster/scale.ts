import { readNumber, readObject } from '../../src/core/json.ts';
import { type Fields, merged, specOf, stringsOf } from './objects.ts';
import type { Stored } from './stored.ts';

/** The `Scale` of a workload. */
export function readScale({ object }: Stored): Fields {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = stringsOf(readObject(object, 'spec', 'selector', 'matchLabels'));
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: merged({}, { replicas: readNumber(object, 'spec', 'replicas') }),
    status: { replicas: readNumber(object, 'status', 'replicas') ?? 0, selector: selector.join(',') },
  };
}

/** The workload as a written `Scale` wants it. */
export function writeScale({ object }: Stored, scale: Fields): Fields {
  const resourceVersion = readObject(scale, 'metadata')['resourceVersion'] ?? object.metadata.resourceVersion;
  const replicas = readNumber(scale, 'spec', 'replicas') ?? 0;
  return { ...object, metadata: { ...object.metadata, resourceVersion }, spec: { ...specOf(object), replicas } };
}
