import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { lastDue, maintenanceOf, type Routing, route, weighSeverity } from '../../../src/incidents/routing.ts';
import { aFinding } from '../../support/builders.ts';

const at = (text: string) => Date.parse(text);
/** A Tuesday. */
const noon = at('2026-03-03T12:00:00Z');

const week = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;

const routing: Routing = {
  channel: 'C_OPS',
  escalation: 'default',
  maintenance: [],
  routes: [
    { namespaces: ['payments-*'], severities: ['critical'], channel: 'C_PAY', escalation: 'payments' },
    { labels: { team: 'web' }, channel: 'C_WEB' },
    {
      namespaces: ['batch'],
      during: { days: week, from: '22:00', to: '06:00', timezone: 'Europe/Berlin' },
      channel: 'C_NIGHT',
    },
  ],
};

function channelOf(namespace: string, { labels = {}, severity = 'critical' as const, now = noon } = {}) {
  return route({ subject: { kind: 'Deployment', namespace, name: 'app' }, severity, labels }, routing, now).channel;
}

describe('the channel of an incident', () => {
  it('is that of the first route that fits', () => {
    expect(channelOf('payments-eu')).toBe('C_PAY');
    expect(channelOf('payments-eu', { labels: { team: 'web' } })).toBe('C_PAY');
    expect(channelOf('shop', { labels: { team: 'web', app: 'x' } })).toBe('C_WEB');
    expect(channelOf('shop', { labels: { team: 'data' } })).toBe('C_OPS');
  });

  it('depends on the hour where the route says so, over midnight too', () => {
    const hours = {
      '2026-03-03T12:00:00Z': 'C_OPS',
      '2026-03-03T20:59:00Z': 'C_OPS',
      '2026-03-03T21:00:00Z': 'C_NIGHT',
      '2026-03-04T04:59:00Z': 'C_NIGHT',
      '2026-03-04T05:00:00Z': 'C_OPS',
      // Friday's night ends on Saturday; Saturday has none.
      '2026-03-07T04:00:00Z': 'C_NIGHT',
      '2026-03-07T22:00:00Z': 'C_OPS',
    };
    for (const [time, channel] of Object.entries(hours))
      expect([time, channelOf('batch', { now: at(time) })]).toEqual([time, channel]);
  });

  it('comes with its escalation, or with the default one', () => {
    const subject = { kind: 'Node', namespace: '', name: 'node-1' };
    expect(route({ subject, severity: 'critical', labels: {} }, routing, noon).escalation).toBe('default');
    const payments = { kind: 'Deployment', namespace: 'payments-eu', name: 'api' };
    expect(route({ subject: payments, severity: 'critical', labels: {} }, routing, noon).escalation).toBe('payments');
    expect(route({ subject: payments, labels: {} }, routing, noon).channel).toBe('C_OPS');
  });
});

describe('maintenance', () => {
  const planned = [
    {
      namespaces: ['db-*'],
      schedule: '0 2 * * 2',
      durationMs: 7_200_000,
      timezone: 'Europe/Berlin',
      reason: 'backups',
    },
  ];
  const find = (namespace: string, time: string, announced: Parameters<typeof maintenanceOf>[1]['announced'] = []) =>
    maintenanceOf(namespace, { planned, announced }, at(time));

  it('is known from its plan, in its own time zone', () => {
    expect(find('db-main', '2026-03-03T00:59:00Z')).toBeUndefined();
    expect(find('db-main', '2026-03-03T01:00:00Z')).toEqual({ until: at('2026-03-03T03:00:00Z'), reason: 'backups' });
    expect(find('db-main', '2026-03-03T02:59:00Z')?.reason).toBe('backups');
    expect(find('db-main', '2026-03-03T03:00:00Z')).toBeUndefined();
    expect(find('shop', '2026-03-03T01:30:00Z')).toBeUndefined();
  });

  it('is known from people, and the longest counts', () => {
    const announced = [{ namespace: 'db-main', until: at('2026-03-03T05:00:00Z'), by: 'U_BEN', reason: 'moving' }];
    expect(find('db-main', '2026-03-03T01:30:00Z', announced)?.reason).toBe('moving');
    expect(find('db-main', '2026-03-03T05:00:00Z', announced)).toBeUndefined();
  });
});

describe('severity by what depends on it', () => {
  const tiers = { high: ['payments-*'], low: ['dev-*'] };
  const weigh = (namespace: string, overrides: Partial<Finding>) =>
    weighSeverity(aFinding({ subject: { kind: 'Deployment', namespace, name: 'a' }, ...overrides }), tiers);

  it.each([
    ['dev-ana', 'critical', 3, 'warning'],
    ['dev-ana', 'warning', 3, 'info'],
    ['payments-eu', 'warning', 2, 'critical'],
    ['payments-eu', 'warning', 1, 'warning'],
    ['payments-eu', 'info', 3, 'info'],
    ['shop', 'critical', 1, 'critical'],
    ['shop', 'warning', 3, 'warning'],
  ] as const)('%s: %s with %i of 3 pods is %s', (namespace, severity, affectedPods, weighed) => {
    expect(weigh(namespace, { severity, affectedPods, totalPods: 3 })).toBe(weighed);
  });

  it.each([
    ['dev-ana', 'warning', 0, 'info'],
    ['shop', 'warning', 2, 'critical'],
    ['shop', 'warning', 3, 'warning'],
    ['shop', 'info', 0, 'info'],
  ] as const)('%s: %s with %i of 4 pods that answer is %s', (namespace, severity, ready, weighed) => {
    expect(weigh(namespace, { severity, affectedPods: 1, totalPods: 4, serving: { ready, wanted: 4 } })).toBe(weighed);
  });

  it.each([
    ['shop', 'warning', 3, 'critical'],
    ['shop', 'info', 3, 'warning'],
    ['shop', 'critical', 3, 'critical'],
    ['shop', 'warning', 4, 'warning'],
    ['dev-ana', 'warning', 3, 'info'],
  ] as const)('%s: %s behind an Ingress with %i of 4 pods that answer is %s', (namespace, severity, ready, weighed) => {
    const serving = { ready, wanted: 4 };
    const exposed = 'Ingress shop/front';
    expect(weigh(namespace, { severity, affectedPods: 1, totalPods: 9, serving, exposed })).toBe(weighed);
  });

  it('does not take what has no pods for half of them', () => {
    expect(weigh('payments-eu', { severity: 'warning', affectedPods: 0, totalPods: 0 })).toBe('warning');
  });
});

describe('the digest', () => {
  it('was last due at its time of day on one of its days', () => {
    const digest = { at: '09:00', timezone: 'Europe/Berlin', days: [...week] };
    expect(lastDue(digest, noon)).toBe(at('2026-03-03T08:00:00Z'));
    expect(lastDue(digest, at('2026-03-03T07:59:00Z'))).toBe(at('2026-03-02T08:00:00Z'));
    expect(lastDue(digest, at('2026-03-08T12:00:00Z'))).toBe(at('2026-03-06T08:00:00Z'));
  });
});
