import type { Absence } from '../../core/view.ts';
import type { WrittenView } from '../../core/views/object.ts';

/** When a fault began, and from when on it counts; epoch milliseconds. */
export interface Onset {
  readonly since: number;
  readonly from: number;
}

type Written = Pick<WrittenView, 'createdAt' | 'specWrittenAt'>;

/** The latest moment at which an object was made to be as it is. */
export function writtenAt({ createdAt, specWrittenAt = 0 }: Written): number {
  return Math.max(createdAt, specWrittenAt);
}

/** A fault that counts once it has lasted for so long. */
export function lasting(since: number, forMs: number): Onset {
  return { since, from: since + forMs };
}

/**
 * Of an object that points at one which is not there. What was never seen to be there may have been gone for long: it is dated by the later bound, but
 * not waited for, so that a restart finds what was found before it.
 */
export function onsetOfAbsence(pointer: Written, absence: Absence, graceMs: number): Onset {
  const written = writtenAt(pointer);
  const waited = Math.max(written, absence.seenToGo ? absence.since : 0);
  return { since: Math.max(written, absence.since), from: waited + graceMs };
}

/** Those that count now, and those that do not yet: each group can be told as one trouble. */
export function groupDue<T extends Onset>(found: readonly T[], now: number): readonly (readonly T[])[] {
  return [...Map.groupBy(found, ({ from }) => from <= now).values()];
}

/** Of several that are told as one. */
export function earliestOnset(onsets: readonly Onset[]): Onset {
  return { since: Math.min(...onsets.map(({ since }) => since)), from: Math.min(...onsets.map(({ from }) => from)) };
}

/** Of several that only together are a fault. */
export function latestOnset(onsets: readonly Onset[]): Onset {
  return { since: Math.max(...onsets.map(({ since }) => since)), from: Math.max(...onsets.map(({ from }) => from)) };
}
