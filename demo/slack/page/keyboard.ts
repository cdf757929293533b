import type { Page } from './app.ts';

function closeTopmost(page: Page): void {
  const { ui } = page.snapshot();
  if (ui.inspected !== undefined) page.set({ inspected: undefined });
  else if (ui.thread !== '') page.set({ thread: '', dismissed: ui.thread });
}

/** Escape closes what lies on top: dialogs and menus do that themselves, then the drawer, then the thread. */
export function createKeyboard(page: Page): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (document.querySelector('dialog[open], .menu:popover-open') === null) closeTopmost(page);
  });
  // Links to messages of this workspace open here instead of in a new window.
  document.addEventListener('click', (event) => {
    const anchor = event.target instanceof Element ? event.target.closest('a') : null;
    const found = /\/archives\/(\w+)\/p(\d{10})(\d{6})/.exec(anchor?.href ?? '');
    const [, channel = '', seconds, micros] = found ?? [];
    if (!page.snapshot().state.channels.some((one) => one.id === channel)) return;
    event.preventDefault();
    page.set({ place: 'channel', channel, chosen: true, thread: `${seconds}.${micros}` });
  });
}
