import type { Incident } from '../core/incident.ts';
import { done, type Outcome } from '../core/outcome.ts';
import type { DeliverySchedule } from '../core/ports/delivery-schedule.ts';
import type { Delivery } from '../core/ports/message-ledger.ts';
import type { StormBoard } from '../core/ports/storm-board.ts';
import type { Storm, Weather } from '../core/weather.ts';
import {
  type Card,
  type CardContext,
  candidateOf,
  isHushed,
  isRequest,
  isRooted,
  readCard,
  sortByUrgency,
} from './card.ts';
import { deliverEntries, type Lanes, openLanes, rootKey } from './delivery.ts';
import { type ElsewhereContext, tellElsewhere } from './elsewhere.ts';
import { deliverFile, type FileContext, isSettled } from './files.ts';
import { filesOf } from './reports/evidence.ts';
import { renderRoot } from './reports/root.ts';
import type { Snapshot } from './reports/snapshot.ts';
import { renderStorm, renderStormCalls } from './reports/storm.ts';
import { explanationKey, renderThread } from './reports/thread.ts';
import {
  advanceWeather,
  forgetStorm,
  mayRoot,
  nextChangeAt,
  nextOfBacklog,
  noteRoot,
  type StormParams,
} from './storm.ts';

export interface OutboxContext extends FileContext, Omit<CardContext, 'ledger'>, Pick<ElsewhereContext, 'pager'> {
  readonly schedule: DeliverySchedule;
  readonly storms: StormBoard;
  readonly storm: StormParams;
  /** With its slash: `/kube`. */
  readonly commandName: string;
}

/** How soon a channel that another worker holds is looked at again, milliseconds. */
const busyMs = 300;

/** The longest a channel is left alone while something waits, milliseconds. */
const longestWaitMs = 60_000;

/** How long, and how often, the message of the incident in which another one goes on is waited for, milliseconds. */
const successorMs = 120_000;
const successorRetryMs = 5_000;

/** One look at a channel. */
interface Turn extends OutboxContext {
  readonly channelId: string;
  readonly lanes: Lanes;
  weather: Weather;
  /** What is told but for its files, by incident. */
  readonly owing: Map<string, Owed>;
}

/**
 * Brings what a channel shows up to date with the newest versions of what waits for it: new incidents first, the worst of them before the others, then
 * what changed. Where more are new than people can read, one message stands for them. A post is written down before it is made; one whose
 * fate is unknown is looked up before it is made again.
 */
export async function deliverChannel(channelId: string, context: OutboxContext): Promise<Outcome> {
  let outcome: Outcome = done;
  const held = await context.ledger.exclusively(channelId, async () => {
    outcome = await workOff(channelId, context);
  });
  return held ? outcome : { againInMs: busyMs };
}

/** What comes up while it works is seen before it ends: whoever asked for it meanwhile was told that the channel is being worked on. */
async function workOff(channelId: string, context: OutboxContext): Promise<Outcome> {
  const { schedule, storms, storm, clock } = context;
  const weather = await storms.read(channelId);
  const turn: Turn = { ...context, channelId, lanes: openLanes(), weather, owing: new Map() };
  let seen = await schedule.waiting(channelId);
  await take(seen, turn);
  do {
    for (let next = await schedule.waiting(channelId); hasNews(next, seen); next = await schedule.waiting(channelId)) {
      seen = next;
      await take(next, turn);
    }
  } while (await attachNext(turn));
  // What Slack does not take now is not told any sooner by the weather.
  const blocked = turn.lanes.away || turn.lanes.closed.has('post');
  const changeAt = blocked ? undefined : nextChangeAt(turn.weather, storm);
  const waits = [...turn.lanes.waits, ...(changeAt === undefined ? [] : [Math.max(0, changeAt - clock.now())])];
  return waits.length === 0 ? done : { againInMs: Math.min(...waits, longestWaitMs) };
}

type Waiting = ReadonlyMap<string, number>;

function hasNews(next: Waiting, seen: Waiting): boolean {
  return [...next].some(([id, version]) => (seen.get(id) ?? 0) < version);
}

async function take(waiting: Waiting, turn: Turn): Promise<void> {
  const cards = await readCards(waiting, turn);
  await watchWeather(cards, turn);
  const mine = sortByUrgency(cards.filter((card) => isOwn(card, turn)));
  for (const card of mine) if (!isRooted(card)) await deliver(card, 'root', turn);
  const told = await tellStorm(turn);
  const { weather } = turn;
  for (const card of mine) await deliver(card, 'all', turn);
  // One whose own message may have been posted already has been counted only now.
  if (turn.weather !== weather) await tellStorm(turn);
  const held = cards.filter((card) => !mine.includes(card));
  for (const card of held) await settleHeld(card, told, turn);
}

/**
 * What has no message of its own: nobody is to be told of it yet, or the storm's message tells it. Whom an escalation calls is called all the same.
 */
async function settleHeld(card: Card, told: boolean, turn: Turn): Promise<void> {
  const { ledger, weather } = turn;
  if (isHushed(card)) return settle(card, turn);
  const link = weather.storm === undefined ? undefined : (await ledger.read(weather.storm.id))?.link;
  const elsewhere = await tellElsewhere({ snapshot: card.snapshot, link }, turn);
  if (!told || !elsewhere) return;
  if (card.delivery?.toldAt === undefined && card.snapshot.incident.mergedInto === undefined) countTold(card, turn);
  await settle(card, turn);
}

/** What waits, and the member of a storm whose turn it is. */
async function readCards(waiting: Waiting, turn: Turn): Promise<readonly Card[]> {
  const { weather, storm, clock, schedule, channelId } = turn;
  const next =
    weather.storm === undefined ? undefined : nextOfBacklog(weather.storm, { now: clock.now(), params: storm });
  const ids = new Set([...waiting.keys(), ...(next === undefined ? [] : [next])]);
  const cards = await Promise.all([...ids].map(async (id) => ({ id, card: await readCard(id, turn) })));
  for (const { id, card } of cards) {
    const version = waiting.get(id);
    if (card === undefined && version !== undefined)
      await schedule.clear({ channel: channelId, incidentId: id, version });
  }
  return cards.map(({ card }) => card).filter((card) => card !== undefined);
}

async function watchWeather(cards: readonly Card[], turn: Turn): Promise<void> {
  const { channelId, clock, storm } = turn;
  const candidates = cards.filter((card) => !isRequest(card) && !isHushed(card)).map(candidateOf);
  await keepWeather(
    advanceWeather(turn.weather, { channel: channelId, candidates }, { now: clock.now(), params: storm }),
    turn,
  );
}

async function keepWeather(weather: Weather, turn: Turn): Promise<void> {
  if (weather === turn.weather) return;
  await turn.storms.write(turn.channelId, weather);
  turn.weather = weather;
}

/** Whether it has, or may now have, a message of its own. */
function isOwn(card: Card, { weather, clock, storm }: Turn): boolean {
  if (isRooted(card) || isRequest(card)) return true;
  if (isHushed(card)) return false;
  const candidate = candidateOf(card);
  return !candidate.merged && mayRoot(weather, candidate, { now: clock.now(), params: storm });
}

/** Brings the root, or the root and its thread, up to date; written down as delivered once nothing is left to do. */
async function deliver({ snapshot: read }: Card, part: 'root' | 'all', turn: Turn): Promise<void> {
  const { channelId, ledger, lanes } = turn;
  const { id: incidentId, updatedAt } = read.incident;
  const known = await ledger.read(incidentId);
  if (isCurrent({ snapshot: read, delivery: known })) return settle({ snapshot: read, delivery: known }, turn);
  const explained = known?.entries[explanationKey] !== undefined;
  const snapshot = { ...read, explained, successorLink: await findSuccessor(read.incident, turn) };
  const start = startOf({ snapshot: read, delivery: known }, channelId);
  const root = { key: rootKey, message: renderRoot(snapshot) };
  const entries = part === 'root' ? [root] : [root, ...renderThread(snapshot)];
  const order = { incidentId, delivery: start, entries, changedAt: updatedAt, lanes };
  const { delivery, complete } = await deliverEntries(order, turn);
  if (!isPosted(known) && isPosted(delivery)) await countRoot({ snapshot, delivery }, turn);
  if (part === 'all') await conclude({ snapshot, delivery }, { complete, former: known?.version ?? 0 }, turn);
}

/** What a storm's message told is still to be told by messages of its own. */
function startOf(card: Card, channel: string): Delivery {
  const { delivery = { channel, version: 0, entries: {} } } = card;
  return isRooted(card) ? delivery : { ...delivery, version: 0 };
}

/** Where the incident is told in which this one goes on; looked up late, so that one which has just got its message is found. */
async function findSuccessor({ mergedInto }: Incident, { ledger }: Turn): Promise<string | undefined> {
  return mergedInto === undefined ? undefined : (await ledger.read(mergedInto))?.link;
}

/** A thread that closes is to end with the address of the one that goes on, which may get its message a little later. */
function lacksSuccessor({ incident, successorLink }: Snapshot, { clock }: Turn): boolean {
  const lacks = incident.mergedInto !== undefined && successorLink === undefined;
  return lacks && clock.now() < incident.updatedAt + successorMs;
}

/** An incident of which all is told but its files. */
interface Owed {
  readonly snapshot: Snapshot;
  readonly told: Told;
}

/** Brings the files of one incident up to date, so that what comes up meanwhile is told before the next one's. False where none is left to look at. */
async function attachNext(turn: Turn): Promise<boolean> {
  const [next] = turn.owing;
  if (next === undefined) return false;
  const [incidentId, { snapshot, told }] = next;
  turn.owing.delete(incidentId);
  let delivery = await turn.ledger.read(incidentId);
  for (const file of filesOf(snapshot.incident)) {
    if (delivery === undefined || isSettled(file, delivery)) continue;
    const order = { incidentId, delivery, file, changedAt: snapshot.incident.updatedAt, lanes: turn.lanes };
    delivery = await deliverFile({ ...order, storm: turn.weather.storm !== undefined }, turn);
  }
  if (!owesFiles({ snapshot, delivery })) await conclude({ snapshot, delivery }, told, turn);
  return true;
}

function owesFiles({ snapshot: { incident }, delivery }: Card): boolean {
  return delivery !== undefined && filesOf(incident).some((file) => !isSettled(file, delivery));
}

interface Told {
  /** Whether its own messages tell this version. */
  readonly complete: boolean;
  /** The version that they told before. */
  readonly former: number;
}

/** Slack being away or full keeps nobody from being paged. */
async function conclude({ snapshot, delivery }: Card, told: Told, turn: Turn): Promise<void> {
  const { complete, former } = told;
  const elsewhere = await tellElsewhere({ snapshot, link: delivery?.link }, turn);
  if (!complete || !elsewhere) return;
  if (lacksSuccessor(snapshot, turn)) return void turn.lanes.waits.push(successorRetryMs);
  if (owesFiles({ snapshot, delivery })) return void turn.owing.set(snapshot.incident.id, { snapshot, told });
  turn.meter.coalesced(Math.max(0, snapshot.incident.version - former - 1));
  await settle({ snapshot, delivery }, turn);
}

/** Whether its own messages tell this version. */
function isCurrent(card: Card): boolean {
  return isRooted(card) && (card.delivery?.version ?? 0) >= card.snapshot.incident.version;
}

function isPosted(delivery: Delivery | undefined): boolean {
  return delivery?.entries[rootKey]?.ts !== undefined;
}

async function countRoot(card: Card, turn: Turn): Promise<void> {
  if (card.delivery?.toldAt === undefined) countTold(card, turn);
  if (isRequest(card)) return;
  await keepWeather(noteRoot(turn.weather, { candidate: candidateOf(card), now: turn.clock.now() }), turn);
}

/** What began during maintenance was to be told from its end on. */
function countTold({ snapshot }: Card, { meter, clock }: Turn): void {
  const { openedAt, attention } = snapshot.incident;
  meter.told(clock.now() - Math.max(openedAt, attention.since));
}

/** People have been told this version, by its own messages or by the storm's; or nobody is to be told. */
async function settle({ snapshot, delivery }: Card, turn: Turn): Promise<void> {
  const { channelId, ledger, schedule, clock } = turn;
  const { id: incidentId, version } = snapshot.incident;
  const known = (await ledger.read(incidentId)) ?? delivery ?? { channel: channelId, version: 0, entries: {} };
  const told = isHushed({ snapshot, delivery: known }) ? {} : { toldAt: clock.now() };
  if (known.version < version) await ledger.write(incidentId, { ...told, ...known, version });
  await schedule.clear({ channel: channelId, incidentId, version });
}

/** Brings the message of the storm up to date. True where it is, or where there is none. */
async function tellStorm(turn: Turn): Promise<boolean> {
  const { storm } = turn.weather;
  if (storm === undefined) return true;
  const told = await deliverStorm(storm, turn);
  if (told && storm.phase === 'over') await keepWeather(forgetStorm(turn.weather), turn);
  return told;
}

async function deliverStorm(storm: Storm, turn: Turn): Promise<boolean> {
  const { channelId, ledger, lanes, commandName, clock } = turn;
  const known = (await ledger.read(storm.id)) ?? { channel: channelId, version: 0, entries: {} };
  const entries = [{ key: rootKey, message: renderStorm(storm, commandName) }, ...renderStormCalls(storm)];
  const order = { incidentId: storm.id, delivery: known, entries, changedAt: clock.now(), lanes };
  return (await deliverEntries(order, turn)).complete;
}
