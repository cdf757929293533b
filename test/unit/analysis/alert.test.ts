import { describe, expect, it } from 'vitest';
import { findRoots } from '../../../src/analysis/correlation/correlate.ts';
import { alert } from '../../../src/analysis/detectors/alert.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import type { AlertView } from '../../../src/core/views/alert.ts';
import { aFinding } from '../../support/builders.ts';
import { aNode, aPod, aWorkload, checkout, minutes, now, viewOf } from '../../support/views.ts';

const detector = alert.configure({});
const pod = (name: string): ResourceRef => ({ kind: 'Pod', namespace: 'shop', name });

function anAlert(overrides: Partial<AlertView> = {}): AlertView {
  return {
    uid: `uid-alert-${overrides.labels ?? ''}${overrides.name ?? ''}`,
    namespace: 'shop',
    name: 'PodsFailing',
    createdAt: now - 2 * minutes,
    regarding: pod('checkout-2-a'),
    severity: 'warning',
    summary: 'Pods fail',
    description: 'Pods of the checkout fail.',
    labels: 'pod=checkout-2-a',
    repeats: 1,
    heardAt: now - minutes,
    ...overrides,
  };
}

function judge(alerts: readonly AlertView[], { subject = checkout, pods = [aPod()] } = {}) {
  return detector.evaluate({ subject, view: viewOf({ pod: pods, alert: alerts }), now });
}

describe('fires', () => {
  it('about the workload above the pod that the labels name, in the words of the rule', () => {
    const { findings, recheckAt } = judge([anAlert({ runbook: 'https://runbooks.local/x' })]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      kind: 'alert/PodsFailing',
      subject: { kind: 'Deployment', name: 'checkout' },
      title: 'alert PodsFailing fires',
      severity: 'warning',
      reportedBy: 'alertmanager',
      since: now - 2 * minutes,
    });
    expect(findings[0]?.cause).toBe(
      'Pods of the checkout fail.\nLabels: pod=checkout-2-a.\nRunbook: https://runbooks.local/x',
    );
    expect(recheckAt).toBe(now - minutes + 24 * 60 * minutes);
  });

  it('with what to do about it, where the rule is one of the usual ones that nothing else stands for', () => {
    expect(judge([anAlert({ name: 'CPUThrottlingHigh' })]).findings[0]?.step).toContain('CPU limit');
    expect(judge([anAlert()]).findings[0]?.step).toBeUndefined();
  });

  it('once for all alerts of a name, with the worst severity, the first start and every repeat', () => {
    const [finding, ...others] = judge([
      anAlert({ repeats: 3 }),
      anAlert({
        labels: 'pod=b',
        regarding: pod('checkout-2-bbbbb'),
        severity: 'critical',
        createdAt: now - 5 * minutes,
      }),
    ]).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'critical', since: now - 5 * minutes, occurrences: 4 });
    expect(finding?.impact).toBe('Alertmanager says: 2 alerts of this name');
  });

  it('about the workload also when the pod is gone: by its name', () => {
    const gone = anAlert({ regarding: pod('checkout-5d8f7c9b6-x2x4z') });
    expect(judge([gone], { pods: [] }).findings).toHaveLength(1);
  });

  it('about the longest name that fits, not about a namesake', () => {
    const web: ResourceRef = { kind: 'Deployment', namespace: 'shop', name: 'web' };
    const api: ResourceRef = { kind: 'Deployment', namespace: 'shop', name: 'web-api' };
    const view = viewOf({
      workload: [aWorkload({ name: 'web', uid: 'uid-web' }), aWorkload({ name: 'web-api', uid: 'uid-web-api' })],
      alert: [anAlert({ regarding: pod('web-api-5d8f7c9b6-x2x4z') })],
    });
    expect(detector.evaluate({ subject: web, view, now }).findings).toEqual([]);
    expect(detector.evaluate({ subject: api, view, now }).findings).toHaveLength(1);
  });

  it('about the one workload that is labelled as the alert says', () => {
    const labelled = anAlert({ regarding: { kind: 'Application', namespace: 'shop', name: 'checkout' } });
    expect(judge([labelled]).findings).toHaveLength(1);
    const twin = aWorkload({ name: 'other', uid: 'uid-other' });
    const view = viewOf({ workload: [aWorkload(), twin], alert: [labelled] });
    expect(detector.evaluate({ subject: checkout, view, now }).findings).toEqual([]);
  });

  it('about the node that has the address it names, and about its exporter where none has', () => {
    const exporter = { kind: 'DaemonSet', namespace: 'monitoring', name: 'node-exporter' };
    const told = anAlert({ regarding: exporter, host: '10.0.0.5' });
    const node = { kind: 'Node', namespace: '', name: 'node-1' };
    const findingsOf = (subject: ResourceRef, addresses: readonly string[]) => {
      const nodes = [aNode({ addresses }), aNode({ name: 'node-2', addresses: ['10.0.0.6'] })];
      const view = viewOf({ node: nodes, alert: [told] });
      return detector.evaluate({ subject, view, now }).findings;
    };
    expect(findingsOf(node, ['10.0.0.5'])).toMatchObject([{ kind: 'alert/PodsFailing', subject: node }]);
    expect(findingsOf(exporter, ['10.0.0.5'])).toEqual([]);
    expect(findingsOf({ ...node, name: 'node-2' }, ['10.0.0.5'])).toEqual([]);
    expect(findingsOf(node, [])).toEqual([]);
    expect(findingsOf(exporter, [])).toHaveLength(1);
  });

  it.each([
    [10, 'It runs 10 pods of at most 11.'],
    [9, undefined],
  ])('about a node, and says how full it is: %i pods', (pods, words) => {
    const subject = { kind: 'Node', namespace: '', name: 'node-1' };
    const node = aNode({ allocatable: { cpu: 4, memory: 2 ** 33, pods: 11 } });
    const tenants = Array.from({ length: pods }, (_, index) => aPod({ name: `pod-${index}`, node: 'node-1' }));
    const view = viewOf({ node: [node], pod: tenants, alert: [anAlert({ regarding: subject })] });
    const [finding] = detector.evaluate({ subject, view, now }).findings;
    expect(finding?.cause.split('\n').find((line) => line.startsWith('It runs'))).toBe(words);
  });

  it('about what the view does not know at all', () => {
    const unknown = pod('elsewhere');
    expect(judge([anAlert({ regarding: unknown })], { subject: unknown }).findings).toHaveLength(1);
    const itself: ResourceRef = { kind: 'Alert', namespace: '', name: 'PodsFailing' };
    expect(judge([anAlert({ regarding: itself })], { subject: itself }).findings).toHaveLength(1);
  });
});

describe('stays silent', () => {
  it.each([
    ['about an alert that always fires', anAlert({ name: 'Watchdog' })],
    ['about severity none', anAlert({ severity: 'none' })],
    ['about one that was not heard of for a day', anAlert({ heardAt: now - 24 * 60 * minutes })],
    ['about another workload', anAlert({ regarding: pod('payments-1-a') })],
    ['about a namesake elsewhere', anAlert({ regarding: { ...pod('checkout-2-a'), namespace: 'other' } })],
  ])('%s', (_what, one) => {
    expect(judge([one]).findings).toEqual([]);
  });
});

describe('is joined', () => {
  const [told] = judge([anAlert({ createdAt: now - 60 * minutes })]).findings;
  if (told === undefined) throw new Error('there is no finding');
  const seen = aFinding({ subject: checkout, since: now });

  it('by what is seen of the same workload, however late or early it is', () => {
    const roots = findRoots([told, seen], viewOf({}));
    expect([...roots.values()].map(({ finding }) => finding)).toEqual([seen, seen]);
  });

  it('by nothing of another workload', () => {
    const other = aFinding({ subject: { ...checkout, name: 'payments' }, since: now });
    const roots = findRoots([told, other], viewOf({}));
    expect([...roots.values()].map(({ finding }) => finding)).toEqual([told, other]);
  });

  it('and swallows nothing itself: a node with an alert does not explain the pods on it', () => {
    const onNode = { ...told, subject: { kind: 'Node', namespace: '', name: 'node-1' } };
    const broken = aPod({ node: 'node-1', ready: false });
    const near = { ...seen, since: onNode.since };
    const roots = findRoots([onNode, near], viewOf({ pod: [broken] }));
    expect([...roots.values()].map(({ finding }) => finding)).toEqual([onNode, near]);
  });
});
