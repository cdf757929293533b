import type { Page } from './app.ts';
import { dateOf, dayKey, dayName } from './dates.ts';
import { type Entry, h, keyOf, reconcile } from './dom.ts';
import { icon } from './icons.ts';
import { records } from './json.ts';
import { messageEntry } from './message.ts';
import { countedReplies, type Message } from './model.ts';

const GROUP_SECONDS = 300;
const NEAR_BOTTOM_PX = 48;

interface Feed {
  /** Changes when other content is shown: the list then starts at its end. */
  readonly id: string;
  readonly entries: readonly Entry[];
  readonly empty: HTMLElement | undefined;
}

export interface Conversation {
  readonly element: HTMLElement;
  readonly update: (feed: Feed) => void;
}

function dayDivider(message: Message): Entry {
  const date = dateOf(message.ts);
  const name = dayName(date);
  return {
    key: `day-${dayKey(date)}`,
    sig: name,
    render: () => h('div', { class: 'day', role: 'separator', 'aria-label': name }, h('span', {}, name)),
  };
}

function isCompact(message: Message, before: Message | undefined): boolean {
  if (before === undefined || before.user !== message.user) return false;
  // A message with blocks stands for itself: its reader needs to see who says it, and when.
  const stands = records(message.raw, 'blocks').length > 0;
  const special = [message, before].some((one) => one.subtype !== '' || one.ephemeralTo !== '');
  return !stands && !special && Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
}

/** Messages with day dividers; consecutive messages of one person are grouped. */
export function feedEntries(
  messages: readonly Message[],
  where: { readonly channel: string; readonly inThread: boolean },
  page: Page,
): Entry[] {
  const { state } = page.snapshot();
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const newDay = before === undefined || dayKey(dateOf(before.ts)) !== dayKey(dateOf(message.ts));
    const replies = where.inThread ? [] : countedReplies(state, where.channel, message.ts);
    // In a thread the line with the count stands between the root and the first reply.
    const isFirst = newDay || (where.inThread && index === 1);
    const entry = messageEntry({ message, replies, compact: !isFirst && isCompact(message, before), ...where }, page);
    return newDay && !where.inThread ? [dayDivider(message), entry] : [entry];
  });
}

interface Anchor {
  readonly key: string;
  readonly offset: number;
}

function firstVisible(list: HTMLElement, top: number): Anchor | undefined {
  const child = [...list.children].find((one) => one instanceof HTMLElement && one.offsetTop + one.offsetHeight > top);
  return child instanceof HTMLElement ? { key: keyOf(child), offset: child.offsetTop - top } : undefined;
}

interface End {
  readonly isThere: () => boolean;
  readonly go: () => void;
}

function followEnd(scroller: HTMLElement, list: HTMLElement, jump: HTMLElement): End {
  let there = true;
  let height = 0;
  const size = (): number => scroller.scrollHeight - scroller.clientHeight;
  const go = (): void => {
    there = true;
    jump.hidden = true;
    height = size();
    scroller.scrollTop = scroller.scrollHeight;
  };
  scroller.addEventListener('scroll', () => {
    // A change of size moves the content, too; only a person's scrolling leaves the end.
    if (size() !== height && there) return;
    height = size();
    there = height - scroller.scrollTop < NEAR_BOTTOM_PX;
    if (there) jump.hidden = true;
  });
  jump.addEventListener('click', go);
  const watch = new ResizeObserver(() => {
    if (there) go();
  });
  watch.observe(list);
  watch.observe(scroller);
  return { isThere: () => there, go };
}

/** A scrolling message list: stays at the end when it is there, otherwise keeps what the reader looks at in place. */
export function createConversation(label: string): Conversation {
  const list = h('div', { class: 'feed', role: 'log', 'aria-label': label, 'aria-live': 'polite', tabindex: 0 });
  const blank = h('div', { class: 'blank' });
  const jump = h('button', { type: 'button', class: 'jump', hidden: true }, icon('down'), 'New messages');
  const scroller = h('div', { class: 'scroller' }, blank, list);
  const element = h('div', { class: 'conversation' }, scroller, jump);
  let shownId = '';
  const end = followEnd(scroller, list, jump);
  const update = (feed: Feed): void => {
    const isNew = feed.id !== shownId;
    const anchor = firstVisible(list, scroller.scrollTop);
    const count = list.childElementCount;
    if (isNew) list.replaceChildren();
    reconcile(list, feed.entries);
    blank.replaceChildren(...(feed.empty === undefined || feed.entries.length > 0 ? [] : [feed.empty]));
    shownId = feed.id;
    if (isNew || end.isThere()) return end.go();
    const kept = [...list.children].find((child) => keyOf(child) === anchor?.key);
    if (kept instanceof HTMLElement && anchor !== undefined) scroller.scrollTop = kept.offsetTop - anchor.offset;
    if (list.childElementCount > count) jump.hidden = false;
  };
  return { element, update };
}
