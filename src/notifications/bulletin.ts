import type { Message } from '../core/ports/channel.ts';
import { type DeliveryContext, deliverEntries, openLanes, rootKey } from './delivery.ts';

interface Bulletin {
  /** What it is: `digest`. */
  readonly name: string;
  readonly channel: string;
  /** When it was to be posted, epoch milliseconds: the one of that moment is posted once, whoever else tries. */
  readonly due: number;
  readonly render: () => Promise<Message>;
}

/** Posts what comes by the calendar. False where it must be tried again. */
export async function postBulletin(bulletin: Bulletin, context: DeliveryContext): Promise<boolean> {
  const { name, channel, due, render } = bulletin;
  const { ledger } = context;
  const id = `${name}-${new Date(due).toISOString().slice(0, 16)}`;
  let posted = false;
  await ledger.exclusively(id, async () => {
    const known = await ledger.read(id);
    posted = known?.version === 1;
    if (posted) return;
    const order = {
      incidentId: id,
      delivery: known ?? { channel, version: 0, entries: {} },
      entries: [{ key: rootKey, message: await render() }],
      changedAt: due,
      lanes: openLanes(),
    };
    const { delivery, complete } = await deliverEntries(order, context);
    if (complete) await ledger.write(id, { ...delivery, version: 1 });
    posted = complete;
  });
  return posted;
}
