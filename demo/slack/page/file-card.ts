import { h } from './dom.ts';
import { icon } from './icons.ts';
import { type Json, text } from './json.ts';

const PREVIEW_LINES = 6;
// Files stay expanded when their message is drawn again.
const expanded = new Set<string>();

function sizeOf(content: string): string {
  const lines = content.split('\n').length;
  const bytes = new Blob([content]).size;
  return `${lines} ${lines === 1 ? 'line' : 'lines'} · ${bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KB`}`;
}

/** A text file with a preview of its first lines and a button that shows all of it. */
export function drawFile(file: Json): HTMLElement {
  const id = text(file, 'id');
  const content = text(file, 'content').trimEnd();
  const isLong = content.split('\n').length > PREVIEW_LINES;
  const pre = h('pre', { tabindex: 0, id: `file-${id}` }, content);
  const toggle = h('button', {
    type: 'button',
    class: 'quiet',
    'aria-controls': `file-${id}`,
    'data-focus': `file-${id}`,
  });
  const card = h(
    'div',
    { class: 'file' },
    h(
      'header',
      {},
      icon('file'),
      h(
        'div',
        {},
        h('strong', {}, text(file, 'title') || text(file, 'name')),
        h('small', {}, `${text(file, 'name')} · ${sizeOf(content)}`),
      ),
      isLong ? toggle : undefined,
    ),
    pre,
  );
  const show = (): void => {
    const open = expanded.has(id);
    card.classList.toggle('open', open || !isLong);
    toggle.setAttribute('aria-expanded', String(open));
    toggle.textContent = open ? 'Collapse' : 'Expand';
  };
  toggle.addEventListener('click', () => {
    if (!expanded.delete(id)) expanded.add(id);
    show();
  });
  show();
  return card;
}
