/** Counts every visible change and lets others wait for one. */
export class Changes {
  #version = 0;
  readonly #listeners = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The first value `read` gives, looked for now and after each change.
   * Rejects after `timeoutMs` real milliseconds with what `describe` says.
   */
  waitFor<T>(read: () => T | undefined, waiting: Waiting): Promise<T> {
    const now = read();
    if (now !== undefined) return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stopListening();
        reject(new Error(`waited ${waiting.timeoutMs} ms for ${waiting.describe()}`));
      }, waiting.timeoutMs);
      const stopListening = this.onChange(() => {
        const value = read();
        if (value === undefined) return;
        clearTimeout(timer);
        stopListening();
        resolve(value);
      });
    });
  }
}

export interface Waiting {
  readonly timeoutMs: number;
  readonly describe: () => string;
}
