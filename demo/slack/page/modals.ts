import type { Page, Region, Snapshot } from './app.ts';
import { renderBlocks } from './blocks.ts';
import { h, reconcile } from './dom.ts';
import { checkRequired, collectValues } from './form-values.ts';
import { icon } from './icons.ts';
import { avatar } from './message.ts';
import { botOf, type View } from './model.ts';

async function submit(view: View, form: HTMLFormElement, page: Page): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
  if (button === null || button.getAttribute('aria-busy') === 'true' || !checkRequired(form)) return;
  button.setAttribute('aria-busy', 'true');
  await page.send('submit', { view_id: view.id, values: collectValues(form) });
  button.removeAttribute('aria-busy');
}

function drawHead(view: View, depth: number, page: Page): HTMLElement {
  const close = (): void => void page.send('close', { view_id: view.id });
  const label = depth > 0 ? 'Back' : 'Close';
  const leave = h('button', {
    type: 'button',
    class: 'only-icon',
    'aria-label': label,
    'data-focus': 'leave',
    onclick: close,
  });
  leave.append(icon(depth > 0 ? 'back' : 'close'));
  const title = h('h2', { id: `title-${view.id}` }, view.title);
  const bot = avatar(botOf(page.snapshot().state), 'small');
  return depth > 0 ? h('header', { class: 'deep' }, leave, title) : h('header', {}, bot, title, leave);
}

function drawView(view: View, depth: number, page: Page): HTMLElement {
  const form = h('form', { class: 'view', novalidate: true, 'data-view': view.id });
  const context = {
    names: page.names(),
    act: page.click.bind(undefined, { view: view.id }),
  };
  const close = h('button', { type: 'button', class: 'button', 'data-focus': 'close' }, view.close || 'Close');
  close.addEventListener('click', () => void page.send('close', { view_id: view.id }));
  const send = h(
    'button',
    { type: 'submit', class: 'button primary', 'data-focus': 'submit' },
    h('span', {}, view.submit || 'Submit'),
  );
  const hasForm = view.blocks.some((block) => block['type'] === 'input') || view.submit !== '';
  form.append(
    drawHead(view, depth, page),
    h('div', { class: 'view-body', tabindex: -1 }, ...renderBlocks(view.blocks, context, { errors: view.errors })),
    h('footer', {}, close, hasForm ? send : undefined),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(view, form, page);
  });
  return form;
}

function focusFirst(form: Element | null): void {
  const field =
    form?.querySelector<HTMLElement>('[aria-invalid=true]') ?? form?.querySelector<HTMLElement>('[data-field]');
  (field ?? form?.querySelector<HTMLElement>('.view-body'))?.focus();
}

function showDialog(dialog: HTMLDialogElement, views: readonly View[]): void {
  const top = views.at(-1);
  for (const form of dialog.querySelectorAll<HTMLElement>('form.view')) form.hidden = form.dataset['view'] !== top?.id;
  dialog.setAttribute('aria-labelledby', `title-${top?.id ?? ''}`);
  dialog.classList.toggle('stacked', views.length > 1);
  if (top !== undefined && !dialog.open) dialog.showModal();
  if (top === undefined && dialog.open) dialog.close();
}

function lostFocus(dialog: HTMLDialogElement): boolean {
  const active = document.activeElement;
  const isElsewhere = active === null || active === document.body || active === dialog;
  return isElsewhere || active.closest('form.view')?.matches('[hidden]') === true;
}

/** The stack of modals of the acting user: the top one shows, those below keep what was typed into them. */
export function createModals(page: Page): Region {
  const dialog = h('dialog', { class: 'dialog modal' });
  document.body.append(dialog);
  let top: View | undefined;
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    if (top !== undefined) void page.send('close', { view_id: top.id });
  });
  const update = ({ state: { views } }: Snapshot): void => {
    const before = top;
    top = views.at(-1);
    reconcile(
      dialog,
      views.map((view, depth) => ({
        key: view.id,
        sig: `${view.json}|${depth}`,
        render: () => drawView(view, depth, page),
      })),
    );
    showDialog(dialog, views);
    if (top === undefined) return;
    const isNew = top.id !== before?.id;
    const hasNewErrors = top.json !== before?.json && Object.keys(top.errors).length > 0;
    if (isNew || hasNewErrors || lostFocus(dialog)) focusFirst(dialog.lastElementChild);
  };
  return { update };
}
