import { createFakeAccess } from '../support/fakes/access.ts';
import { createFakeObjects } from '../support/fakes/objects.ts';
import { createFakeWorkloads } from '../support/fakes/workloads.ts';
import { describeAccess } from './access.ts';

const objects = createFakeObjects();
const access = createFakeAccess({ objects, workloads: createFakeWorkloads() });

describeAccess('the fake', () => ({
  access,
  objects,
  createCronJob: async (name) =>
    objects.put({ kind: 'CronJob', namespace: 'shop', name }, { spec: { suspend: false } }),
  grant: async ({ kind: _kind, ...grant }) => access.allow({ ...grant, resource: 'cronjobs', namespace: 'shop' }),
}));
