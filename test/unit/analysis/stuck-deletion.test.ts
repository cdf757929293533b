import { describe, expect, it } from 'vitest';
import { stuckDeletion } from '../../../src/analysis/detectors/stuck-deletion.ts';
import type { NamespaceView } from '../../../src/core/views/capacity.ts';
import { aCondition, aNamespace } from '../../support/capacity-views.ts';
import { minutes, now, viewOf } from '../../support/views.ts';

const detector = stuckDeletion.configure({});
const subject = { kind: 'Namespace', namespace: '', name: 'shop' };
const deletion = { since: now - 10 * minutes, finalizers: [] };

function judge(namespace: Partial<NamespaceView>) {
  return detector.evaluate({ subject, view: viewOf({ namespace: [aNamespace(namespace)] }), now });
}

describe('fires', () => {
  it.each([
    ['NamespaceFinalizersRemaining', 'example.com/hold in 1 resource instances', 'are held by finalizers'],
    ['NamespaceContentRemaining', 'configmaps. has 1 resource instances', 'Objects are left in it.'],
    ['NamespaceDeletionContentFailure', 'webhook denied the request', 'could not be deleted'],
  ])('on %s (%s), with its words', (type, message, words) => {
    const [finding] = judge({ deletion, conditions: [aCondition(type, 'True', { message })] }).findings;
    expect(finding).toMatchObject({ kind: 'stuck-deletion', severity: 'warning', since: now - 10 * minutes });
    expect(finding?.cause).toContain(words);
    expect(finding?.cause).toContain(message);
  });

  it('and names the API that does not answer, first', () => {
    const message =
      'Discovery failed for some groups, 1 failing: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1';
    const conditions = [
      aCondition('NamespaceContentRemaining', 'True'),
      aCondition('NamespaceDeletionDiscoveryFailure', 'True', { message }),
    ];
    const [finding] = judge({ deletion, conditions }).findings;
    expect(finding?.about).toEqual([{ kind: 'APIService', namespace: '', name: 'v1beta1.metrics.k8s.io' }]);
    expect(finding?.cause).toMatch(/^An API does not answer/);
  });

  it('on its own finalizers, and where nothing is said', () => {
    const held = judge({ deletion: { ...deletion, finalizers: ['example.com/guard'] } });
    expect(held.findings[0]?.cause).toBe('It is itself held by finalizers: example.com/guard.');
    expect(judge({ deletion }).findings[0]?.cause).toBe('Kubernetes does not say what it waits for.');
  });
});

describe('stays silent', () => {
  it('while pods get their time to stop, and looks again', () => {
    const judged = judge({ deletion: { since: now - 4 * minutes, finalizers: [] } });
    expect(judged).toEqual({ findings: [], recheckAt: now + 1 * minutes });
  });

  it('on a namespace that stays', () => {
    const conditions = [aCondition('NamespaceContentRemaining', 'True')];
    expect(judge({ conditions })).toEqual({ findings: [] });
  });
});
