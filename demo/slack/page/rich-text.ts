import { h } from './dom.ts';
import { flag, isRecord, type Json, number, record, records, text } from './json.ts';
import { dateNode, emojiNode, link, mention, type Names } from './mrkdwn.ts';

function styledText(element: Json): Node {
  const style = record(element['style']);
  let node: Node = document.createTextNode(text(element, 'text'));
  if (flag(style, 'code')) node = h('code', {}, node);
  if (flag(style, 'bold')) node = h('strong', {}, node);
  if (flag(style, 'italic')) node = h('em', {}, node);
  return flag(style, 'strike') ? h('s', {}, node) : node;
}

const INLINES: Readonly<Record<string, (element: Json, names: Names) => Node>> = {
  text: styledText,
  link: (element) => link(text(element, 'url'), text(element, 'text') || text(element, 'url')),
  user: (element, names) => {
    const id = text(element, 'user_id');
    return mention(`@${names.user(id) || id}`, id === names.me);
  },
  channel: (element, names) => {
    const id = text(element, 'channel_id');
    return mention(`#${names.channel(id) || id}`);
  },
  usergroup: (element) => mention(`@${text(element, 'usergroup_id')}`),
  broadcast: (element) => mention(`@${text(element, 'range')}`),
  emoji: (element) => emojiNode(text(element, 'name')),
  date: (element) => dateNode(String(number(element, 'timestamp')), text(element, 'format'), text(element, 'fallback')),
};

function inline(element: Json, names: Names): Node {
  return (INLINES[text(element, 'type')] ?? styledText)(element, names);
}

function inlines(element: Json, names: Names): Node[] {
  return records(element, 'elements').map((child) => inline(child, names));
}

function part(element: Json, names: Names): HTMLElement {
  switch (text(element, 'type')) {
    case 'rich_text_preformatted':
      return h('pre', { tabindex: 0 }, ...inlines(element, names));
    case 'rich_text_quote':
      return h('blockquote', { class: 'lines' }, ...inlines(element, names));
    case 'rich_text_list': {
      const rows = records(element, 'elements').map((item) => h('li', {}, ...inlines(item, names)));
      const tag = text(element, 'style') === 'ordered' ? 'ol' : 'ul';
      return h(tag, { class: `indent-${Math.min(number(element, 'indent'), 4)}` }, ...rows);
    }
    default:
      return h('div', { class: 'lines' }, ...inlines(element, names));
  }
}

/** The parts of a `rich_text` block. */
export function renderRichText(block: Json, names: Names): HTMLElement[] {
  return records(block, 'elements')
    .filter(isRecord)
    .map((element) => part(element, names));
}
