import { h } from './dom.ts';
import { emojiNode, link } from './mrkdwn.ts';

const INLINE =
  /`(?<code>[^`\n]+)`|\*\*(?<bold>[^\n]+?)\*\*|~~(?<strike>[^\n]+?)~~|(?<![\w*])[*_](?<italic>[^\s*_](?:[^\n*]*?[^\s*_])?)[*_](?![\w*])|\[(?<label>[^\]\n]+)\]\((?<url>[^)\s]+)\)|:(?<emoji>[a-z0-9_+-]+):/g;

type Groups = Readonly<Record<string, string | undefined>>;

function token(groups: Groups): Node {
  const { code, bold, strike, italic, label, url } = groups;
  if (code !== undefined) return h('code', {}, code);
  if (bold !== undefined) return h('strong', {}, ...inline(bold));
  if (strike !== undefined) return h('s', {}, ...inline(strike));
  if (italic !== undefined) return h('em', {}, ...inline(italic));
  if (url !== undefined) return link(url, label ?? url);
  return emojiNode(groups['emoji'] ?? '');
}

function inline(source: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of source.matchAll(INLINE)) {
    nodes.push(document.createTextNode(source.slice(end, match.index)), token(match.groups ?? {}));
    end = match.index + match[0].length;
  }
  nodes.push(document.createTextNode(source.slice(end)));
  return nodes;
}

type Kind = 'heading' | 'bullet' | 'number' | 'quote' | 'table' | 'rule' | 'blank' | 'text';

const KINDS: readonly (readonly [Kind, RegExp])[] = [
  ['blank', /^\s*$/],
  ['heading', /^#{1,6}\s/],
  ['rule', /^(?:---+|\*\*\*+)\s*$/],
  ['bullet', /^\s*[-*+]\s/],
  ['number', /^\s*\d+[.)]\s/],
  ['quote', /^>/],
  ['table', /^\|.*\|\s*$/],
];

function kindOf(line: string): Kind {
  return KINDS.find(([, pattern]) => pattern.test(line))?.[0] ?? 'text';
}

function cells(line: string): readonly string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}

function table(lines: readonly string[]): HTMLElement {
  const rows = lines.filter((line) => !/^\|[\s:|-]+\|\s*$/.test(line));
  const draw = (line: string, tag: 'th' | 'td') =>
    h('tr', {}, ...cells(line).map((cell) => h(tag, {}, ...inline(cell))));
  return h('table', {}, ...rows.map((line, index) => draw(line, index === 0 ? 'th' : 'td')));
}

function items(tag: 'ul' | 'ol', lines: readonly string[]): HTMLElement {
  return h(tag, {}, ...lines.map((line) => h('li', {}, ...inline(line.replace(/^\s*(?:[-*+]|\d+[.)])\s/, '')))));
}

function draw(kind: Kind, lines: readonly string[]): HTMLElement | undefined {
  const joined = lines.join('\n');
  switch (kind) {
    case 'blank':
      return undefined;
    case 'heading':
      return h('p', { class: 'heading' }, ...inline(lines.map((line) => line.replace(/^#+\s/, '')).join('\n')));
    case 'rule':
      return h('hr');
    case 'bullet':
      return items('ul', lines);
    case 'number':
      return items('ol', lines);
    case 'quote':
      return h('blockquote', { class: 'lines' }, ...inline(joined.replace(/^> ?/gm, '')));
    case 'table':
      return table(lines);
    case 'text':
      return h('p', {}, ...inline(joined));
  }
}

function prose(source: string): HTMLElement[] {
  const groups: { readonly kind: Kind; readonly lines: string[] }[] = [];
  for (const line of source.split('\n')) {
    const kind = kindOf(line);
    const last = groups.at(-1);
    if (last?.kind === kind && kind !== 'heading') last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.flatMap((group) => draw(group.kind, group.lines) ?? []);
}

/** Standard Markdown of a `markdown` block: headings, lists, quotes, tables, fences and inline styles. */
export function renderMarkdown(source: string): HTMLElement[] {
  return source
    .split(/^```[^\n]*\n([\s\S]*?)\n?```[^\S\n]*$/m)
    .flatMap((part, index) => (index % 2 === 0 ? prose(part) : [h('pre', { tabindex: 0 }, part)]));
}
