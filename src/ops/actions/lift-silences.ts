import type { Plan, Refusal } from '../../core/action.ts';
import { type Incident, incidentKind, incidentRef } from '../../core/incident.ts';
import type { Alertmanager } from '../../core/ports/alertmanager.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import { defineAction } from '../action.ts';
import { liftEach } from '../alert/lift.ts';
import { measuringAlerts } from '../alert/measurement.ts';
import { formatMinute, IncidentParams, readMatter, requireMatter } from '../alert/target.ts';
import type { ActionContext } from '../context.ts';
import { verifyReached } from '../workload/reached.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

export const liftSilences = defineAction({
  id: 'lift-silences',
  title: 'Lift silences',
  risk: 'low',
  surfaces: ['slash', 'button'],
  rbac: [],
  elsewhere: 'Alertmanager',
  command: {
    name: 'unsilence',
    arguments: ['target'],
    help: "Lift the silences that were set for an incident's alerts.",
  },
  targets: [incidentKind],
  endsRollout: false,
  lasting: false,
  params: IncidentParams,
  plan: ({ target }, context) => planLift(target, context),
  execute: async ({ plan }, context) => liftEach(idsOf(plan), await requireMatter(plan.target, context), context),
  isApplied: async ({ plan }, { alertmanager }) =>
    alertmanager !== undefined && (await readLasting(idsOf(plan), alertmanager)).length < idsOf(plan).length,
  measure: measuringAlerts(async (plan, { alertmanager }) => {
    const lasting = await readLasting(idsOf(plan), alertmanager);
    return { reached: lasting.length === 0, findings: [...lasting] };
  }),
  verify: verifyReached,
});

const path = '/silences/';

function idsOf({ patch }: Plan): readonly string[] {
  return patch.map((operation) => operation.path.slice(path.length));
}

/** Those of these silences that Alertmanager has not ended. */
async function readLasting(ids: readonly string[], alertmanager: Alertmanager): Promise<readonly string[]> {
  const silences = await alertmanager.silences();
  return ids.filter((id) => silences.some((one) => one.id === id && one.state !== 'expired'));
}

async function planLift(target: ResourceRef, context: ActionContext): Promise<Plan | Refusal> {
  const matter = await readMatter(target, context);
  if ('refused' in matter) return matter;
  const { incident, alertmanager } = matter;
  const ids = await readLasting(
    incident.silences.map(({ id }) => id),
    alertmanager,
  );
  const lasting = incident.silences.filter(({ id }) => ids.includes(id));
  if (lasting.length === 0) return { refused: `No alert of ${incident.id} is silenced from here.` };
  const names = [...new Set(lasting.map(({ name }) => name))];
  const shown = lasting.map(({ name, until }) => ({ alert: name, until: formatMinute(until) }));
  return {
    target: incidentRef(incident),
    summary: `Lift the silence of ${names.join(', ')} of ${incident.id}.`,
    blastRadius: 'Alertmanager notifies of them again as soon as they fire.',
    risk: 'low',
    diff: diffTemplates({ silences: shown }, { silences: [] }),
    patch: ids.map((id) => ({ op: 'remove', path: `${path}${id}` })),
    inverse: null,
    undo: 'Nothing to undo: `silence` silences them again.',
    objects: alertsOf(incident, names),
    basis: digest({ ids }),
  };
}

/** Wherever alerts of the incident were felt: they may be over by now, and their silences last. */
function alertsOf({ finding, related }: Incident, names: readonly string[]): ResourceRef[] {
  const findings = [...(finding === undefined ? [] : [finding]), ...related.map((one) => one.finding)];
  const places = new Set(
    findings.filter(({ alerts = [] }) => alerts.length > 0).map(({ subject }) => subject.namespace),
  );
  return [...places].flatMap((namespace) => names.map((name) => ({ kind: 'Alert', namespace, name })));
}
