import { createFakeObjects } from '../support/fakes/objects.ts';
import { describeObjects } from './objects.ts';

const objects = createFakeObjects();

describeObjects('the fake', () => ({
  objects,
  namespace: 'shop',
  async createPod(name, { held = false } = {}) {
    if (held) objects.held.set(name, `The disruption budget ${name} needs 1 healthy pods and has 1 currently`);
    return objects.put({ kind: 'Pod', namespace: 'shop', name }, {});
  },
  create: async (kind, name) =>
    objects.put(
      { kind, namespace: 'shop', name },
      { spec: kind === 'CronJob' ? { schedule: '0 3 * * *', suspend: false } : { minReplicas: 1, maxReplicas: 3 } },
    ),
}));
