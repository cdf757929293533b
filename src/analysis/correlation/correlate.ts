import { type Finding, findingKey } from '../../core/finding.ts';
import { refKey } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import { type FindingIndex, indexFindings } from './finding-index.ts';
import { precedes, type Relation, relations } from './relations.ts';

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
  const best = findBest([effect], { index: indexFindings(others), view });
  return best === undefined ? undefined : { finding: best.finding, because: best.because };
}

interface World {
  readonly index: FindingIndex;
  readonly view: ClusterView;
}

/** Everything that explains it, the best first; searched only as far as is asked for. */
function* findCandidates(effect: Finding, { index, view }: World): Generator<Candidate> {
  for (const [rank, relation] of relations.entries()) {
    for (const cause of index.find(relation.causes, relation.through(effect, view))) {
      const because = mayExplain(effect, cause, relation) ? relation.explain({ effect, cause }, view) : undefined;
      if (because !== undefined)
        yield { finding: cause, rank, because: `${because}, ${formatApart(Math.abs(effect.since - cause.since))}` };
    }
  }
}

function compare(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || (precedes(a.finding, b.finding) ? -1 : 1);
}

function mayExplain(effect: Finding, cause: Finding, { exact }: Relation): boolean {
  if (findingKey(effect) === findingKey(cause)) return false;
  // An alert repeats what is known of its subject, however late its rule fires, and says nothing of other objects.
  const told = effect.reportedBy !== undefined && refKey(effect.subject) === refKey(cause.subject);
  if (told) return true;
  if (cause.reportedBy !== undefined) return false;
  // What an alert's labels name may be meant otherwise, so for alerts time counts whatever the relation.
  return Math.abs(effect.since - cause.since) <= apartMs || (exact && effect.reportedBy === undefined);
}

function formatApart(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s apart`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min apart` : `${Math.round(seconds / 3_600)} h apart`;
}

/** Every finding with the one at the end of its chain of causes; one that nothing explains is its own. */
export function findRoots(findings: readonly Finding[], view: ClusterView): ReadonlyMap<string, Cause> {
  const world = { index: indexFindings(findings), view };
  const best = new Map(findings.map((one) => [one, findBest([one], world)]));
  const next = (circle: readonly Finding[]): Candidate | undefined => {
    const [only, ...others] = circle;
    return only !== undefined && others.length === 0 ? best.get(only) : findBest(circle, world);
  };
  return new Map(
    findings.map((start) => {
      const finding = climb(start, next);
      // Empty for its own root; the others are told the first step towards it.
      const because = finding === start ? '' : (best.get(start)?.because ?? '');
      return [findingKey(start), { finding, because }];
    }),
  );
}

/** What explains any of a circle best, from outside of it. */
function findBest(circle: readonly Finding[], world: World): Candidate | undefined {
  const outside = circle.map((one) => {
    for (const candidate of findCandidates(one, world)) if (!circle.includes(candidate.finding)) return candidate;
    return undefined;
  });
  return outside.filter((one) => one !== undefined).toSorted(compare)[0];
}

/**
 * Follows the best cause until nothing explains what is reached. A circle of causes (a webhook that refuses the pods that are to answer for it) is taken
 * for one: what explains any of it explains it all, and where nothing does, it ends at its earliest finding. So what is explained once stays
 * explained, whatever else turns up.
 */
function climb(start: Finding, nextOf: (circle: readonly Finding[]) => Candidate | undefined): Finding {
  const chain: Finding[][] = [[start]];
  for (;;) {
    const circle = chain.at(-1) ?? [start];
    const next = nextOf(circle);
    if (next === undefined) return circle.reduce((best, one) => (precedes(one, best) ? one : best));
    const closed = chain.findIndex((group) => group.includes(next.finding));
    if (closed === -1) chain.push([next.finding]);
    else chain.push(chain.splice(closed).flat());
  }
}
