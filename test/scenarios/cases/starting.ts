import { deployment, type Fault, idle, object } from './case.ts';

const env = (name: string, source: object) => ({ name, valueFrom: source });
const requests = (cpu: string) => ({ resources: { requests: { cpu } } });
const claims = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'gone' } }] };

/** What keeps pods from starting. */
export const startFaults: readonly Fault[] = [
  {
    id: 'image-missing',
    what: 'an image that does not exist',
    objects: [deployment({ ...idle, image: 'registry.invalid/app:9.9.9' })],
    expects: ['image-pull'],
    subject: 'Deployment/app',
    seconds: 45,
  },
  {
    id: 'image-never',
    what: 'an image that may not be pulled and is not there',
    objects: [deployment({ ...idle, image: 'busybox:9.9.9', imagePullPolicy: 'Never' })],
    expects: ['image-pull'],
    subject: 'Deployment/app',
    seconds: 30,
  },
  {
    id: 'image-name',
    what: 'an image whose name is malformed',
    objects: [deployment({ ...idle, image: 'Busybox:::1' })],
    expects: ['image-pull'],
    subject: 'Deployment/app',
    seconds: 30,
  },
  {
    id: 'image-after-release',
    what: 'a release whose tag does not exist',
    objects: [deployment(idle, { replicas: 2 })],
    later: [{ after: 15, apply: [deployment({ ...idle, image: 'registry.invalid/app:2' }, { replicas: 2 })] }],
    expects: ['image-pull'],
    subject: 'Deployment/app',
    seconds: 60,
  },
  {
    id: 'config-map-env',
    what: 'a ConfigMap that an environment variable wants',
    objects: [deployment({ ...idle, env: [env('A', { configMapKeyRef: { name: 'gone', key: 'a' } })] })],
    expects: ['container-config'],
    subject: 'Deployment/app',
    seconds: 30,
  },
  {
    id: 'secret-env',
    what: 'a Secret that an environment variable wants',
    objects: [deployment({ ...idle, env: [env('A', { secretKeyRef: { name: 'gone', key: 'a' } })] })],
    expects: ['container-config'],
    subject: 'Deployment/app',
    seconds: 30,
  },
  {
    id: 'config-key',
    what: 'a key that the ConfigMap does not have',
    objects: [
      object('ConfigMap', 'v1', { data: { b: '1' } }),
      deployment({ ...idle, env: [env('A', { configMapKeyRef: { name: 'app', key: 'a' } })] }),
    ],
    expects: ['container-config'],
    subject: 'Deployment/app',
    seconds: 30,
  },
  {
    id: 'config-map-volume',
    what: 'a ConfigMap that a volume wants',
    objects: [
      deployment(
        { ...idle, volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        { pod: { volumes: [{ name: 'v', configMap: { name: 'gone' } }] } },
      ),
    ],
    expects: ['container-config'],
    subject: 'Deployment/app',
    seconds: 45,
    minutes: 4,
  },
  {
    id: 'secret-volume',
    what: 'a Secret that a volume wants',
    objects: [
      deployment(
        { ...idle, volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        { pod: { volumes: [{ name: 'v', secret: { secretName: 'gone' } }] } },
      ),
    ],
    expects: ['container-config'],
    subject: 'Deployment/app',
    seconds: 45,
    minutes: 4,
  },
  {
    id: 'service-account',
    what: 'a service account that does not exist',
    objects: [deployment(idle, { pod: { serviceAccountName: 'gone' } })],
    expects: ['create-failed'],
    subject: 'Deployment/app',
    seconds: 30,
  },
  {
    id: 'node-selector',
    what: 'a node label that no node has',
    objects: [deployment(idle, { pod: { nodeSelector: { disk: 'fast' } } })],
    expects: ['unschedulable'],
    subject: 'Deployment/app',
    seconds: 20,
  },
  {
    id: 'too-big',
    what: 'a request that no node can hold',
    objects: [deployment({ ...idle, ...requests('900') })],
    expects: ['unschedulable'],
    subject: 'Deployment/app',
    seconds: 20,
  },
  {
    id: 'anti-affinity',
    what: 'two replicas that may not share the only node',
    objects: [
      deployment(idle, {
        replicas: 2,
        pod: {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'app' } } },
              ],
            },
          },
        },
      }),
    ],
    expects: ['unschedulable'],
    subject: 'Deployment/app',
    seconds: 25,
  },
  {
    id: 'host-port',
    what: 'two replicas that want the same port of the node',
    objects: [deployment({ ...idle, ports: [{ containerPort: 80, hostPort: 18089 }] }, { replicas: 2 })],
    expects: ['unschedulable'],
    subject: 'Deployment/app',
    seconds: 25,
  },
  {
    id: 'claim-missing',
    what: 'a volume claim that does not exist',
    objects: [deployment({ ...idle, volumeMounts: [{ name: 'data', mountPath: '/d' }] }, { pod: claims })],
    expects: ['unschedulable'],
    subject: 'Deployment/app',
    seconds: 20,
  },
];
