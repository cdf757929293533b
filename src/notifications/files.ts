import { describeError, LifeguardError } from '../core/errors.ts';
import type { Delivery } from '../core/ports/message-ledger.ts';
import type { Receipts } from '../core/ports/receipts.ts';
import type { WholeLogs } from '../core/ports/whole-logs.ts';
import { clean } from './blocks/mrkdwn.ts';
import { awayMs, type DeliveryContext, type Lanes, postBucket, postBucketOf, rootKey, slowDownMs } from './delivery.ts';
import type { FileEntry } from './reports/evidence.ts';

export interface FileContext extends DeliveryContext {
  readonly wholeLogs: Pick<WholeLogs, 'read'>;
  readonly receipts: Receipts;
}

interface FileOrder {
  readonly incidentId: string;
  readonly delivery: Delivery;
  readonly file: FileEntry;
  /** When what is to be told happened, epoch milliseconds. */
  readonly changedAt: number;
  readonly lanes: Lanes;
  /** More is new than people can read: nothing is attached, then or later. */
  readonly storm: boolean;
}

/** For all channels; Slack counts its own steps by the minute too, and each file is a message besides. */
const fileBucket = { name: 'file', perMinute: 20, burst: 2 } as const;

/** Slack shows a file some seconds after it took it; until then it cannot be found, milliseconds. */
const shownMs = 20_000;

/** How long the same refusal is not said again, milliseconds. */
const saidMs = 24 * 3_600_000;

type DeliveredFile = Delivery['entries'][string];

/** Whether nothing is left to do for it. */
export function isSettled({ key }: FileEntry, { entries }: Delivery): boolean {
  const known = entries[key];
  return known?.ts !== undefined || known?.dropped === true;
}

/** One try at one file. */
interface Try extends FileContext, FileOrder {
  readonly keep: (entry: DeliveredFile) => Promise<Delivery>;
}

/**
 * Attaches a file to the thread of its incident, once. It is a comfort: what Slack refuses, what is no longer kept and what a storm has is dropped, each with a
 * line in the log, and Slack being slow or away with files holds up no message. Answers the new state.
 */
export async function deliverFile(order: FileOrder, context: FileContext): Promise<Delivery> {
  const { incidentId, delivery, file } = order;
  const keep = async (entry: DeliveredFile): Promise<Delivery> => {
    const next = { ...delivery, entries: { ...delivery.entries, [file.key]: entry } };
    await context.ledger.write(incidentId, next);
    return next;
  };
  const one: Try = { ...context, ...order, keep };
  if (order.storm) return drop('a storm has no files', one);
  try {
    return await attach(one);
  } catch (error) {
    return recover(error, one);
  }
}

async function attach(one: Try): Promise<Delivery> {
  const { delivery, file, channel, lanes, clock } = one;
  const thread = delivery.entries[rootKey]?.ts;
  if (thread === undefined || isBusy(lanes)) return delivery;
  const known = delivery.entries[file.key];
  const wait = (known?.refusedUntil ?? 0) - clock.now();
  if (wait > 0) return later(wait, one);
  const place = { channel: delivery.channel, thread };
  const ts = known === undefined ? undefined : await channel.findFile({ ...place, name: file.name });
  return ts === undefined ? upload(place, one) : one.keep({ ts, digest: file.id });
}

/** Written down before it is done, so that it is looked up where nobody learns how it went. */
async function upload(place: { readonly channel: string; readonly thread: string }, one: Try): Promise<Delivery> {
  const { file, channel, wholeLogs, clock, meter } = one;
  const wait = await takeTurn(one);
  if (wait > 0) return later(wait, one);
  const kept = await wholeLogs.read(file.id);
  if (kept === undefined) return drop('it is no longer kept', one);
  const { name, title } = file;
  await one.keep({ digest: file.id, refusedUntil: clock.now() + shownMs });
  const ts = await channel.attach({ ...place, file: { name, title, text: clean(kept) } });
  meter.sent('file');
  return one.keep({ ts, digest: file.id });
}

/** What is told in words goes first. */
function isBusy({ away, closed }: Lanes): boolean {
  return away || closed.has('file') || closed.has('post');
}

/** A file is a message too, so both may have to wait. Milliseconds. */
async function takeTurn({ ledger, delivery }: Try): Promise<number> {
  const wait = await ledger.take(fileBucket);
  return wait > 0 ? wait : ledger.take({ name: postBucketOf(delivery), ...postBucket });
}

function later(wait: number, { delivery, lanes }: Try): Delivery {
  lanes.closed.add('file');
  lanes.waits.push(wait);
  return delivery;
}

async function recover(error: unknown, one: Try): Promise<Delivery> {
  if (!(error instanceof LifeguardError)) throw error;
  const { ledger, meter, log, incidentId } = one;
  const delivery = (await ledger.read(incidentId)) ?? one.delivery;
  switch (error.code) {
    case 'channel-rate-limited': {
      const wait = error.retryAfterMs ?? slowDownMs;
      meter.slowedDown('file');
      await ledger.hold(fileBucket.name, wait);
      return later(wait, { ...one, delivery });
    }
    case 'channel-unreachable':
      log.warn('Slack takes no files now; they wait', { problem: describeError(error) });
      return later(awayMs(one), { ...one, delivery });
    case 'channel-message-gone':
    case 'channel-rejected':
      return drop(describeError(error), one);
    default:
      throw error;
  }
}

async function drop(because: string, { log, receipts, incidentId, file, keep }: Try): Promise<Delivery> {
  const isNew = await receipts.take(`file-dropped:${because}`, saidMs).catch(() => true);
  const fields = { incident: incidentId, file: file.name, because };
  if (isNew) log.warn('a log is not attached as a file, as others for the same reason will not be', fields);
  else log.debug('a log is not attached as a file', fields);
  return keep({ digest: file.id, dropped: true });
}
