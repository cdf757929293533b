import { renderChart } from './charts.ts';
import { type BlockContext, imageNode, type Placed, renderElement, textNodes } from './controls.ts';
import { type Child, h } from './dom.ts';
import { icon } from './icons.ts';
import { flag, isRecord, type Json, list, record, records, text, words } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPlain } from './mrkdwn.ts';
import { renderRichText } from './rich-text.ts';

/** Where the block stands: its position names it when it has no block_id; in a modal, values wait for "submit". */
interface Slot {
  readonly index: number;
  readonly inForm: boolean;
  readonly errors: Json;
}

function placedIn(block: Json, element: Json, slot: Slot): Placed {
  const isButton = /button|overflow/.test(text(element, 'type'));
  return { element, blockId: blockIdOf(block, slot), inForm: slot.inForm && !isButton };
}

function blockIdOf(block: Json, slot: Slot): string {
  return text(block, 'block_id') || `block-${slot.index}`;
}

function section(block: Json, context: BlockContext, slot: Slot): HTMLElement {
  const fields = records(block, 'fields').map((field) =>
    h('div', { class: 'field' }, ...textNodes(field, context.names)),
  );
  const accessory = isRecord(block['accessory']) ? block['accessory'] : undefined;
  const main = h(
    'div',
    { class: 'section-main' },
    block['text'] === undefined ? undefined : h('div', { class: 'text' }, ...textNodes(block['text'], context.names)),
    fields.length === 0 ? undefined : h('div', { class: 'fields' }, ...fields),
  );
  const side =
    accessory === undefined
      ? undefined
      : h(
          'div',
          { class: 'accessory', 'data-block': blockIdOf(block, slot), 'data-action': text(accessory, 'action_id') },
          renderElement(placedIn(block, accessory, slot), context),
        );
  return h('div', { class: 'block section' }, main, side);
}

function contextBlock(block: Json, context: BlockContext): HTMLElement {
  const parts = records(block, 'elements').map((element) =>
    text(element, 'type') === 'image' ? imageNode(element) : h('span', {}, ...textNodes(element, context.names)),
  );
  return h('div', { class: 'block context' }, ...parts);
}

function actions(block: Json, context: BlockContext, slot: Slot): HTMLElement {
  const parts = records(block, 'elements').map((element) =>
    h(
      'span',
      { 'data-block': blockIdOf(block, slot), 'data-action': text(element, 'action_id') },
      renderElement(placedIn(block, element, slot), context),
    ),
  );
  return h('div', { class: 'block actions' }, ...parts);
}

function image(block: Json): HTMLElement {
  const title = words(block['title']);
  return h('figure', { class: 'block image' }, title === '' ? undefined : h('figcaption', {}, title), imageNode(block));
}

function input(block: Json, context: BlockContext, slot: Slot): HTMLElement {
  const element = record(block['element']);
  const blockId = blockIdOf(block, slot);
  const error = text(slot.errors, blockId);
  const hint = words(block['hint']);
  const id = `${blockId}-label`;
  const control = renderElement(placedIn(block, element, { ...slot, inForm: true }), context);
  const field = control.matches('input, textarea, .choices') ? control : control.querySelector('select');
  field?.setAttribute('aria-labelledby', id);
  field?.setAttribute('aria-describedby', `${blockId}-error`);
  if (error !== '') field?.setAttribute('aria-invalid', 'true');
  const optional = flag(block, 'optional');
  return h(
    'div',
    {
      class: 'block input',
      'data-block': blockId,
      'data-action': text(element, 'action_id'),
      'data-required': !optional,
    },
    h('span', { class: 'label', id }, words(block['label']), optional ? h('small', {}, '(optional)') : undefined),
    control,
    hint === '' ? undefined : h('small', { class: 'hint' }, hint),
    h('p', { class: 'error', id: `${blockId}-error`, role: 'alert' }, error),
  );
}

function cellNodes(cell: unknown, context: BlockContext): Node[] {
  const source = record(cell);
  if (text(source, 'type') === 'rich_text') return renderRichText(source, context.names);
  const plain = source['text'] ?? source['value'];
  return renderPlain(typeof plain === 'number' ? String(plain) : words(plain));
}

function table(block: Json, context: BlockContext): HTMLElement {
  const rows = list(block, 'rows').map((row, index) => {
    const cells = Array.isArray(row) ? row : records(record(row), 'cells');
    return h('tr', {}, ...cells.map((cell: unknown) => h(index === 0 ? 'th' : 'td', {}, ...cellNodes(cell, context))));
  });
  const caption = words(block['caption']);
  return h(
    'div',
    { class: 'block table' },
    h('table', {}, caption === '' ? undefined : h('caption', {}, caption), ...rows),
  );
}

const TASK_MARKS: Readonly<Record<string, string>> = { complete: 'done', in_progress: 'running', error: 'failed' };

function task(element: Json, context: BlockContext): HTMLElement {
  const state = TASK_MARKS[text(element, 'status')] ?? 'pending';
  const more = ['details', 'output'].flatMap((key) => {
    const part = record(element[key]);
    return text(part, 'type') === 'rich_text' ? renderRichText(part, context.names) : [];
  });
  const mark = h(
    'span',
    { class: `mark ${state}`, role: 'img', 'aria-label': state },
    state === 'done' ? icon('check') : undefined,
  );
  return h('li', {}, mark, h('div', {}, h('span', {}, words(element['title'])), ...more));
}

function plan(block: Json, context: BlockContext): HTMLElement {
  const isPlan = text(block, 'type') === 'plan';
  const tasks = isPlan ? records(block, 'tasks') : [block];
  const title = isPlan ? words(block['title']) : '';
  return h(
    'div',
    { class: 'block plan' },
    title === '' ? undefined : h('strong', {}, title),
    h('ul', {}, ...tasks.map((one) => task(one, context))),
  );
}

type Draw = (block: Json, context: BlockContext, slot: Slot) => Child;

const BLOCKS: Readonly<Record<string, Draw>> = {
  header: (block) => h('h3', { class: 'block header' }, ...renderPlain(words(block['text']))),
  section,
  context: contextBlock,
  actions,
  context_actions: actions,
  divider: () => h('hr', { class: 'block' }),
  image,
  input,
  markdown: (block) => h('div', { class: 'block markdown' }, ...renderMarkdown(text(block, 'text'))),
  rich_text: (block, context) => h('div', { class: 'block rich' }, ...renderRichText(block, context.names)),
  table,
  data_table: table,
  data_visualization: renderChart,
  plan,
  task_card: plan,
  alert: (block, context) =>
    h(
      'div',
      { class: `block alert ${text(block, 'level')}` },
      icon('info'),
      h('div', {}, ...textNodes(block['text'], context.names)),
    ),
};

/** Draws a list of Block Kit blocks. */
export function renderBlocks(
  blocks: readonly Json[],
  context: BlockContext,
  form?: { readonly errors: Json },
): HTMLElement[] {
  return blocks.map((block, index) => {
    const type = text(block, 'type');
    const slot = { index, inForm: form !== undefined, errors: form?.errors ?? {} };
    const node = BLOCKS[type]?.(block, context, slot);
    if (node instanceof HTMLElement) return node;
    return h('p', { class: 'block unsupported' }, `The page cannot draw the block “${type}”`);
  });
}
