import { createHash } from 'node:crypto';
import { describeError, LifeguardError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import type { Incident } from '../core/incident.ts';
import { done, type Outcome } from '../core/outcome.ts';
import type { Channel, Message } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Delivery, MessageLedger } from '../core/ports/message-ledger.ts';
import type { Records } from '../core/ports/records.ts';
import type { Proposal } from '../core/proposal.ts';
import { renderRoot } from './reports/root.ts';
import type { Snapshot } from './reports/snapshot.ts';
import { renderThread } from './reports/thread.ts';

export interface OutboxContext {
  readonly incidents: Records<Incident>;
  readonly proposals: Records<Proposal>;
  readonly executions: Records<Execution>;
  readonly channel: Channel;
  readonly ledger: MessageLedger;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the messages of an incident go: a channel's id. */
  readonly channelFor: (incident: Incident) => string;
}

/** Slack's limits with room to spare: one post a second in a channel, 50 edits a minute in the workspace. */
const postBucket = { perMinute: 60, burst: 4 } as const;
const updateBucket = { perMinute: 40, burst: 10 } as const;

/** When another worker holds the incident, and when Slack is away, milliseconds. */
const busyMs = 300;
const awayMs = 3_000;

/** When only an operator can help (the bot is not in the channel), milliseconds. */
const refusedMs = 60_000;

const rootKey = 'root';

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

async function deliver(incidentId: string, context: OutboxContext): Promise<Outcome> {
  const snapshot = await readSnapshot(incidentId, context);
  if (snapshot === undefined) return done;
  const start = (await context.ledger.read(incidentId)) ?? {
    channel: context.channelFor(snapshot.incident),
    version: 0,
    entries: {},
  };
  const wanted = [{ key: rootKey, message: renderRoot(snapshot) }, ...renderThread(snapshot)];
  try {
    let delivery = start;
    for (const entry of wanted) {
      const step = await deliverEntry({ incidentId, delivery, ...entry }, context);
      if ('againInMs' in step) return step;
      delivery = step.delivery;
    }
    await context.ledger.write(incidentId, { ...delivery, version: snapshot.incident.version });
    return done;
  } catch (error) {
    return recover(error, start.channel, context);
  }
}

interface EntryStep {
  readonly incidentId: string;
  readonly delivery: Delivery;
  readonly key: string;
  readonly message: Message;
}

type StepResult = { readonly delivery: Delivery } | { readonly againInMs: number };

async function deliverEntry(step: EntryStep, context: OutboxContext): Promise<StepResult> {
  const known = step.delivery.entries[step.key];
  if (known?.ts === undefined) return post(step, known !== undefined, context);
  return known.digest === digestOf(step.message) ? { delivery: step.delivery } : edit(step, known.ts, context);
}

/** `attempted`: an earlier post may have got through, so Slack is asked first. */
async function post(step: EntryStep, attempted: boolean, context: OutboxContext): Promise<StepResult> {
  const { delivery, key, message, incidentId } = step;
  const { channel } = delivery;
  const thread = key === rootKey ? undefined : delivery.entries[rootKey]?.ts;
  const place = { channel, key: { incidentId, entry: key }, ...(thread === undefined ? {} : { thread }) };
  const found = attempted ? await context.channel.find(place) : undefined;
  if (found !== undefined) return edit({ ...step, delivery: await keep(step, found, context) }, found, context);
  const wait = await context.ledger.take({ name: `post-${channel}`, ...postBucket });
  if (wait > 0) return { againInMs: wait };
  await context.ledger.write(incidentId, withEntry(delivery, key, { digest: digestOf(message) }));
  const ts = await context.channel.post({ ...place, message });
  return { delivery: await keep(step, ts, context) };
}

/** A message that people deleted is posted again. */
async function edit(step: EntryStep, ts: string, context: OutboxContext): Promise<StepResult> {
  const { delivery, message } = step;
  const wait = await context.ledger.take({ name: 'update', ...updateBucket });
  if (wait > 0) return { againInMs: wait };
  try {
    await context.channel.update({ channel: delivery.channel, ts, message });
  } catch (error) {
    if (!(error instanceof LifeguardError) || error.code !== 'channel-message-gone') throw error;
    await context.ledger.write(step.incidentId, withoutEntry(delivery, step.key));
    return { againInMs: 0 };
  }
  return { delivery: await keep(step, ts, context) };
}

/** Writes down what Slack has now. */
async function keep(
  { incidentId, delivery, key, message }: EntryStep,
  ts: string,
  { ledger }: OutboxContext,
): Promise<Delivery> {
  const next = withEntry(delivery, key, { ts, digest: digestOf(message) });
  await ledger.write(incidentId, next);
  return next;
}

function withEntry(delivery: Delivery, key: string, entry: Delivery['entries'][string]): Delivery {
  return { ...delivery, entries: { ...delivery.entries, [key]: entry } };
}

function withoutEntry(delivery: Delivery, key: string): Delivery {
  return {
    ...delivery,
    entries: Object.fromEntries(Object.entries(delivery.entries).filter(([name]) => name !== key)),
  };
}

/** Slack being slow, away or full only delays; what an operator must mend is said once per try and tried again slowly. */
async function recover(error: unknown, channel: string, { ledger, clock, log }: OutboxContext): Promise<Outcome> {
  if (!(error instanceof LifeguardError)) throw error;
  if (error.code === 'channel-rate-limited') {
    const wait = error.retryAfterMs ?? 30_000;
    await ledger.hold('update', clock.now() + wait);
    await ledger.hold(`post-${channel}`, clock.now() + wait);
    return { againInMs: wait };
  }
  if (error.code === 'channel-unreachable') {
    log.warn('Slack is away; messages wait', { problem: describeError(error) });
    return { againInMs: awayMs };
  }
  if (error.code !== 'channel-rejected') throw error;
  log.error('Slack refuses a message; somebody must mend this', { channel, problem: describeError(error) });
  return { againInMs: refusedMs };
}

async function readSnapshot(
  incidentId: string,
  { incidents, proposals, executions }: OutboxContext,
): Promise<Snapshot | undefined> {
  const incident = await incidents.get(incidentId);
  if (incident === undefined) return undefined;
  const made = await Promise.all(incident.proposalIds.map((id) => proposals.get(id)));
  const run = await Promise.all(incident.proposalIds.map((id) => executions.get(id)));
  return {
    incident,
    proposals: made.filter((one) => one !== undefined),
    executions: run.filter((one) => one !== undefined),
  };
}

function digestOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16);
}
