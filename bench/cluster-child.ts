import { startSimulatedCluster } from '../demo/cluster/simulated-cluster.ts';
import { readNumber } from '../src/core/json.ts';
import { answerParent } from './child.ts';
import { padPod } from './pod-padding.ts';

/** A simulated cluster with so many pods and nodes. Arguments: path for the kubeconfig, pods, nodes. Message `{ change }` changes that many pods. */
const [path = '', count = '0', nodes = '0'] = process.argv.slice(2);
const cluster = await startSimulatedCluster();
await cluster.writeKubeconfig(path);
for (let index = 0; index < Number(nodes); index += 1) {
  const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }];
  const metadata = { name: `bulk-node-${index}` };
  cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata, spec: { unschedulable: true }, status: { conditions } });
}
const bulk = cluster.bulkPods(Number(count));
const pods = cluster.list('/api/v1/namespaces/bulk/pods');
for (const pod of pods) cluster.apply(padPod(pod));
const bytes = JSON.stringify(cluster.get('/api/v1/namespaces/bulk/pods')).length;

answerParent((message) => {
  bulk.change(readNumber(message, 'change') ?? 0);
  return { changed: true };
});
process.send?.({ bytesPerPod: pods.length === 0 ? 0 : Math.round(bytes / pods.length) });
