import { type Finding, findingKey } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Identifiers } from '../core/ports/identifiers.ts';
import type { IncidentIndex } from '../core/ports/incident-index.ts';
import type { Records } from '../core/ports/records.ts';
import type { WorkQueue } from '../core/ports/work-queue.ts';
import { shareTurns } from '../core/shared-turn.ts';
import { rouse } from './attention.ts';
import { needsExplaining, withoutStale } from './explaining.ts';
import { fingerprint } from './fingerprint.ts';
import { findRelated, isCause } from './membership.ts';
import { reopenWindowMs } from './transitions.ts';

export interface BookContext {
  readonly cluster: string;
  readonly incidents: Records<Incident>;
  readonly index: IncidentIndex;
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly identifiers: Identifiers;
}

type Transition = (incident: Incident, now: number) => Incident;

/** The records of incidents with their index: each change by compare-and-set, the index in step, each followed by a report. */
export interface IncidentBook {
  get(id: string): Promise<Incident | undefined>;
  /** Open incidents, oldest first. */
  open(): Promise<readonly Incident[]>;
  change(id: string, transition: Transition): Promise<Incident | undefined>;
  /** Stores a new incident, unless another one holds its fingerprint: then that one is the answer. */
  create(incident: Incident, replaces?: string): Promise<Incident>;
  /** The incident that has the finding, where it goes on or may be reopened. */
  homeOf(finding: Finding): Promise<Incident | undefined>;
  /** The incident in which the finding was last, whatever became of it: its id, and the fingerprint under which it is found. */
  lookUp(finding: Finding): Promise<{ readonly print: string; readonly id: string | undefined }>;
  /** From now on the finding is looked for in this incident. */
  claim(finding: Finding, id: string): Promise<void>;
}

export function createIncidentBook({ cluster, incidents, index, queue, clock }: BookContext): IncidentBook {
  async function change(id: string, transition: Transition): Promise<Incident | undefined> {
    let before: Incident | undefined;
    const after = await incidents.update(id, (current) => {
      before = current;
      const next = transition(current, clock.now());
      return next === current ? current : withoutStale(rouse(current, next, clock.now()), current);
    });
    if (after === undefined || before === undefined) return after;
    await index.setOpen(id, after.state === 'open');
    if (after.version === before.version) return after;
    await queue.report(after);
    if (needsExplaining(after, before)) await queue.explain(id);
    return after;
  }

  async function create(incident: Incident, replaces?: string): Promise<Incident> {
    const holder = await index.claim({ fingerprint: incident.fingerprint, id: incident.id, replaces });
    const other = holder === incident.id ? undefined : await incidents.get(holder);
    if (other !== undefined) return other;
    await incidents.create(incident);
    await index.setOpen(incident.id, true);
    await queue.report(incident);
    return incident;
  }

  async function lookUp({ kind, subject }: Finding) {
    const print = fingerprint({ cluster, kind, subject });
    return { print, id: await index.find(print) };
  }

  const readOpen = shareTurns(async () => {
    const found = await incidents.many(await index.open());
    return found.filter((incident) => incident.state === 'open');
  });

  return {
    change,
    create,
    lookUp,
    get: (id) => incidents.get(id),
    open: () => readOpen(undefined),
    async homeOf(finding) {
      const { id } = await lookUp(finding);
      const incident = id === undefined ? undefined : await incidents.get(id);
      return incident !== undefined && continues(incident, findingKey(finding), clock.now()) ? incident : undefined;
    },
    async claim(finding, id) {
      const { print, id: replaces } = await lookUp(finding);
      await index.claim({ fingerprint: print, id, replaces });
    },
  };
}

/** An effect that comes back is placed anew, unless it is all that is left: what caused it then need not cause it now. */
function continues(incident: Incident, key: string, now: number): boolean {
  const related = findRelated(incident, key);
  if (incident.state === 'open')
    return isCause(incident, key) || (related !== undefined && (related.holds || !incident.holds));
  const recent = now - (incident.resolvedAt ?? 0) <= reopenWindowMs;
  return recent && incident.mergedInto === undefined && isCause(incident, key);
}
