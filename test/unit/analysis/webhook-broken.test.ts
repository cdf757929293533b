import { describe, expect, it } from 'vitest';
import { findCause } from '../../../src/analysis/correlation/correlate.ts';
import { webhookBroken } from '../../../src/analysis/detectors/webhook-broken.ts';
import type { WebhookView } from '../../../src/core/views/network.ts';
import { aFinding } from '../../support/builders.ts';
import { aService, aWorkload, minutes, now, seconds, takeAway, type ViewParts, viewOf } from '../../support/views.ts';

const detector = webhookBroken.configure({});
const subject = { kind: 'ValidatingWebhookConfiguration', namespace: '', name: 'policy' };
const day = 24 * 60 * minutes;
const slice = {
  uid: 'uid-slice',
  namespace: 'shop',
  name: 'a',
  createdAt: 0,
  service: 'checkout',
  notReady: 0,
  ports: [],
};

function judge(webhook: Partial<WebhookView>, parts: ViewParts = {}, at = now) {
  const service = { namespace: 'shop', name: 'checkout', port: 443 };
  const one = { name: 'check.policy.io', failurePolicy: 'Fail', service, ...webhook };
  const configuration = {
    uid: 'uid-hook',
    namespace: '',
    name: 'policy',
    createdAt: 0,
    kind: subject.kind,
    webhooks: [one],
  };
  const view = viewOf({
    webhooks: [configuration],
    service: [aService()],
    endpoints: [{ ...slice, ready: 0 }],
    ...parts,
  });
  return { view, ...detector.evaluate({ subject, view, now: at }) };
}

describe('nothing answering', () => {
  it('is critical where the API server refuses then', () => {
    expect(judge({}).findings).toEqual([
      expect.objectContaining({
        kind: 'webhook-no-endpoints',
        severity: 'critical',
        cause: 'check.policy.io is answered by Service shop/checkout, behind which no pod is ready.',
        impact: 'the API server refuses what it would have to check',
        about: [{ kind: 'Service', namespace: 'shop', name: 'checkout' }],
      }),
    ]);
  });

  it('is a warning where it goes through unchecked, and said of a Service that is gone', () => {
    expect(judge({ failurePolicy: 'Ignore' }).findings[0]?.severity).toBe('warning');
    expect(judge({}, { service: [] }).findings[0]?.cause).toContain('which does not exist');
  });

  it('explains pods that cannot be created', () => {
    const { view, findings } = judge({});
    const cause = 'Kubernetes says: failed calling webhook "check.policy.io": no endpoints available.';
    const effect = aFinding({ detector: 'create-failed', kind: 'create-failed', cause });
    expect(findCause(effect, findings, view)?.because).toContain('webhook check.policy.io does not answer');
    expect(findCause(aFinding({ cause: 'quota' }), findings, view)).toBeUndefined();
  });

  it('is not said of one that answers, one behind a URL, and one whose pods were just replaced', () => {
    expect(judge({}, { endpoints: [{ ...slice, ready: 1 }] }).findings).toEqual([]);
    const { service: _none, ...url } = { name: 'x', failurePolicy: 'Fail', service: undefined };
    expect(judge({ ...url, service: undefined }).findings).toEqual([]);
    const young = judge({}, { service: [aService({ createdAt: now - 10 * seconds })] });
    expect(young).toMatchObject({ findings: [], recheckAt: now + 20 * seconds });
  });
});

describe('an old configuration breaks now', () => {
  const year = 365 * day;

  it('when its Service is deleted, and explains what is refused from then on', () => {
    const { view } = judge({}, { service: [aService({ createdAt: now - year })], endpoints: [{ ...slice, ready: 1 }] });
    takeAway(view, { kind: 'service', object: aService() });
    expect(detector.evaluate({ subject, view, now })).toEqual({ findings: [], recheckAt: now + 30 * seconds });
    const { findings } = detector.evaluate({ subject, view, now: now + 30 * seconds });
    expect(findings).toMatchObject([{ kind: 'webhook-no-endpoints', since: now }]);
    const cause = 'Kubernetes says: failed calling webhook "check.policy.io": service "checkout" not found.';
    const effect = aFinding({ detector: 'create-failed', kind: 'create-failed', cause, since: now + 20 * seconds });
    expect(findCause(effect, findings, view)?.because).toContain('20 s apart');
  });

  it('when the last pod behind it went', () => {
    const parts = { service: [aService({ createdAt: now - year })], workload: [aWorkload({ createdAt: now - year })] };
    const emptied = { ...slice, ready: 0, changedAt: now - 40 * seconds };
    expect(judge({}, { ...parts, revision: [], endpoints: [emptied] }).findings).toMatchObject([
      { since: now - 40 * seconds },
    ]);
  });

  it('when it is pointed at another Service', () => {
    const { findings } = judge({ writtenAt: now - 40 * seconds }, { service: [] }, now);
    expect(findings).toMatchObject([{ since: now }]);
    expect(judge({ writtenAt: now - 10 * seconds }, { service: [] }, now)).toMatchObject({
      findings: [],
      recheckAt: now + 20 * seconds,
    });
  });
});

describe('a CA', () => {
  const whole = { endpoints: [{ ...slice, ready: 1 }] };

  it('that ends soon is a warning, that has ended breaks everything', () => {
    const soon = judge({ caExpiresAt: now + 3 * day }, whole).findings[0];
    expect(soon).toMatchObject({ kind: 'webhook-ca-expiring', severity: 'warning', impact: 'nothing yet' });
    const over = judge({ caExpiresAt: now - minutes }, whole).findings[0];
    expect(over).toMatchObject({ severity: 'critical', cause: expect.stringContaining('ended at') });
  });

  it('that is good for long is looked at again in time', () => {
    expect(judge({ caExpiresAt: now + 30 * day }, whole)).toMatchObject({ findings: [], recheckAt: now + 23 * day });
  });
});
