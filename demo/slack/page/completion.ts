import { type Child, h } from './dom.ts';

export interface Suggestion {
  readonly label: string;
  readonly detail: string;
  readonly lead?: () => Child;
  /** Text and caret position after choosing. */
  readonly insert: () => void;
}

/** A listbox above a text field: the field keeps focus, `aria-activedescendant` names the chosen row. */
export interface Completion {
  readonly element: HTMLElement;
  readonly show: (suggestions: readonly Suggestion[]) => void;
  /** True when the key was used here. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

function drawRow(suggestion: Suggestion, id: string, choose: () => void): HTMLElement {
  // Mousedown, not click: the text field must not lose focus.
  const onmousedown = (event: Event): void => {
    event.preventDefault();
    choose();
  };
  const words = [h('strong', {}, suggestion.label), h('span', {}, suggestion.detail)];
  return h('div', { role: 'option', id, onmousedown }, suggestion.lead?.(), ...words);
}

export function createCompletion(field: HTMLElement, id: string): Completion {
  const element = h('div', { class: 'completion', role: 'listbox', id, hidden: true, 'aria-label': 'Suggestions' });
  let current: readonly Suggestion[] = [];
  let at = 0;
  const mark = (): void => {
    for (const [index, row] of [...element.children].entries()) row.setAttribute('aria-selected', String(index === at));
    element.children[at]?.scrollIntoView({ block: 'nearest' });
    if (current.length === 0) field.removeAttribute('aria-activedescendant');
    else field.setAttribute('aria-activedescendant', `${id}-${at}`);
  };
  const show = (suggestions: readonly Suggestion[]): void => {
    current = suggestions;
    at = 0;
    element.hidden = suggestions.length === 0;
    field.setAttribute('aria-expanded', String(!element.hidden));
    element.replaceChildren(...suggestions.map((one, index) => drawRow(one, `${id}-${index}`, () => choose(index))));
    mark();
  };
  const choose = (index: number): void => {
    const chosen = current[index];
    show([]);
    chosen?.insert();
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => {
      at = (at + 1) % current.length;
      mark();
    },
    ArrowUp: () => {
      at = (at - 1 + current.length) % current.length;
      mark();
    },
    Tab: () => choose(at),
    Enter: () => choose(at),
    Escape: () => show([]),
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const action = current.length === 0 ? undefined : keys[event.key];
    if (action === undefined) return false;
    event.preventDefault();
    event.stopPropagation();
    action();
    return true;
  };
  return { element, show, onKey };
}
