import { type Incident, incidentRef } from '../../src/core/incident.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';
import { aFinding } from './builders.ts';
import type { DeskWorld } from './desk.ts';

type Labels = Readonly<Record<string, string>>;

/** Alerts that fire, in Alertmanager as well as here; answers their fingerprints. Done when it returns. */
export function fire({ alertmanager, alerts, ops }: DeskWorld, labelled: readonly Labels[]): readonly string[] {
  const startsAt = ops.clock.now();
  return labelled.map((more) => {
    const labels = { alertname: 'PodsFailing', ...more };
    const before = new Set(alertmanager.alerts().keys());
    alertmanager.post([{ labels, startsAt: new Date(startsAt).toISOString() }]);
    const [fingerprint = ''] = [...alertmanager.alerts().keys()].filter((print) => !before.has(print));
    const said = { summary: '', description: '', startsAt, heardAt: startsAt, repeats: 1 };
    void alerts.take([{ fingerprint, state: 'firing', labels, ...said }]);
    return fingerprint;
  });
}

/** A finding of the checkout that these alerts report. */
export function alertFinding({ checkout }: DeskWorld, alerts: readonly string[]) {
  return aFinding({ kind: 'alert/PodsFailing', subject: checkout, reportedBy: 'alertmanager', alerts: [...alerts] });
}

/** An incident that the first alerts belong to; the others fire beside it. */
export async function putAlerts(
  world: DeskWorld,
  own: readonly Labels[],
  others: readonly Labels[] = [],
): Promise<Incident & { readonly ref: ResourceRef }> {
  const prints = fire(world, own);
  fire(world, others);
  const incident = await world.registry.observe(alertFinding(world, prints));
  return { ...incident, ref: incidentRef(incident) };
}
