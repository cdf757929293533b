import { type Finding, findingKey } from '../../core/finding.ts';
import { refKey } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import { precedes, relations } from './relations.ts';

/** Findings so far apart in time are joined only where the relation is exact, milliseconds. */
const apartMs = 30 * 60_000;

export interface Cause {
  readonly finding: Finding;
  /** To follow on "because". */
  readonly because: string;
}

/** One finding that explains another; the lower the rank of the relation, the better. */
interface Candidate extends Cause {
  readonly rank: number;
}

/**
 * The finding that explains this one best, among those that hold: by the order of the relations, then the earliest. Undefined where none does.
 * The answer depends on what holds and on the view, never on the order in which it was seen.
 */
export function findCause(effect: Finding, others: readonly Finding[], view: ClusterView): Cause | undefined {
  const [best] = findCandidates(effect, others, view);
  return best === undefined ? undefined : { finding: best.finding, because: best.because };
}

/** Everything that explains it, the best first. */
function findCandidates(effect: Finding, others: readonly Finding[], view: ClusterView): readonly Candidate[] {
  return others
    .flatMap((cause) => {
      const found = explain(effect, cause, view);
      return found === undefined ? [] : [{ ...found, finding: cause }];
    })
    .toSorted(compare);
}

function compare(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || (precedes(a.finding, b.finding) ? -1 : 1);
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
  if (cause.reportedBy !== undefined && !told) return undefined;
  // What an alert's labels name may be meant otherwise, so for alerts time counts whatever the relation.
  const near = apart <= apartMs || told;
  const allowed = relations.filter(({ exact }) => near || (exact && effect.reportedBy === undefined));
  for (const relation of allowed) {
    const because = relation.explain({ effect, cause }, view);
    if (because !== undefined)
      return { rank: relations.indexOf(relation), because: `${because}, ${formatApart(apart)}` };
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
  const candidates = new Map(findings.map((one) => [one, findCandidates(one, findings, view)]));
  return new Map(
    findings.map((start) => {
      const finding = climb(start, candidates);
      // Empty for its own root; the others are told the first step towards it.
      const because = finding === start ? '' : (candidates.get(start)?.[0]?.because ?? '');
      return [findingKey(start), { finding, because }];
    }),
  );
}

/**
 * Follows the best cause until nothing explains what is reached. A circle of causes (a webhook that refuses the pods that are to answer for it) is taken
 * for one: what explains any of it explains it all, and where nothing does, it ends at its earliest finding. So what is explained once stays
 * explained, whatever else turns up.
 */
function climb(start: Finding, candidates: ReadonlyMap<Finding, readonly Candidate[]>): Finding {
  const chain: Finding[][] = [[start]];
  for (;;) {
    const circle = chain.at(-1) ?? [start];
    const [next] = circle
      .flatMap((one) => candidates.get(one) ?? [])
      .filter(({ finding }) => !circle.includes(finding))
      .toSorted(compare);
    if (next === undefined) return circle.reduce((best, one) => (precedes(one, best) ? one : best));
    const closed = chain.findIndex((group) => group.includes(next.finding));
    if (closed === -1) chain.push([next.finding]);
    else chain.push(chain.splice(closed).flat());
  }
}
