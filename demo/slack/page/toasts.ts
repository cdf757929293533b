import type { Page, Region, Snapshot } from './app.ts';
import { type Entry, h, reconcile, required } from './dom.ts';
import { icon } from './icons.ts';

const LOCAL_TOAST_MS = 6000;

interface Toast {
  readonly id: string;
  readonly text: string;
  readonly dismiss: () => void;
}

function toastEntry(toast: Toast): Entry {
  const render = (): HTMLElement =>
    h(
      'div',
      { class: 'toast' },
      icon('info'),
      h('p', {}, toast.text),
      h(
        'button',
        { type: 'button', class: 'only-icon', 'aria-label': 'Dismiss', onclick: toast.dismiss },
        icon('close'),
      ),
    );
  return { key: toast.id, sig: toast.text, render };
}

export interface Toasts extends Region {
  readonly add: (text: string) => void;
}

/** Notices of the server stay until dismissed; the page's own messages leave by themselves. */
export function createToasts(page: Page): Toasts {
  const host = required('toasts');
  let local: readonly Toast[] = [];
  let next = 0;
  let shownCount = 0;
  const update = ({ state }: Snapshot): void => {
    const notices = state.notices.map((notice) => ({
      ...notice,
      dismiss: () => void page.send('notice-dismiss', { id: notice.id }),
    }));
    // A refusal often comes twice: as the answer to the click and as Slack's notice.
    const own = local.filter((toast) => notices.every((notice) => notice.text !== toast.text));
    const all = [...notices, ...own];
    // Opened again for each new toast, so that it lies above a dialog that opened meanwhile.
    if (all.length > shownCount && host.matches(':popover-open')) host.hidePopover();
    shownCount = all.length;
    reconcile(host, all.map(toastEntry));
    if (all.length > 0 && !host.matches(':popover-open')) host.showPopover();
    if (all.length === 0 && host.matches(':popover-open')) host.hidePopover();
  };
  const remove = (id: string): void => {
    local = local.filter((toast) => toast.id !== id);
    update(page.snapshot());
  };
  const add = (text: string): void => {
    next += 1;
    const id = `local-${next}`;
    local = [...local, { id, text, dismiss: () => remove(id) }];
    window.setTimeout(() => remove(id), LOCAL_TOAST_MS);
    update(page.snapshot());
  };
  return { update, add };
}
