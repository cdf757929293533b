import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { startStopwatch } from './stopwatch.ts';

/** client-node's informer on the same pods, as its documentation shows it. Argument: path of the kubeconfig. */
const [kubeconfig = ''] = process.argv.slice(2);
const stopwatch = startStopwatch();
const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const api = config.makeApiClient(CoreV1Api);
const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
informer.on('update', () => stopwatch.event());
informer.on('error', (problem) => {
  process.stderr.write(`informer: ${String(problem)}\n`);
  process.exit(1);
});
await informer.start();
stopwatch.listed(informer.list().length);
