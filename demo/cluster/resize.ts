import { readArray, readObject } from '../../src/core/json.ts';
import { parseQuantity } from '../../src/core/quantity.ts';
import { type Cause, invalidValue } from './failure.ts';
import { qualityOf } from './initial-status.ts';
import {
  type Fields,
  fieldsIn,
  type KubeObject,
  specOf,
  statusOf,
  stringsOf,
  withSpec,
  withStatus,
} from './objects.ts';
import type { Stored } from './stored.ts';

/** The pod as a write to `pods/resize` wants it: only the resources of its containers are taken, the rest is dropped. */
export function resized({ object }: Stored, fields: Fields): Fields {
  const wanted = containersOf(fields);
  const containers = containersOf(object).map((container) => {
    const found = wanted.find(({ name }) => name === container['name']);
    return found === undefined ? container : { ...container, resources: readObject(found, 'resources') };
  });
  return withSpec(object, { containers });
}

/** What the API server would refuse in it. */
export function validateResize(pod: Fields, before: Fields): readonly Cause[] {
  const causes = containersOf(pod).flatMap((container, index) => {
    const at = `spec.containers[${index}].resources`;
    const [resources, former] = [container, containersOf(before)[index] ?? {}].map((one) =>
      readObject(one, 'resources'),
    );
    return [...validateOrder(resources ?? {}, at), ...validateKept(resources ?? {}, former ?? {}, at)];
  });
  if (causes.length > 0) return causes;
  const quality = readObject(before, 'status')['qosClass'];
  if (qualityOf(readObject(pod, 'spec')) === quality) return [];
  return [invalidValue('spec', quality, 'Pod QOS Class may not change as a result of resizing')];
}

function validateOrder(resources: Fields, at: string): readonly Cause[] {
  const [requests, limits] = [readObject(resources, 'requests'), readObject(resources, 'limits')].map(stringsOf);
  return Object.entries(requests ?? {}).flatMap(([name, amount]) => {
    const limit = limits?.[name];
    if (limit === undefined || quantityOf(amount) <= quantityOf(limit)) return [];
    return [invalidValue(`${at}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`)];
  });
}

function validateKept(resources: Fields, former: Fields, at: string): readonly Cause[] {
  return ['limits', 'requests']
    .filter((part) =>
      Object.keys(readObject(former, part)).some((name) => readObject(resources, part)[name] === undefined),
    )
    .map((part) => ({
      reason: 'FieldValueForbidden' as const,
      message: `Forbidden: resource ${part} cannot be removed`,
      field: `${at}.${part}`,
    }));
}

function quantityOf(text: string): number {
  return parseQuantity(text) ?? 0;
}

/** The pod as the kubelet reports it once it has done what the specification asks. */
export function withActualResources(pod: KubeObject, status: Fields = statusOf(pod)): KubeObject {
  const wanted = fieldsIn(readArray(specOf(pod), 'containers'));
  const { generation } = pod.metadata;
  const containerStatuses = fieldsIn(readArray(status, 'containerStatuses')).map((one) => {
    const resources = readObject(wanted.find(({ name }) => name === one['name']) ?? {}, 'resources');
    const { requests } = resources;
    return { ...one, ...(requests === undefined ? {} : { allocatedResources: requests }), resources };
  });
  const conditions = fieldsIn(readArray(status, 'conditions')).map((one) =>
    one['observedGeneration'] === undefined ? one : { ...one, observedGeneration: generation },
  );
  return withStatus(pod, { ...status, observedGeneration: generation, conditions, containerStatuses });
}

function containersOf(pod: Fields): readonly Fields[] {
  return fieldsIn(readArray(pod, 'spec', 'containers'));
}
