import type { Page } from './app.ts';
import { type Completion, createCompletion, type Suggestion } from './completion.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { avatar } from './message.ts';
import type { Command, State } from './model.ts';

/** Where the text goes. An empty `thread` means the channel itself. */
interface Target {
  readonly channel: string;
  readonly thread: string;
  readonly placeholder: string;
  readonly disabled: string;
}

export interface Composer {
  readonly element: HTMLElement;
  readonly aim: (target: Target) => void;
}

function escapeText(source: string): string {
  return source.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What a person typed as Slack sends it: escaped, with "@Name" and "#channel" as ids. */
function encode(typed: string, state: State): string {
  const byLength = [...state.users.values()].toSorted((a, b) => b.name.length - a.name.length);
  const mentioned = byLength.reduce(
    (source, user) => source.replaceAll(`@${escapeText(user.name)}`, `<@${user.id}>`),
    escapeText(typed),
  );
  return state.channels
    .filter((channel) => !channel.isDm)
    .reduce(
      (source, channel) => source.replace(new RegExp(`#${channel.name}(?![\\w-])`, 'g'), `<#${channel.id}>`),
      mentioned,
    );
}

function insertAt(field: HTMLTextAreaElement, from: number, insert: string): void {
  const rest = field.value.slice(field.selectionStart);
  field.value = `${field.value.slice(0, from)}${insert}${rest}`;
  field.setSelectionRange(from + insert.length, from + insert.length);
  field.dispatchEvent(new Event('input'));
}

/** A usage hint such as "help | why <workload>" stands for several commands. */
function spellOut({ command, usage }: Command): readonly Command[] {
  return usage.split('|').map((part) => {
    const [word = '', ...parameters] = part.trim().split(' ');
    return { command: `${command} ${word}`, description: '', usage: parameters.join(' ') };
  });
}

function commandSuggestions(field: HTMLTextAreaElement, state: State): readonly Suggestion[] {
  const typed = field.value.toLowerCase();
  return state.commands
    .flatMap((command) => (command.usage.includes('|') ? [{ ...command, usage: '' }, ...spellOut(command)] : [command]))
    .filter(({ command }) => command.startsWith(typed) && command !== typed.trim())
    .slice(0, 8)
    .map(({ command, description, usage }) => ({
      label: `${command} ${usage}`.trim(),
      detail: description,
      insert: () => insertAt(field, 0, `${command} `),
    }));
}

function mentionSuggestions(field: HTMLTextAreaElement, state: State): readonly Suggestion[] {
  const before = field.value.slice(0, field.selectionStart);
  const found = /(?:^|\s)@([\p{L}]*)$/u.exec(before);
  if (found === null) return [];
  const typed = (found[1] ?? '').toLowerCase();
  const from = before.length - typed.length - 1;
  return [...state.users.values()]
    .filter((user) => user.id !== state.me && user.name.toLowerCase().includes(typed))
    .toSorted((a, b) => Number(b.isBot) - Number(a.isBot))
    .slice(0, 6)
    .map((user) => ({
      label: user.name,
      detail: user.title,
      lead: () => avatar(user, 'tiny'),
      insert: () => insertAt(field, from, `@${user.name} `),
    }));
}

function suggest(field: HTMLTextAreaElement, completion: Completion, page: Page): void {
  const { state } = page.snapshot();
  completion.show(field.value.startsWith('/') ? commandSuggestions(field, state) : mentionSuggestions(field, state));
}

async function submit(page: Page, target: Target, typed: string): Promise<boolean> {
  const { channel, thread } = target;
  const { state } = page.snapshot();
  if (!typed.startsWith('/')) {
    const inThread = thread === '' ? {} : { thread_ts: thread };
    return page.send('say', { channel, ...inThread, text: encode(typed, state) });
  }
  if (thread === '') return page.send('command', { channel, text: typed });
  page.toast('Slack has no slash commands in threads. Mention @Lifeguard here instead.');
  return false;
}

function grow(field: HTMLTextAreaElement): void {
  field.style.height = 'auto';
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
}

/** The message field: Enter sends, Shift+Enter breaks the line; every place keeps its own draft. */
export function createComposer(page: Page, id: string): Composer {
  const drafts = new Map<string, string>();
  let target: Target = { channel: '', thread: '', placeholder: '', disabled: '' };
  const field = h('textarea', {
    rows: 1,
    role: 'combobox',
    'aria-controls': id,
    'aria-expanded': 'false',
    'aria-autocomplete': 'list',
  });
  const send = h('button', { type: 'submit', class: 'send', 'aria-label': 'Send', disabled: true }, icon('send'));
  const completion = createCompletion(field, id);
  const place = (): string => `${target.channel}/${target.thread}`;
  const refresh = (): void => {
    drafts.set(place(), field.value);
    send.disabled = field.value.trim() === '' || field.disabled;
    grow(field);
  };
  const post = async (): Promise<void> => {
    const typed = field.value.trim();
    if (typed === '' || field.disabled) return;
    const from = place();
    field.value = '';
    refresh();
    if (await submit(page, target, typed)) return;
    if (from !== place() || field.value !== '') drafts.set(from, typed);
    else field.value = typed;
    refresh();
  };
  field.addEventListener('input', () => {
    refresh();
    suggest(field, completion, page);
  });
  field.addEventListener('blur', () => completion.show([]));
  field.addEventListener('keydown', (event) => {
    if (completion.onKey(event) || event.isComposing || event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void post();
  });
  const form = h('form', { class: 'composer' }, completion.element, field, send);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void post();
  });
  const aim = (next: Target): void => {
    const moved = next.channel !== target.channel || next.thread !== target.thread;
    target = next;
    field.placeholder = next.disabled || next.placeholder;
    field.setAttribute('aria-label', next.placeholder);
    field.disabled = next.disabled !== '';
    if (moved) field.value = drafts.get(place()) ?? '';
    refresh();
  };
  return { element: form, aim };
}
