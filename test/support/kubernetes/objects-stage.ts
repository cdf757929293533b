import { expect, vi } from 'vitest';
import { readArray, readNumber, readString } from '../../../src/core/json.ts';
import type { HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import { createObjects } from '../../../src/platform/kubernetes/objects.ts';
import type { ObjectsStage } from '../../contract/objects.ts';
import { soon } from '../patience.ts';

/** Plays the contract in a namespace of an API server. */
export function createObjectsStage(http: HttpClient, namespace: string): ObjectsStage {
  return {
    objects: createObjects(http),
    namespace,
    async createPod(name, { held = false } = {}) {
      const labels = { guard: name };
      const container = { name: 'app', image: 'test.local/app:1.0.0', imagePullPolicy: 'IfNotPresent' };
      const spec = { terminationGracePeriodSeconds: 0, containers: [container] };
      const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec };
      const core = `/api/v1/namespaces/${namespace}/pods`;
      const made = await http.json({ method: 'POST', path: core, body: JSON.stringify(body) });
      if (held) await createBudget(http, namespace, name);
      await vi.waitFor(async () => {
        const pod = await http.json({ path: `${core}/${name}` });
        expect(JSON.stringify(readArray(pod, 'status', 'conditions'))).toMatch(/"type":"Ready"[^}]*"status":"True"/);
      }, soon);
      if (held) await budgetCounts(http, namespace, name);
      return { kind: 'Pod', namespace, name, uid: readString(made, 'metadata', 'uid') ?? '' };
    },
    async create(kind, name) {
      const [path, spec] = kind === 'CronJob' ? cronJob : autoscaler;
      const [api, resource] = path;
      const body = JSON.stringify({ apiVersion: api, kind, metadata: { name }, spec });
      const made = await http.json({ method: 'POST', path: `/apis/${api}/namespaces/${namespace}/${resource}`, body });
      return { kind, namespace, name, uid: readString(made, 'metadata', 'uid') ?? '' };
    },
  };
}

function budgetsPath(namespace: string): string {
  return `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
}

async function createBudget(http: HttpClient, namespace: string, name: string): Promise<void> {
  const spec = { minAvailable: 1, selector: { matchLabels: { guard: name } } };
  const body = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec };
  await http.json({ method: 'POST', path: budgetsPath(namespace), body: JSON.stringify(body) });
}

/** Waits until its controller has seen that its pod is healthy. */
async function budgetCounts(http: HttpClient, namespace: string, name: string): Promise<void> {
  await vi.waitFor(async () => {
    const budget = await http.json({ path: `${budgetsPath(namespace)}/${name}` });
    expect(readNumber(budget, 'status', 'currentHealthy')).toBe(1);
  }, soon);
}

const pod = { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox:1.36' }] };

const cronJob = [
  ['batch/v1', 'cronjobs'],
  { schedule: '0 3 1 1 *', suspend: false, jobTemplate: { spec: { template: { spec: pod } } } },
] as const;

const autoscaler = [
  ['autoscaling/v2', 'horizontalpodautoscalers'],
  { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 1, maxReplicas: 3 },
] as const;
