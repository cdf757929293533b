import type { Evidence } from '../core/evidence.ts';
import type { Finding } from '../core/finding.ts';
import type { Incident, TimelineEntry } from '../core/incident.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Identifiers } from '../core/ports/identifiers.ts';
import type { IncidentIndex } from '../core/ports/incident-index.ts';
import type { IncidentMark, Journal } from '../core/ports/journal.ts';
import type { Records } from '../core/ports/records.ts';
import type { WorkQueue } from '../core/ports/work-queue.ts';
import { type ResourceRef, refKey } from '../core/resource-ref.ts';
import { fingerprint } from './fingerprint.ts';
import {
  addEvidence,
  clearFinding,
  noteEntry,
  observeFinding,
  openIncident,
  openRequest,
  reopenWindowMs,
  settle,
  touchIncident,
} from './transitions.ts';

export interface RegistryContext {
  readonly cluster: string;
  readonly incidents: Records<Incident>;
  readonly index: IncidentIndex;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly identifiers: Identifiers;
}

/** Remembers incidents: the pure transitions, applied to the record by compare-and-set, each change followed by a report. */
export interface IncidentRegistry extends Journal {
  /** The incident of this finding: found, reopened or new. */
  observe(finding: Finding): Promise<Incident>;
  /** Nothing of this kind holds any more for the incident. */
  clear(id: string): Promise<Incident | undefined>;
  settle(id: string): Promise<Incident | undefined>;
  addEvidence(id: string, evidence: readonly Evidence[]): Promise<void>;
  /** The thread for a change that a person asked for: the open incident of that object, or one of its own. */
  request(subject: ResourceRef, text: string): Promise<Incident>;
  /** Open incidents, oldest first. */
  open(): Promise<readonly Incident[]>;
}

export function createIncidentRegistry(context: RegistryContext): IncidentRegistry {
  const { incidents, index, queue, clock } = context;
  const identify = () => ({ id: `inc-${context.identifiers.next(8)}`, cluster: context.cluster });

  /** Applies a transition, keeps the index in step and asks for the report. */
  async function change(
    id: string,
    transition: (incident: Incident, now: number) => Incident,
  ): Promise<Incident | undefined> {
    let before: Incident | undefined;
    const after = await incidents.update(id, (current) => {
      before = current;
      return transition(current, clock.now());
    });
    if (after === undefined || before === undefined) return after;
    await index.setOpen(id, after.state === 'open');
    if (after.version === before.version) return after;
    await queue.report(id, after.version);
    return after;
  }

  async function create(incident: Incident, replaces: string | undefined): Promise<Incident> {
    const holder = await index.claim({ fingerprint: incident.fingerprint, id: incident.id, replaces });
    const other = holder === incident.id ? undefined : await incidents.get(holder);
    if (other !== undefined) return other;
    await incidents.create(incident);
    await index.setOpen(incident.id, true);
    await queue.report(incident.id, incident.version);
    return incident;
  }

  async function observe(finding: Finding): Promise<Incident> {
    const print = fingerprint({ cluster: context.cluster, kind: finding.kind, subject: finding.subject });
    const known = await index.find(print);
    const incident = known === undefined ? undefined : await incidents.get(known);
    if (incident !== undefined && continues(incident, clock.now())) {
      return (await change(incident.id, (current, now) => observeFinding(current, finding, now))) ?? incident;
    }
    return create(openIncident({ ...identify(), fingerprint: print }, finding, clock.now()), known);
  }

  async function request(subject: ResourceRef, text: string): Promise<Incident> {
    const existing = (await readOpen(context)).find((incident) => refKey(incident.subject) === refKey(subject));
    if (existing !== undefined) return existing;
    const identity = identify();
    return create(openRequest({ ...identity, fingerprint: identity.id }, { subject, text }, clock.now()), undefined);
  }

  return {
    observe,
    open: () => readOpen(context),
    request,
    clear: (id) => change(id, clearFinding),
    settle: (id) => change(id, settle),
    addEvidence: async (id, evidence) =>
      void (await change(id, (incident, now) => addEvidence(incident, evidence, now))),
    note: async (id: string, entry: TimelineEntry, mark: IncidentMark = {}) =>
      void (await change(id, (incident) => noteEntry(incident, entry, mark))),
    touch: async (id, mark = {}) => void (await change(id, (incident, now) => touchIncident(incident, mark, now))),
  };
}

function continues(incident: Incident, now: number): boolean {
  return incident.state === 'open' || now - (incident.resolvedAt ?? 0) <= reopenWindowMs;
}

async function readOpen({ index, incidents }: RegistryContext): Promise<readonly Incident[]> {
  const found = await Promise.all((await index.open()).map((id) => incidents.get(id)));
  return found.filter((incident) => incident !== undefined).filter((incident) => incident.state === 'open');
}
