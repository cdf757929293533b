import type { Explanation, Vote } from '../core/explanation.ts';
import { findingKey } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { stamp } from './timeline.ts';

export function explainIncident(incident: Incident, explanation: Explanation, now: number): Incident {
  return stamp({ ...incident, explanation }, now);
}

/** Notes what a person thinks of the explanation; the same object where there is none, or they said so before. */
export function voteOn(incident: Incident, by: string, vote: Vote): Incident {
  const { explanation } = incident;
  if (explanation === undefined || explanation.votes?.[by] === vote) return incident;
  return { ...incident, explanation: { ...explanation, votes: { ...explanation.votes, [by]: vote } } };
}

/** Without an explanation whose ids now stand for something else. What is added, or tells more of the same, keeps it. */
export function withoutStale(next: Incident, before: Incident): Incident {
  if (next.explanation === undefined) return next;
  const [findings, evidence] = [
    goesOn(findingsOf(before), findingsOf(next)),
    goesOn(sourcesOf(before), sourcesOf(next)),
  ];
  if (findings && evidence) return next;
  const { explanation: _stale, ...rest } = next;
  return rest;
}

/** Whether a model should look at it: there is evidence, or other evidence, or another cause, or people have to take over. */
export function needsExplaining(after: Incident, before: Incident): boolean {
  if (after.state !== 'open' || after.finding === undefined || after.evidence.length === 0) return false;
  const otherCause = findingsOf(after)[0] !== findingsOf(before)[0];
  return otherCause || after.evidence !== before.evidence || (after.escalated && !before.escalated);
}

function goesOn(before: readonly string[], after: readonly string[]): boolean {
  return before.every((one, index) => after[index] === one);
}

function findingsOf({ finding, related }: Incident): readonly string[] {
  return [...(finding === undefined ? [] : [finding]), ...related.map((one) => one.finding)].map(findingKey);
}

function sourcesOf({ evidence }: Incident): readonly string[] {
  return evidence.map(({ id, kind, source }) => `${id} ${kind} ${source}`);
}
