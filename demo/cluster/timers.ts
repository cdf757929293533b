/** Timers that end together. */
export interface Timers {
  /** Answers a function that cancels it. */
  after(ms: number, act: () => void): () => void;
  stop(): void;
}

export function createTimers(): Timers {
  const waiting = new Set<NodeJS.Timeout>();
  let isStopped = false;
  return {
    after(ms, act) {
      if (isStopped) return () => {};
      const timer = setTimeout(() => {
        waiting.delete(timer);
        act();
      }, ms);
      waiting.add(timer);
      return () => {
        clearTimeout(timer);
        waiting.delete(timer);
      };
    },
    stop() {
      isStopped = true;
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}
