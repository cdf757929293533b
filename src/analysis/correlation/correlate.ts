import { type Finding, findingKey } from '../../core/finding.ts';
import { refKey } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import { precedes, relations } from './relations.ts';

/** Findings so far apart in time are not joined unless one names the other, milliseconds. */
const apartMs = 30 * 60_000;

export interface Cause {
  readonly finding: Finding;
  /** To follow on "because". */
  readonly because: string;
}

/**
 * The finding that explains this one best, among those that hold: by the order of the relations, then the earliest. Undefined where none does.
 * The answer depends on what holds and on the view, never on the order in which it was seen.
 */
export function findCause(effect: Finding, others: readonly Finding[], view: ClusterView): Cause | undefined {
  const candidates = others.flatMap((cause) => {
    const found = explain(effect, cause, view);
    return found === undefined ? [] : [{ ...found, finding: cause }];
  });
  const [best] = candidates.toSorted((a, b) => a.rank - b.rank || (precedes(a.finding, b.finding) ? -1 : 1));
  return best === undefined ? undefined : { finding: best.finding, because: best.because };
}

function explain(
  effect: Finding,
  cause: Finding,
  view: ClusterView,
): { readonly rank: number; readonly because: string } | undefined {
  const apart = Math.abs(effect.since - cause.since);
  if (findingKey(effect) === findingKey(cause)) return undefined;
  const together = refKey(effect.subject) === refKey(cause.subject);
  // An alert repeats what is known of its subject, however late its rule fires, and says nothing of other objects.
  const told = effect.reportedBy !== undefined && together;
  if ((apart > apartMs && !told) || (cause.reportedBy !== undefined && !told)) return undefined;
  for (const [rank, relation] of relations.entries()) {
    const because = relation.explain({ effect, cause }, view);
    if (because !== undefined) return { rank, because: `${because}, ${formatApart(apart)}` };
  }
  return undefined;
}

function formatApart(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s apart`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min apart` : `${Math.round(seconds / 3_600)} h apart`;
}

/** Every finding with the one at the end of its chain of causes; one that nothing explains is its own. */
export function findRoots(findings: readonly Finding[], view: ClusterView): ReadonlyMap<string, Cause> {
  const causes = new Map(findings.map((finding) => [findingKey(finding), findCause(finding, findings, view)]));
  return new Map(findings.map((finding) => [findingKey(finding), climb(finding, causes)]));
}

/** A circle of causes (two that name each other) ends at its earliest finding. */
function climb(start: Finding, causes: ReadonlyMap<string, Cause | undefined>): Cause {
  const seen = new Map<string, Finding>();
  let current: Cause = { finding: start, because: '' };
  for (;;) {
    const key = findingKey(current.finding);
    const next = causes.get(key);
    if (next === undefined) return named(start, current, causes);
    if (seen.has(key)) return named(start, { finding: earliest([...seen.values()]), because: '' }, causes);
    seen.set(key, current.finding);
    current = next;
  }
}

/** The root, with the reason of the first step towards it. */
function named(start: Finding, root: Cause, causes: ReadonlyMap<string, Cause | undefined>): Cause {
  return { finding: root.finding, because: causes.get(findingKey(start))?.because ?? '' };
}

function earliest([first, ...rest]: readonly Finding[]): Finding {
  if (first === undefined) throw new Error('there is no finding');
  return rest.reduce((best, one) => (precedes(one, best) ? one : best), first);
}
