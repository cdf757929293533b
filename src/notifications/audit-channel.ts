import type { AuditRecord } from '../core/audit-record.ts';
import { done, type Outcome } from '../core/outcome.ts';
import type { Audit } from '../core/ports/audit.ts';
import { type DeliveryContext, deliverEntries, openLanes, rootKey } from './delivery.ts';
import { renderRecords } from './reports/audit.ts';

interface AuditChannelContext extends DeliveryContext {
  readonly audit: Pick<Audit, 'after' | 'head'>;
}

/** What changes the cluster, allows it, or stops it; the rest is in the audit itself. */
const decisive: ReadonlySet<string> = new Set([
  'approved',
  'approved-first',
  'rejected',
  'applied',
  'proven',
  'unproven',
  'undone',
  'refused',
  'stopped',
  'paused',
  'resumed',
]);

/** Where it is written down which record was told last, as the version of a delivery. */
const cursor = 'audit-channel';

/** Records in one message, where more than one waits: within Slack's limits however long they are. */
const mostTogether = 10;

/** How soon it is tried again while somebody else is at it; the longest wait, milliseconds. */
const busyMs = 300;
const longestWaitMs = 60_000;

/** From now on records are told, unless some have been told before. */
export async function openAuditChannel(channel: string, context: AuditChannelContext): Promise<void> {
  await context.ledger.exclusively(cursor, async () => void (await lastTold(channel, context)));
}

/** Tells the records that have not been told, each once and in order. The audit is the queue: what cannot be told now stays in it. */
export async function tellAudit(channel: string, context: AuditChannelContext): Promise<Outcome> {
  let outcome: Outcome = done;
  const held = await context.ledger.exclusively(cursor, async () => {
    outcome = await workOff(channel, context);
  });
  return held ? outcome : { againInMs: busyMs };
}

async function workOff(channel: string, context: AuditChannelContext): Promise<Outcome> {
  const told = await lastTold(channel, context);
  const news = await context.audit.after(told);
  const records = news.filter(({ what }) => decisive.has(what));
  for (let from = 0; from < records.length; from += mostTogether) {
    const waitMs = await tell(records.slice(from, from + mostTogether), channel, context);
    if (waitMs > 0) return { againInMs: waitMs };
  }
  // Also where there is no news, so that it is not forgotten for its age.
  await keep(channel, news.at(-1)?.seq ?? told, context);
  return done;
}

/** Posts some records as one message. After how long it is to be tried again, milliseconds; 0 where they were told. */
async function tell(records: readonly AuditRecord[], channel: string, context: AuditChannelContext): Promise<number> {
  const [first, ...more] = records;
  if (first === undefined) return 0;
  const id = `audit-${first.seq}`;
  const known = await context.ledger.read(id);
  const lanes = openLanes();
  const order = {
    incidentId: id,
    // What was begun in another channel is told in this one.
    delivery: known?.channel === channel ? known : { channel, version: 0, entries: {} },
    entries: [{ key: rootKey, message: renderRecords([first, ...more]) }],
    changedAt: first.at,
    lanes,
  };
  if (!(await deliverEntries(order, context)).complete) return Math.max(1, Math.min(...lanes.waits, longestWaitMs));
  await keep(channel, (more.at(-1) ?? first).seq, context);
  return 0;
}

async function lastTold(channel: string, context: AuditChannelContext): Promise<number> {
  const known = await context.ledger.read(cursor);
  if (known !== undefined) return known.version;
  const { seq } = await context.audit.head();
  await keep(channel, seq, context);
  return seq;
}

async function keep(channel: string, seq: number, { ledger }: AuditChannelContext): Promise<void> {
  await ledger.write(cursor, { channel, version: seq, entries: {} });
}
