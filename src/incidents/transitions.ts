import type { Attention } from '../core/attention.ts';
import type { Evidence, Injection } from '../core/evidence.ts';
import { type Finding, findingKey } from '../core/finding.ts';
import type { Incident, TimelineEntry } from '../core/incident.ts';
import type { IncidentMark } from '../core/ports/journal.ts';
import { type ResourceRef, refName } from '../core/resource-ref.ts';
import { findRelated, isCause } from './membership.ts';
import { append, stamp } from './timeline.ts';

/** A finding that returns this soon after its incident was resolved reopens it; later it is a new incident. */
export const reopenWindowMs = 30 * 60_000;

/** A finding must stay away this long before its incident is resolved: a crashing container is silent between two crashes. */
export const settleMs = 15_000;

interface Identity {
  readonly id: string;
  readonly cluster: string;
  readonly channel: string;
  readonly attention: Attention;
  readonly fingerprint: string;
}

export function openIncident(identity: Identity, finding: Finding, now: number): Incident {
  return {
    ...identity,
    version: 1,
    subject: finding.subject,
    kind: finding.kind,
    severity: finding.severity,
    title: `${refName(finding.subject)}: ${finding.title}`,
    cause: finding.cause,
    state: 'open',
    escalated: false,
    executing: false,
    finding,
    holds: true,
    related: [],
    silences: [],
    evidence: [],
    timeline: [{ at: now, kind: 'opened', text: finding.cause }],
    proposalIds: [],
    occurrences: finding.occurrences,
    reopened: 0,
    openedAt: now,
    updatedAt: now,
  };
}

/** A change that a person asked for where nothing is wrong: it gets a thread of its own. */
export function openRequest(
  identity: Identity,
  request: { readonly subject: ResourceRef; readonly text: string },
  now: number,
): Incident {
  return {
    ...identity,
    version: 1,
    subject: request.subject,
    kind: 'requested-change',
    severity: 'info',
    title: `${refName(request.subject)}: requested change`,
    cause: request.text,
    state: 'open',
    escalated: false,
    executing: false,
    holds: true,
    related: [],
    silences: [],
    evidence: [],
    timeline: [{ at: now, kind: 'opened', text: request.text }],
    proposalIds: [],
    occurrences: 1,
    reopened: 0,
    openedAt: now,
    updatedAt: now,
  };
}

/** The finding holds. Gives the same object back when nothing that people see has changed. */
export function observeFinding(incident: Incident, finding: Finding, now: number): Incident {
  if (incident.state === 'resolved') return reopen(incident, finding, now);
  if (incident.finding !== undefined && !isCause(incident, findingKey(finding)))
    return observeRelated(incident, finding, now);
  const { clearedAt: _cleared, ...held } = incident;
  // While a change rolls out, old and new pods are mixed; what is seen then says nothing about the cause.
  if (incident.executing && incident.holds) return incident;
  if (incident.holds && sameFinding(incident.finding, finding)) return incident;
  const next = { ...held, holds: true };
  return stamp(incident.executing ? next : { ...next, ...adopt(incident, finding) }, now);
}

function observeRelated(incident: Incident, finding: Finding, now: number): Incident {
  const known = findRelated(incident, findingKey(finding));
  if (known === undefined || (known.holds && sameFinding(known.finding, finding))) return incident;
  const { clearedAt: _cleared, ...held } = incident;
  const related = incident.related.map((one) => (one === known ? { ...known, finding, holds: true } : one));
  return stamp({ ...held, related }, now);
}

function adopt(
  incident: Incident,
  finding: Finding,
): Pick<Incident, 'finding' | 'subject' | 'severity' | 'cause' | 'occurrences'> {
  const { subject, severity, cause } = finding;
  return { finding, subject, severity, cause, occurrences: Math.max(incident.occurrences, finding.occurrences) };
}

function reopen(incident: Incident, finding: Finding, now: number): Incident {
  const {
    clearedAt: _cleared,
    resolvedAt: _resolved,
    explanation: _explanation,
    injections: _injections,
    gathered: _gathered,
    ...rest
  } = incident;
  const open = {
    ...rest,
    ...adopt(incident, finding),
    state: 'open' as const,
    escalated: false,
    executing: false,
    holds: true,
    // Collected anew: what was true of the last time may not be true of this one.
    evidence: [],
    reopened: incident.reopened + 1,
  };
  return stamp(append(open, { at: now, kind: 'reopened', text: finding.cause }), now);
}

function sameFinding(a: Finding | undefined, b: Finding): boolean {
  return (
    a !== undefined &&
    a.cause === b.cause &&
    a.severity === b.severity &&
    a.occurrences === b.occurrences &&
    a.affectedPods === b.affectedPods &&
    a.totalPods === b.totalPods &&
    a.exposed === b.exposed &&
    a.subject.uid === b.subject.uid
  );
}

/** The finding with this key no longer holds. The incident is quiet once none of its findings does. */
export function clearFinding(incident: Incident, key: string, now: number): Incident {
  if (incident.state === 'resolved') return incident;
  const isMain = incident.finding === undefined || isCause(incident, key);
  const known = findRelated(incident, key);
  if (isMain ? !incident.holds : known?.holds !== true) return incident;
  const next = {
    ...incident,
    holds: isMain ? false : incident.holds,
    related: incident.related.map((one) => (one === known ? { ...one, holds: false } : one)),
  };
  const quiet = !next.holds && next.related.every(({ holds }) => !holds);
  return stamp(quiet ? { ...next, clearedAt: now } : next, now);
}

/** Resolves an incident that has been quiet long enough and on which nothing is being done. */
export function settle(incident: Incident, now: number): Incident {
  if (incident.state === 'resolved' || incident.executing || incident.clearedAt === undefined) return incident;
  if (now < incident.clearedAt + settleMs) return incident;
  const text = incident.finding === undefined ? 'The request is closed.' : 'The trouble is gone.';
  return close(append(incident, { at: now, kind: 'resolved', text }), now);
}

function close(incident: Incident, now: number): Incident {
  const clearedAt = incident.clearedAt ?? now;
  return stamp({ ...incident, state: 'resolved', executing: false, clearedAt, resolvedAt: now }, now);
}

/** What was collected, in place of what was before. Gives the same object back where there is nothing, and nothing to warn of. */
export function addEvidence(
  incident: Incident,
  { evidence, injections }: { readonly evidence: readonly Evidence[]; readonly injections: readonly Injection[] },
  now: number,
): Incident {
  const warned = JSON.stringify(injections) === JSON.stringify(incident.injections ?? []);
  if (evidence.length === 0 && incident.evidence.length === 0 && warned) return incident;
  const { injections: _before, ...rest } = incident;
  const found = injections.length === 0 ? {} : { injections: [...injections] };
  return stamp({ ...rest, ...found, evidence: [...evidence] }, now);
}

/** Writes an entry and what it means for the incident. */
export function noteEntry(incident: Incident, entry: TimelineEntry, mark: IncidentMark): Incident {
  const noted = applyMark(append(incident, entry), mark);
  if (mark.resolved !== true) return stamp(noted, entry.at);
  return alertsHold(noted) ? stamp({ ...noted, executing: false, holds: false }, entry.at) : close(noted, entry.at);
}

/** Alerts end minutes after their cause: closed before that, the incident would be followed by one for the alert alone. */
function alertsHold({ related }: Incident): boolean {
  return related.some(({ holds, finding }) => holds && finding.reportedBy !== undefined);
}

/** What is shown with the incident has changed; its story has not. */
export function touchIncident(incident: Incident, mark: IncidentMark, now: number): Incident {
  return stamp(applyMark(incident, mark), now);
}

function applyMark(incident: Incident, mark: IncidentMark): Incident {
  const { proposalId, executing, escalated } = mark;
  const known = proposalId === undefined || incident.proposalIds.includes(proposalId);
  return {
    ...incident,
    proposalIds: known ? incident.proposalIds : [...incident.proposalIds, proposalId],
    executing: executing ?? incident.executing,
    escalated: escalated ?? incident.escalated,
    silences: markSilences(incident, mark),
  };
}

function markSilences({ silences }: Incident, { silenced, unsilenced }: IncidentMark): Incident['silences'] {
  const left = silences.filter(({ id }) => id !== unsilenced);
  return silenced === undefined ? left : [...left, silenced];
}
