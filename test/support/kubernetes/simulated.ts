import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedCluster } from '../../../demo/cluster/simulated-cluster.ts';
import { loadCredentials } from '../../../src/platform/kubernetes/credentials.ts';
import type { Credentials } from '../../../src/platform/kubernetes/secrets.ts';

/** The credentials of the cluster's administrator, by way of a kubeconfig file as users have it. */
export async function credentialsOf(cluster: SimulatedCluster): Promise<Credentials> {
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'simulated-cluster-')), 'kubeconfig');
  await cluster.writeKubeconfig(kubeconfig);
  return await loadCredentials({ kubeconfig, now: Date.now });
}
