import { causeSince, type Incident } from '../core/incident.ts';
import type { Json } from '../core/json.ts';
import { type ResourceRef } from '../core/resource-ref.ts';
import { isAbout } from './action.ts';
import { actions } from './actions/index.ts';
import type { OpsContext } from './context.ts';
import { submit } from './submit.ts';

/** The actions that a model may propose, with what each is about. */
export const modelActions = actions
  .filter(({ surfaces }) => surfaces.some((surface) => surface === 'ai'))
  .map((action) => ({
    id: action.id,
    title: action.title,
    params: action.params,
    isAbout: (ref: ResourceRef) => isAbout(action, ref),
  }));

interface ModelProposal {
  readonly actionId: string;
  readonly params: Json;
  readonly reason: string;
}

/**
 * Submits the first of a model's proposals that can be planned and is not denied, like anybody's; the guardrails have a person decide it. Only once for a
 * cause, and only where the remedies have nothing left to try: what is known to help is not held up by what might.
 */
export async function submitModelProposals(
  incidentId: string,
  proposals: readonly ModelProposal[],
  context: OpsContext,
): Promise<void> {
  const incident = await context.incidents.get(incidentId);
  if (incident === undefined || !isOpenTo(incident) || (await isProposed(incident, context))) return;
  for (const proposal of proposals) {
    const submission = await submit({ ...proposal, incidentId, origin: { surface: 'ai' } }, context);
    if ('proposal' in submission) return;
  }
}

function isOpenTo({ state, holds, escalated, executing, attention }: Incident): boolean {
  return state === 'open' && holds && escalated && !executing && attention.dismissed === undefined;
}

/** Whether something waits or runs, or a model has had its turn for this cause. */
async function isProposed(incident: Incident, { proposals }: OpsContext): Promise<boolean> {
  const known = (await Promise.all(incident.proposalIds.map((id) => proposals.get(id)))).filter(
    (one) => one !== undefined,
  );
  const since = causeSince(incident);
  return known.some(
    ({ state, origin, createdAt }) =>
      state === 'awaiting-approval' || state === 'approved' || (origin.surface === 'ai' && createdAt >= since),
  );
}
