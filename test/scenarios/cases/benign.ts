import {
  autoscaler,
  type Benign,
  budget,
  claim,
  cronJob,
  deployment,
  idle,
  ingress,
  job,
  object,
  pod,
  service,
  sh,
  web,
  workload,
} from './case.ts';

const ready = (rest = {}) => ({
  ...web,
  readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1, ...rest },
});
const cpu = { resources: { requests: { cpu: '10m' } } };

/** What only looks like trouble. */
export const benignCases: readonly Benign[] = [
  {
    id: 'benign-steady',
    what: 'a Deployment that runs',
    objects: [deployment(ready(), { replicas: 3 }), service(), ingress('app')],
    seconds: 25,
  },
  {
    id: 'benign-rollout',
    spares: ['rollout-stuck'],
    what: 'a rollout',
    objects: [deployment(ready(), { replicas: 2 })],
    later: [{ after: 10, kubectl: 'set env deployment/app A=1' }],
    seconds: 35,
  },
  {
    id: 'benign-recreate',
    what: 'a rollout that replaces all pods at once, behind a Service',
    objects: [deployment(ready(), { spec: { strategy: { type: 'Recreate' } } }), service()],
    later: [{ after: 10, kubectl: 'set env deployment/app A=1' }],
    seconds: 35,
  },
  {
    id: 'benign-restart',
    what: 'a rolling restart',
    objects: [deployment(ready(), { replicas: 3 })],
    later: [{ after: 10, kubectl: 'rollout restart deployment/app' }],
    seconds: 40,
  },
  {
    id: 'benign-scale',
    what: 'scaling up and down',
    objects: [deployment(ready())],
    later: [
      { after: 8, kubectl: 'scale deployment/app --replicas=4' },
      { after: 20, kubectl: 'scale deployment/app --replicas=1' },
    ],
    seconds: 35,
  },
  {
    id: 'benign-zero',
    spares: ['scaled-to-zero'],
    what: 'zero replicas that nothing depends on',
    objects: [deployment(idle, { replicas: 0 })],
    seconds: 10,
  },
  {
    id: 'benign-zero-meant',
    spares: ['scaled-to-zero'],
    what: 'zero replicas that are meant',
    objects: [
      deployment(web, { replicas: 1, annotations: { 'lifeguard.dev/expect-zero': 'true' } }),
      service(),
      ingress('app'),
    ],
    later: [{ after: 8, kubectl: 'scale deployment/app --replicas=0' }],
    seconds: 20,
  },
  { id: 'benign-job', what: 'a Job that succeeds', objects: [job(sh('sleep 2'))], seconds: 20 },
  {
    id: 'benign-job-retry',
    spares: ['job-failed'],
    what: 'a Job that succeeds at its second try',
    objects: [
      job(
        sh('[ -e /v/x ] || { touch /v/x; exit 1; }', { volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
        { backoffLimit: 3 },
        { restartPolicy: 'OnFailure', volumes: [{ name: 'v', emptyDir: {} }] },
      ),
    ],
    seconds: 30,
  },
  {
    id: 'benign-cronjob',
    spares: ['cronjob-missed'],
    what: 'a CronJob whose runs succeed',
    objects: [cronJob(sh('sleep 1'))],
    seconds: 75,
    minutes: 0,
  },
  {
    id: 'benign-cronjob-suspended',
    spares: ['cronjob-missed'],
    what: 'a CronJob that is suspended',
    objects: [cronJob(idle, { suspend: true })],
    seconds: 70,
  },
  {
    id: 'benign-completed',
    what: 'a pod that is done',
    objects: [object('Pod', 'v1', { spec: { ...pod(sh('exit 0')), restartPolicy: 'Never' } })],
    seconds: 15,
  },
  {
    id: 'benign-one-crash',
    spares: ['crash-loop'],
    what: 'one crash, then it runs',
    objects: [
      deployment(
        sh('[ -e /v/x ] && sleep 3600; touch /v/x; exit 1', { volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
        { pod: { volumes: [{ name: 'v', emptyDir: {} }] } },
      ),
    ],
    seconds: 30,
  },
  {
    id: 'benign-slow-start',
    spares: ['probe-failing'],
    what: 'a start that is slow, within its startup probe',
    objects: [
      deployment(
        sh('sleep 15; httpd -f -p 8080 -h /', {
          startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 2, failureThreshold: 30 },
        }),
      ),
    ],
    seconds: 35,
  },
  {
    id: 'benign-slow-init',
    spares: ['init-stuck'],
    what: 'an init container that takes its time',
    objects: [deployment(idle, { pod: { initContainers: [{ ...sh('sleep 12'), name: 'load' }] } })],
    seconds: 30,
  },
  {
    id: 'benign-blip',
    spares: ['probe-failing'],
    what: 'a readiness probe that fails for a moment',
    objects: [
      deployment(
        sh('httpd -p 8080 -h /; sleep 10; killall httpd; sleep 4; httpd -p 8080 -h /; sleep 3600', {
          readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 2 },
        }),
      ),
    ],
    seconds: 35,
  },
  {
    id: 'benign-late-config',
    spares: ['container-config'],
    what: 'a ConfigMap that comes a moment later',
    objects: [deployment({ ...idle, envFrom: [{ configMapRef: { name: 'app' } }] })],
    later: [{ after: 4, apply: [object('ConfigMap', 'v1', { data: { a: '1' } })] }],
    seconds: 35,
  },
  {
    id: 'benign-external-name',
    what: 'a Service that is only a name',
    objects: [
      service({ type: 'ExternalName', externalName: 'db.example.com', selector: null, ports: null }),
      ingress('app'),
    ],
    seconds: 12,
  },
  {
    id: 'benign-headless',
    spares: ['service-endpoints'],
    what: 'a headless Service of a StatefulSet',
    objects: [
      workload('StatefulSet', ready(), { replicas: 2, spec: { serviceName: 'app' } }),
      service({ clusterIP: 'None' }),
    ],
    seconds: 30,
  },
  {
    id: 'benign-operator-service',
    spares: ['service-endpoints'],
    what: "a Service for an operator's pods that are not there yet",
    objects: [deployment(web), service({ selector: { 'postgres-operator.example.com/cluster': 'db' } }, 'db')],
    seconds: 15,
  },
  {
    id: 'benign-claim-waits',
    spares: ['volume-claim'],
    what: 'a volume claim that waits for its first pod',
    objects: [
      object('StorageClass', 'storage.k8s.io/v1', {
        metadata: { name: 'rec-benign-claim-waits' },
        provisioner: 'example.com/none',
        volumeBindingMode: 'WaitForFirstConsumer',
      }),
      claim({ storageClassName: 'rec-benign-claim-waits' }),
    ],
    seconds: 15,
  },
  {
    id: 'benign-budget',
    spares: ['disruption-budget'],
    what: 'a disruption budget that allows one',
    objects: [deployment(idle, { replicas: 2 }), budget({ maxUnavailable: 1 })],
    seconds: 15,
  },
  {
    id: 'benign-hpa',
    spares: ['autoscaler'],
    what: 'an autoscaler at its lower bound',
    objects: [deployment({ ...idle, ...cpu }), autoscaler()],
    seconds: 75,
  },
  {
    id: 'benign-paused',
    spares: ['rollout-stuck'],
    what: 'a Deployment that is paused in the middle of a rollout',
    objects: [deployment(ready(), { replicas: 2 })],
    later: [
      { after: 8, kubectl: 'rollout pause deployment/app' },
      { after: 10, kubectl: 'set env deployment/app A=1' },
    ],
    seconds: 25,
  },
  {
    id: 'benign-daemonset',
    spares: ['workload-short'],
    what: 'a rollout of a DaemonSet',
    objects: [workload('DaemonSet', ready())],
    later: [{ after: 8, kubectl: 'set env daemonset/app A=1' }],
    seconds: 30,
  },
  {
    id: 'benign-statefulset',
    what: 'a rollout of a StatefulSet, one pod after the other',
    objects: [workload('StatefulSet', ready(), { replicas: 3, spec: { serviceName: 'app' } })],
    later: [{ after: 15, kubectl: 'set env statefulset/app A=1' }],
    seconds: 50,
  },
  {
    id: 'benign-evicted',
    spares: ['evicted'],
    what: 'a pod that is evicted and replaced',
    objects: [deployment(ready(), { replicas: 2 })],
    later: [{ after: 8, kubectl: 'delete pod -l app=app --wait=false --field-selector=status.phase=Running' }],
    seconds: 30,
  },
  {
    id: 'benign-deleted',
    spares: ['pod-stuck-terminating'],
    what: 'everything is deleted',
    objects: [deployment(ready(), { replicas: 2 }), service()],
    later: [{ after: 8, kubectl: 'delete deployment/app service/app --wait=false' }],
    seconds: 25,
  },
  {
    id: 'benign-old-job',
    spares: ['job-failed'],
    what: 'a failed Job that a later one has made good',
    objects: [cronJob(sh('sleep 1'), { suspend: true })],
    later: [
      { after: 3, kubectl: 'create job --from=cronjob/app first' },
      { after: 15, kubectl: 'create job --from=cronjob/app second' },
    ],
    seconds: 30,
  },
  {
    id: 'benign-words',
    what: 'a log full of the word error',
    objects: [deployment(sh('while true; do echo 0 errors, no error; sleep 1; done'))],
    seconds: 15,
  },
];
