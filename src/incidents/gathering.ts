import { isDeepStrictEqual } from 'node:util';
import { type Evidence, type Injection, numberAfter } from '../core/evidence.ts';
import { type Finding, findingKey } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { isCause } from './membership.ts';
import { stamp } from './timeline.ts';
import { addEvidence } from './transitions.ts';

/** Evidence is gathered so often for one incident; causes that take turns would gather for ever. */
const mostGathered = 4;

/** Whether the facts behind this finding of the incident are still to be gathered: there are none yet, or it has become the cause since they were. */
export function wantsEvidence(incident: Incident, finding: Finding): boolean {
  const { evidence, gathered } = incident;
  if (evidence.length === 0) return true;
  const key = findingKey(finding);
  const isNew = gathered !== undefined && gathered.of !== key && isCause(incident, key);
  return isNew && gathered.times < mostGathered;
}

interface Gathered {
  readonly finding: Finding;
  readonly evidence: readonly Evidence[];
  /** What in the incident tries to give instructions. */
  readonly inspect: (incident: Incident) => readonly Injection[];
}

/** What was gathered for a finding, before what is known and not told anew. Gives the same object back where somebody gathered meanwhile, or nothing was found. */
export function keepGathered(incident: Incident, { finding, evidence, inspect }: Gathered, now: number): Incident {
  if (!wantsEvidence(incident, finding)) return incident;
  const gathered = { of: findingKey(finding), times: (incident.gathered?.times ?? 0) + 1 };
  const joined = [...joinEvidence(incident.evidence, evidence)];
  const injections = inspect({ ...incident, evidence: joined });
  const kept = addEvidence(incident, { evidence: joined, injections }, now);
  return kept === incident ? incident : { ...kept, gathered };
}

/** Kinds that say what was thought of the former cause. */
const outdated: ReadonlySet<Evidence['kind']> = new Set(['suspect', 'related']);

/** What is the same keeps its id; what is new takes one that nothing else has. */
function joinEvidence(known: readonly Evidence[], fresh: readonly Evidence[]): readonly Evidence[] {
  const left = new Set(known);
  const told: Evidence[] = [];
  for (const one of fresh) {
    const same = [...left].find((other) => isSame(one, other));
    if (same === undefined) told.push(...numberAfter([...known, ...told], [one]));
    else told.push({ ...one, id: same.id });
    if (same !== undefined) left.delete(same);
  }
  return [...told, ...[...left].filter(({ kind }) => !outdated.has(kind))];
}

/** A log has many patterns, and its source is the same for all. */
function isSame(a: Evidence, b: Evidence): boolean {
  return a.kind === b.kind && a.source === b.source && (a.kind !== 'pattern' || a.text === b.text);
}

/** With these warnings of its findings, in place of those of before; those of its evidence stay. Gives the same object back where that is what it has. */
export function heed(incident: Incident, found: readonly Injection[], now: number): Incident {
  const { injections = [], evidence } = incident;
  const quoted = new Set(evidence.map(({ id }) => id));
  const next = [...found, ...injections.filter(({ id }) => quoted.has(id))];
  if (isDeepStrictEqual(next, injections)) return incident;
  const { injections: _before, ...rest } = incident;
  return stamp(next.length === 0 ? rest : { ...rest, injections: next }, now);
}
