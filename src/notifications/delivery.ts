import { createHash } from 'node:crypto';
import { describeError, hasCode, LifeguardError } from '../core/errors.ts';
import type { Channel, Message } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Delivery, MessageLedger } from '../core/ports/message-ledger.ts';

/** Told how it goes, for metrics. */
export interface DeliveryMeter {
  /** An incident was first told in Slack, by a message of its own or by a storm's, so long after it was opened, milliseconds. */
  told(ms: number): void;
  /** A message was posted or edited, or a file attached. */
  sent(lane: Lane): void;
  /** So many changes were told together with a later one. */
  coalesced(changes: number): void;
  /** Slack asked to slow down. */
  slowedDown(lane: Lane): void;
}

export interface DeliveryContext {
  readonly channel: Channel;
  readonly meter: DeliveryMeter;
  readonly ledger: MessageLedger;
  readonly clock: Clock;
  readonly log: Log;
}

/** A message that an incident should have. The root comes first, the others are its thread in order. */
interface Entry {
  readonly key: string;
  readonly message: Message;
}

export const rootKey = 'root';

interface Order {
  readonly incidentId: string;
  readonly delivery: Delivery;
  readonly entries: readonly Entry[];
  /** When what is to be told happened, epoch milliseconds. */
  readonly changedAt: number;
  readonly lanes: Lanes;
}

type Lane = 'post' | 'edit' | 'file';

/** What Slack takes at the moment; shared by all that is delivered in one go. */
export interface Lanes {
  /** Full until later: a thread keeps its order, and edits do not hold up posts. */
  readonly closed: Set<Lane>;
  /** After how long something left is to be tried again, milliseconds. */
  readonly waits: number[];
  /** True once Slack does not answer. */
  away: boolean;
}

export function openLanes(): Lanes {
  return { closed: new Set(), waits: [], away: false };
}

export interface Delivered {
  readonly delivery: Delivery;
  /** True where nothing is left to do. */
  readonly complete: boolean;
}

/** Slack's limits with room to spare: one post a second in a channel, 50 edits a minute in the workspace. */
export const postBucket = { perMinute: 60, burst: 4 } as const;
const editBucket = { name: 'update', perMinute: 40, burst: 10 } as const;

/** When only an operator can help (the bot is not in the channel), milliseconds. */
const refusedMs = 60_000;

/** When Slack says "too fast" without saying how long, milliseconds. */
export const slowDownMs = 30_000;

type DeliveredEntry = Delivery['entries'][string];

/** One pass over the messages of an incident. */
interface Pass extends DeliveryContext {
  readonly incidentId: string;
  readonly changedAt: number;
  readonly lanes: Lanes;
  delivery: Delivery;
  /** The root is gone, so the rest must wait for a new one. */
  over: boolean;
  newRoot: boolean;
}

/**
 * Posts what is missing and edits what differs, each written down. Slack being slow, full or away leaves the rest for later; what an operator
 * must mend is logged, and holds up nothing that does not depend on it. Fails only where the ledger does.
 */
export async function deliverEntries(order: Order, context: DeliveryContext): Promise<Delivered> {
  const { incidentId, delivery, changedAt, lanes, entries } = order;
  const pass: Pass = { ...context, incidentId, changedAt, delivery, lanes, over: false, newRoot: false };
  for (const entry of entries) {
    if (!pass.over && !lanes.away) await deliverEntry(entry, pass);
  }
  return { delivery: pass.delivery, complete: entries.every((entry) => isDelivered(entry, pass.delivery)) };
}

function isDelivered({ key, message }: Entry, { entries }: Delivery): boolean {
  const known = entries[key];
  return known?.ts !== undefined && known.refusedUntil === undefined && known.digest === digestOf(message);
}

async function deliverEntry(entry: Entry, pass: Pass): Promise<void> {
  if (isDelivered(entry, pass.delivery) || isRefused(entry, pass)) return;
  const known = pass.delivery.entries[entry.key];
  const lane = known?.ts === undefined ? 'post' : 'edit';
  if (pass.lanes.closed.has(lane)) return;
  try {
    if (known?.ts === undefined) await post(entry, known, pass);
    else await edit(entry, known.ts, pass);
  } catch (error) {
    await recover(error, { entry, lane }, pass);
  }
}

/** What Slack has refused is not tried again at once, unless it has changed. */
function isRefused({ key, message }: Entry, { delivery, clock, lanes }: Pass): boolean {
  const known = delivery.entries[key];
  const wait = (known?.refusedUntil ?? 0) - clock.now();
  if (known?.digest !== digestOf(message) || wait <= 0) return false;
  lanes.waits.push(wait);
  return true;
}

/** `attempted`: an earlier post may have got through, so Slack is asked first. */
async function post(entry: Entry, attempted: DeliveredEntry | undefined, pass: Pass): Promise<void> {
  const { incidentId, channel, ledger, delivery } = pass;
  const thread = entry.key === rootKey ? undefined : delivery.entries[rootKey]?.ts;
  if (entry.key !== rootKey && thread === undefined) return;
  const place = {
    channel: delivery.channel,
    key: { incidentId, entry: entry.key },
    ...(thread === undefined ? {} : { thread }),
  };
  if (attempted !== undefined) {
    const ts = await lookUp(place, pass);
    if (ts !== undefined) {
      await keep(entry.key, { ts, digest: attempted.digest }, pass);
      await deliverEntry(entry, pass);
      return;
    }
  }
  const wait = await ledger.take({ name: postBucketOf(delivery), ...postBucket });
  if (wait > 0) {
    close('post', wait, pass);
    return;
  }
  const digest = digestOf(entry.message);
  await keep(entry.key, { digest }, pass);
  const ts = await channel.post({ ...place, message: entry.message });
  pass.meter.sent('post');
  await keep(entry.key, { ts, digest }, pass);
  if (entry.key !== rootKey) return;
  pass.newRoot = true;
  await keepLink(ts, pass);
}

/** The address is a comfort: without it people read on where they are. */
async function keepLink(ts: string, pass: Pass): Promise<void> {
  const { channel, delivery, log } = pass;
  try {
    const link = await channel.link({ channel: delivery.channel, ts });
    if (link !== undefined) await save({ ...pass.delivery, link }, pass);
  } catch (error) {
    log.debug('the address of a message is not known', { problem: describeError(error) });
  }
}

/** Where the bot may not read the channel, a second message is better than none. */
async function lookUp(place: Parameters<Channel['find']>[0], { channel, log }: Pass): Promise<string | undefined> {
  try {
    return await channel.find(place);
  } catch (error) {
    if (!hasCode(error, 'channel-rejected')) throw error;
    log.warn('It cannot be read whether a message was posted; it is posted again', { problem: describeError(error) });
    return undefined;
  }
}

async function edit(entry: Entry, ts: string, pass: Pass): Promise<void> {
  const { channel, ledger, delivery } = pass;
  const wait = await ledger.take(editBucket);
  if (wait > 0) {
    close('edit', wait, pass);
    return;
  }
  await channel.update({ channel: delivery.channel, ts, message: entry.message });
  pass.meter.sent('edit');
  await keep(entry.key, { ts, digest: digestOf(entry.message) }, pass);
}

interface Failed {
  readonly entry: Entry;
  readonly lane: Exclude<Lane, 'file'>;
}

async function recover(error: unknown, failed: Failed, pass: Pass): Promise<void> {
  if (!(error instanceof LifeguardError)) throw error;
  const { ledger, log, delivery } = pass;
  switch (error.code) {
    case 'channel-rate-limited': {
      const wait = error.retryAfterMs ?? slowDownMs;
      pass.meter.slowedDown(failed.lane);
      await ledger.hold(failed.lane === 'edit' ? editBucket.name : postBucketOf(delivery), wait);
      close(failed.lane, wait, pass);
      return;
    }
    case 'channel-unreachable':
      log.warn('Slack is away; messages wait', { problem: describeError(error) });
      pass.lanes.waits.push(awayMs(pass));
      pass.lanes.away = true;
      return;
    case 'channel-message-gone':
      await forget(failed, pass);
      return;
    case 'channel-rejected':
      await refuse(failed, describeError(error), pass);
      return;
    default:
      throw error;
  }
}

/** 2 s at first, 15 s at last: a quarter of the time that people have been waiting for the news. */
export function awayMs({ clock, changedAt }: Pick<Pass, 'clock' | 'changedAt'>): number {
  return Math.round(Math.min(15_000, Math.max(2_000, (clock.now() - changedAt) / 4)));
}

/** A message that people deleted is posted again; with the root goes its thread, which nobody would find any more. */
async function forget(failed: Failed, pass: Pass): Promise<void> {
  const { entry, lane } = failed;
  if (lane === 'post' && pass.newRoot) {
    await refuse(failed, 'The thread of a message just posted is gone.', pass);
    return;
  }
  const all = lane === 'post' || entry.key === rootKey;
  const left = all ? [] : Object.entries(pass.delivery.entries).filter(([key]) => key !== entry.key);
  await save({ ...pass.delivery, entries: Object.fromEntries(left) }, pass);
  pass.lanes.waits.push(0);
  pass.over = all;
}

async function refuse({ entry, lane }: Failed, problem: string, pass: Pass): Promise<void> {
  pass.log.error('Slack refuses a message; somebody must mend this', {
    incident: pass.incidentId,
    entry: entry.key,
    channel: pass.delivery.channel,
    problem,
  });
  pass.lanes.waits.push(refusedMs);
  if (lane === 'post' && entry.key === rootKey) pass.lanes.closed.add(lane);
  const { refusedUntil: _former, ...known } = pass.delivery.entries[entry.key] ?? { digest: '' };
  await keep(
    entry.key,
    { ...known, digest: digestOf(entry.message), refusedUntil: pass.clock.now() + refusedMs },
    pass,
  );
}

function close(lane: Lane, wait: number, { lanes }: Pass): void {
  lanes.closed.add(lane);
  lanes.waits.push(wait);
}

function keep(key: string, entry: DeliveredEntry, pass: Pass): Promise<void> {
  return save({ ...pass.delivery, entries: { ...pass.delivery.entries, [key]: entry } }, pass);
}

async function save(delivery: Delivery, pass: Pass): Promise<void> {
  await pass.ledger.write(pass.incidentId, delivery);
  pass.delivery = delivery;
}

export function postBucketOf({ channel }: Delivery): string {
  return `post-${channel}`;
}

function digestOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16);
}
