import { afterAll, expect, it } from 'vitest';
import { type SimulatedCluster, startSimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import { readString } from '../../src/core/json.ts';
import type { Credentials } from '../../src/platform/kubernetes/secrets.ts';
import { openRawApi } from '../support/kubernetes/raw-api.ts';
import { credentialsOf } from '../support/kubernetes/simulated.ts';
import { describeKubernetesApi } from './kubernetes-api.ts';

let cluster: SimulatedCluster | undefined;
let credentials: Credentials | undefined;

afterAll(() => cluster?.stop());

async function connect(): Promise<Credentials> {
  cluster ??= await startSimulatedCluster({ startMs: 50, backoff: 0.05, bookmarkMs: 500 });
  credentials ??= await credentialsOf(cluster);
  return credentials;
}

describeKubernetesApi('the simulated cluster', connect);

// A real server forgets when it pleases: a young one remembers everything. The words are those of a real one of some age.
it('ends a watch from a version that is forgotten with an error event', async () => {
  const api = openRawApi(await connect());
  const events = await api.watch('/api/v1/pods?watch=true&resourceVersion=1&timeoutSeconds=5');
  await api.close();
  expect(events).toMatchObject([
    { type: 'ERROR', object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 } },
  ]);
  expect(readString(events[0]?.object, 'message')).toMatch(/^too old resource version: 1 \(\d+\)$/);
});
