import { Attention } from '../core/attention.ts';
import type { Escalations } from '../core/escalation.ts';
import type { Finding } from '../core/finding.ts';
import type { Incident, TimelineEntry } from '../core/incident.ts';
import type { IncidentMark, Journal } from '../core/ports/journal.ts';
import type { Log } from '../core/ports/log.ts';
import type { MaintenanceBoard } from '../core/ports/maintenance-board.ts';
import { type ResourceRef, refKey } from '../core/resource-ref.ts';
import type { Labels } from '../core/views/object.ts';
import { type Attendance, createAttendance } from './attendance.ts';
import { quieten } from './attention.ts';
import { type BookContext, createIncidentBook } from './book.ts';
import { createEvidenceKeeping, type EvidenceKeeping } from './evidence.ts';
import { createGrouping, type GroupingContext } from './grouping.ts';
import { hasFinding } from './membership.ts';
import type { Correlate } from './placement.ts';
import { maintenanceOf, type Routing, route, type Topic } from './routing.ts';
import {
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
  readonly routing: Routing;
  readonly escalations: Escalations;
  readonly maintenance: Pick<MaintenanceBoard, 'all'>;
  /** Told of each incident that opens for a finding, for metrics. */
  readonly onOpen?: (incident: Incident, finding: Finding) => void;
  readonly retract: GroupingContext['retract'];
}

/** Remembers incidents: the pure transitions, applied to the record by compare-and-set, each change followed by a report. */
export interface IncidentRegistry extends Journal, Attendance, EvidenceKeeping {
  /** The incident of this finding: the one that has it, the one of its cause, one reopened, or a new one. */
  observe(finding: Finding, surroundings?: Surroundings): Promise<Incident>;
  /** Brings together what has turned out to belong together. */
  regroup(surroundings: Surroundings): Promise<void>;
  /** The finding with this key no longer holds; of a requested change: it is over. */
  clear(id: string, key: string): Promise<Incident | undefined>;
  settle(id: string): Promise<Incident | undefined>;
  /** The thread for a change that a person asked for: the open incident of that object, or one of its own. */
  request(subject: ResourceRef, text: string): Promise<Incident>;
  /** Open incidents, oldest first. */
  open(): Promise<readonly Incident[]>;
}

/** What the cluster says about findings. */
export interface Surroundings {
  readonly correlate: Correlate;
  /** Labels of an object and of its namespace. */
  readonly labelsOf: (subject: ResourceRef) => Labels;
}

/** Nothing explains anything, and nothing has labels. */
const nowhere: Surroundings = { correlate: () => new Map(), labelsOf: () => ({}) };

export function createIncidentRegistry({ log, ...context }: RegistryContext): IncidentRegistry {
  const { clock, routing, escalations } = context;
  const book = createIncidentBook(context);

  function identify(topic: Topic) {
    const { channel, escalation } = route(topic, routing, clock.now());
    const attention = Attention.parse({ since: clock.now() });
    return {
      id: `inc-${context.identifiers.next(8)}`,
      cluster: context.cluster,
      channel,
      attention: escalation === undefined ? attention : { ...attention, escalation },
    };
  }

  async function open(finding: Finding, { labelsOf }: Surroundings): Promise<Incident> {
    const { print, id: replaces } = await book.lookUp(finding);
    const { subject, severity } = finding;
    const identity = identify({ subject, severity, labels: labelsOf(subject) });
    const opened = openIncident({ ...identity, fingerprint: print }, finding, clock.now());
    const created = await book.create(await keepQuiet(opened), replaces);
    if (created.id === opened.id) context.onOpen?.(created, finding);
    return created;
  }

  /** What begins during maintenance is meant to. */
  async function keepQuiet(incident: Incident): Promise<Incident> {
    const known = { planned: routing.maintenance, announced: await context.maintenance.all() };
    const found = maintenanceOf(incident.subject.namespace ?? '', known, clock.now());
    return found === undefined ? incident : quieten(incident, found, clock.now());
  }

  const grouping = createGrouping({ book, log, retract: context.retract });

  const arrange = (surroundings: Surroundings, fresh?: Finding): Promise<readonly Incident[]> =>
    grouping.settle({ correlate: surroundings.correlate, open: (found) => open(found, surroundings), fresh });

  async function observe(finding: Finding, surroundings = nowhere): Promise<Incident> {
    const home = await book.homeOf(finding);
    if (home !== undefined) {
      return (await book.change(home.id, (current, now) => observeFinding(current, finding, now))) ?? home;
    }
    const arranged = await arrange(surroundings, finding);
    return arranged.find((one) => hasFinding(one, finding)) ?? open(finding, surroundings);
  }

  async function request(subject: ResourceRef, text: string): Promise<Incident> {
    const existing = (await book.open()).find((incident) => refKey(incident.subject) === refKey(subject));
    if (existing !== undefined) return existing;
    const identity = identify({ subject, labels: {} });
    return book.create(openRequest({ ...identity, fingerprint: identity.id }, { subject, text }, clock.now()));
  }

  return {
    ...createAttendance(book, escalations),
    ...createEvidenceKeeping(book),
    observe,
    request,
    open: () => book.open(),
    regroup: async (surroundings) => void (await arrange(surroundings)),
    clear: (id, key) => book.change(id, (incident, now) => clearFinding(incident, key, now)),
    settle: (id) => book.change(id, settle),
    note: async (id: string, entry: TimelineEntry, mark: IncidentMark = {}) =>
      void (await book.change(id, (incident) => noteEntry(incident, entry, mark))),
    touch: async (id, mark = {}) => void (await book.change(id, (incident, now) => touchIncident(incident, mark, now))),
  };
}
