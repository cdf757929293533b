import { describe, expect, it } from 'vitest';
import { actions } from '../../../src/ops/actions/index.ts';
import { rightsFor } from '../../../src/ops/authority.ts';
import { plan } from '../../support/guardrail-case.ts';

describe('the rights that an action takes', () => {
  it('are those to write, on the target by its name, and on nothing of other kinds of workloads', () => {
    const rollback = actions.find(({ id }) => id === 'rollback-workload');
    expect(rightsFor(rollback ?? { rbac: [] }, plan)).toEqual([
      { apiGroup: 'apps', resource: 'deployments', verb: 'patch', namespace: 'shop', name: 'checkout' },
      { apiGroup: '', resource: 'pods', verb: 'delete', namespace: 'shop', name: undefined },
    ]);
  });

  it('are asked where the other objects are: a drain evicts in each of their namespaces', () => {
    const drain = actions.find(({ id }) => id === 'drain-node');
    const pods = ['shop', 'pay', 'shop'].map((namespace, index) => ({ kind: 'Pod', namespace, name: `p${index}` }));
    const target = { kind: 'Node', namespace: '', name: 'node-1' };
    expect(rightsFor(drain ?? { rbac: [] }, { ...plan, target, objects: pods })).toEqual([
      { apiGroup: '', resource: 'nodes', verb: 'patch', namespace: '', name: 'node-1' },
      { apiGroup: '', resource: 'pods/eviction', verb: 'create', namespace: 'shop', name: 'p0' },
      { apiGroup: '', resource: 'pods/eviction', verb: 'create', namespace: 'pay', name: 'p1' },
      { apiGroup: '', resource: 'pods/eviction', verb: 'create', namespace: 'shop', name: 'p2' },
    ]);
    const many = Array.from({ length: 21 }, (_, index) => ({ kind: 'Pod', namespace: 'shop', name: `p${index}` }));
    expect(rightsFor(drain ?? { rbac: [] }, { ...plan, target, objects: many }).slice(1)).toEqual([
      { apiGroup: '', resource: 'pods/eviction', verb: 'create', namespace: 'shop', name: undefined },
    ]);
  });

  it('are those of every workload that is written to, where the target is none', () => {
    const restart = actions.find(({ id }) => id === 'restart-consumers');
    const target = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
    const objects = [
      { kind: 'Deployment', namespace: 'shop', name: 'web' },
      { kind: 'StatefulSet', namespace: 'shop', name: 'db' },
    ];
    expect(rightsFor(restart ?? { rbac: [] }, { ...plan, target, objects })).toEqual([
      { apiGroup: 'apps', resource: 'deployments', verb: 'patch', namespace: 'shop', name: 'web' },
      { apiGroup: 'apps', resource: 'statefulsets', verb: 'patch', namespace: 'shop', name: 'db' },
    ]);
  });

  it('of making something have no name, of evicting a pod have the pod’s', () => {
    const named = (id: string, kind: string) =>
      rightsFor(actions.find((action) => action.id === id) ?? { rbac: [] }, {
        ...plan,
        target: { ...plan.target, kind },
      }).map(({ verb, resource, name }) => `${verb} ${resource} ${name}`);
    expect(named('rerun-job', 'Job')).toEqual(['create jobs undefined']);
    expect(named('evict-pod', 'Pod')).toEqual(['create pods/eviction checkout']);
  });

  const inCluster = actions.filter((action) => !('elsewhere' in action));

  it('are none for what is written to no cluster, and such an action says where it writes', () => {
    const others = actions.filter((action) => !inCluster.includes(action));
    expect(others.map(({ id, rbac }) => [id, rbac])).toEqual([
      ['silence-alerts', []],
      ['lift-silences', []],
    ]);
  });

  it.each(inCluster.map((action) => [action.id, action] as const))('%s takes one at least', (_id, action) => {
    for (const kind of action.targets ?? ['Deployment'])
      expect(
        rightsFor(action, {
          ...plan,
          target: { ...plan.target, kind },
          objects: [plan.target, { ...plan.target, kind }],
        }),
      ).not.toEqual([]);
  });
});
