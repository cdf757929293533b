import type { Page, Region, Snapshot } from './app.ts';
import { h, required } from './dom.ts';
import { icon } from './icons.ts';
import type { Json } from './json.ts';

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?/g;

function paint(source: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    nodes.push(document.createTextNode(source.slice(end, match.index)));
    const [whole, quoted, colon] = match;
    const word = quoted === undefined ? 'json-word' : 'json-text';
    nodes.push(h('span', { class: colon === undefined ? word : 'json-key' }, whole));
    end = match.index + whole.length;
  }
  nodes.push(document.createTextNode(source.slice(end)));
  return nodes;
}

/** The drawer with the JSON of one message. */
export function createDrawer(page: Page): Region {
  const host = required('drawer');
  const pre = h('pre', { tabindex: 0 });
  const copy = h('button', { type: 'button', class: 'quiet' }, icon('copy'), 'Copy');
  const close = h(
    'button',
    { type: 'button', class: 'only-icon', 'aria-label': 'Close', title: 'Close (Esc)' },
    icon('close'),
  );
  let shown: Json | undefined;
  let opener: Element | null = null;
  close.addEventListener('click', () => page.set({ inspected: undefined }));
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(pre.textContent).then(
      () => page.toast('Copied'),
      () => page.toast('The browser did not allow copying'),
    );
  });
  host.append(h('header', {}, h('h2', {}, 'Message JSON'), copy, close), pre);
  const update = ({ ui }: Snapshot): void => {
    if (ui.inspected === shown) return;
    if (shown === undefined) opener = document.activeElement;
    shown = ui.inspected;
    host.hidden = shown === undefined;
    if (shown !== undefined) {
      pre.replaceChildren(...paint(JSON.stringify(shown, null, 2)));
      pre.scrollTop = 0;
      close.focus();
    } else if (opener instanceof HTMLElement) opener.focus();
  };
  return { update };
}
