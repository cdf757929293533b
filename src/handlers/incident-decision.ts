import { type Incident, incidentIdOf } from '../core/incident.ts';
import { type ResourceRef, refName } from '../core/resource-ref.ts';
import type { Decision } from '../incidents/attention.ts';
import { escapeText } from '../notifications/blocks/mrkdwn.ts';
import { expireProposals } from '../ops/approve.ts';
import type { Where } from './authorise.ts';
import { type Errand, say } from './command.ts';
import type { DeskContext } from './context.ts';

const done: Readonly<Record<Decision['do'], string>> = {
  acknowledge: 'You have it: nobody else is called.',
  assign: 'Assigned.',
  snooze: 'Snoozed: nobody is called meanwhile.',
  resolve: 'Closed. It is told again should it get worse or come back.',
  reopen: 'Open again.',
};

interface Wish {
  readonly decision: Decision;
  readonly by: string;
}

/** Where an incident is: at its cause, and wherever what follows from it was seen. */
export function namespacesOf({ subject, related }: Incident): readonly string[] {
  return [subject, ...related.map(({ finding }) => finding.subject)].map(({ namespace }) => namespace);
}

/** Where a change of this is felt: an object's own namespace, or all of those that an incident is in. */
export async function placesOf(target: ResourceRef, { ops }: Pick<DeskContext, 'ops'>): Promise<Where> {
  const id = incidentIdOf(target);
  const incident = id === undefined ? undefined : await ops.incidents.get(id);
  return incident === undefined ? [target.namespace] : namespacesOf(incident);
}

/** A decision about an incident, for those who may take it wherever the incident is. */
export function decideErrand(incident: Incident, wish: Wish, context: DeskContext): Errand {
  return {
    where: namespacesOf(incident),
    run: async () => say(await decideIncident(incident, wish, context)),
  };
}

/** Carries out what a person decided about an incident; answers with what came of it. */
export async function decideIncident(
  { id }: Pick<Incident, 'id'>,
  wish: Wish,
  { registry, ops }: DeskContext,
): Promise<string> {
  const { decision, by } = wish;
  const decided = await registry.decide(id, decision, by);
  if (decided === undefined) return `There is no incident ${id}.`;
  if ('refused' in decided) return escapeText(decided.refused);
  const { incident } = decided;
  const detail = `${id} ${decision.do}`;
  await ops.audit.append({
    at: ops.clock.now(),
    what: decision.do,
    who: by,
    subject: refName(incident.subject),
    detail,
  });
  if (decision.do === 'resolve') await expireProposals(incident.proposalIds, 'the incident was closed.', ops);
  return done[decision.do];
}
