import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Incident } from './incident.ts';
import { type ResourceRef, refKey } from './resource-ref.ts';

/** Findings of an incident that may be cited; a storm has more than anybody reads. */
const mostFindings = 6;

/** Findings of the incident, its cause first. */
export function findingsOf({ finding, related }: Incident): readonly Finding[] {
  return [...(finding === undefined ? [] : [finding]), ...related.map((one) => one.finding)];
}

/** All that may be cited about an incident: what the rules found as F1, F2, …, and its evidence. */
export function citableOf(incident: Incident): readonly Evidence[] {
  const found = findingsOf(incident).slice(0, mostFindings);
  return [...found.map((finding, index) => asEvidence(finding, `F${index + 1}`)), ...incident.evidence];
}

/** Without what the container said last: that is a log's word, and it is cited as one. */
function asEvidence({ kind, subject, title, cause, since, impact }: Finding, id: string): Evidence {
  const said = cause.split('\n').filter((line) => !line.startsWith('Its last words:'));
  const text = [`${title}.`, ...said, ...(impact === undefined ? [] : [impact])].join('\n');
  return { id, kind: 'status', source: `finding ${kind} of ${refKey(subject)}`, text, at: since };
}

/** The objects of the incident that something may be done to: what its findings are about, in the namespaces of their subjects. */
export function objectsOf(incident: Incident): readonly ResourceRef[] {
  const found = findingsOf(incident);
  const namespaces = new Set([incident.subject.namespace, ...found.map(({ subject }) => subject.namespace)]);
  const objects = [incident.subject, ...found.flatMap(({ subject, about = [] }) => [subject, ...about])];
  const within = objects.filter(({ namespace }) => namespaces.has(namespace));
  return [...new Map(within.map((ref) => [refKey(ref), ref])).values()];
}
