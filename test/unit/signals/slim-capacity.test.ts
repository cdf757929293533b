import { describe, expect, it } from 'vitest';
import { slimDisruptionBudget } from '../../../src/signals/slim/capacity.ts';
import { slimNode } from '../../../src/signals/slim/node.ts';

const at = '2026-03-02T10:00:00Z';
const metadata = { uid: 'u', name: 'node-1' };

describe('a node', () => {
  it('was cordoned when its taint says so', () => {
    const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: at }];
    expect(slimNode({ metadata, spec: { unschedulable: true, taints } })?.cordonedAt).toBe(Date.parse(at));
  });

  it('or else when somebody wrote it', () => {
    const fieldsV1 = { 'f:spec': { 'f:unschedulable': {} } };
    const other = { manager: 'kubelet', time: '2026-03-02T11:00:00Z', fieldsV1: { 'f:status': {} } };
    const managedFields = [{ manager: 'kubectl', time: at, fieldsV1 }, other];
    const raw = { metadata: { ...metadata, managedFields }, spec: { unschedulable: true } };
    expect(slimNode(raw)?.cordonedAt).toBe(Date.parse(at));
    expect(slimNode({ metadata, spec: { unschedulable: true } })?.cordonedAt).toBeUndefined();
  });

  it.each(['ToBeDeletedByClusterAutoscaler', 'karpenter.sh/disrupted'])('is on its way out with taint %s', (key) => {
    expect(slimNode({ metadata, spec: { taints: [{ key, effect: 'NoSchedule' }] } })?.removal).toBe(key);
    expect(slimNode({ metadata, spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } })?.removal).toBeUndefined();
  });
});

describe('a disruption budget', () => {
  it.each([
    [{ minAvailable: '50%' }, 'minAvailable 50%'],
    [{ maxUnavailable: 0 }, 'maxUnavailable 0'],
    [{}, '(none)'],
  ])('keeps its rule %o as written', (spec, rule) => {
    expect(slimDisruptionBudget({ metadata, spec })?.rule).toBe(rule);
  });

  it('keeps a selector of equalities, and none that is more', () => {
    const selector = { matchLabels: { app: 'checkout' } };
    expect(slimDisruptionBudget({ metadata, spec: { selector } })?.selector).toEqual({ app: 'checkout' });
    const matchExpressions = [{ key: 'tier', operator: 'Exists' }];
    const wider = { ...selector, matchExpressions };
    expect(slimDisruptionBudget({ metadata, spec: { selector: wider } })?.selector).toBeUndefined();
  });
});

it('keeps the addresses of a node by which alerts may name it', () => {
  const addresses = ['10.0.0.5', 'node-1', '10.0.0.5', 'ip-10-0-0-5.internal'].map((address) => ({ address }));
  const raw = { metadata: { uid: 'u', name: 'node-1' }, status: { addresses } };
  expect(slimNode(raw)?.addresses).toEqual(['10.0.0.5', 'ip-10-0-0-5.internal']);
});
