import { type Finding, findingKey } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { formatClock } from './time.ts';

/** Incidents that began further away from a finding are no company, milliseconds. */
const nearMs = 30 * 60_000;

const most = 5;

/** Other open incidents in the namespace, or of no namespace, that began about when a finding did: a line each, the nearest in time first. */
export function describeNear(finding: Finding, open: readonly Incident[]): readonly string[] {
  const apart = ({ finding: other }: Incident): number => Math.abs((other?.since ?? Number.NaN) - finding.since);
  return open
    .filter((incident) => incident.finding !== undefined && findingKey(incident.finding) !== findingKey(finding))
    .filter(({ subject: { namespace } }) => namespace === finding.subject.namespace || namespace === '')
    .filter((incident) => apart(incident) <= nearMs)
    .toSorted((a, b) => apart(a) - apart(b))
    .slice(0, most)
    .map(({ id, title, finding: other }) => `${id} ${title}, since ${formatClock(other?.since ?? 0)}`);
}
