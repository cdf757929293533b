import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { crash, manifest, play, releaseWell, rootsOf, rootWith } from '../support/shop-scenario.ts';

/** Everything counts soon, so that a proof takes seconds. */
const detectors = `{
  node-unhealthy: { forSeconds: 1, graceSeconds: 0 },
  node-overcommitted: { graceSeconds: 0 },
  volume-claim: { graceSeconds: 0 },
  disruption-budget: { forSeconds: 1 },
  autoscaler: { graceSeconds: 1, forMinutes: 0 },
  stuck-deletion: { forSeconds: 1 },
}`;

function condition(type: string, status: string, reason = '', message = '') {
  return { type, status, reason, message, lastTransitionTime: new Date().toISOString() };
}

function node(...conditions: ReturnType<typeof condition>[]): JsonObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status: { conditions } };
}

function cordoned(hoursAgo: number, name = 'node-1'): JsonObject {
  const timeAdded = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded }];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { unschedulable: true, taints } };
}

function offering(cpu: string): JsonObject {
  const status = { allocatable: { cpu } };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status };
}

function residentPod(cpu: string): JsonObject {
  const containers = [{ name: 'app', image: 'app:1', resources: { requests: { cpu } } }];
  const metadata = { name: 'resident', namespace: 'shop' };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'node-1', containers } };
}

const lazyClass: JsonObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  provisioner: 'disks.example.com',
  volumeBindingMode: 'WaitForFirstConsumer',
};

function claim(storageClassName: string, phase = 'Pending'): JsonObject {
  const spec = { storageClassName, resources: { requests: { storage: '1Gi' } } };
  const metadata = { name: 'data', namespace: 'shop' };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec, status: { phase } };
}

function budget(minAvailable: number, currentHealthy: number): JsonObject {
  const conditions = [condition('DisruptionAllowed', 'False', 'InsufficientPods')];
  const numbers = { disruptionsAllowed: 0, expectedPods: 2, desiredHealthy: minAvailable, currentHealthy };
  const metadata = { name: 'app', namespace: 'shop' };
  const spec = { minAvailable, selector: { matchLabels: { app: 'app' } } };
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec, status: { ...numbers, conditions } };
}

function scaler(target: string, conditions: ReturnType<typeof condition>[], currentReplicas = 1): JsonObject {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: target };
  const spec = { scaleTargetRef, minReplicas: 1, maxReplicas: 3, metrics: [] };
  const metadata = { name: 'app', namespace: 'shop' };
  const status = { currentReplicas, desiredReplicas: currentReplicas, conditions };
  return { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata, spec, status };
}

describe('one thread', () => {
  it.each<[string, readonly JsonObject[], readonly string[]]>([
    [
      'a node whose kubelet is silent',
      [node(condition('Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.'))],
      ['node-1: node is not ready', 'not heard from', 'elsewhere of shop/app', '1 pod of 1 workload on it'],
    ],
    [
      'a node whose disk runs full',
      [node(condition('DiskPressure', 'True', 'KubeletHasDiskPressure', 'kubelet has disk pressure'))],
      ['node-1: node runs out of resources', 'Its disk runs full', 'KubeletHasDiskPressure'],
    ],
    ['a node that was forgotten', [cordoned(5)], ['node-1: node has been cordoned for long', 'still (shop/app)']],
    [
      'a node that has promised too much',
      [offering('2'), residentPod('3')],
      ['node-1: node has promised more than it has', 'request 3 cores of CPU, and it offers 2 cores'],
    ],
    [
      'a claim of a storage class that does not exist',
      [lazyClass, claim('fats')],
      ['shop/data: volume claim gets no volume', 'storage class fats does not exist. There are: fast.'],
    ],
    ['a claim whose volume is gone', [claim('fast', 'Lost')], ['shop/data: volume is lost']],
    [
      'a budget that blocks every eviction',
      [budget(2, 2)],
      ['shop/app: disruption budget blocks every eviction', 'minAvailable 2 wants 2 healthy of 2 pods', 'drains hang'],
    ],
    [
      'an autoscaler without metrics',
      [scaler('app', [condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'missing request for cpu')])],
      ['shop/app: autoscaler cannot read its metrics', 'A container requests none', 'stays at 1 replica'],
    ],
    [
      'an autoscaler without target',
      [scaler('typo', [condition('AbleToScale', 'False', 'FailedGetScale', 'not found')])],
      ['shop/app: autoscaler cannot scale its target', 'target Deployment shop/typo does not exist'],
    ],
    [
      'an autoscaler at its maximum',
      [scaler('app', [condition('ScalingLimited', 'True', 'TooManyReplicas')], 3)],
      ['shop/app: autoscaler wants more than its maximum', 'its maximum of 3 replicas'],
    ],
  ])('about %s', async (_fault, objects, texts) => {
    const scene = await play({ detectors });
    await releaseWell(scene);
    for (const object of objects) scene.cluster.apply(object);
    await rootWith(scene.slack, ...texts);
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });
});

const old: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'old' } };

function configMap(...finalizers: string[]): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'old', finalizers } };
}

describe('a namespace that is deleted', () => {
  it('and does not go becomes one thread', async () => {
    const { cluster, slack } = await play({ detectors });
    cluster.apply(configMap('example.com/guard'));
    cluster.remove('/api/v1/namespaces/old');
    const held = condition('NamespaceFinalizersRemaining', 'True', '', 'example.com/guard in 1 resource instances');
    cluster.apply({ ...old, status: { conditions: [held] } });
    await rootWith(slack, 'old: deletion of the namespace does not end', 'example.com/guard in 1 resource');
    expect(rootsOf(slack)).toHaveLength(1);
  });

  it('and goes becomes none', async () => {
    const { cluster, slack } = await play({ detectors });
    cluster.apply(configMap());
    cluster.remove('/api/v1/namespaces/old');
    cluster.apply(manifest({ name: 'marker', env: crash }));
    await rootWith(slack, 'shop/marker: crash loop');
    expect(rootsOf(slack)).toHaveLength(1);
  });
});

describe('no thread', () => {
  it.each<[string, readonly JsonObject[]]>([
    ['good news of a node', [node(condition('KernelDeadlock', 'False'), condition('EtcdIsVoter', 'True'))]],
    ['a node that has just been cordoned', [cordoned(1, 'node-2')]],
    ['a claim that waits for its first pod', [lazyClass, claim('fast')]],
    ['a budget that protects pods in trouble', [budget(1, 1)]],
    ['an autoscaler at its floor', [scaler('app', [condition('ScalingLimited', 'True', 'TooFewReplicas')])]],
    ['an autoscaler of nothing', [scaler('app', [condition('ScalingActive', 'False', 'ScalingDisabled')], 0)]],
    ['a node that has promised all it has', [offering('3'), residentPod('3')]],
  ])('about %s', async (_case, objects) => {
    const { cluster, slack } = await play({ detectors });
    for (const object of objects) cluster.apply(object);
    cluster.apply(manifest({ name: 'marker', env: crash }));
    await rootWith(slack, 'shop/marker: crash loop');
    expect(rootsOf(slack)).toHaveLength(1);
  });
});
