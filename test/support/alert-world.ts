import { type Incident, incidentRef } from '../../src/core/incident.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';
import { approve } from '../../src/ops/approve.ts';
import type { OpsContext } from '../../src/ops/context.ts';
import { submit } from '../../src/ops/submit.ts';
import { aFinding } from './builders.ts';
import { createDeskWorld, type DeskWorld } from './desk.ts';
import { createTickingClock } from './fakes/clock.ts';

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

/** When these worlds begin. */
export const silenceStart = Date.parse('2026-11-23T12:00:00Z');
const verification = { stableForMs: 5_000, deadlineMs: 60_000, everyMs: 100, traffic: { tolerance: 0.2 } };

/** A desk over memory whose time passes with each look. */
export function openSilenceWorld(policy: Partial<Policy> = {}) {
  return createDeskWorld({ clock: createTickingClock(silenceStart), policy: { verification, ...policy } });
}

/** Somebody asks to silence the alerts of the incident for 2 h, or for what is wished. */
export async function askSilence(
  incident: Incident,
  ops: OpsContext,
  wish: Partial<Parameters<typeof submit>[0]> = {},
) {
  const target = { kind: 'Incident', namespace: incident.subject.namespace, name: incident.id };
  const origin = { surface: 'slash', user: 'U_BEN' } as const;
  const asked = { incidentId: incident.id, actionId: 'silence-alerts', params: { target, duration: '2h' }, origin };
  return submit({ ...asked, reason: 'why', ...wish }, ops);
}

/** The same, and somebody else says yes. Answers the proposal's id. */
export async function approveSilence(
  incident: Incident,
  ops: OpsContext,
  wish: Partial<Parameters<typeof submit>[0]> = {},
) {
  const made = await askSilence(incident, ops, wish);
  if ('refused' in made) throw new Error(made.refused);
  const decided = await approve({ proposalId: made.proposal.id, user: 'U_CHI' }, ops);
  if ('refused' in decided || 'held' in decided) throw new Error(JSON.stringify(decided));
  return made.proposal.id;
}
