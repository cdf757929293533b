import { expect, it, onTestFinished } from 'vitest';
import { namespaceManifest } from '../../demo/shop.ts';
import { openStage } from '../../demo/stage.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { startLifeguard } from '../support/lifeguard.ts';
import { replyWith, rootsOf, rootWith } from '../support/shop-scenario.ts';

/** Where the Alertmanager of the test cluster sends. */
const webhookPort = 8080;

/** Answers everything with an error, is asked all the time, and crashes every 15 s. */
function failingShop(namespace: string): JsonObject {
  const labels = { app: 'encoder' };
  const env = { ERROR_RATE: '1', CRASH_AFTER_S: '15', CRASH_LOG: 'worker pool is stuck' };
  const image = { image: 'test.local/app:1.0.0', imagePullPolicy: 'IfNotPresent' };
  const containers = [
    { ...image, name: 'app', env: Object.entries(env).map(([name, value]) => ({ name, value })) },
    { ...image, name: 'client', command: ['/bin/app', 'load', 'http://127.0.0.1:8080/', '20', '150'] },
  ];
  const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'encoder', namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { terminationGracePeriodSeconds: 1, containers } },
    },
  };
}

/** The test cluster's Prometheus has a rule for the share of requests that fail; its alert names no object, only the label `app`. */
it('an alert of Prometheus and what the watch sees of the same workload end in one thread', async () => {
  const stage = await openStage(process.env['KUBECONFIG'] ?? '');
  const namespace = `lifeguard-e2e-alert-${process.pid}`;
  onTestFinished(async () => {
    await stage.deleteNamespace(namespace);
    await stage.close();
  });
  await stage.apply(namespaceManifest(namespace));
  const cluster = `{ name: e2e-alert, namespaces: [${namespace}] }`;
  const { slack } = await startLifeguard({ kubeconfig: stage.kubeconfig, cluster, port: webhookPort });
  await stage.apply(failingShop(namespace));
  const root = await rootWith(slack, `${namespace}/encoder`, 'crash loop');
  await replyWith(slack, root, 'HighErrorRate');
  const ours = rootsOf(slack).filter((message) => JSON.stringify(message).includes(namespace));
  expect(ours).toHaveLength(1);
});
