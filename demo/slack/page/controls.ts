import { type Child, h } from './dom.ts';
import { icon } from './icons.ts';
import { isRecord, type Json, number, record, records, text, words } from './json.ts';
import { openMenu } from './menu.ts';
import { type Names, renderMrkdwn, renderPlain } from './mrkdwn.ts';

/** What a person did to an interactive element. */
export interface Click {
  readonly blockId: string;
  readonly actionId: string;
  readonly value?: string;
  readonly selectedOption?: Json;
  readonly selectedOptions?: readonly Json[];
  /** Block Kit confirm object to ask first. */
  readonly confirm?: Json;
  /** The element that shows the pending state. */
  readonly source: HTMLElement;
}

export interface BlockContext {
  readonly names: Names;
  readonly act: (click: Click) => void;
}

/** One element in its block; in a form its value is collected instead of sent at once. */
export interface Placed {
  readonly element: Json;
  readonly blockId: string;
  readonly inForm: boolean;
}

export function textNodes(value: unknown, names: Names): Node[] {
  const source = record(value);
  return text(source, 'type') === 'mrkdwn' ? renderMrkdwn(text(source, 'text'), names) : renderPlain(words(value));
}

function confirmOf(element: Json): { readonly confirm?: Json } {
  return isRecord(element['confirm']) ? { confirm: element['confirm'] } : {};
}

function focusKey(placed: Placed): string {
  return `${placed.blockId}/${text(placed.element, 'action_id')}`;
}

function identity(placed: Placed): Omit<Click, 'source'> {
  return { blockId: placed.blockId, actionId: text(placed.element, 'action_id'), ...confirmOf(placed.element) };
}

function webAddress(element: Json): string | undefined {
  const url = text(element, 'url');
  const target = URL.canParse(url) ? new URL(url) : undefined;
  return target !== undefined && /^https?:$/.test(target.protocol) ? target.href : undefined;
}

function button(placed: Placed, context: BlockContext): HTMLElement {
  const { element } = placed;
  const onclick = (event: Event): void => {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    context.act({ ...identity(placed), value: text(element, 'value'), source: event.currentTarget });
  };
  const props = {
    class: `button ${text(element, 'style')}`.trim(),
    'aria-label': text(element, 'accessibility_label') || undefined,
    'data-focus': focusKey(placed),
    onclick,
  };
  const label = h('span', {}, ...renderPlain(words(element['text'])));
  const href = webAddress(element);
  if (href === undefined) return h('button', { ...props, type: 'button' }, label);
  return h('a', { ...props, href, target: '_blank', rel: 'noopener noreferrer' }, label);
}

function overflow(placed: Placed, context: BlockContext): HTMLElement {
  const anchor = h(
    'button',
    {
      type: 'button',
      class: 'button only-icon',
      'aria-label': 'More actions',
      'aria-haspopup': 'menu',
      'data-focus': focusKey(placed),
    },
    icon('dots'),
  );
  anchor.addEventListener('click', () => {
    const items = records(placed.element, 'options').map((option) => ({
      label: words(option['text']),
      pick: () => context.act({ ...identity(placed), selectedOption: option, source: anchor }),
    }));
    openMenu(anchor, 'More actions', items);
  });
  return anchor;
}

function optionNodes(element: Json): HTMLElement[] {
  const draw = (option: Json): HTMLElement => h('option', { value: text(option, 'value') }, words(option['text']));
  const groups = records(element, 'option_groups').map((group) =>
    h('optgroup', { label: words(group['label']) }, ...records(group, 'options').map(draw)),
  );
  return [...records(element, 'options').map(draw), ...groups];
}

function allOptions(element: Json): readonly Json[] {
  return [
    ...records(element, 'options'),
    ...records(element, 'option_groups').flatMap((group) => records(group, 'options')),
  ];
}

function select(placed: Placed, context: BlockContext): HTMLElement {
  const { element } = placed;
  const initial = text(record(element['initial_option']), 'value');
  const placeholder = words(element['placeholder']) || 'Select an item';
  const field = h(
    'select',
    { 'data-focus': focusKey(placed), 'data-field': 'select', 'aria-label': placeholder },
    h('option', { value: '', ...(initial === '' ? { selected: true } : {}) }, placeholder),
    ...optionNodes(element),
  );
  field.value = initial;
  field.addEventListener('change', () => {
    field.dataset['dirty'] = 'true';
    const selectedOption = allOptions(element).find((option) => text(option, 'value') === field.value);
    if (placed.inForm || selectedOption === undefined) return;
    context.act({ ...identity(placed), selectedOption, source: field });
  });
  return h('span', { class: 'select' }, field, icon('chevron'));
}

function choices(placed: Placed, context: BlockContext): HTMLElement {
  const { element } = placed;
  const many = text(element, 'type') === 'checkboxes';
  const initial = [...records(element, 'initial_options'), record(element['initial_option'])].map((one) =>
    text(one, 'value'),
  );
  const box = h('span', { class: 'choices', role: many ? 'group' : 'radiogroup' });
  const onchange = (): void => {
    const chosen = [...box.querySelectorAll('input')].filter((input) => input.checked).map((input) => input.value);
    for (const input of box.querySelectorAll('input')) input.dataset['dirty'] = 'true';
    if (placed.inForm) return;
    const options = records(element, 'options').filter((option) => chosen.includes(text(option, 'value')));
    const [first] = options;
    const single = first === undefined ? {} : { selectedOption: first };
    const picked = many ? { selectedOptions: options } : single;
    context.act({ ...identity(placed), ...picked, source: box });
  };
  box.append(
    ...records(element, 'options').map((option) => {
      const value = text(option, 'value');
      const input = h('input', {
        type: many ? 'checkbox' : 'radio',
        name: focusKey(placed),
        value,
        checked: value !== '' && initial.includes(value),
        'data-field': many ? 'checkboxes' : 'radio',
        'data-focus': `${focusKey(placed)}/${value}`,
        onchange,
      });
      const detail =
        option['description'] === undefined
          ? undefined
          : h('small', {}, ...textNodes(option['description'], context.names));
      return h('label', { class: 'choice' }, input, h('span', {}, ...textNodes(option['text'], context.names), detail));
    }),
  );
  return box;
}

const INPUT_TYPES: Readonly<Record<string, string>> = {
  number_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  datepicker: 'date',
  timepicker: 'time',
};

function typed(placed: Placed): HTMLElement {
  const { element } = placed;
  const initial = ['initial_value', 'initial_date', 'initial_time']
    .map((key) => text(element, key))
    .find((one) => one !== '');
  const props = {
    'data-field': 'text',
    'data-focus': focusKey(placed),
    placeholder: words(element['placeholder']) || undefined,
    maxlength: number(element, 'max_length') || undefined,
    inputmode: text(element, 'type') === 'number_input' ? 'decimal' : undefined,
    autocomplete: 'off',
  };
  const field =
    element['multiline'] === true
      ? h('textarea', { ...props, rows: 4 })
      : h('input', { ...props, type: INPUT_TYPES[text(element, 'type')] ?? 'text' });
  field.value = initial ?? (typeof element['initial_value'] === 'number' ? String(element['initial_value']) : '');
  field.addEventListener('input', () => {
    field.dataset['dirty'] = 'true';
  });
  return field;
}

function feedback(placed: Placed, context: BlockContext): HTMLElement {
  const draw = (key: string): Child => {
    const half = record(placed.element[key]);
    if (words(half['text']) === '') return undefined;
    const element = { ...half, action_id: text(placed.element, 'action_id') };
    return button({ ...placed, element }, context);
  };
  return h('span', { class: 'row' }, draw('positive_button'), draw('negative_button'));
}

export function imageNode(element: Json): HTMLElement {
  const alt = text(element, 'alt_text');
  const image = h('img', { alt, title: alt, loading: 'lazy' });
  image.addEventListener('error', () => image.replaceWith(h('span', { class: 'no-image' }, alt || 'image')));
  image.src = text(element, 'image_url');
  return image;
}

type Draw = (placed: Placed, context: BlockContext) => HTMLElement;

const ELEMENTS: Readonly<Record<string, Draw>> = {
  button,
  workflow_button: button,
  overflow,
  static_select: select,
  checkboxes: choices,
  radio_buttons: choices,
  feedback_buttons: feedback,
  image: (placed) => imageNode(placed.element),
  plain_text_input: typed,
  number_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  datepicker: typed,
  timepicker: typed,
};

/** Draws an interactive element or image; an unknown type is named, never silently left out. */
export function renderElement(placed: Placed, context: BlockContext): HTMLElement {
  const type = text(placed.element, 'type');
  const draw = ELEMENTS[type];
  return draw?.(placed, context) ?? h('span', { class: 'unsupported' }, `The page cannot draw “${type}”`);
}
