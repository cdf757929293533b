import type { detectors } from '../../../src/analysis/detectors/index.ts';

export type DetectorId = (typeof detectors)[number]['id'];

/** An object as it is given to the API server. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Something that happens in a cluster, how to make it, and what Lifeguard is to say of it. */
export interface Case {
  readonly id: string;
  /** In words. */
  readonly what: string;
  /** What is made at the start, in a namespace of its own. */
  readonly objects: readonly Manifest[];
  /** What is done later; seconds from the start. `kubectl`: words after `kubectl -n NAMESPACE`. */
  readonly later?: readonly {
    readonly after: number;
    readonly apply?: readonly Manifest[];
    readonly kubectl?: string;
  }[];
  /** How long it is recorded, seconds. */
  readonly seconds: number;
  /** How long it is played on after that, minutes; 7 unless a detector needs longer to be sure. */
  readonly minutes?: number;
}

export interface Benign extends Case {
  /** The detectors whose fault it only looks like. */
  readonly spares?: readonly DetectorId[];
}

export interface Fault extends Case {
  /** Any of these kinds of finding leads its incident. */
  readonly expects: readonly string[];
  /** Whom the incident is about: `Deployment/app`. */
  readonly subject: string;
}

const busybox = 'busybox:1.36';

/** One container that runs a shell command. */
export function sh(command: string, rest: Manifest = {}): Manifest {
  return { name: 'app', image: busybox, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', command], ...rest };
}

/** Runs until it is stopped. */
export const idle = sh('trap exit TERM; sleep 3600 & wait');

/** Answers on a port. */
export const web = sh('mkdir -p /www; echo ok > /www/index.html; httpd -f -p 8080 -h /www', {
  ports: [{ name: 'http', containerPort: 8080 }],
});

export function pod(container: Manifest = idle, spec: Manifest = {}): Manifest {
  return { terminationGracePeriodSeconds: 1, containers: [container], ...spec };
}

interface Options {
  readonly name?: string;
  readonly replicas?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly pod?: Manifest;
  readonly spec?: Manifest;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function deployment(container: Manifest = idle, options: Options = {}): Manifest {
  return workload('Deployment', container, options);
}

export function workload(kind: string, container: Manifest, options: Options = {}): Manifest {
  const { name = 'app', replicas, labels = { app: name }, spec = {}, annotations = {} } = options;
  const count = kind === 'DaemonSet' ? {} : { replicas: replicas ?? 1 };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, labels, annotations },
    spec: {
      ...count,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: pod(container, options.pod) },
      ...spec,
    },
  };
}

export function job(container: Manifest, spec: Manifest = {}, rest: Manifest = {}): Manifest {
  const template = { spec: { ...pod(container), restartPolicy: 'Never', ...rest } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'app' },
    spec: { backoffLimit: 0, template, ...spec },
  };
}

export function cronJob(container: Manifest, spec: Manifest = {}): Manifest {
  const template = { spec: { ...pod(container), restartPolicy: 'Never' } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'app' },
    spec: { schedule: '* * * * *', jobTemplate: { spec: { backoffLimit: 0, template } }, ...spec },
  };
}

export function service(spec: Manifest = {}, name = 'app'): Manifest {
  const rest = { selector: { app: 'app' }, ports: [{ port: 80, targetPort: 8080 }], ...spec };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: rest };
}

export function ingress(serviceName: string, spec: Manifest = {}): Manifest {
  const backend = { service: { name: serviceName, port: { number: 80 } } };
  const rules = [{ host: 'app.local', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }];
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'app' }, spec: { rules, ...spec } };
}

export function autoscaler(spec: Manifest = {}): Manifest {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' };
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'app' },
    spec: { scaleTargetRef: target, minReplicas: 1, maxReplicas: 3, metrics: [cpu], ...spec },
  };
}

export function claim(spec: Manifest): Manifest {
  const rest = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: rest };
}

export function budget(spec: Manifest): Manifest {
  const selector = { matchLabels: { app: 'app' } };
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'app' },
    spec: { selector, ...spec },
  };
}

export function object(kind: string, apiVersion: string, rest: Manifest): Manifest {
  return { apiVersion, kind, metadata: { name: 'app' }, ...rest };
}
