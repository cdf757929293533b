import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { SourceTrouble } from '../core/ports/status-board.ts';

/** What is wrong with the sources now, for `/kube status`; each change is logged once. */
export interface TroubleBook {
  /** Told what is wrong with a source; undefined once it works again. */
  of(source: string): (problem: string | undefined) => void;
  /** Source -> what is wrong with it, and since when anything has been. */
  all(): Readonly<Record<string, SourceTrouble>>;
}

export function createTroubleBook(log: Log, clock: Pick<Clock, 'now'>): TroubleBook {
  const troubles = new Map<string, SourceTrouble>();
  return {
    of: (source) => (problem) => {
      const known = troubles.get(source);
      if (problem === undefined) {
        troubles.delete(source);
        return;
      }
      if (known?.problem !== problem) log.warn('a source is in trouble and goes on trying', { source, problem });
      troubles.set(source, { problem, since: known?.since ?? clock.now() });
    },
    all: () => Object.fromEntries(troubles),
  };
}
