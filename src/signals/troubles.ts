import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { SourceTrouble } from '../core/ports/status-board.ts';

/** What is wrong with the sources now, for `/kube status`; each change is logged once, its end too. */
export interface TroubleBook {
  /** Told what is wrong with a source; undefined once it works again. Where several tell of one source, it is in trouble until it works for all. */
  of(source: string): (problem: string | undefined) => void;
  /** Source -> what is wrong with it, and since when anything has been. */
  all(): Readonly<Record<string, SourceTrouble>>;
}

interface Trouble {
  /** Epoch milliseconds. */
  readonly since: number;
  /** Who tells of it -> what is wrong. */
  readonly told: Map<symbol, string>;
}

export function createTroubleBook(log: Log, clock: Pick<Clock, 'now'>): TroubleBook {
  const troubles = new Map<string, Trouble>();
  return {
    of(source) {
      const teller = Symbol(source);
      return (problem) => {
        const known = troubles.get(source) ?? { since: clock.now(), told: new Map<symbol, string>() };
        const wasInTrouble = known.told.size > 0;
        const isNews = problem !== undefined && ![...known.told.values()].includes(problem);
        if (problem === undefined) known.told.delete(teller);
        else known.told.set(teller, problem);
        if (known.told.size === 0) troubles.delete(source);
        else troubles.set(source, known);
        if (wasInTrouble && known.told.size === 0) log.info('a source works again', { source });
        if (isNews) log.warn('a source is in trouble and goes on trying', { source, problem });
      };
    },
    all: () =>
      Object.fromEntries(
        [...troubles].map(([source, { since, told }]) => [
          source,
          { problem: [...new Set(told.values())].join(' '), since },
        ]),
      ),
  };
}
