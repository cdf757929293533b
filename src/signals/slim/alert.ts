import type { Alert } from '../../core/alert.ts';
import { cut } from '../../core/cut.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { AlertView } from '../../core/views/alert.ts';
import type { Labels } from '../../core/views/object.ts';

/** Label -> kind of the object that it names, the closest to what people work on first. Names as kube-state-metrics and cAdvisor give them. */
const objectLabels = [
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['cronjob', 'CronJob'],
  ['job_name', 'Job'],
  ['horizontalpodautoscaler', 'HorizontalPodAutoscaler'],
  ['persistentvolumeclaim', 'PersistentVolumeClaim'],
  ['poddisruptionbudget', 'PodDisruptionBudget'],
  ['ingress', 'Ingress'],
  ['replicaset', 'ReplicaSet'],
  ['pod', 'Pod'],
  ['service', 'Service'],
  ['app_kubernetes_io_name', 'Application'],
  ['app', 'Application'],
] as const;

/** Values of the label `workload_type` of the recording rules of kubernetes-mixin. */
const workloadTypes: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
  cronjob: 'CronJob',
  job: 'Job',
};

/** Exporters that tell of other objects: these labels name the exporter itself unless prefixed with `exported_`. */
const exporters = ['kube-state-metrics', 'node-exporter', 'kubelet', 'cadvisor'];

const severities: Readonly<Record<string, AlertView['severity']>> = {
  critical: 'critical',
  page: 'critical',
  error: 'critical',
  info: 'info',
  none: 'none',
};

/** Labels that every alert of a name shares, or that say nothing to people. */
const unspoken = new Set(['alertname', 'severity', 'prometheus', 'uid', 'namespace', 'cluster', 'endpoint', 'job']);

/** Characters of the labels that are shown. */
const labelsLimit = 200;

/** What the watcher keeps of an alert. */
export function slimAlert(alert: Alert): AlertView {
  const { fingerprint, labels, startsAt, summary, description, runbook, repeats, heardAt, expression } = alert;
  const name = nameOf(labels);
  const host = hostOf(labels);
  return {
    uid: fingerprint,
    namespace: read(labels, 'namespace') ?? '',
    name,
    createdAt: startsAt,
    regarding: regardingOf(labels),
    severity: severities[labels['severity']?.toLowerCase() ?? ''] ?? 'warning',
    summary,
    description,
    labels: describeLabels(labels),
    repeats,
    heardAt,
    ...(host === undefined ? {} : { host }),
    ...(runbook === undefined ? {} : { runbook }),
    ...(expression === undefined ? {} : { rule: { expression, labels } }),
  };
}

function nameOf(labels: Labels): string {
  return labels['alertname'] ?? 'unnamed alert';
}

/** An exporter's own label has been renamed where the alert's metric carries one of the same name. */
function read(labels: Labels, name: string): string | undefined {
  const value = labels[`exported_${name}`] ?? labels[name];
  return value === '' ? undefined : value;
}

/** The object that the labels name most closely. */
function regardingOf(labels: Labels): ResourceRef {
  const namespace = read(labels, 'namespace');
  if (namespace !== undefined) {
    return objectIn(namespace, labels) ?? nodeOf(labels) ?? { kind: 'Namespace', namespace: '', name: namespace };
  }
  return nodeOf(labels) ?? { kind: 'Alert', namespace: '', name: nameOf(labels) };
}

function objectIn(namespace: string, labels: Labels): ResourceRef | undefined {
  const workload = read(labels, 'workload');
  const type = workloadTypes[labels['workload_type']?.toLowerCase() ?? ''];
  if (workload !== undefined && type !== undefined) return { kind: type, namespace, name: workload };
  const found = objectLabels
    .filter(
      ([label]) => label !== 'service' || !exporters.includes(labels['job'] ?? '') || 'exported_service' in labels,
    )
    .map(([label, kind]) => ({ kind, name: read(labels, label) }))
    .find(({ name }) => name !== undefined);
  return found?.name === undefined ? undefined : { kind: found.kind, namespace, name: found.name };
}

function nodeOf(labels: Labels): ResourceRef | undefined {
  const name = read(labels, 'node');
  return name === undefined ? undefined : { kind: 'Node', namespace: '', name };
}

/** node-exporter's own labels name its pod, not what it measures; and some alerts have nothing but an `instance`. */
function hostOf(labels: Labels): string | undefined {
  const machine = /node[-_]exporter/.test(labels['job'] ?? '');
  if (!machine && regardingOf(labels).kind !== 'Alert') return undefined;
  return read(labels, 'node') ?? withoutPort(read(labels, 'instance'));
}

/** `10.0.0.5:9100`, `[fd00::5]:9100`, `node-1`. */
function withoutPort(instance: string | undefined): string | undefined {
  const bracketed = instance?.match(/^\[(.+)\]/)?.[1];
  return bracketed ?? instance?.replace(/^([^:]+):\d+$/, '$1');
}

/** `container=app, pod=web-1`. */
function describeLabels(labels: Labels): string {
  const told = Object.entries(labels)
    .filter(([name]) => !unspoken.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
  return cut(told.join(', '), labelsLimit);
}
