import { expect, vi } from 'vitest';
import { readString } from '../../../src/core/json.ts';
import type { WorkloadKind, WorkloadRef } from '../../../src/core/resource-ref.ts';
import type { HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import { createWorkloads } from '../../../src/platform/kubernetes/workloads.ts';
import type { WorkloadsStage } from '../../contract/workloads.ts';
import { soon } from '../patience.ts';

const resources: Readonly<Record<WorkloadKind, string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
};

/** Plays the contract in a namespace of an API server that runs the workload controllers. */
export function createApiStage(http: HttpClient, namespace: string): WorkloadsStage {
  const workloads = createWorkloads(http);

  async function settle(ref: WorkloadRef): Promise<void> {
    await vi.waitFor(async () => {
      const workload = await workloads.read(ref);
      expect(workload?.observedGeneration).toBe(workload?.generation);
      // A paused Deployment keeps an unknown revision for good.
      if (workload?.paused === false) expect(workload.revision).toBeDefined();
    }, soon);
  }

  return {
    workloads,
    settle,
    async autoscale({ kind, name }, { min, max }) {
      const body = {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind, name },
          minReplicas: min,
          maxReplicas: max,
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
            { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '64Mi' } } },
          ],
        },
      };
      const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
      await http.json({ method: 'POST', path, body: JSON.stringify(body) });
    },
    async size({ kind, name }, mode) {
      const body = {
        apiVersion: 'autoscaling.k8s.io/v1',
        kind: 'VerticalPodAutoscaler',
        metadata: { name },
        spec: { targetRef: { apiVersion: 'apps/v1', kind, name }, updatePolicy: { updateMode: mode } },
      };
      const path = `/apis/autoscaling.k8s.io/v1/namespaces/${namespace}/verticalpodautoscalers`;
      await http.json({ method: 'POST', path, body: JSON.stringify(body) });
    },
    async create({ kind, name, images: [first = '', ...others] }) {
      const path = `/apis/apps/v1/namespaces/${namespace}/${resources[kind]}`;
      const made = await http.json({ method: 'POST', path, body: JSON.stringify(manifest(kind, name, first)) });
      const ref = { kind, namespace, name, uid: readString(made, 'metadata', 'uid') ?? '' };
      await settle(ref);
      for (const value of others) {
        const operations = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value } as const];
        await workloads.patch({ ref, operations, dryRun: false });
        await settle(ref);
      }
      return ref;
    },
  };
}

function manifest(kind: WorkloadKind, name: string, image: string): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, labels, annotations: { 'example.com/owner': 'contract' } },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image }] } },
      ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
    },
  };
}
