import type { Finding } from '../../core/finding.ts';
import { type ResourceRef, refKey } from '../../core/resource-ref.ts';
import { precedes, type Relation } from './relations.ts';

/** Findings by the objects that they are about and that they name, so that each is compared only with those it may have to do with. */
export interface FindingIndex {
  /** Each finding once, in the order of `precedes`. */
  find(how: Relation['causes'], refs: readonly ResourceRef[]): readonly Finding[];
}

export function indexFindings(findings: readonly Finding[]): FindingIndex {
  const ordered = findings.toSorted((a, b) => (precedes(a, b) ? -1 : 1));
  const places = new Map(ordered.map((finding, place) => [finding, place]));
  const shelves = {
    'about-it': shelve(ordered, ({ subject }) => [subject]),
    'naming-it': shelve(ordered, ({ about = [] }) => about),
  };
  const placeOf = (finding: Finding): number => places.get(finding) ?? 0;
  return {
    find(how, refs) {
      const found = [...new Set(refs.map(refKey))].flatMap((key) => shelves[how].get(key) ?? []);
      return refs.length < 2 ? found : [...new Set(found)].toSorted((a, b) => placeOf(a) - placeOf(b));
    },
  };
}

function shelve(
  findings: readonly Finding[],
  refsOf: (finding: Finding) => readonly ResourceRef[],
): ReadonlyMap<string, readonly Finding[]> {
  const shelf = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const key of new Set(refsOf(finding).map(refKey))) {
      const found = shelf.get(key);
      if (found === undefined) shelf.set(key, [finding]);
      else found.push(finding);
    }
  }
  return shelf;
}
