import type { Page } from './app.ts';
import { renderBlocks } from './blocks.ts';
import type { BlockContext } from './controls.ts';
import { clock, dateOf, dayName, fullTime } from './dates.ts';
import { type Child, type Entry, h } from './dom.ts';
import { drawFile } from './file-card.ts';
import { icon, lifeRing } from './icons.ts';
import { isRecord, type Json, records, text } from './json.ts';
import { botOf, type Message, type State, type User } from './model.ts';
import { emojiNode, mention, renderMrkdwn } from './mrkdwn.ts';

export interface Shown {
  readonly message: Message;
  readonly channel: string;
  /** Follows a message of the same person within minutes: drawn without name and picture. */
  readonly compact: boolean;
  readonly replies: readonly Message[];
  readonly inThread: boolean;
}

export function avatar(user: User | undefined, size = ''): HTMLElement {
  if (user?.isBot === true) return h('span', { class: `avatar bot ${size}`, 'aria-hidden': 'true' }, lifeRing());
  const { name, color } = user ?? { name: '?', color: '#5a6b73' };
  const words = name.split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  const initials = letters.map((word) => word?.charAt(0).toUpperCase()).join('');
  return h('span', { class: `avatar ${size}`, '--avatar': color, 'aria-hidden': 'true' }, initials);
}

function author(state: State, message: Message): User | undefined {
  return state.users.get(message.user) ?? (message.user.startsWith('U') ? undefined : botOf(state));
}

function byline(user: User | undefined, message: Message): HTMLElement {
  const date = dateOf(message.ts);
  return h(
    'div',
    { class: 'byline' },
    h('span', { class: 'author' }, user?.name ?? (message.user || 'Unknown')),
    user?.isBot === true ? h('span', { class: 'badge' }, 'APP') : undefined,
    h('time', { datetime: date.toISOString(), title: fullTime(date) }, clock(date)),
    isRecord(message.raw['edited']) ? h('span', { class: 'edited' }, '(edited)') : undefined,
  );
}

function attachment(raw: Json, context: BlockContext): HTMLElement {
  const color = text(raw, 'color');
  const named: Readonly<Record<string, string>> = { good: '#2b8a5f', warning: '#d99a1c', danger: '#c5313f' };
  const bar = named[color] ?? (/^#?[0-9a-f]{6}$/i.test(color) ? `#${color.replace('#', '')}` : undefined);
  const blocks = records(raw, 'blocks');
  const words = text(raw, 'text') || (blocks.length === 0 ? text(raw, 'fallback') : '');
  return h(
    'div',
    { class: 'attachment', '--bar': bar },
    ...(words === '' ? [] : [h('div', { class: 'text' }, ...renderMrkdwn(words, context.names))]),
    ...renderBlocks(blocks, context),
  );
}

function content(message: Message, context: BlockContext): Child[] {
  const blocks = records(message.raw, 'blocks');
  const plain = message.text === '' ? [] : [h('div', { class: 'text' }, ...renderMrkdwn(message.text, context.names))];
  return [
    ...(blocks.length === 0 ? plain : renderBlocks(blocks, context)),
    ...records(message.raw, 'attachments').map((raw) => attachment(raw, context)),
    ...records(message.raw, 'files').map(drawFile),
  ];
}

function reactions(message: Message, page: Page): Child {
  const all = records(message.raw, 'reactions');
  if (all.length === 0) return undefined;
  const pills = all.map((one) => {
    const users = Array.isArray(one['users']) ? one['users'] : [];
    const who = users.map((id) => page.names().user(String(id))).join(', ');
    return h('span', { class: 'reaction', title: who }, emojiNode(text(one, 'name')), ` ${users.length}`);
  });
  return h('div', { class: 'reactions' }, ...pills);
}

function threadLink(shown: Shown, page: Page): Child {
  const last = shown.replies.at(-1);
  if (shown.inThread || last === undefined) return undefined;
  const { users } = page.snapshot().state;
  const people = [...new Set(shown.replies.map((reply) => reply.user))].slice(0, 4);
  const date = dateOf(last.ts);
  const count = shown.replies.length;
  return h(
    'button',
    {
      type: 'button',
      class: 'thread-link',
      'data-focus': 'thread',
      onclick: () => page.set({ thread: shown.message.ts }),
    },
    ...people.map((id) => avatar(users.get(id), 'tiny')),
    h('strong', {}, `${count} ${count === 1 ? 'reply' : 'replies'}`),
    h('span', { class: 'last' }, `Last reply ${dayName(date).toLowerCase()} at ${clock(date)}`),
    h('span', { class: 'view' }, 'View thread'),
  );
}

function tools(shown: Shown, page: Page): HTMLElement {
  const { message } = shown;
  const tool = (name: 'reply' | 'code', label: string, onclick: () => void): HTMLElement =>
    h('button', { type: 'button', title: label, 'aria-label': label, 'data-focus': name, onclick }, icon(name));
  const reply = tool('reply', 'Reply in thread', () => page.set({ thread: message.threadTs || message.ts }));
  return h(
    'div',
    { class: 'tools' },
    ...(shown.inThread || message.ephemeralTo !== '' ? [] : [reply]),
    tool('code', 'View message JSON', () => page.set({ inspected: message.raw })),
  );
}

function systemLine(shown: Shown, page: Page): HTMLElement {
  const date = dateOf(shown.message.ts);
  const { user } = shown.message;
  return h(
    'article',
    { class: 'message system' },
    h('div', { class: 'gutter' }, h('time', { title: fullTime(date) }, clock(date))),
    h(
      'div',
      { class: 'body' },
      mention(`@${page.names().user(user)}`),
      ' ',
      ...renderMrkdwn(shown.message.text, page.names()),
    ),
  );
}

function remarks({ message, inThread }: Shown): readonly HTMLElement[] {
  const isBroadcast = message.subtype === 'thread_broadcast' && !inThread;
  return [
    ...(message.ephemeralTo === '' ? [] : [h('p', { class: 'remark' }, icon('eye'), 'Only visible to you')]),
    ...(isBroadcast ? [h('p', { class: 'remark' }, icon('reply'), 'Also sent to the channel from a thread')] : []),
  ];
}

function drawMessage(shown: Shown, page: Page): HTMLElement {
  const { message, compact } = shown;
  const user = author(page.snapshot().state, message);
  const date = dateOf(message.ts);
  const context: BlockContext = {
    names: page.names(),
    act: (click) => page.click({ channel: shown.channel, ts: message.ts }, click),
  };
  const small = h('time', { 'aria-hidden': 'true', title: fullTime(date) }, clock(date));
  const look = [compact ? 'compact' : '', message.ephemeralTo === '' ? '' : 'ephemeral'].join(' ');
  return h(
    'article',
    { class: `message ${look}`, 'data-ts': message.ts },
    h('div', { class: 'gutter' }, compact ? small : avatar(user)),
    h(
      'div',
      { class: 'body' },
      ...remarks(shown),
      compact ? h('span', { class: 'unseen' }, `${user?.name ?? ''}: `) : byline(user, message),
      h('div', { class: 'content' }, ...content(message, context)),
      reactions(message, page),
      threadLink(shown, page),
    ),
    tools(shown, page),
  );
}

/** A message as a keyed drawing: drawn again when its JSON, its thread summary or the acting user changes. */
export function messageEntry(shown: Shown, page: Page): Entry {
  const { message, compact, replies, inThread } = shown;
  const { me, users } = page.snapshot().state;
  const summary = inThread ? '' : replies.map((reply) => reply.ts + reply.user).join();
  return {
    key: message.ts,
    sig: [message.json, compact, summary, me, users.size, shown.channel].join('|'),
    render: () => (message.subtype.startsWith('channel_') ? systemLine(shown, page) : drawMessage(shown, page)),
  };
}
