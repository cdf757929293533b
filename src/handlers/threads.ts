import type { Incident } from '../core/incident.ts';
import type { Delivery } from '../core/ports/message-ledger.ts';
import { rootKey } from '../notifications/delivery.ts';
import type { DeskContext } from './context.ts';

/** A message, and the root of the thread it is in. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
  readonly thread?: string;
}

/** Incidents whose threads are still recognised: the open ones and this many of the latest. */
const latest = 100;

/** The incident in whose thread a message is. */
export async function findByThread(
  { channel, thread }: Place,
  { registry, incidents, deliveries }: DeskContext,
): Promise<Incident | undefined> {
  if (thread === undefined) return undefined;
  const seen = new Set<string>();
  for (const incident of [...(await registry.open()), ...(await incidents.recent(latest))]) {
    if (seen.has(incident.id)) continue;
    seen.add(incident.id);
    const delivery = await deliveries.read(incident.id);
    if (delivery?.channel === channel && timestamps(delivery).includes(thread)) return incident;
  }
  return undefined;
}

/**
 * Whether a message is one of the incident's own. While the root is being posted its timestamp is not known, so any message is taken for it; a
 * reply that is being posted is known by its thread.
 */
export async function belongsTo(incidentId: string, place: Place, { deliveries }: DeskContext): Promise<boolean> {
  const delivery = await deliveries.read(incidentId);
  if (delivery === undefined || delivery.channel !== place.channel) return false;
  const known = timestamps(delivery);
  const root = delivery.entries[rootKey];
  const rootUnderWay = root !== undefined && root.ts === undefined;
  return rootUnderWay || known.includes(place.ts) || (place.thread !== undefined && known.includes(place.thread));
}

function timestamps({ entries }: Delivery): readonly string[] {
  return Object.values(entries).flatMap(({ ts }) => (ts === undefined ? [] : [ts]));
}
