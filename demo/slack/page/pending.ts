import type { State } from './model.ts';

const PATIENCE_MS = 10_000;

export interface Pending {
  readonly mark: (element: HTMLElement) => void;
  readonly release: (element: HTMLElement) => void;
  /** Releases what waits when people can see that something changed. */
  readonly settle: (state: State) => void;
}

function visible(state: State): string {
  const messages = [...state.messages.values()].flat().map((message) => message.json);
  const views = [...state.views, ...(state.home === undefined ? [] : [state.home])].map((view) => view.json);
  return JSON.stringify([messages, views, state.notices]);
}

/** The pressed state of buttons, from the click until the answer shows. */
export function createPending(): Pending {
  const waiting = new Set<HTMLElement>();
  let before = '';
  const release = (element: HTMLElement): void => {
    waiting.delete(element);
    element.removeAttribute('aria-busy');
  };
  const mark = (element: HTMLElement): void => {
    waiting.add(element);
    element.setAttribute('aria-busy', 'true');
    window.setTimeout(() => release(element), PATIENCE_MS);
  };
  const settle = (state: State): void => {
    const now = visible(state);
    if (now !== before) for (const element of waiting) release(element);
    before = now;
  };
  return { mark, release, settle };
}
