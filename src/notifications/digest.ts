import type { Incident } from '../core/incident.ts';
import type { Records } from '../core/ports/records.ts';
import { type DeliveryContext, deliverEntries, openLanes, rootKey } from './delivery.ts';
import { renderDigest } from './reports/digest.ts';

export interface DigestContext extends DeliveryContext {
  readonly incidents: Pick<Records<Incident>, 'recent'>;
  readonly cluster: string;
}

/** Incidents looked through: more than a day has. */
const looked = 1_000;

const dayMs = 86_400_000;

/** Posts the digest of the day that ends at `due` (epoch milliseconds), once, whoever else tries. False where it must be tried again. */
export async function postDigest(
  { channel, due }: { readonly channel: string; readonly due: number },
  context: DigestContext,
): Promise<boolean> {
  const { ledger, incidents, cluster } = context;
  const id = `digest-${new Date(due).toISOString().slice(0, 16)}`;
  let posted = false;
  await ledger.exclusively(id, async () => {
    const known = await ledger.read(id);
    posted = known?.version === 1;
    if (posted) return;
    const facts = { cluster, from: due - dayMs, to: due, incidents: await incidents.recent(looked) };
    const order = {
      incidentId: id,
      delivery: known ?? { channel, version: 0, entries: {} },
      entries: [{ key: rootKey, message: renderDigest(facts) }],
      changedAt: due,
      lanes: openLanes(),
    };
    const { delivery, complete } = await deliverEntries(order, context);
    if (complete) await ledger.write(id, { ...delivery, version: 1 });
    posted = complete;
  });
  return posted;
}
