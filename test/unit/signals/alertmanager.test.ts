import { describe, expect, it } from 'vitest';
import { parseNotification } from '../../../src/signals/alertmanager.ts';
import { slimAlert } from '../../../src/signals/slim/alert.ts';
import { aNotification, aRawAlert } from '../../support/alerts.ts';

const now = Date.parse('2026-03-02T10:00:00Z');

function parseOne(labels: Readonly<Record<string, string>>, overrides: Readonly<Record<string, unknown>> = {}) {
  const [alert] = parseNotification(aNotification([aRawAlert(labels, overrides)]), now).alerts;
  if (alert === undefined) throw new Error('nothing was parsed');
  return alert;
}

describe('a notification', () => {
  it('is read with its words, times and identity', () => {
    const alert = parseOne({ pod: 'web-1' }, { fingerprint: 'abc' });
    expect(alert).toMatchObject({
      fingerprint: 'abc',
      state: 'firing',
      summary: 'Pods fail',
      description: 'Pods of the checkout fail.',
      startsAt: Date.parse('2026-03-02T09:58:00Z'),
      heardAt: now,
    });
    expect(alert.endsAt).toBeUndefined();
  });

  it('has an identity also where the sender gives none: that of its labels, in any order', () => {
    const one = parseOne({ a: '1', b: '2' });
    expect(parseOne({ b: '2', a: '1' }).fingerprint).toBe(one.fingerprint);
    expect(parseOne({ a: '1', b: '3' }).fingerprint).not.toBe(one.fingerprint);
  });

  it('ends when it says, never in the future; a clock ahead of ours does not matter', () => {
    const ended = parseOne({}, { status: 'resolved', endsAt: '2026-03-02T09:59:00Z' });
    expect(ended).toMatchObject({ state: 'resolved', endsAt: now - 60_000 });
    expect(parseOne({}, { status: 'resolved', endsAt: '2026-03-02T11:00:00Z' }).endsAt).toBe(now);
    expect(parseOne({}, { startsAt: '2026-03-02T10:05:00Z' }).startsAt).toBe(now);
  });

  it('brings the expression of its rule, where it says it whole', () => {
    const graph = (expression: string) =>
      `http://prometheus:9090/graph?g0.expr=${encodeURIComponent(expression)}&g0.tab=1`;
    expect(parseOne({}, { generatorURL: graph('up == 0') }).expression).toBe('up == 0');
    for (const generatorURL of ['', 'not a link', 'http://prometheus:9090/graph', graph('x'.repeat(5_000))]) {
      expect(parseOne({}, { generatorURL }).expression).toBeUndefined();
    }
  });

  it('is cut and loses its secrets', () => {
    const alert = parseOne(
      { password: 'hunter2', huge: 'x'.repeat(10_000) },
      { annotations: { description: `${'y'.repeat(10_000)}`, summary: 'login with token=abcdef123456' } },
    );
    expect(JSON.stringify(alert)).not.toMatch(/hunter2|abcdef123456/);
    expect(alert.labels['huge']).toHaveLength(1_024);
    expect(alert.description).toHaveLength(2_000);
  });

  it('keeps a runbook only where it is a web address', () => {
    expect(parseOne({}, { annotations: { runbook_url: 'https://runbooks.local/x' } }).runbook).toBe(
      'https://runbooks.local/x',
    );
    const guarded = parseOne({}, { annotations: { runbook_url: 'https://reader:hunter2@runbooks.local/x' } });
    expect(guarded.runbook).toBe('https://reader:[redacted:password]@runbooks.local/x');
    expect(parseOne({}, { annotations: { runbook_url: 'javascript:alert(1)' } }).runbook).toBeUndefined();
  });

  it('says what Alertmanager left out', () => {
    expect(parseNotification(aNotification([], { truncatedAlerts: 7 }), now)).toEqual({ alerts: [], truncated: 7 });
  });

  it.each([
    ['no JSON', '{"version":'],
    ['no object', '[]'],
    ['another version', aNotification([], { version: '3' })],
    ['no alerts', '{"version":"4"}'],
    ['a state nobody knows', aNotification([aRawAlert({}, { status: 'pending' })])],
    ['a time that is none', aNotification([aRawAlert({}, { startsAt: 'yesterday' })])],
    ['labels that are no texts', aNotification([aRawAlert({}, { labels: { a: 1 } })])],
  ])('is refused with a reason where it has %s', (_what, body) => {
    expect(() => parseNotification(body, now)).toThrow(/^The notification is not (JSON|Alertmanager's version 4: .+)/);
  });
});

describe('the labels name', () => {
  it.each([
    [
      'the workload of a mixin rule',
      { workload: 'web', workload_type: 'statefulset', pod: 'x' },
      'StatefulSet shop/web',
    ],
    ['a Deployment', { deployment: 'web', pod: 'kube-state-metrics-1' }, 'Deployment shop/web'],
    ['a pod', { pod: 'web-1', service: 'web' }, 'Pod shop/web-1'],
    [
      'what the exporter renamed',
      { namespace: 'monitoring', exported_namespace: 'shop', exported_pod: 'web-1', pod: 'ksm' },
      'Pod shop/web-1',
    ],
    ['a Job', { job_name: 'backup-1', job: 'kube-state-metrics' }, 'Job shop/backup-1'],
    ['a claim', { persistentvolumeclaim: 'data' }, 'PersistentVolumeClaim shop/data'],
    ['a Service', { service: 'web' }, 'Service shop/web'],
    ['no Service of an exporter', { service: 'kube-state-metrics', job: 'kube-state-metrics' }, 'Namespace shop'],
    ['an application', { app: 'web' }, 'Application shop/web'],
    ['a node', { node: 'node-1' }, 'Node node-1'],
    ['a namespace', {}, 'Namespace shop'],
  ])('%s', (_what, labels, expected) => {
    const { kind, namespace, name } = slimAlert(parseOne({ namespace: 'shop', ...labels })).regarding;
    expect(namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`).toBe(expected);
  });

  it('a node or nothing where there is no namespace', () => {
    expect(slimAlert(parseOne({ node: 'node-1', pod: 'x' })).regarding).toMatchObject({ kind: 'Node', name: 'node-1' });
    const exporter = { namespace: 'monitoring', pod: 'node-exporter-x', job: 'node-exporter' };
    for (const instance of ['10.0.0.1:9100', '[10.0.0.1]:9100', '10.0.0.1'])
      expect(slimAlert(parseOne({ ...exporter, instance })).host).toBe('10.0.0.1');
    expect(slimAlert(parseOne({ instance: '10.0.0.1:9100' })).host).toBe('10.0.0.1');
    expect(slimAlert(parseOne({ namespace: 'shop', pod: 'x', instance: '10.0.0.1:8080' })).host).toBeUndefined();
    expect(slimAlert(parseOne({ instance: '10.0.0.1:9100' })).regarding).toEqual({
      kind: 'Alert',
      namespace: '',
      name: 'PodsFailing',
    });
  });

  it.each([
    ['critical', 'critical'],
    ['page', 'critical'],
    ['ERROR', 'critical'],
    ['warning', 'warning'],
    ['sev-2', 'warning'],
    ['info', 'info'],
    ['none', 'none'],
  ])('the severity %s', (severity, expected) => {
    expect(slimAlert(parseOne({ severity })).severity).toBe(expected);
  });
});
