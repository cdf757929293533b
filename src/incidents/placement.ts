import { type Finding, findingKey } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { findRelated, holdingFindings, isCause } from './membership.ts';

/** The finding at the end of the chain of causes, and why the one asked about leads there. */
interface Root {
  readonly finding: Finding;
  /** Empty where the finding is its own root. */
  readonly because: string;
}

/** For each finding by its key, its root. */
export type Correlate = (findings: readonly Finding[]) => ReadonlyMap<string, Root>;

/** One step that brings incidents in line with what belongs together. */
export type Step =
  | { readonly do: 'open'; readonly finding: Finding }
  | { readonly do: 'join' | 'promote'; readonly into: string; readonly finding: Finding; readonly because: string }
  | {
      readonly do: 'move';
      readonly from: string;
      readonly into: string;
      readonly finding: Finding;
      readonly because: string;
    }
  | { readonly do: 'merge'; readonly from: string; readonly into: string; readonly because: string };

interface Placed {
  readonly finding: Finding;
  readonly root: Root;
  /** The incident that has it. */
  readonly home: Incident | undefined;
}

/**
 * The next step, or undefined where everything is in its place. Steps are taken one at a time, because each changes what the next is. What once
 * belongs together stays together: a cause that heals before its effects does not tear them apart.
 */
export function nextStep(incidents: readonly Incident[], correlate: Correlate, fresh?: Finding): Step | undefined {
  const known = incidents.flatMap((incident) =>
    holdingFindings(incident).map((finding) => ({ finding, home: incident })),
  );
  const isKnown = fresh !== undefined && known.some(({ finding }) => findingKey(finding) === findingKey(fresh));
  const all = fresh === undefined || isKnown ? known : [...known, { finding: fresh, home: undefined }];
  const roots = correlate(all.map(({ finding }) => finding));
  const placed = all.map((one): Placed => {
    const root = roots.get(findingKey(one.finding)) ?? { finding: one.finding, because: '' };
    return { ...one, root };
  });
  for (const one of placed) {
    const step = stepFor(one, placed);
    if (step !== undefined) return step;
  }
  return undefined;
}

function stepFor(one: Placed, all: readonly Placed[]): Step | undefined {
  const rootKey = findingKey(one.root.finding);
  if (rootKey === findingKey(one.finding)) return one.home === undefined ? placeRoot(one, all) : succeed(one, one.home);
  const root = all.find(({ finding }) => findingKey(finding) === rootKey);
  if (root === undefined) return undefined;
  if (root.home === undefined) return placeRoot(root, all);
  return one.home?.id === root.home.id ? lead(one, root, root.home) : bring(one, root.home);
}

/** A finding that nothing explains: it leads the oldest incident whose cause it explains, or gets one of its own. */
function placeRoot({ finding }: Placed, all: readonly Placed[]): Step {
  const key = findingKey(finding);
  const explained = all
    .filter(({ root, finding: effect, home }) => isFreeCause(home, effect) && findingKey(root.finding) === key)
    .toSorted((a, b) => (a.home?.openedAt ?? 0) - (b.home?.openedAt ?? 0))[0];
  if (explained?.home === undefined) return { do: 'open', finding };
  return { do: 'promote', into: explained.home.id, finding, because: explained.root.because };
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
