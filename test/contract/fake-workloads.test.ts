import { createFakeWorkloads } from '../support/fakes/workloads.ts';
import { describeWorkloads, type WorkloadsStage } from './workloads.ts';

const workloads = createFakeWorkloads();

const stage: WorkloadsStage = {
  workloads,
  async create({ kind, name, images }) {
    const templates = images.map((image) => ({
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'app', image }] },
    }));
    return workloads.put({ ref: { kind, namespace: 'shop', name }, templates });
  },
  async autoscale(ref, bounds) {
    workloads.scaleBy(ref, { name: ref.name, ...bounds, shares: ['cpu'] });
  },
  async size(ref, mode) {
    workloads.sizeBy(ref, { name: ref.name, mode });
  },
  async settle(ref) {
    workloads.settle(ref);
  },
};

describeWorkloads('the fake', {
  stage: () => stage,
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet'],
  vertical: true,
});
