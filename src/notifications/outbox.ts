import type { Execution } from '../core/execution.ts';
import type { Incident } from '../core/incident.ts';
import { done, type Outcome } from '../core/outcome.ts';
import type { Records } from '../core/ports/records.ts';
import type { Proposal } from '../core/proposal.ts';
import { type DeliveryContext, deliverEntries, rootKey } from './delivery.ts';
import { renderRoot } from './reports/root.ts';
import type { Snapshot } from './reports/snapshot.ts';
import { renderThread } from './reports/thread.ts';

export interface OutboxContext extends DeliveryContext {
  readonly incidents: Records<Incident>;
  readonly proposals: Records<Proposal>;
  readonly executions: Records<Execution>;
  /** Where the messages of an incident go: a channel's id. */
  readonly channelFor: (incident: Incident) => string;
  /** Slack markup that calls whoever may approve a proposal; undefined, or absent, where nobody is to be called. */
  readonly mention?: (proposal: Proposal) => string | undefined;
}

/** How soon an incident that another worker holds is looked at again, milliseconds. */
const busyMs = 300;

/**
 * Brings what Slack shows of an incident up to date with the newest version, which may be newer than the one asked for. Posts what is missing,
 * edits what differs, in order. A post is written down before it is made; one whose fate is unknown is looked up before it is made again.
 */
export async function reconcileIncident(
  asked: { readonly incidentId: string; readonly version: number },
  context: OutboxContext,
): Promise<Outcome> {
  const { incidentId } = asked;
  const delivered = await context.ledger.read(incidentId);
  if (delivered !== undefined && delivered.version >= asked.version) return done;
  let outcome: Outcome = done;
  const held = await context.ledger.exclusively(incidentId, async () => {
    outcome = await deliver(incidentId, context);
  });
  return held ? outcome : { againInMs: busyMs };
}

/** What changed while Slack was being told is told at once, before the lock is given back. */
async function deliver(incidentId: string, context: OutboxContext): Promise<Outcome> {
  const { ledger } = context;
  const snapshot = await readSnapshot(incidentId, context);
  const known = await ledger.read(incidentId);
  if (snapshot === undefined || (known?.version ?? 0) >= snapshot.incident.version) return done;
  const { incident } = snapshot;
  const start = known ?? { channel: context.channelFor(incident), version: 0, entries: {} };
  const entries = [{ key: rootKey, message: renderRoot(snapshot) }, ...renderThread(snapshot)];
  const { delivery, againInMs } = await deliverEntries(
    { incidentId, delivery: start, entries, changedAt: incident.updatedAt },
    context,
  );
  if (againInMs !== undefined) return { againInMs };
  await ledger.write(incidentId, { ...delivery, version: incident.version });
  return deliver(incidentId, context);
}

async function readSnapshot(
  incidentId: string,
  { incidents, proposals, executions, mention }: OutboxContext,
): Promise<Snapshot | undefined> {
  const incident = await incidents.get(incidentId);
  if (incident === undefined) return undefined;
  const made = await Promise.all(incident.proposalIds.map((id) => proposals.get(id)));
  const run = await Promise.all(incident.proposalIds.map((id) => executions.get(id)));
  return {
    incident,
    proposals: made.filter((one) => one !== undefined),
    executions: run.filter((one) => one !== undefined),
    ...(mention === undefined ? {} : { mention }),
  };
}
