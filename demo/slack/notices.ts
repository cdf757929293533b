import type { Changes } from './changes.ts';

/** What Slack itself tells one person, such as "the app did not respond in time". */
export interface Notice {
  readonly id: string;
  readonly userId: string;
  readonly text: string;
}

export class Notices {
  #list: readonly Notice[] = [];
  #last = 0;
  readonly #changes: Changes;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  of(userId: string): readonly Notice[] {
    return this.#list.filter((notice) => notice.userId === userId);
  }

  show(userId: string, text: string): void {
    this.#last += 1;
    this.#list = [...this.#list.slice(-49), { id: `N${this.#last}`, userId, text }];
    this.#changes.changed();
  }

  dismiss(userId: string, id: string): boolean {
    const left = this.#list.filter((notice) => notice.userId !== userId || notice.id !== id);
    const found = left.length < this.#list.length;
    this.#list = left;
    if (found) this.#changes.changed();
    return found;
  }
}
