import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { loadCredentials } from '../../src/platform/kubernetes/credentials.ts';
import { createHttpClient, type HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { createAccessStage } from '../support/kubernetes/access-stage.ts';
import { createObjectsStage } from '../support/kubernetes/objects-stage.ts';
import { createApiStage } from '../support/kubernetes/workloads-stage.ts';
import { describeAccess } from './access.ts';
import { describeObjects } from './objects.ts';
import { describeWorkloads, type WorkloadsStage } from './workloads.ts';

let folder: string;
let cluster: SimulatedCluster;
let http: HttpClient;
let stage: WorkloadsStage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-contract-'));
  cluster = await startSimulatedCluster({ startMs: 5 });
  const kubeconfig = join(folder, 'kubeconfig');
  await cluster.writeKubeconfig(kubeconfig);
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'contract' } });
  http = createHttpClient(await loadCredentials({ kubeconfig, now: Date.now }));
  stage = createApiStage(http, 'contract');
});

afterAll(async () => {
  await http.close();
  await cluster.stop();
  await rm(folder, { recursive: true });
});

describeObjects('the simulated cluster', () => createObjectsStage(http, 'contract'));

describeAccess('the simulated cluster', () => createAccessStage(http, 'contract'));

describeWorkloads('the simulated cluster', {
  stage: () => stage,
  kinds: ['Deployment', 'StatefulSet', 'DaemonSet'],
  vertical: true,
});
