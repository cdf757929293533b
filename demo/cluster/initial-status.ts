import { readArray, readObject } from '../../src/core/json.ts';
import { type Fields, fieldsIn } from './objects.ts';
import type { Resource } from './resources.ts';

/** The status that an object is born with. */
export function initialStatus({ kind }: Resource, object: Fields): Fields | undefined {
  switch (kind) {
    case 'Pod':
      return { phase: 'Pending', qosClass: qualityOf(readObject(object, 'spec')) };
    case 'Namespace':
      return { phase: 'Active' };
    case 'ReplicaSet':
    case 'StatefulSet':
      return { replicas: 0 };
    case 'DaemonSet':
      return { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    case 'PodDisruptionBudget':
      return { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    case 'Deployment':
      return {};
    default:
      return undefined;
  }
}

export function qualityOf(spec: Fields): string {
  const containers = fieldsIn(readArray(spec, 'containers')).map((one) => readObject(one, 'resources'));
  const parts = containers.flatMap((one) => [readObject(one, 'limits'), readObject(one, 'requests')]);
  if (parts.every((part) => Object.keys(part).length === 0)) return 'BestEffort';
  const isGuaranteed = containers.every((one) =>
    ['cpu', 'memory'].every((name) => {
      const limit = readObject(one, 'limits')[name];
      return limit !== undefined && limit === readObject(one, 'requests')[name];
    }),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
