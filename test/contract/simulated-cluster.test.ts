import { afterAll } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { credentialsOf } from '../support/kubernetes/simulated.ts';
import { describeKubernetesApi } from './kubernetes-api.ts';

let cluster: SimulatedCluster | undefined;

afterAll(() => cluster?.stop());

describeKubernetesApi('the simulated cluster', async () => {
  cluster = await startSimulatedCluster({ startMs: 50, backoff: 0.05, bookmarkMs: 500 });
  return await credentialsOf(cluster);
});
