import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { suspectEvidence, windowsOf } from '../../../src/analysis/suspects/inquiry.ts';
import { measuresOf } from '../../../src/analysis/suspects/measures.ts';
import { surroundingsOf } from '../../../src/analysis/suspects/surroundings.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { type ResourceRef, refKey } from '../../../src/core/resource-ref.ts';
import type { PodView } from '../../../src/core/views/pod.ts';
import type { RevisionView, WorkloadView } from '../../../src/core/views/workload.ts';
import { aFinding } from '../../support/builders.ts';
import { aPattern, theLogs } from '../../support/log-views.ts';
import {
  aNode,
  anIngress,
  aPod,
  aRevision,
  aService,
  aWorkload,
  checkout,
  minutes,
  now,
  seconds,
  type ViewParts,
  viewOf,
} from '../../support/views.ts';

const finding: Finding = { ...aFinding(), subject: checkout, about: undefined, since: now };

function workload(name: string, kind = 'Deployment'): WorkloadView {
  const template = { labels: { app: name }, containers: [] };
  return aWorkload({ kind, uid: `uid-${name}`, name, template });
}

function service(name: string) {
  return aService({ name, selector: { app: name } });
}

/** The revision of a workload, with this in its environment. */
function revision(of: string, env: Readonly<Record<string, string>>): RevisionView {
  const containers = [{ name: 'app', image: 'app:1', env, command: '', resources: {} }];
  return aRevision(1, {
    uid: `uid-${of}-1`,
    name: `${of}-1`,
    owner: { kind: 'Deployment', name: of, uid: `uid-${of}` },
    containers,
  });
}

function podOf(name: string, node: string): PodView {
  return aPod({ name: `${name}-1-a`, node, owner: { kind: 'ReplicaSet', name: `${name}-1`, uid: `uid-${name}-1` } });
}

function around(parts: ViewParts, change: Partial<Finding> = {}, lines: readonly string[] = []) {
  const { refs, dependencies } = surroundingsOf({ finding: { ...finding, ...change }, lines, view: viewOf(parts) });
  return { names: refs.map(refKey), edges: dependencies.map(({ of, on }) => `${of} > ${on}`) };
}

const shop: ViewParts = {
  workload: [workload('checkout'), workload('payments'), workload('ledger', 'StatefulSet'), workload('front')],
  service: [service('checkout'), service('payments'), service('ledger')],
  revision: [
    revision('checkout', { PAYMENTS_URL: 'http://payments:8080/pay', GREETING: 'ledger' }),
    revision('payments', { DB_HOST: 'ledger' }),
    revision('front', { BACKENDS: 'checkout:8080,other:80' }),
  ],
  pod: [podOf('checkout', 'worker-1'), podOf('payments', 'worker-2')],
  node: [aNode({ name: 'worker-1' }), aNode({ name: 'worker-2' })],
};

describe('what a trouble may have come from', () => {
  it('is what the environment names as called, what that calls, and the nodes of them; last, what calls the subject', () => {
    const { names, edges } = around(shop);
    expect(names).toEqual([
      'Deployment shop/checkout',
      'Node worker-1',
      'Deployment shop/payments',
      'Node worker-2',
      'StatefulSet shop/ledger',
      'Deployment shop/front',
    ]);
    expect(edges.toSorted()).toEqual([
      'Deployment shop/checkout > Deployment shop/payments',
      'Deployment shop/checkout > Node worker-1',
      'Deployment shop/front > Deployment shop/checkout',
      'Deployment shop/payments > Node worker-2',
      'Deployment shop/payments > StatefulSet shop/ledger',
    ]);
  });

  const calm: ViewParts = { ...shop, revision: [], pod: [] };
  const ledger = 'Deployment shop/checkout > StatefulSet shop/ledger';
  const line = 'GET http://ledger:5432/: dial tcp 10.0.0.7:5432: connect: connection refused';

  it.each<[string, () => readonly string[]]>([
    [
      'the finding is about',
      () => around(calm, { about: [{ kind: 'Service', namespace: 'shop', name: 'ledger' }] }).edges,
    ],
    ['its last lines complain about', () => around(calm, {}, [line]).edges],
    [
      'its patterns complain about',
      () => around({ ...calm, logs: [theLogs([aPattern({ level: 'error', sample: line })])] }).edges,
    ],
  ])('is what %s', (_case, edges) => {
    expect(edges()).toEqual([ledger]);
  });

  it('is not what a healthy line mentions', () => {
    expect(around({ ...calm, logs: [theLogs([aPattern({ sample: line })])] }).edges).toEqual([]);
  });

  it.each<ResourceRef>([
    { kind: 'Ingress', namespace: 'shop', name: 'front' },
    { kind: 'Service', namespace: 'shop', name: 'checkout' },
  ])('is what stands behind $kind', (subject) => {
    const { edges } = around({ ...shop, ingress: [anIngress()] }, { subject });
    expect(edges).toContain(`${refKey(subject)} > Deployment shop/checkout`);
  });

  it('is what runs on a node, where the node is in trouble', () => {
    const { edges } = around(shop, { subject: { kind: 'Node', namespace: '', name: 'worker-2' } });
    expect(edges).toEqual([
      'Node worker-2 > Deployment shop/payments',
      'Deployment shop/payments > StatefulSet shop/ledger',
    ]);
  });

  it('is twenty things at most, three nodes of one workload, and no edge leads elsewhere', () => {
    const others = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const { names, edges } = around({
      workload: [workload('checkout'), ...others.map((name) => workload(name))],
      service: others.map(service),
      revision: [revision('checkout', Object.fromEntries(others.map((name) => [`${name}_ADDR`, name])))],
      pod: others.map((name, index) => ({ ...podOf('checkout', `worker-${index}`), name, uid: name })),
    });
    expect(names).toHaveLength(20);
    expect(edges).toHaveLength(19);
    const few = around({
      ...shop,
      pod: others.map((name, index) => ({ ...podOf('checkout', `w-${index}`), uid: name })),
    });
    expect(few.names.filter((name) => name.startsWith('Node'))).toHaveLength(3);
  });
});

describe('what is asked', () => {
  const traffic = { errorRate: 'errors{ns="$namespace",app="$name"} # per second', latency: 'slow{app="$name"}' };
  const refs: readonly ResourceRef[] = [
    checkout,
    { kind: 'Deployment', namespace: 'pay', name: 'a.b"|c' },
    { kind: 'StatefulSet', namespace: 'shop', name: 'checkout' },
    { kind: 'Job', namespace: 'shop', name: 'nightly' },
    { kind: 'Node', namespace: '', name: 'worker-1' },
  ];
  const view = viewOf({
    pod: [aPod({ name: 'nightly-x', owner: { kind: 'Job', name: 'nightly', uid: 'uid-nightly' } })],
    job: [],
    node: [aNode({ name: 'worker-1', addresses: ['10.0.0.1', 'fd00::1'] })],
  });
  const measures = measuresOf({ refs, view, traffic });

  it('is PromQL, whatever the names, one query for a measure and two for how each other workload serves', () => {
    for (const { query } of measures) {
      const broken: string[] = [];
      parser.parse(query).iterate({
        enter: ({ type, from }) => {
          if (type.isError) broken.push(query.slice(from));
        },
      });
      expect(broken).toEqual([]);
    }
    expect(measures.map(({ nameOf }) => nameOf(''))).toEqual([
      'CPU of a pod',
      'memory of a pod',
      'CPU throttling of a pod',
      'restarts of a pod within 5 min',
      'CPU in use',
      'memory in use',
      'failed requests',
      'latency',
      'failed requests',
      'latency',
    ]);
    const [cpu] = measures;
    expect(cpu?.query).toContain(String.raw`(checkout|a\\.b\"\\|c)-[a-z0-9]{4,10}-[a-z0-9]{5}|(checkout)-[0-9]+`);
    const [errors] = measures.filter(({ kind, unit }) => kind === 'errors' && unit === 'percent');
    expect(errors?.query).toContain(String.raw`errors{ns="pay",app="a.b\"|c"}`);
  });

  it('tells a Deployment from a StatefulSet of the same name, and knows a node by its name or address', () => {
    const [cpu] = measures;
    const node = measures.find(({ nameOf }) => nameOf('') === 'CPU in use');
    expect(cpu?.nodeOf({ namespace: 'shop', owner: 'checkout/' })).toBe('Deployment shop/checkout');
    expect(cpu?.nodeOf({ namespace: 'shop', owner: '/checkout' })).toBe('StatefulSet shop/checkout');
    expect(cpu?.nodeOf({ namespace: 'pay', owner: 'checkout/' })).toBeUndefined();
    for (const labels of [{ node: 'worker-1' }, { instance: '10.0.0.1:9100' }, { instance: '[fd00::1]:9100' }])
      expect(node?.nodeOf(labels)).toBe('Node worker-1');
    expect(node?.nodeOf({ instance: '10.0.0.2:9100' })).toBeUndefined();
  });

  it('is nothing where nothing can be measured', () => {
    expect(measuresOf({ refs: [{ kind: 'Ingress', namespace: 'shop', name: 'front' }], view, traffic })).toEqual([]);
  });
});

describe('the words', () => {
  it('hold no secret, and accuse nobody on whom the subject does not depend', () => {
    const secret = ['AK', 'IA', 'QX3T7LZPN4WRE5YH'].join('');
    const node = `Deployment shop/${secret}`;
    const span = { from: now - 5 * minutes, to: now, points: 11 };
    const [normal, abnormal] = [Array.from({ length: 60 }, () => 1), [...Array.from({ length: 8 }, () => 1), 9, 9, 9]];
    const series = [{ node, name: 'latency', kind: 'latency', unit: 'seconds', normal, abnormal } as const];
    const symptom = { node: refKey(checkout), since: now };
    const inquiry = { series, symptom, span, dependencies: [{ of: symptom.node, on: node }] };
    const told = suspectEvidence(inquiry, finding)?.text;
    expect(told).toContain('rose from 1 s to 9 s');
    expect(told).not.toContain(secret);
    expect(suspectEvidence({ ...inquiry, dependencies: [{ of: node, on: symptom.node }] }, finding)).toBeUndefined();
  });
});

describe('the windows', () => {
  it.each([
    ['a moment ago', 20 * seconds, 11],
    ['long ago', 5 * 60 * minutes, 60],
    ['by a clock that is ahead', -2 * minutes, 11],
  ])('are an hour of the usual and the time around a symptom that began %s', (_case, ago, points) => {
    const { normal, abnormal } = windowsOf(now - ago, now);
    expect(abnormal.points).toBe(points);
    expect(abnormal.from).toBe(Math.min(now, now - ago) - 5 * minutes);
    expect(abnormal.to).toBeLessThanOrEqual(now);
    expect(normal.points).toBe(60);
    expect(normal.to).toBeLessThan(abnormal.from);
    expect(normal.to - normal.from).toBe(60 * minutes);
  });
});
