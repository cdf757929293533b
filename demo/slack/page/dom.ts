type Handler = (event: Event) => void;
export type Props = Readonly<Record<string, string | number | boolean | undefined | Handler>>;
export type Child = Node | string | undefined;

function setProp(element: Element, name: string, value: Props[string]): void {
  if (value === undefined || value === false) return;
  if (typeof value === 'function') element.addEventListener(name.slice(2), value);
  else if (name.startsWith('--') && element instanceof HTMLElement) element.style.setProperty(name, String(value));
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** An element; strings become text nodes, so data can never become markup. `onclick` style names add listeners. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  for (const child of children) if (child !== undefined) element.append(child);
  return element;
}

export function svg(tag: string, props: Props, ...children: readonly Node[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  element.append(...children);
  return element;
}

export function required(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element #${id}`);
  return element;
}

/** One keyed child: drawn again only when `sig` differs from the last drawing. */
export interface Entry {
  readonly key: string;
  readonly sig: string;
  readonly render: () => HTMLElement;
}

const drawn = new WeakMap<Element, { readonly key: string; readonly sig: string }>();

function carryField(from: Element, to: Element | null): void {
  if (from instanceof HTMLInputElement && to instanceof HTMLInputElement) {
    to.value = from.value;
    to.checked = from.checked;
  } else if (from instanceof HTMLTextAreaElement && to instanceof HTMLTextAreaElement) to.value = from.value;
  else if (from instanceof HTMLSelectElement && to instanceof HTMLSelectElement) to.value = from.value;
  if (to instanceof HTMLElement) to.dataset['dirty'] = 'true';
}

function twin(of: HTMLElement, inside: Element): HTMLElement | null {
  const key = of.dataset['focus'];
  return key === undefined ? null : inside.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`);
}

function carrySelection(from: Element, to: HTMLElement): void {
  if (from instanceof HTMLTextAreaElement && to instanceof HTMLTextAreaElement) {
    to.setSelectionRange(from.selectionStart, from.selectionEnd);
  }
}

/** Swaps a drawing for its successor; focus and what a person typed or chose move over by `data-focus`. */
function swap(old: Element, next: HTMLElement): void {
  const active = document.activeElement;
  for (const field of old.querySelectorAll<HTMLElement>('[data-dirty]')) carryField(field, twin(field, next));
  const heir = active instanceof HTMLElement && old.contains(active) ? twin(active, next) : null;
  old.replaceWith(next);
  if (heir === null) return;
  heir.focus({ preventScroll: true });
  if (active !== null) carrySelection(active, heir);
}

export function keyOf(element: Element): string {
  return drawn.get(element)?.key ?? '';
}

function drawEntry(entry: Entry, old: Element | undefined): Element {
  if (old !== undefined && drawn.get(old)?.sig === entry.sig) return old;
  const next = entry.render();
  drawn.set(next, { key: entry.key, sig: entry.sig });
  if (old !== undefined) swap(old, next);
  return next;
}

/** Makes the children of `parent` match the entries, touching only what changed. */
export function reconcile(parent: Element, entries: readonly Entry[]): void {
  const wanted = new Set(entries.map((entry) => entry.key));
  const existing = new Map<string, Element>();
  for (const child of Array.from(parent.children)) {
    const key = drawn.get(child)?.key;
    if (key === undefined || !wanted.has(key)) child.remove();
    else existing.set(key, child);
  }
  let cursor = parent.firstElementChild;
  for (const entry of entries) {
    const old = existing.get(entry.key);
    const atCursor = old !== undefined && old === cursor;
    const node = drawEntry(entry, old);
    if (atCursor || node === cursor) cursor = node.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
}
