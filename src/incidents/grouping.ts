import { type Finding, findingKey } from '../core/finding.ts';
import { holdingFindings, type Incident, type Related } from '../core/incident.ts';
import type { Log } from '../core/ports/log.ts';
import { shareTurns } from '../core/shared-turn.ts';
import type { IncidentBook } from './book.ts';
import {
  describeFinding,
  findRelated,
  isCause,
  joinFinding,
  mergeIncident,
  promoteFinding,
  releaseFinding,
} from './membership.ts';
import { type Bringing, type Correlate, nextSteps, type Steps } from './placement.ts';

export interface GroupingContext {
  readonly book: IncidentBook;
  readonly log: Log;
  /** Takes back what is proposed for an incident and waits: its cause is another one now, or it goes on elsewhere. */
  readonly retract: (incident: Incident, because: string) => Promise<void>;
}

interface Settling {
  readonly correlate: Correlate;
  /** Opens an incident for a finding that nothing explains. */
  readonly open: (finding: Finding) => Promise<unknown>;
  /** Not in any incident yet. */
  readonly fresh?: Finding | undefined;
}

/** More rounds than any storm needs; a correlation that contradicts itself ends here. */
const mostRounds = 2_000;

export interface Grouping {
  /** Takes step after step until everything that holds, and what is new, is where it belongs. What is asked for meanwhile is settled together. Answers what is open then. */
  settle(how: Settling): Promise<readonly Incident[]>;
}

export function createGrouping(context: GroupingContext): Grouping {
  const { book, log } = context;
  const { promote, bring } = createMoves(context);

  /** The surroundings are those of the last who asked: theirs are the newest. */
  async function settle(asked: readonly Settling[]): Promise<readonly Incident[]> {
    const fresh = asked.map((one) => one.fresh).filter((one) => one !== undefined);
    for (let rounds = 0; ; rounds += 1) {
      const incidents = await book.open();
      const how = asked.at(-1);
      const steps = how && nextSteps(incidents, how.correlate, fresh);
      if (how === undefined || steps === undefined) return incidents;
      if (rounds === mostRounds) break;
      await take(steps, how.open);
    }
    log.warn('incidents could not be brought in order; it is tried again', { rounds: mostRounds });
    return book.open();
  }

  async function take(steps: Steps, open: Settling['open']): Promise<void> {
    if (steps.do === 'promote') await promote(steps);
    else if (steps.do === 'bring') await bring(steps.into, steps.steps);
    else await Promise.all(steps.findings.map(open));
  }

  return { settle: shareTurns(settle) };
}

/** Each decides by what is on record at the moment of the change: incidents that have ended, or on which a change is under way, are left as they are. */
function createMoves({ book, retract }: Omit<GroupingContext, 'log'>) {
  async function promote(step: Extract<Steps, { do: 'promote' }>): Promise<void> {
    const former = await book.get(step.into);
    if (former !== undefined) await retract(former, `the cause is now seen in ${describeFinding(step.finding)}.`);
    const after = await book.change(step.into, (current, now) =>
      current.state === 'open' && !current.executing ? promoteFinding(current, step, now) : current,
    );
    if (after !== undefined && isCause(after, findingKey(step.finding))) await book.claim(step.finding, step.into);
  }

  /** All that comes into one incident does so in one change. It leaves where it was only after that, so that nothing is lost in between. */
  async function bring(into: string, steps: readonly Bringing[]): Promise<void> {
    const members = (await Promise.all(steps.map(membersOf))).flat();
    const after = await book.change(into, (current, now) =>
      current.state === 'open' ? members.reduce((one, member) => joinFinding(one, member, now), current) : current,
    );
    if (after?.state !== 'open') return;
    await Promise.all(members.map(({ finding }) => book.claim(finding, into)));
    for (const step of steps) {
      if (step.do === 'move') await release(step);
      if (step.do === 'merge') await close(step);
    }
  }

  async function membersOf(step: Bringing): Promise<readonly Omit<Related, 'holds'>[]> {
    if (step.do !== 'merge') return [step];
    const source = await book.get(step.from);
    if (source === undefined || source.executing) return [];
    return holdingFindings(source).map((finding) => {
      const because = findRelated(source, findingKey(finding))?.because ?? step.because;
      return { finding, because };
    });
  }

  async function release({ from, into, finding }: Extract<Bringing, { do: 'move' }>): Promise<void> {
    await book.change(from, (current, now) => releaseFinding(current, findingKey(finding), { id: into, now }));
  }

  async function close({ from, into, because }: Extract<Bringing, { do: 'merge' }>): Promise<void> {
    const source = await book.get(from);
    if (source === undefined || source.executing) return;
    await retract(source, `it goes on in ${into}.`);
    await book.change(from, (current, now) =>
      current.executing ? current : mergeIncident(current, { id: into, because, now }),
    );
  }

  return { promote, bring };
}
