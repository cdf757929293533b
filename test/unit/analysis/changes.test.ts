import { describe, expect, it } from 'vitest';
import { confidenceOf } from '../../../src/analysis/claims/confidence.ts';
import { changesAround, tellKeys } from '../../../src/analysis/explain/changes.ts';
import { collectEvidence } from '../../../src/analysis/explain/evidence.ts';
import type { ConfigMapView } from '../../../src/core/views/config-map.ts';
import { aFinding } from '../../support/builders.ts';
import { aNode, aPod, aWorkload, checkout, minutes, now, seconds, viewOf } from '../../support/views.ts';

const { release: _release, exemplar: _exemplar, ...bare } = aFinding();
const finding = { ...bare, subject: checkout, since: now };

function aConfigMap(overrides: Partial<ConfigMapView> = {}): ConfigMapView {
  return {
    uid: `uid-${overrides.name ?? 'settings'}`,
    namespace: 'shop',
    name: 'settings',
    createdAt: now - 90 * minutes,
    writes: [{ at: now - 2 * minutes, by: 'kubectl-edit' }],
    keys: 2,
    ...overrides,
  };
}

function told(configMap: Partial<ConfigMapView>, atStart = false): readonly string[] {
  const workload = aWorkload({ configMaps: [{ name: 'settings', atStart }] });
  return changesAround(finding, viewOf({ workload: [workload], configMap: [aConfigMap(configMap)] })).map(
    ({ text }) => text,
  );
}

const written = 'ConfigMap shop/settings, which it reads, was written by kubectl-edit at 09:58:00 UTC (2 min before).';

describe('a ConfigMap that the pods read', () => {
  it('was written shortly before', () => {
    expect(told({})).toEqual([written]);
  });

  it('is not taken over by pods that read it at their start', () => {
    expect(told({}, true)).toEqual([
      expect.stringMatching(/\(2 min before\)\. It is read when a pod starts: .*restarted\.$/),
    ]);
  });

  it('was changed, by whom nobody knows', () => {
    expect(told({ writes: [{ at: now - 40 * seconds }] })).toEqual([
      'ConfigMap shop/settings, which it reads, was changed at 09:59:20 UTC (40 s before).',
    ]);
  });

  it('was made long after the workload', () => {
    expect(told({ writes: [], createdAt: now - minutes })).toEqual([
      'ConfigMap shop/settings, which it reads, was created at 09:59:00 UTC (60 s before).',
    ]);
  });

  it.each<[string, Partial<ConfigMapView>]>([
    ['was written after it began', { writes: [{ at: now + seconds, by: 'ana' }] }],
    ['was written long before', { writes: [{ at: now - 31 * minutes, by: 'ana' }] }],
    ['is written all the time', { writes: [1, 8, 15, 22].map((age) => ({ at: now - age * minutes, by: 'operator' })) }],
    ['is not the one that was written', { name: 'flags' }],
    ['is of another namespace', { namespace: 'pay' }],
  ])('is not told where it %s', (_why, configMap) => {
    expect(told(configMap)).toEqual([]);
  });

  it('is not told where it was made together with the workload', () => {
    const workload = aWorkload({ createdAt: now - 3 * minutes, configMaps: [{ name: 'settings', atStart: false }] });
    const configMap = aConfigMap({ createdAt: now - 3 * minutes + 20 * seconds, writes: [] });
    expect(changesAround(finding, viewOf({ workload: [workload], configMap: [configMap] }))).toEqual([]);
  });

  it('is evidence of its own, and a change right before carries as one', () => {
    const workload = aWorkload({ configMaps: [{ name: 'settings', atStart: false }] });
    const changes = changesAround(finding, viewOf({ workload: [workload], configMap: [aConfigMap()] }));
    const nothing = { log: [], events: [], charts: [], written: undefined, suspects: undefined, related: [] };
    const evidence = collectEvidence({ ...nothing, finding, changes, now });
    expect(evidence).toEqual([
      { id: 'E1', kind: 'change', source: 'ConfigMap shop/settings', text: written, at: now - 2 * minutes },
    ]);
    expect(confidenceOf(evidence, now)).toBe('medium');
  });
});

describe('of the keys of a ConfigMap', () => {
  const change = { at: now, text: written, configMap: { kind: 'ConfigMap', namespace: 'shop', name: 'settings' } };
  const version = (number: number, at: number, data: Readonly<Record<string, string>>) => ({
    version: number,
    at,
    content: { data, binaryData: {} },
  });
  const old = version(1, now - 90 * minutes, { mode: 'a', same: 'x', gone: 'y' });
  const fresh = version(2, now + seconds, { mode: 'b', same: 'x', made: 'z' });

  it('those that differ are named, and nothing of what they hold', () => {
    expect(tellKeys(change, [fresh, old]).text).toBe(`${written} Its keys that differ: gone, made, mode.`);
  });

  it('those of this write are named, not those of a later one', () => {
    const later = version(3, now + 5 * minutes, { mode: 'c' });
    expect(tellKeys(change, [later, fresh, old]).text).toContain('differ: gone, made, mode.');
  });

  it('six are named of many', () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`key-${index}`, 'v']));
    expect(tellKeys(change, [version(2, now, many), version(1, 0, {})]).text).toContain('key-5 and 3 more.');
  });

  it.each([
    ['before is not kept', [fresh]],
    ['is kept from before the write', [{ ...fresh, at: now - minutes }, old]],
    ['is not kept', []],
  ])('none are named where what it held %s', (_case, versions) => {
    expect(tellKeys(change, versions)).toEqual(change);
  });
});

describe('that a node of its pods joined the cluster', () => {
  const young = aNode({ name: 'node-new', createdAt: now - 5 * minutes });
  const pod = [aPod({ node: 'node-new' })];
  const told = (...others: readonly number[]): readonly string[] => {
    const nodes = others.map((age, index) => aNode({ name: `node-${index}`, createdAt: now - age * minutes }));
    return changesAround(finding, viewOf({ pod, node: [young, ...nodes] })).map(({ text }) => text);
  };

  it('is news where most of the others were there long before', () => {
    expect(told(600, 40, 6)).toEqual(['node node-new joined the cluster']);
  });

  it.each([
    ['is the only node', []],
    ['came with the others, when the cluster was made', [5, 6, 20]],
    ['came with as many as were there', [600, 6]],
  ])('is none where it %s', (_case, others) => {
    expect(told(...others)).toEqual([]);
  });
});
