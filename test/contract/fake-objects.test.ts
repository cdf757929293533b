import { createFakeObjects } from '../support/fakes/objects.ts';
import { describeObjects } from './objects.ts';

const objects = createFakeObjects();

describeObjects('the fake', () => ({
  objects,
  create: async (kind, name) =>
    objects.put(
      { kind, namespace: 'shop', name },
      { spec: kind === 'CronJob' ? { schedule: '0 3 * * *', suspend: false } : { minReplicas: 1, maxReplicas: 3 } },
    ),
}));
