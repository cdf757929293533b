/** Runs `work` for keys, a few at a time and never twice at once for the same key; a key added while it runs, runs once more. */
export interface KeyedQueue<T> {
  add(key: string, item: T): void;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
}

export function createKeyedQueue<T>(concurrency: number, work: (item: T) => Promise<void>): KeyedQueue<T> {
  const waiting = new Map<string, T>();
  const running = new Set<string>();
  const idlers: (() => void)[] = [];

  function next(): void {
    for (const [key, item] of waiting) {
      if (running.size >= concurrency) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      running.add(key);
      void run(key, item);
    }
    if (running.size === 0 && waiting.size === 0) for (const wake of idlers.splice(0)) wake();
  }

  async function run(key: string, item: T): Promise<void> {
    try {
      await work(item);
    } finally {
      running.delete(key);
      next();
    }
  }

  return {
    add(key, item) {
      waiting.set(key, item);
      next();
    },
    idle() {
      if (running.size === 0 && waiting.size === 0) return Promise.resolve();
      return new Promise((resolve) => idlers.push(resolve));
    },
  };
}
