import { afterAll, beforeAll } from 'vitest';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { describeWorkloads, type WorkloadsStage } from '../contract/workloads.ts';
import { createNamespace, removeNamespace, requireCluster } from '../support/kubernetes/real-cluster.ts';
import { createApiStage } from '../support/kubernetes/workloads-stage.ts';

const namespace = `lifeguard-contract-${process.pid}`;
let http: HttpClient;
let stage: WorkloadsStage;

beforeAll(async () => {
  http = await requireCluster();
  await createNamespace(http, namespace);
  stage = createApiStage(http, namespace);
});

afterAll(async () => {
  await removeNamespace(http, namespace);
  await http.close();
});

describeWorkloads('a real API server', { stage: () => stage, kinds: ['Deployment', 'StatefulSet', 'DaemonSet'] });
