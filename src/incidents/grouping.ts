import { type Finding, findingKey } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import type { Log } from '../core/ports/log.ts';
import type { IncidentBook } from './book.ts';
import {
  describeFinding,
  findRelated,
  holdingFindings,
  joinFinding,
  mergeIncident,
  promoteFinding,
  releaseFinding,
} from './membership.ts';
import { type Correlate, nextStep, type Step } from './placement.ts';

export interface GroupingContext {
  readonly book: IncidentBook;
  readonly log: Log;
  /** Takes back what is proposed for an incident and waits: its cause is another one now, or it goes on elsewhere. */
  readonly retract: (incident: Incident, because: string) => Promise<void>;
}

interface Settling {
  readonly correlate: Correlate;
  /** Opens an incident for a finding that nothing explains. */
  readonly open: (finding: Finding) => Promise<Incident>;
}

/** More steps at once than any storm needs; a correlation that contradicts itself ends here. */
const mostSteps = 2_000;

export interface Grouping {
  /** Takes step after step until everything that holds, and the finding that is new, is where it belongs. */
  settle(how: Settling, fresh?: Finding): Promise<void>;
}

export function createGrouping({ book, log, retract }: GroupingContext): Grouping {
  const inTurn = createTurns();

  async function settle({ correlate, open }: Settling, fresh?: Finding): Promise<void> {
    for (let steps = 0; steps < mostSteps; steps += 1) {
      const step = nextStep(await book.open(), correlate, fresh);
      if (step === undefined) return;
      if (step.do === 'open') await open(step.finding);
      else await take(step);
    }
    log.warn('incidents could not be brought in order; it is tried again', { steps: mostSteps });
  }

  async function take(step: Exclude<Step, { do: 'open' }>): Promise<void> {
    if (step.do === 'merge') return merge(step);
    if (step.do === 'move') await release(step);
    if (step.do === 'promote') await promote(step);
    else await book.change(step.into, (current, now) => joinFinding(current, step, now));
    await book.claim(step.finding, step.into);
  }

  async function promote(step: Extract<Step, { into: string; finding: Finding }>): Promise<void> {
    const former = await book.get(step.into);
    if (former !== undefined) await retract(former, `the cause is now seen in ${describeFinding(step.finding)}.`);
    await book.change(step.into, (current, now) => promoteFinding(current, step, now));
  }

  async function release({ from, into, finding }: Extract<Step, { do: 'move' }>): Promise<void> {
    await book.change(from, (current, now) => releaseFinding(current, findingKey(finding), { id: into, now }));
  }

  async function merge({ from, into, because }: Extract<Step, { do: 'merge' }>): Promise<void> {
    const source = await book.get(from);
    if (source === undefined) return;
    for (const finding of holdingFindings(source)) {
      const reason = findRelated(source, findingKey(finding))?.because ?? because;
      await book.change(into, (current, now) => joinFinding(current, { finding, because: reason }, now));
      await book.claim(finding, into);
    }
    await retract(source, `it goes on in ${into}.`);
    await book.change(from, (current, now) => mergeIncident(current, { id: into, because, now }));
  }

  return { settle: (how, fresh) => inTurn(() => settle(how, fresh)) };
}

/** Runs tasks one after the other: each changes what the next finds. */
function createTurns(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next;
    return next;
  };
}
