import { type Finding, findingKey } from '../core/finding.ts';
import { holdingFindings, type Incident } from '../core/incident.ts';
import { refKey } from '../core/resource-ref.ts';
import { findRelated, isCause } from './membership.ts';

/** The finding at the end of the chain of causes, and why the one asked about leads there. */
interface Root {
  readonly finding: Finding;
  /** Empty where the finding is its own root. */
  readonly because: string;
}

/** For each finding by its key, its root. */
export type Correlate = (findings: readonly Finding[]) => ReadonlyMap<string, Root>;

/** One step that brings incidents in line with what belongs together. */
type Step =
  | { readonly do: 'open'; readonly finding: Finding }
  | { readonly do: 'promote'; readonly into: string; readonly finding: Finding; readonly because: string }
  | Bringing;

/** A finding comes into an incident: a new one, one of another incident, or one with the whole incident that it leads. */
export type Bringing =
  | { readonly do: 'join'; readonly into: string; readonly finding: Finding; readonly because: string }
  | {
      readonly do: 'move';
      readonly from: string;
      readonly into: string;
      readonly finding: Finding;
      readonly because: string;
    }
  | { readonly do: 'merge'; readonly from: string; readonly into: string; readonly because: string };

/** Steps of one kind that do not get in each other's way, so that they can be taken together. */
export type Steps =
  | { readonly do: 'open'; readonly findings: readonly Finding[] }
  | { readonly do: 'promote'; readonly into: string; readonly finding: Finding; readonly because: string }
  | { readonly do: 'bring'; readonly into: string; readonly steps: readonly Bringing[] };

interface Placed {
  readonly finding: Finding;
  readonly key: string;
  readonly root: Root;
  /** The incident that has it. */
  readonly home: Incident | undefined;
}

interface Board {
  /** Everything that is to be placed, by its key, oldest first; of a finding that two incidents have, the one of the older. */
  readonly placed: ReadonlyMap<string, Placed>;
  /** Open incidents in which nothing holds any more, by what they were about. */
  readonly ended: ReadonlyMap<string, Incident>;
}

/**
 * The next steps, or undefined where everything is in its place. Those that others depend on come first, because each changes what the next is. What
 * once belongs together stays together: a cause that heals before its effects does not tear them apart.
 */
export function nextSteps(
  incidents: readonly Incident[],
  correlate: Correlate,
  fresh: readonly Finding[],
): Steps | undefined {
  const known = incidents.flatMap((incident) =>
    holdingFindings(incident).map((finding) => ({ finding, home: incident })),
  );
  const keys = new Set(known.map(({ finding }) => findingKey(finding)));
  const strangers = [...new Map(fresh.map((finding) => [findingKey(finding), finding])).values()];
  const homeless = strangers.filter((one) => !keys.has(findingKey(one)));
  const seen = new Set([...keys, ...strangers.map(findingKey)]);
  const mended = incidents.flatMap(beingMended).filter(({ finding }) => !seen.has(findingKey(finding)));
  const all = [...known, ...mended, ...homeless.map((finding) => ({ finding, home: undefined }))];
  const roots = correlate(all.map(({ finding }) => finding));
  const placed = all.map((one): Placed => {
    const key = findingKey(one.finding);
    return { ...one, key, root: roots.get(key) ?? { finding: one.finding, because: '' } };
  });
  const board = { placed: new Map<string, Placed>(), ended: endedAmong(incidents) };
  for (const one of placed) if (!board.placed.has(one.key)) board.placed.set(one.key, one);
  return together(placed.map((one) => stepFor(one, board)).filter((step) => step !== undefined));
}

/** What a change has just ended explains what is told late of it, until the change is proven. */
function beingMended(home: Incident): readonly { readonly finding: Finding; readonly home: Incident }[] {
  const { finding, holds, executing } = home;
  return executing && !holds && finding !== undefined ? [{ finding, home }] : [];
}

function endedAmong(incidents: readonly Incident[]): ReadonlyMap<string, Incident> {
  const ended = incidents.filter((incident) => !incident.executing && holdingFindings(incident).length === 0);
  return new Map(ended.flatMap((incident) => (incident.finding ? [[refKey(incident.finding.subject), incident]] : [])));
}

/** The first step, with all others that do the same: what opens does not touch what is open, and what comes into one incident leaves the others. */
function together(steps: readonly Step[]): Steps | undefined {
  const [first] = steps;
  if (first === undefined || first.do === 'promote') return first;
  if (first.do !== 'open') {
    const { into } = first;
    return { do: 'bring', into, steps: steps.filter((step) => isBringing(step)).filter((step) => step.into === into) };
  }
  const opening = steps.filter((step) => step.do === 'open').map(({ finding }) => finding);
  return { do: 'open', findings: [...new Set(opening)] };
}

function isBringing(step: Step): step is Bringing {
  return step.do !== 'open' && step.do !== 'promote';
}

function stepFor(one: Placed, board: Board): Step | undefined {
  const rootKey = findingKey(one.root.finding);
  if (rootKey === one.key) return one.home === undefined ? placeRoot(one, board) : succeed(one, one.home);
  const root = board.placed.get(rootKey);
  if (root === undefined) return undefined;
  if (root.home === undefined) return placeRoot(root, board);
  return one.home?.id === root.home.id ? lead(one, root, root.home) : bring(one, root.home);
}

/**
 * A finding that nothing explains: it leads the oldest incident whose cause it explains, or the one in which something else of the same object ended just
 * now, or gets one of its own.
 */
function placeRoot({ finding, key }: Placed, { placed, ended }: Board): Step {
  const explained = [...placed.values()]
    .filter(({ root, finding: effect, home }) => isFreeCause(home, effect) && findingKey(root.finding) === key)
    .toSorted((a, b) => (a.home?.openedAt ?? 0) - (b.home?.openedAt ?? 0))[0];
  if (explained?.home !== undefined)
    return { do: 'promote', into: explained.home.id, finding, because: explained.root.because };
  const former = ended.get(refKey(finding.subject));
  if (former === undefined) return { do: 'open', finding };
  return { do: 'promote', into: former.id, finding, because: 'it had just ended when this began' };
}

/** A change under way is not taken from under the incident that made it. */
function isFreeCause(home: Incident | undefined, finding: Finding): boolean {
  return home !== undefined && !home.executing && isCause(home, findingKey(finding));
}

/** Both are in one incident: the root must lead it. */
function lead(one: Placed, root: Placed, home: Incident): Step | undefined {
  const leads = isCause(home, findingKey(one.finding)) && !home.executing;
  return leads ? { do: 'promote', into: home.id, finding: root.finding, because: one.root.because } : undefined;
}

/** Where the cause of an incident no longer holds, what goes on without it takes its place; but no alert does, which only ends later. */
function succeed({ finding }: Placed, home: Incident): Step | undefined {
  if (home.holds || home.executing || findRelated(home, findingKey(finding)) === undefined) return undefined;
  if (finding.reportedBy !== undefined && home.finding?.reportedBy === undefined) return undefined;
  return { do: 'promote', into: home.id, finding, because: 'it is over, while this goes on' };
}

/** Into the incident of its root: alone, or with the whole incident that it led. */
function bring({ finding, home, root: { because } }: Placed, into: Incident): Step | undefined {
  if (home === undefined) return { do: 'join', into: into.id, finding, because };
  if (!isCause(home, findingKey(finding))) return { do: 'move', from: home.id, into: into.id, finding, because };
  return home.executing ? undefined : { do: 'merge', from: home.id, into: into.id, because };
}
