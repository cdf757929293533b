import { isDeepStrictEqual } from 'node:util';
import { severityRank } from '../core/finding.ts';
import type { Storm, StormMember, Weather } from '../core/weather.ts';

/** When a channel has more new incidents than people can read. */
export interface StormParams {
  /** Messages of new incidents that a channel takes within the time; one more is a storm. */
  readonly roots: number;
  readonly withinMs: number;
}

/** An incident that has something to tell. */
export interface Candidate extends Omit<StormMember, 'joinedAt'> {
  /** It goes on in another incident. */
  readonly merged: boolean;
}

export interface Moment {
  readonly now: number;
  readonly params: StormParams;
}

/** What is open first, then the worst, then the oldest. */
export function sortMembers(members: readonly StormMember[]): readonly StormMember[] {
  return members.toSorted(
    (a, b) =>
      Number(b.open) - Number(a.open) ||
      severityRank(a.severity) - severityRank(b.severity) ||
      a.openedAt - b.openedAt ||
      (a.id < b.id ? -1 : 1),
  );
}

/** The weather after a look at everything that has something to tell; the same object where nothing changes. `channel` names a new storm. */
export function advanceWeather(
  weather: Weather,
  seen: { readonly channel: string; readonly candidates: readonly Candidate[] },
  { now, params }: Moment,
): Weather {
  const { channel, candidates } = seen;
  const lately = weather.recent.filter(({ joinedAt }) => now - joinedAt < params.withinMs);
  const recent = update(lately, candidates);
  const known = refresh(weather.storm, candidates);
  const newcomers = findNewcomers(candidates, known, now);
  const tooMany = recent.length + newcomers.length > params.roots;
  const current = known ?? (tooMany ? begin(channel, recent, now) : undefined);
  if (current === undefined) return keepSame({ recent }, weather);
  const raging = tooMany || current.phase === 'raging';
  const storm = raging ? rage(current, newcomers, { now, params }) : calm(current);
  return keepSame({ recent: known === undefined ? [] : recent, storm }, weather);
}

function keepSame(next: Weather, weather: Weather): Weather {
  return isDeepStrictEqual(next, weather) ? weather : next;
}

function refresh(storm: Storm | undefined, candidates: readonly Candidate[]): Storm | undefined {
  return storm === undefined ? undefined : { ...storm, members: update(storm.members, candidates) };
}

function findNewcomers(
  candidates: readonly Candidate[],
  storm: Storm | undefined,
  now: number,
): readonly StormMember[] {
  const members = new Set(storm?.members.map(({ id }) => id));
  const fresh = candidates.filter(({ id, rooted, merged }) => !rooted && !merged && !members.has(id));
  return fresh.map((one) => memberOf(one, now));
}

/** Whether an incident may have a message of its own now, rather than the storm's. */
export function mayRoot({ storm }: Weather, { id, rooted }: Candidate, moment: Moment): boolean {
  const member = storm?.members.find((one) => one.id === id);
  if (storm === undefined || member === undefined || rooted) return true;
  return nextOfBacklog(storm, moment) === id;
}

/** The member whose turn it is to get a message of its own: while the storm rages only one that asks for approval. */
export function nextOfBacklog(storm: Storm, { now, params }: Moment): string | undefined {
  if (now < storm.pacedAt + paceMs(params)) return undefined;
  return dueOf(storm)[0]?.id;
}

function dueOf(storm: Storm): readonly StormMember[] {
  const backlog = backlogOf(storm);
  return sortMembers(storm.phase === 'settling' ? backlog : backlog.filter(({ asks }) => asks));
}

/** A message of an incident's own has been posted. */
export function noteRoot(
  { recent, storm }: Weather,
  posted: { readonly candidate: Candidate; readonly now: number },
): Weather {
  const { candidate, now } = posted;
  const member = memberOf({ ...candidate, rooted: true }, now);
  if (storm?.members.some(({ id }) => id === candidate.id) === true) {
    const members = storm.members.map((one) => (one.id === candidate.id ? { ...one, rooted: true } : one));
    return { recent, storm: { ...storm, pacedAt: now, members } };
  }
  if (storm?.phase === 'raging') return { recent, storm: { ...storm, members: [...storm.members, member] } };
  const added = [...recent.filter(({ id }) => id !== candidate.id), member];
  return storm === undefined ? { recent: added } : { recent: added, storm };
}

/** When the weather changes although nothing happens, epoch milliseconds. */
export function nextChangeAt({ storm }: Weather, params: StormParams): number | undefined {
  if (storm === undefined || storm.phase === 'over') return undefined;
  const paced = dueOf(storm).length === 0 ? [] : [storm.pacedAt + paceMs(params)];
  return storm.phase === 'settling' ? paced[0] : Math.min(...paced, calmAt(storm, params));
}

/** When so few will have joined lately that the storm no longer rages. */
function calmAt({ members }: Storm, params: StormParams): number {
  const joined = members.map(({ joinedAt }) => joinedAt).toSorted((a, b) => b - a);
  const deciding = joined[quietCount(params)];
  return deciding === undefined ? 0 : deciding + params.withinMs;
}

/** It is over and everybody has been told. */
export function forgetStorm({ recent }: Weather): Weather {
  return { recent };
}

/** Open, and without a message of its own. */
export function backlogOf({ members }: Storm): readonly StormMember[] {
  return members.filter(({ open, rooted }) => open && !rooted);
}

/** After a storm messages come as slowly as would just not make another. */
function paceMs({ roots, withinMs }: StormParams): number {
  return withinMs / roots;
}

/** So few that joined within the time end a storm: half of what begins one, so that it does not end and begin in turn. */
function quietCount({ roots }: StormParams): number {
  return Math.floor(roots / 2);
}

function memberOf({ merged: _merged, ...shown }: Candidate, joinedAt: number): StormMember {
  return { ...shown, joinedAt };
}

/** Those that have just got messages of their own belong to it. */
function begin(channel: string, recent: readonly StormMember[], now: number): Storm {
  const since = Math.min(now, ...recent.map(({ joinedAt }) => joinedAt));
  return { id: `storm-${channel}-${now}`, phase: 'raging', since, pacedAt: now, members: recent };
}

function rage(storm: Storm, newcomers: readonly StormMember[], { now, params }: Moment): Storm {
  const members = [...storm.members, ...newcomers];
  const fresh = members.filter(({ joinedAt }) => now - joinedAt < params.withinMs);
  const goesOn = fresh.length > quietCount(params);
  return goesOn ? { ...storm, phase: 'raging', members } : calm({ ...storm, members });
}

function calm(storm: Storm): Storm {
  return { ...storm, phase: backlogOf(storm).length === 0 ? 'over' : 'settling' };
}

/**
 * With the newest of each; what goes on in another incident before it had a message of its own is left out. Who is called once it has one is
 * named in its own thread.
 */
function update(members: readonly StormMember[], candidates: readonly Candidate[]): readonly StormMember[] {
  const news = new Map(candidates.map((one) => [one.id, one]));
  return members.flatMap((member) => {
    const now = news.get(member.id);
    if (now?.merged === true && !member.rooted) return [];
    if (now === undefined) return [member];
    const called = now.rooted ? member.called : now.called;
    return [{ ...member, ...memberOf(now, member.joinedAt), called }];
  });
}
