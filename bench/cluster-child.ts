import { startSimulatedCluster } from '../demo/cluster/simulated-cluster.ts';
import { readNumber } from '../src/core/json.ts';
import { answerParent } from './child.ts';
import { padPod } from './pod-padding.ts';

/** A simulated cluster with so many pods. Arguments: path for the kubeconfig, count. Message `{ change }` changes that many pods. */
const [path = '', count = '0'] = process.argv.slice(2);
const cluster = await startSimulatedCluster();
await cluster.writeKubeconfig(path);
const bulk = cluster.bulkPods(Number(count));
const pods = cluster.list('/api/v1/namespaces/bulk/pods');
for (const pod of pods) cluster.apply(padPod(pod));
const bytes = JSON.stringify(cluster.get('/api/v1/namespaces/bulk/pods')).length;

answerParent((message) => {
  bulk.change(readNumber(message, 'change') ?? 0);
  return { changed: true };
});
process.send?.({ bytesPerPod: pods.length === 0 ? 0 : Math.round(bytes / pods.length) });
