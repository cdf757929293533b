/**
 * Runs `work` one at a time for all who ask: those who ask while it runs share the next run, which begins after they asked. They share its failure
 * too.
 */
export function shareTurns<T, R>(work: (asked: readonly T[]) => Promise<R>): (item: T) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve();
  let next: { readonly asked: T[]; readonly done: Promise<R> } | undefined;

  function prepare(): { readonly asked: T[]; readonly done: Promise<R> } {
    const asked: T[] = [];
    const begin = (): Promise<R> => {
      next = undefined;
      return work(asked);
    };
    const done = last.then(begin, begin);
    last = done;
    return { asked, done };
  }

  return (item) => {
    next ??= prepare();
    next.asked.push(item);
    return next.done;
  };
}
