import { z } from 'zod';
import type { Alert } from '../../src/core/alert.ts';
import { incidentRef } from '../../src/core/incident.ts';
import type { ActionContext } from '../../src/ops/context.ts';
import { createAlertmanager } from '../../src/platform/alertmanager/alertmanager.ts';
import { aFinding } from './builders.ts';
import type { DeskWorld } from './desk.ts';

/** The Alertmanager of the test cluster. */
export const alertmanagerUrl = process.env['ALERTMANAGER_URL'] ?? 'http://127.0.0.1:19093';

const lastsMs = 5 * 60_000;

/** Posts to Alertmanager's API, as Prometheus does. */
export async function postAlerts(url: string, alerts: readonly object[]): Promise<void> {
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  if (!answer.ok) throw new Error(`Alertmanager took no alert: ${await answer.text()}`);
}

const Listed = z.array(z.object({ fingerprint: z.string() })).min(1);

/** An alert of its own that fires in a real Alertmanager for some minutes, and the incident that it belongs to. */
export async function raiseAlert({ registry }: Pick<DeskWorld, 'registry'>, namespace: string) {
  const run = `${namespace}-${Date.now()}`;
  const labels = { alertname: 'LifeguardTest', namespace, run };
  const startsAt = Date.now();
  const endsAt = new Date(startsAt + lastsMs).toISOString();
  await postAlerts(alertmanagerUrl, [{ labels, startsAt: new Date(startsAt).toISOString(), endsAt }]);
  const filter = encodeURIComponent(`run="${run}"`);
  const answer: unknown = await (await fetch(`${alertmanagerUrl}/api/v2/alerts?filter=${filter}`)).json();
  const [{ fingerprint } = { fingerprint: '' }] = Listed.parse(answer);
  const alert: Alert = {
    fingerprint,
    state: 'firing',
    labels,
    summary: '',
    description: '',
    startsAt,
    heardAt: startsAt,
    repeats: 1,
  };
  const subject = { kind: 'Deployment', namespace, name: 'alerting' };
  const incident = await registry.observe(
    aFinding({ kind: 'alert/LifeguardTest', subject, reportedBy: 'alertmanager', alerts: [fingerprint] }),
  );
  const alertmanager = createAlertmanager({ url: alertmanagerUrl });
  const reach: Pick<ActionContext, 'alertmanager' | 'alerts'> = { alertmanager, alerts: { all: async () => [alert] } };
  return {
    target: incidentRef(incident),
    reach,
    /** Ids of the silences that Alertmanager holds for it. */
    silencedBy: async () => (await alertmanager.firing()).get(fingerprint),
  };
}
