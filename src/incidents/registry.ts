import type { Evidence } from '../core/evidence.ts';
import type { Finding, Severity } from '../core/finding.ts';
import type { Incident, TimelineEntry } from '../core/incident.ts';
import type { IncidentMark, Journal } from '../core/ports/journal.ts';
import type { Log } from '../core/ports/log.ts';
import { type ResourceRef, refKey } from '../core/resource-ref.ts';
import { type BookContext, createIncidentBook } from './book.ts';
import { createGrouping } from './grouping.ts';
import type { Correlate } from './placement.ts';
import {
  addEvidence,
  clearFinding,
  noteEntry,
  observeFinding,
  openIncident,
  openRequest,
  settle,
  touchIncident,
} from './transitions.ts';

export interface RegistryContext extends BookContext {
  readonly log: Log;
  /** Where a new incident is told: a Slack channel's id. */
  readonly channelFor: (about: Topic) => string;
}

/** What an incident is about when it opens; a requested change has no severity. */
interface Topic {
  readonly subject: ResourceRef;
  readonly severity?: Severity;
}

/** Remembers incidents: the pure transitions, applied to the record by compare-and-set, each change followed by a report. */
export interface IncidentRegistry extends Journal {
  /** The incident of this finding: the one that has it, the one of its cause, one reopened, or a new one. */
  observe(finding: Finding, correlate?: Correlate): Promise<Incident>;
  /** Brings together what has turned out to belong together. */
  regroup(correlate: Correlate): Promise<void>;
  /** The finding with this key no longer holds; of a requested change: it is over. */
  clear(id: string, key: string): Promise<Incident | undefined>;
  settle(id: string): Promise<Incident | undefined>;
  addEvidence(id: string, evidence: readonly Evidence[]): Promise<void>;
  /** The thread for a change that a person asked for: the open incident of that object, or one of its own. */
  request(subject: ResourceRef, text: string): Promise<Incident>;
  /** Open incidents, oldest first. */
  open(): Promise<readonly Incident[]>;
}

/** Nothing explains anything. */
const apart: Correlate = () => new Map();

export function createIncidentRegistry({ log, ...context }: RegistryContext): IncidentRegistry {
  const { clock } = context;
  const book = createIncidentBook(context);
  const identify = (about: Topic) => ({
    id: `inc-${context.identifiers.next(8)}`,
    cluster: context.cluster,
    channel: context.channelFor(about),
  });

  async function open(finding: Finding): Promise<Incident> {
    const { print, id: replaces } = await book.lookUp(finding);
    return book.create(openIncident({ ...identify(finding), fingerprint: print }, finding, clock.now()), replaces);
  }

  const grouping = createGrouping({ book, log, open });

  async function observe(finding: Finding, correlate = apart): Promise<Incident> {
    const home = await book.homeOf(finding);
    if (home !== undefined) {
      return (await book.change(home.id, (current, now) => observeFinding(current, finding, now))) ?? home;
    }
    await grouping.settle(correlate, finding);
    return (await book.homeOf(finding)) ?? open(finding);
  }

  async function request(subject: ResourceRef, text: string): Promise<Incident> {
    const existing = (await book.open()).find((incident) => refKey(incident.subject) === refKey(subject));
    if (existing !== undefined) return existing;
    const identity = identify({ subject });
    return book.create(openRequest({ ...identity, fingerprint: identity.id }, { subject, text }, clock.now()));
  }

  return {
    observe,
    request,
    open: () => book.open(),
    regroup: (correlate) => grouping.settle(correlate),
    clear: (id, key) => book.change(id, (incident, now) => clearFinding(incident, key, now)),
    settle: (id) => book.change(id, settle),
    addEvidence: async (id, evidence) =>
      void (await book.change(id, (incident, now) => addEvidence(incident, evidence, now))),
    note: async (id: string, entry: TimelineEntry, mark: IncidentMark = {}) =>
      void (await book.change(id, (incident) => noteEntry(incident, entry, mark))),
    touch: async (id, mark = {}) => void (await book.change(id, (incident, now) => touchIncident(incident, mark, now))),
  };
}
