import { afterAll } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { credentialsOf } from '../support/kubernetes/simulated.ts';
import { describeLogReading } from './log-reading.ts';

let cluster: SimulatedCluster | undefined;

afterAll(() => cluster?.stop());

describeLogReading('the simulated cluster', async () => {
  cluster = await startSimulatedCluster({ startMs: 50, backoff: 0.05 });
  return await credentialsOf(cluster);
});
