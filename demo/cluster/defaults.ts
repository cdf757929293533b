import { isJsonObject, readArray, readObject } from '../../src/core/json.ts';
import { type Fields, fieldsIn, labelsOf } from './objects.ts';
import type { Resource } from './resources.ts';

/** The object with what the API server fills in where nothing is given. */
export function withDefaults(resource: Resource, object: Fields): Fields {
  const spec = defaultSpecs[resource.kind];
  return spec === undefined ? object : { ...object, spec: spec(readObject(object, 'spec'), object) };
}

const defaultSpecs: Readonly<Record<string, (spec: Fields, object: Fields) => Fields>> = {
  Pod: (spec) => ({ enableServiceLinks: true, ...podSpec(spec, limitsAsRequests) }),
  Deployment: (spec) => ({
    replicas: 1,
    ...workload(spec),
    strategy: deploymentStrategy(readObject(spec, 'strategy')),
    revisionHistoryLimit: spec['revisionHistoryLimit'] ?? 10,
    progressDeadlineSeconds: spec['progressDeadlineSeconds'] ?? 600,
  }),
  ReplicaSet: (spec, object) => ({ replicas: 1, ...workload(spec), selector: selector(spec, object) }),
  StatefulSet: (spec) => ({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    ...workload(spec),
    updateStrategy: statefulStrategy(readObject(spec, 'updateStrategy')),
    revisionHistoryLimit: spec['revisionHistoryLimit'] ?? 10,
  }),
  DaemonSet: (spec) => ({
    ...workload(spec),
    updateStrategy: daemonStrategy(readObject(spec, 'updateStrategy')),
    revisionHistoryLimit: spec['revisionHistoryLimit'] ?? 10,
  }),
  Service: (spec) => ({ type: 'ClusterIP', sessionAffinity: 'None', ...spec }),
};

function workload(spec: Fields): Fields {
  const template = readObject(spec, 'template');
  const metadata = { ...readObject(template, 'metadata') };
  return { ...spec, template: { metadata, spec: podSpec(readObject(template, 'spec')) } };
}

function selector(spec: Fields, object: Fields): Fields {
  const given = readObject(spec, 'selector');
  return Object.keys(given).length > 0 ? given : { matchLabels: labelsOf(object) };
}

function deploymentStrategy(strategy: Fields): Fields {
  const type = strategy['type'] ?? 'RollingUpdate';
  if (type !== 'RollingUpdate') return { ...strategy, type };
  const rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...readObject(strategy, 'rollingUpdate') };
  return { type, rollingUpdate };
}

function statefulStrategy(strategy: Fields): Fields {
  const type = strategy['type'] ?? 'RollingUpdate';
  if (type !== 'RollingUpdate') return { type };
  return { type, rollingUpdate: { partition: 0, ...readObject(strategy, 'rollingUpdate') } };
}

function daemonStrategy(strategy: Fields): Fields {
  const type = strategy['type'] ?? 'RollingUpdate';
  if (type !== 'RollingUpdate') return { type };
  return { type, rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...readObject(strategy, 'rollingUpdate') } };
}

type Change = (container: Fields) => Fields;

function podSpec(spec: Fields, change: Change = (container) => container): Fields {
  const lists: Record<string, unknown> = {};
  for (const list of ['initContainers', 'containers']) {
    if (!Array.isArray(spec[list])) continue;
    lists[list] = fieldsIn(readArray(spec, list)).map((one) => change(container(one)));
  }
  const volumes = spec['volumes'];
  if (Array.isArray(volumes)) lists['volumes'] = fieldsIn(volumes).map((one) => volume(one));
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    ...lists,
  };
}

function container(given: Fields): Fields {
  const image = typeof given['image'] === 'string' ? given['image'] : '';
  const isLatest = !/:[^/]+$/.test(image) || image.endsWith(':latest');
  const lists: Record<string, unknown> = {};
  if (Array.isArray(given['ports'])) {
    lists['ports'] = fieldsIn(given['ports']).map((port) => ({ protocol: 'TCP', ...port }));
  }
  if (Array.isArray(given['env'])) lists['env'] = fieldsIn(given['env']).map((entry) => environmentEntry(entry));
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (isJsonObject(given[probe])) lists[probe] = withProbeDefaults(given[probe]);
  }
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    ...given,
    ...lists,
  };
}

/** An empty value is left out when the server writes the object. */
function environmentEntry(entry: Fields): Fields {
  if (entry['value'] === '') return { name: entry['name'] };
  const reference = readObject(entry, 'valueFrom', 'fieldRef');
  if (Object.keys(reference).length === 0) return entry;
  return { ...entry, valueFrom: { fieldRef: { apiVersion: 'v1', ...reference } } };
}

function withProbeDefaults(probe: Fields): Fields {
  const http = probe['httpGet'];
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...probe,
    ...(isJsonObject(http) ? { httpGet: { path: '/', scheme: 'HTTP', ...http } } : {}),
  };
}

function volume(given: Fields): Fields {
  for (const source of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    const value = given[source];
    if (isJsonObject(value)) return { ...given, [source]: { defaultMode: 420, ...value } };
  }
  return given;
}

function limitsAsRequests(given: Fields): Fields {
  const limits = readObject(given, 'resources', 'limits');
  if (Object.keys(limits).length === 0) return given;
  const requests = { ...limits, ...readObject(given, 'resources', 'requests') };
  return { ...given, resources: { ...readObject(given, 'resources'), limits, requests } };
}
