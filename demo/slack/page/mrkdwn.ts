import { dateOf, formatDate, fullTime } from './dates.ts';
import { h } from './dom.ts';
import { emoji, isEmoji } from './emoji.ts';

/** Looks up what an id is called; `me` is the acting user. */
export interface Names {
  readonly me: string;
  readonly user: (id: string) => string;
  readonly channel: (id: string) => string;
}

const FENCE = /```\n?([\s\S]*?)\n?```/g;
const INLINE = new RegExp(
  [
    '`(?<code>[^`\\n]+)`',
    '<(?<ref>[^<>\\n]+)>',
    '(?<![\\p{L}\\p{N}*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\p{L}\\p{N}*])',
    '(?<![\\p{L}\\p{N}_])_(?<italic>[^\\s_](?:[^\\n]*?[^\\s_])?)_(?![\\p{L}\\p{N}_])',
    '(?<![\\p{L}\\p{N}~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\p{L}\\p{N}~])',
    ':(?<emoji>[a-z0-9_+-]+):',
  ].join('|'),
  'gu',
);

function unescapeText(source: string): string {
  return source.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

/** Only http and https addresses become links; anything else stays plain words. */
export function link(address: string, label: string): Node {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return document.createTextNode(label);
  return h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, label);
}

export function mention(label: string, mine = false): HTMLElement {
  return h('span', { class: mine ? 'mention mine' : 'mention' }, label);
}

export function dateNode(seconds: string, format: string, fallback: string): Node {
  const date = dateOf(seconds);
  if (Number.isNaN(date.getTime())) return document.createTextNode(fallback);
  return h('time', { datetime: date.toISOString(), title: fullTime(date) }, formatDate(date, format));
}

function special(ref: string, label: string): Node {
  const [kind = '', a = '', b = ''] = ref.slice(1).split('^');
  if (kind === 'date') return dateNode(a, b, label);
  if (kind === 'subteam') return mention(label || `@${a}`);
  return mention(label || `@${kind}`);
}

type Reference = (target: string, label: string, names: Names) => Node;

const REFERENCES: Readonly<Record<string, Reference>> = {
  '@': (target, label, names) => {
    const id = target.slice(1);
    return mention(`@${names.user(id) || label || id}`, id === names.me);
  },
  '#': (target, label, names) => mention(`#${names.channel(target.slice(1)) || label || target.slice(1)}`),
  '!': special,
};

function anchor(target: string, label: string): Node {
  const address = unescapeText(target);
  return link(address, label || address);
}

function reference(ref: string, names: Names): Node {
  const [target = '', ...rest] = ref.split('|');
  const draw = REFERENCES[target.charAt(0)] ?? anchor;
  return draw(target, unescapeText(rest.join('|')), names);
}

type Groups = Readonly<Record<string, string | undefined>>;

function styled(groups: Groups, names: Names): HTMLElement | undefined {
  const { bold, italic, strike } = groups;
  if (bold !== undefined) return h('strong', {}, ...renderInline(bold, names));
  if (italic !== undefined) return h('em', {}, ...renderInline(italic, names));
  return strike === undefined ? undefined : h('s', {}, ...renderInline(strike, names));
}

function token(match: RegExpExecArray, names: Names): Node {
  const groups: Groups = match.groups ?? {};
  const { code, ref } = groups;
  if (code !== undefined) return h('code', {}, unescapeText(code));
  if (ref !== undefined) return reference(ref, names);
  return styled(groups, names) ?? emojiNode(groups['emoji'] ?? '');
}

export function emojiNode(name: string): Node {
  if (!isEmoji(name)) return document.createTextNode(`:${name}:`);
  return h('span', { class: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' ') }, emoji(name));
}

/** Inline mrkdwn of one line. */
function renderInline(source: string, names: Names): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of source.matchAll(INLINE)) {
    if (match.index > end) nodes.push(document.createTextNode(unescapeText(source.slice(end, match.index))));
    nodes.push(token(match, names));
    end = match.index + match[0].length;
  }
  if (end < source.length) nodes.push(document.createTextNode(unescapeText(source.slice(end))));
  return nodes;
}

const QUOTE = /^(?:>|&gt;) ?/;

function paragraphs(lines: readonly string[]): { readonly quoted: boolean; readonly lines: string[] }[] {
  const groups: { readonly quoted: boolean; readonly lines: string[] }[] = [];
  for (const line of lines) {
    const quoted = QUOTE.test(line);
    const last = groups.at(-1);
    const clean = quoted ? line.replace(QUOTE, '') : line;
    if (last?.quoted === quoted) last.lines.push(clean);
    else groups.push({ quoted, lines: [clean] });
  }
  return groups;
}

function renderLines(source: string, names: Names): Node[] {
  if (source.trim() === '') return [];
  return paragraphs(source.split('\n')).map((group) => {
    const nodes = group.lines.flatMap((line, index) => [
      ...(index === 0 ? [] : [document.createTextNode('\n')]),
      ...renderInline(line, names),
    ]);
    return h(group.quoted ? 'blockquote' : 'span', { class: 'lines' }, ...nodes);
  });
}

/** Slack mrkdwn as nodes. The input is Slack-escaped (&amp; &lt; &gt;). */
export function renderMrkdwn(source: string, names: Names): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of source.matchAll(FENCE)) {
    nodes.push(...renderLines(source.slice(end, match.index).replace(/\n$/, ''), names));
    nodes.push(h('pre', { tabindex: 0 }, unescapeText(match[1] ?? '')));
    end = match.index + match[0].length + (source[match.index + match[0].length] === '\n' ? 1 : 0);
  }
  nodes.push(...renderLines(source.slice(end), names));
  return nodes;
}

/** Plain text: literal, with emoji short names drawn. */
export function renderPlain(source: string): Node[] {
  return source
    .split(/:([a-z0-9_+-]+):/)
    .map((part, index) => (index % 2 === 0 ? document.createTextNode(part) : emojiNode(part)));
}
