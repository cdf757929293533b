import type { Log } from '../core/ports/log.ts';

/** What is wrong with the sources now, for `/kube status`; each change is logged once. */
export interface TroubleBook {
  /** Told what is wrong with a source; undefined once it works again. */
  of(source: string): (problem: string | undefined) => void;
  /** Source -> what is wrong with it. */
  all(): Readonly<Record<string, string>>;
}

export function createTroubleBook(log: Log): TroubleBook {
  const troubles = new Map<string, string>();
  return {
    of: (source) => (problem) => {
      if (problem === undefined) troubles.delete(source);
      else if (troubles.get(source) !== problem)
        log.warn('a source is in trouble and goes on trying', { source, problem });
      if (problem !== undefined) troubles.set(source, problem);
    },
    all: () => Object.fromEntries(troubles),
  };
}
