/** One alert as Alertmanager sends it. */
export function aRawAlert(labels: Readonly<Record<string, string>>, overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    status: 'firing',
    labels: { alertname: 'PodsFailing', severity: 'warning', ...labels },
    annotations: { summary: 'Pods fail', description: 'Pods of the checkout fail.' },
    startsAt: '2026-03-02T09:58:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.local/graph',
    ...overrides,
  };
}

/** Alertmanager's webhook payload, version 4. */
export function aNotification(
  alerts: readonly Readonly<Record<string, unknown>>[],
  overrides: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    version: '4',
    groupKey: '{}:{}',
    status: 'firing',
    receiver: 'lifeguard',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.local',
    truncatedAlerts: 0,
    alerts,
    ...overrides,
  });
}
