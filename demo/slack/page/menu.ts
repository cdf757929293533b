import { type Child, h } from './dom.ts';

export interface MenuItem {
  readonly label: string;
  readonly detail?: string;
  readonly checked?: boolean;
  readonly danger?: boolean;
  readonly lead?: () => Child;
  readonly pick: () => void;
}

function place(menu: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = box.bottom + 6 + height <= window.innerHeight;
  menu.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - height - 6)}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
}

function moveFocus(menu: HTMLElement, event: Event): void {
  if (!(event instanceof KeyboardEvent)) return;
  const buttons = [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Tab') menu.hidePopover();
  if (step === undefined) return;
  event.preventDefault();
  buttons.at((at + step + buttons.length) % buttons.length)?.focus();
}

function drawItem(item: MenuItem, close: () => void): HTMLElement {
  const props =
    item.checked === undefined ? { role: 'menuitem' } : { role: 'menuitemradio', 'aria-checked': String(item.checked) };
  const onclick = (): void => {
    close();
    item.pick();
  };
  const words = h('span', { class: 'menu-words' }, h('span', {}, item.label));
  if (item.detail !== undefined) words.append(h('small', {}, item.detail));
  const look = item.danger === true ? 'menu-item danger' : 'menu-item';
  return h('button', { ...props, type: 'button', class: look, onclick }, item.lead?.(), words);
}

/** Opens a menu next to its button: arrows move, Escape or a click elsewhere closes, focus returns to the button. */
export function openMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void {
  const menu = h('div', { class: 'menu', role: 'menu', popover: 'auto', 'aria-label': label });
  if (items.some((item) => item.checked !== undefined)) menu.append(h('p', { class: 'menu-title' }, label));
  menu.append(...items.map((item) => drawItem(item, () => menu.hidePopover())));
  menu.addEventListener('keydown', (event) => moveFocus(menu, event));
  menu.addEventListener('toggle', (event) => {
    if (!(event instanceof ToggleEvent) || event.newState !== 'closed') return;
    anchor.setAttribute('aria-expanded', 'false');
    menu.remove();
  });
  // Outside an open modal dialog everything is inert, so a menu of a dialog lives inside it.
  (anchor.closest('dialog') ?? document.body).append(menu);
  anchor.setAttribute('aria-expanded', 'true');
  menu.showPopover();
  place(menu, anchor);
  menu.querySelector<HTMLElement>('[aria-checked=true], [role^=menuitem]')?.focus();
}
