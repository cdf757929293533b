import { readString } from '../../../src/core/json.ts';
import type { HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import { createObjects } from '../../../src/platform/kubernetes/objects.ts';
import type { ObjectsStage } from '../../contract/objects.ts';

/** Plays the contract in a namespace of an API server. */
export function createObjectsStage(http: HttpClient, namespace: string): ObjectsStage {
  return {
    objects: createObjects(http),
    async create(kind, name) {
      const [path, spec] = kind === 'CronJob' ? cronJob : autoscaler;
      const [api, resource] = path;
      const body = JSON.stringify({ apiVersion: api, kind, metadata: { name }, spec });
      const made = await http.json({ method: 'POST', path: `/apis/${api}/namespaces/${namespace}/${resource}`, body });
      return { kind, namespace, name, uid: readString(made, 'metadata', 'uid') ?? '' };
    },
  };
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
