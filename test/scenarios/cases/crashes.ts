import { deployment, type Fault, idle, object, pod, sh, web, workload } from './case.ts';

const probe = (port: number) => ({ httpGet: { path: '/', port }, periodSeconds: 1, failureThreshold: 2 });

/** What goes wrong with pods that run. */
export const crashes: readonly Fault[] = [
  {
    id: 'crash-exit-1',
    what: 'a container exits with 1 at once',
    objects: [deployment(sh('echo no config; exit 1'))],
    expects: ['crash-loop'],
    subject: 'Deployment/app',
    seconds: 45,
  },
  {
    id: 'crash-127',
    what: 'a command that does not exist in the shell',
    objects: [deployment(sh('server --port 80'))],
    expects: ['crash-loop'],
    subject: 'Deployment/app',
    seconds: 45,
  },
  {
    id: 'crash-no-binary',
    what: 'a binary that does not exist in the image',
    objects: [deployment({ ...idle, command: ['/server'] })],
    expects: ['container-config', 'crash-loop'],
    subject: 'Deployment/app',
    seconds: 45,
  },
  {
    id: 'crash-after-release',
    what: 'a healthy Deployment gets a release that crashes',
    objects: [deployment(idle, { replicas: 2 })],
    later: [{ after: 15, apply: [deployment(sh('echo cannot connect; exit 2'), { replicas: 2 })] }],
    expects: ['crash-loop'],
    subject: 'Deployment/app',
    seconds: 60,
  },
  {
    id: 'crash-stateful',
    what: 'a StatefulSet whose second pod crashes',
    objects: [
      workload('StatefulSet', sh('case $(hostname) in *-1) exit 1;; esac; sleep 3600'), {
        replicas: 3,
        spec: { serviceName: 'app' },
      }),
    ],
    expects: ['crash-loop'],
    subject: 'StatefulSet/app',
    seconds: 60,
  },
  {
    id: 'crash-daemonset',
    what: 'a DaemonSet that crashes',
    objects: [workload('DaemonSet', sh('exit 3'))],
    expects: ['crash-loop'],
    subject: 'DaemonSet/app',
    seconds: 45,
  },
  {
    id: 'crash-sidecar-port',
    what: 'two containers that want the same port',
    objects: [deployment(web, { pod: { containers: [web, { ...web, name: 'other' }] } })],
    expects: ['crash-loop'],
    subject: 'Deployment/app',
    seconds: 45,
  },
  {
    id: 'oom',
    what: 'a container that takes more memory than it may',
    objects: [deployment(sh('sleep 1; head -c 60m /dev/zero | tail', { resources: { limits: { memory: '24Mi' } } }))],
    expects: ['oom-loop'],
    subject: 'Deployment/app',
    seconds: 60,
  },
  {
    id: 'init-crash',
    what: 'an init container that fails',
    objects: [
      deployment(idle, { pod: { initContainers: [{ ...sh('echo migration failed; exit 1'), name: 'migrate' }] } }),
    ],
    expects: ['crash-loop'],
    subject: 'Deployment/app',
    seconds: 60,
  },
  {
    id: 'init-hang',
    what: 'an init container that waits for what never comes',
    objects: [
      deployment(idle, {
        pod: { initContainers: [{ ...sh('until nslookup db.nowhere; do sleep 2; done'), name: 'wait' }] },
      }),
    ],
    expects: ['init-stuck'],
    subject: 'Deployment/app',
    seconds: 30,
  },
  {
    id: 'liveness-port',
    what: 'a liveness probe on a wrong port',
    objects: [deployment({ ...web, livenessProbe: probe(9090) })],
    expects: ['liveness-failing', 'crash-loop'],
    subject: 'Deployment/app',
    seconds: 60,
  },
  {
    id: 'readiness-never',
    what: 'a readiness probe that never succeeds',
    objects: [deployment({ ...web, readinessProbe: probe(9090) })],
    expects: ['readiness-failing'],
    subject: 'Deployment/app',
    seconds: 45,
  },
  {
    id: 'startup-never',
    what: 'a startup probe that gives up',
    objects: [deployment({ ...web, startupProbe: probe(9090) })],
    expects: ['startup-failing', 'crash-loop'],
    subject: 'Deployment/app',
    seconds: 60,
  },
  {
    id: 'bare-pod-crash',
    what: 'a pod without an owner that crashes',
    objects: [object('Pod', 'v1', { spec: pod(sh('exit 1')) })],
    expects: ['crash-loop'],
    subject: 'Pod/app',
    seconds: 45,
  },
  {
    id: 'ephemeral-eviction',
    what: 'a pod that writes more than it may',
    objects: [
      deployment(
        sh('sleep 2; dd if=/dev/zero of=/v/f bs=1M count=30; sleep 3600', {
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        }),
        { pod: { volumes: [{ name: 'v', emptyDir: { sizeLimit: '5Mi' } }] } },
      ),
    ],
    expects: ['evicted', 'ephemeral-storage'],
    subject: 'Deployment/app',
    seconds: 120,
  },
  {
    id: 'stuck-terminating',
    what: 'a pod that a finalizer holds',
    objects: [
      deployment(idle, { spec: {} }),
      { ...object('Pod', 'v1', { spec: pod() }), metadata: { name: 'held', finalizers: ['example.com/hold'] } },
    ],
    later: [{ after: 8, kubectl: 'delete pod held --wait=false' }],
    expects: ['pod-stuck-terminating'],
    subject: 'Pod/held',
    seconds: 25,
    minutes: 12,
  },
];
