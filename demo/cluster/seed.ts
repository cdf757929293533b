import { timeText, withStatus } from './objects.ts';
import { clusterRoleBindings, clusterRoles, namespaces, nodes, serviceAccounts } from './resources.ts';
import type { Store } from './store.ts';
import type { Writes } from './writes.ts';

/** What every cluster has: nodes, namespaces, a service account in each namespace. */
export function seedCluster(store: Store, writes: Writes, nodeCount: number): void {
  store.onChange(({ type, resource, stored }) => {
    if (resource !== namespaces || type !== 'ADDED') return;
    writes.create(serviceAccounts, { metadata: { name: 'default', namespace: stored.object.metadata.name } });
  });
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    writes.create(namespaces, { metadata: { name }, spec: { finalizers: ['kubernetes'] } });
  }
  for (let index = 1; index <= nodeCount; index += 1) addNode(store, writes, index);
  const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  writes.create(clusterRoles, { metadata: { name: 'cluster-admin' }, rules });
  writes.create(clusterRoleBindings, {
    metadata: { name: 'cluster-admin' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'Group', name: 'system:masters', apiGroup: 'rbac.authorization.k8s.io' }],
  });
}

function addNode(store: Store, writes: Writes, index: number): void {
  const name = `node-${index}`;
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
  const stored = writes.create(nodes, { metadata: { name, labels }, spec: { podCIDR: `10.244.${index}.0/24` } });
  const now = timeText(Date.now());
  const capacity = { cpu: '8', memory: '32Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  const times = { lastHeartbeatTime: now, lastTransitionTime: now };
  store.put(
    nodes,
    withStatus(stored.object, {
      capacity,
      allocatable: capacity,
      conditions: [
        condition('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        { ...condition('Ready', 'KubeletReady', 'kubelet is posting ready status'), status: 'True' },
      ].map((one) => ({ ...one, ...times })),
      addresses: [
        { type: 'InternalIP', address: `10.0.0.${index}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: { kubeletVersion: 'v1.35.4', operatingSystem: 'linux', architecture: 'amd64' },
    }),
  );
}

function condition(type: string, reason: string, message: string) {
  return { type, status: 'False', reason, message };
}
