import { type Finding, findingKey, severityRank } from '../core/finding.ts';
import { holdingFindings, type Incident, type Related, type TimelineEntry } from '../core/incident.ts';
import { refName } from '../core/resource-ref.ts';
import { append, stamp } from './timeline.ts';

export function isCause({ finding }: Incident, key: string): boolean {
  return finding !== undefined && findingKey(finding) === key;
}

/** Whether it holds in this incident. */
export function hasFinding(incident: Incident, finding: Finding): boolean {
  const key = findingKey(finding);
  return holdingFindings(incident).some((one) => findingKey(one) === key);
}

export function findRelated({ related }: Incident, key: string): Related | undefined {
  return related.find((one) => findingKey(one.finding) === key);
}

export function describeFinding({ subject, title }: Finding): string {
  return `${subject.kind} ${refName(subject)}: ${title}`;
}

/** The finding belongs here because of one that is here. One that comes back to where it was is not told again. */
export function joinFinding(incident: Incident, { finding, because }: Omit<Related, 'holds'>, now: number): Incident {
  const { clearedAt: _cleared, ...held } = incident;
  const known = findRelated(incident, findingKey(finding));
  const joined = { finding, because, holds: true };
  if (known !== undefined) {
    const related = incident.related.map((one) => (one === known ? joined : one));
    return weigh({ ...held, related, updatedAt: now, version: incident.version + 1 });
  }
  const text = `${describeFinding(finding)}. It belongs here because ${because}.`;
  return weigh(note({ ...held, related: [...incident.related, joined] }, { at: now, kind: 'joined', text }));
}

/** A finding turns out to be the cause of what the incident was about so far. `because` of the former cause. */
export function promoteFinding(
  incident: Incident,
  { finding, because }: Omit<Related, 'holds'>,
  now: number,
): Incident {
  const key = findingKey(finding);
  const { clearedAt: _cleared, ...held } = incident;
  const others = incident.related.filter((one) => findingKey(one.finding) !== key);
  const former = incident.finding === undefined ? [] : [{ finding: incident.finding, because, holds: incident.holds }];
  const text = `${describeFinding(finding)}. ${finding.cause}`;
  const next = {
    ...held,
    finding,
    holds: true,
    related: [...former, ...others],
    subject: finding.subject,
    kind: finding.kind,
    title: `${refName(finding.subject)}: ${finding.title}`,
    cause: finding.cause,
    escalated: false,
  };
  return weigh(note(next, { at: now, kind: 'promoted', text }));
}

/** The finding belongs to another incident after all. */
export function releaseFinding(
  incident: Incident,
  key: string,
  to: { readonly id: string; readonly now: number },
): Incident {
  const found = findRelated(incident, key);
  if (found === undefined) return incident;
  const related = incident.related.filter((one) => one !== found);
  const text = `${describeFinding(found.finding)}. It belongs to ${to.id}.`;
  return weigh(note({ ...incident, related }, { at: to.now, kind: 'left', text }));
}

/** The incident was part of another one; that one goes on. */
export function mergeIncident(
  incident: Incident,
  into: { readonly id: string; readonly because: string; readonly now: number },
): Incident {
  const { id, because, now } = into;
  const text = `This is part of ${id}, because ${because}. It goes on there.`;
  const closed = {
    ...incident,
    mergedInto: id,
    state: 'resolved' as const,
    holds: false,
    clearedAt: now,
    resolvedAt: now,
  };
  return note({ ...closed, related: [] }, { at: now, kind: 'merged', text });
}

/** As severe as the worst that holds: what people feel counts, wherever it comes from. */
function weigh(incident: Incident): Incident {
  const [worst] = holdingFindings(incident)
    .map(({ severity }) => severity)
    .toSorted((a, b) => severityRank(a) - severityRank(b));
  return { ...incident, severity: worst ?? incident.severity };
}

function note(incident: Incident, entry: TimelineEntry): Incident {
  return stamp(append(incident, entry), entry.at);
}
