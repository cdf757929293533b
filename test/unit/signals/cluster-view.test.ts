import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../../src/core/quantity.ts';
import type { Observation } from '../../../src/core/signal.ts';
import type { LogsView } from '../../../src/core/views/logs.ts';
import { createClusterView } from '../../../src/signals/cluster-view.ts';
import { slimPod } from '../../../src/signals/slim/pod.ts';
import { slimReplicaSet } from '../../../src/signals/slim/revision.ts';
import { aPattern, bucketMs, counts, theLogs } from '../../support/log-views.ts';
import { anEvent, aPod, aRevision, aWorkload, checkout, viewOf } from '../../support/views.ts';

describe('the view', () => {
  it('rolls a pod up to its Deployment, even when the ReplicaSet is seen later', () => {
    const view = createClusterView();
    const seen = (observation: Observation) =>
      view.apply({ type: 'seen', stream: { name: observation.kind, kind: observation.kind }, observation });
    expect(seen({ kind: 'pod', object: aPod() })).toMatchObject([{ kind: 'ReplicaSet', name: 'checkout-2' }]);
    seen({ kind: 'workload', object: aWorkload() });
    expect(seen({ kind: 'revision', object: aRevision(2) })).toMatchObject([{ kind: 'Deployment', name: 'checkout' }]);
    expect(view.podsOf(checkout)).toHaveLength(1);
    expect(view.ownerOf(aPod())).toMatchObject({ kind: 'Deployment', name: 'checkout' });
  });

  it('takes a pod without an owner as its own subject', () => {
    const { owner: _owner, ...bare } = aPod({ name: 'debug', uid: 'uid-debug' });
    const view = viewOf({ pod: [bare] });
    const ref = view.ownerOf(bare);
    expect(ref).toMatchObject({ kind: 'Pod', name: 'debug' });
    expect(view.podsOf(ref)).toHaveLength(1);
  });

  it('drops what a new list does not name, and says whom that touches', () => {
    const view = viewOf({ pod: [aPod({ name: 'a' }), aPod({ name: 'b' })] });
    const rest: Observation[] = [
      { kind: 'workload', object: aWorkload() },
      { kind: 'revision', object: aRevision(2) },
      { kind: 'pod', object: aPod({ name: 'b' }) },
    ];
    const touched = view.apply({ type: 'listed', stream: { name: 'given', kind: 'pod' }, observations: rest });
    expect(touched).toMatchObject([{ kind: 'Deployment', name: 'checkout' }]);
    expect(view.podsOf(checkout).map((pod) => pod.name)).toEqual(['b']);
    expect(view.count('pod')).toBe(1);
  });

  it('keeps sources apart: a list of one says nothing of another', () => {
    const view = viewOf({ pod: [aPod()] });
    view.apply({ type: 'listed', stream: { name: 'node', kind: 'node' }, observations: [] });
    expect(view.count('pod')).toBe(1);
  });

  it('follows a workload that was deleted and created again', () => {
    const view = viewOf({ workload: [aWorkload()] });
    view.apply({
      type: 'gone',
      stream: { name: 'workload', kind: 'workload' },
      observation: { kind: 'workload', object: aWorkload() },
    });
    view.apply({
      type: 'seen',
      stream: { name: 'workload', kind: 'workload' },
      observation: { kind: 'workload', object: aWorkload({ uid: 'second' }) },
    });
    expect(view.workload(checkout)?.uid).toBe('second');
  });

  it('keeps only the newest Events of an object', () => {
    const view = createClusterView();
    for (let index = 0; index < 50; index += 1) {
      const object = anEvent({ uid: `e${index}`, lastSeen: index });
      view.apply({ type: 'seen', stream: { name: 'events', kind: 'event' }, observation: { kind: 'event', object } });
    }
    const kept = view.eventsOf(checkout);
    expect(kept).toHaveLength(20);
    expect(Math.min(...kept.map((event) => event.lastSeen))).toBe(30);
  });
});

describe('what a log says', () => {
  const calm = aPattern({ counts: counts([1, 0], [39, 10]) });
  const error = aPattern({ template: 'cannot reach payments', level: 'error', counts: counts([10, 2]) });
  const before = theLogs([calm, error], { unheard: [], linesOf: { a: [3, 12], b: [0, 12] } });

  function touchedBy(after: LogsView): readonly string[] {
    const view = viewOf({ pod: [aPod()], logs: [before] });
    const observation: Observation = { kind: 'logs', object: after };
    return view.apply({ type: 'seen', stream: { name: 'given', kind: 'pod' }, observation }).map(({ name }) => name);
  }

  const more = { ...calm, count: calm.count + 5, counts: [5, ...calm.counts.slice(1)] };

  it('is kept at once, and judged only when its bucket ends where it is no trouble', () => {
    const after = { ...before, patterns: [more, error], linesOf: { a: [8, 12], b: [0, 12] } };
    expect(touchedBy(after)).toEqual([]);
    const view = viewOf({ pod: [aPod()], logs: [before, after] });
    expect(view.find('logs', 'shop', before.name)?.patterns[0]?.counts[0]).toBe(5);
    expect(touchedBy({ ...after, bucketAt: before.bucketAt + bucketMs })).toEqual(['checkout']);
  });

  it.each<[string, Partial<LogsView>]>([
    ['trouble', { patterns: [calm, { ...error, count: error.count + 1 }] }],
    ['the first line of a pod after a pause', { linesOf: { a: [3, 12], b: [1, 12] } }],
    ['a pod that cannot be heard', { unheard: ['b'] }],
  ])('is judged at once where it is %s', (_, change) => {
    expect(touchedBy({ ...before, ...change })).toEqual(['checkout']);
  });
});

describe('slimming', () => {
  it('survives objects with nothing in them', () => {
    expect(slimPod({})).toBeUndefined();
    expect(
      slimPod({ metadata: { name: 'a', uid: 'u' }, status: { containerStatuses: [null, 7, { name: 'x' }] } }),
    ).toMatchObject({ containers: [{ name: 'x', restarts: 0 }] });
  });

  it('never keeps the value of a variable whose name says secret', () => {
    const containers = [
      {
        name: 'app',
        image: 'a',
        env: [
          { name: 'DB_PASSWORD', value: 'hunter2' },
          { name: 'MODE', value: 'fast' },
          { name: 'KEY', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        ],
      },
    ];
    const raw = {
      metadata: {
        name: 'rs',
        uid: 'u',
        namespace: 'shop',
        annotations: { 'deployment.kubernetes.io/revision': '3' },
        ownerReferences: [{ kind: 'Deployment', name: 'd', uid: 'du', controller: true }],
      },
      spec: { template: { spec: { containers } } },
    };
    expect(slimReplicaSet(raw)?.containers[0]?.env).toEqual({
      DB_PASSWORD: '[redacted:password]',
      MODE: 'fast',
      KEY: 'from secretKeyRef s/k',
    });
  });

  it.each([
    ['128Mi', 134_217_728],
    ['250m', 0.25],
    ['1e3', 1000],
    ['2', 2],
    ['1.5Gi', 1_610_612_736],
    ['100k', 100_000],
    ['12E', 12e18],
    ['', undefined],
    ['lots', undefined],
  ])('reads the quantity %s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });
});
