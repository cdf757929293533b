import { h } from './dom.ts';
import { type Json, text, words } from './json.ts';
import { type Names, renderMrkdwn, renderPlain } from './mrkdwn.ts';

function body(confirm: Json, names: Names): Node[] {
  const source = confirm['text'];
  const isMrkdwn = typeof source === 'object' && source !== null && 'type' in source && source.type === 'mrkdwn';
  return isMrkdwn ? renderMrkdwn(words(source), names) : renderPlain(words(source));
}

/** Asks the question of a Block Kit `confirm` object. Resolves false on Escape or "Cancel". */
export function askConfirm(confirm: Json, names: Names): Promise<boolean> {
  const look = text(confirm, 'style') === 'danger' ? 'button danger' : 'button primary';
  const deny = h('button', { type: 'button', class: 'button' }, words(confirm['deny']) || 'Cancel');
  const accept = h('button', { type: 'button', class: look, autofocus: true }, words(confirm['confirm']) || 'Yes');
  const dialog = h(
    'dialog',
    { class: 'dialog confirm', 'aria-labelledby': 'confirm-title' },
    h('h2', { id: 'confirm-title' }, words(confirm['title'])),
    h('div', { class: 'confirm-text' }, ...body(confirm, names)),
    h('footer', {}, deny, accept),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    deny.addEventListener('click', () => dialog.close());
    accept.addEventListener('click', () => dialog.close('yes'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
