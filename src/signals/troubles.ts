import type { Log } from '../core/ports/log.ts';

/** What is wrong with the sources now, for `/kube status`; each change is logged once. */
export interface TroubleBook {
  /** Told what is wrong with a source; undefined once it works again. Where several tell of one source, it is in trouble until it works for all. */
  of(source: string): (problem: string | undefined) => void;
  /** Source -> what is wrong with it. */
  all(): Readonly<Record<string, string>>;
}

export function createTroubleBook(log: Log): TroubleBook {
  /** Source -> who tells of it -> what is wrong. */
  const troubles = new Map<string, Map<symbol, string>>();
  return {
    of(source) {
      const teller = Symbol(source);
      return (problem) => {
        const told = troubles.get(source) ?? new Map<symbol, string>();
        const isNews = problem !== undefined && ![...told.values()].includes(problem);
        if (problem === undefined) told.delete(teller);
        else told.set(teller, problem);
        if (told.size === 0) troubles.delete(source);
        else troubles.set(source, told);
        if (isNews) log.warn('a source is in trouble and goes on trying', { source, problem });
      };
    },
    all: () =>
      Object.fromEntries([...troubles].map(([source, told]) => [source, [...new Set(told.values())].join(' ')])),
  };
}
