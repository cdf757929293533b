import { isJsonObject, type JsonObject, readArray, readObject, readString } from '../../src/core/json.ts';
import type { Directory } from './directory.ts';
import { labelsOf } from './elements.ts';
import type { Message } from './messages.ts';
import type { Channel } from './seed.ts';
import type { View } from './views.ts';

/** A channel as plain text: roots, replies indented below them, buttons as [Approve], ephemeral messages marked. */
export function transcribe(channel: Channel, messages: readonly Message[], directory: Directory): string {
  const known = new Set(messages.map((message) => message.ts));
  const roots = messages.filter((one) => isRoot(one) || !known.has(one.thread_ts ?? ''));
  const lines = roots.flatMap((root) => {
    const replies = messages.filter((one) => one.thread_ts === root.ts && one.ts !== root.ts);
    return [
      ...transcribeMessage(root, directory),
      ...replies.flatMap((one) => indent(transcribeMessage(one, directory))),
    ];
  });
  return [`#${channel.name}`, ...lines].join('\n');
}

export function transcribeView(view: View, directory: Directory): string {
  const title = readString(view.definition, 'title', 'text') ?? 'Home';
  const submit = readString(view.definition, 'submit', 'text');
  const lines = readBlocks(view.blocks);
  return directory.readMentions([title, ...lines, ...(submit === undefined ? [] : [`[${submit}]`])].join('\n'));
}

/** Everything people can read in a message: the text when there are no blocks, else what the blocks show. */
export function readMessage(message: Message): readonly string[] {
  const blocks = readBlocks(message.blocks ?? []);
  const attached = (message.attachments ?? []).flatMap((one) => [
    ...['pretext', 'title', 'text', 'footer'].flatMap((field) => readString(one, field) ?? []),
    ...readBlocks(readArray(one, 'blocks')),
  ]);
  const files = (message.files ?? []).map((file) => `(file ${file.name})`);
  const own = blocks.length === 0 && message.text !== '' ? message.text.split('\n') : blocks;
  return [...own, ...attached, ...files];
}

function isRoot(message: Message): boolean {
  return message.thread_ts === undefined || message.thread_ts === message.ts;
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `    ${line}`);
}

function transcribeMessage(message: Message, directory: Directory): readonly string[] {
  const author = directory.user(message.user)?.realName ?? message.user;
  const reader = message.ephemeral_to === undefined ? undefined : directory.user(message.ephemeral_to)?.realName;
  const marks = [
    ...(message.ephemeral_to === undefined ? [] : [` (only ${reader ?? message.ephemeral_to} sees this)`]),
    ...(message.subtype === 'thread_broadcast' ? [' (also sent to the channel)'] : []),
    ...(message.edited === undefined ? [] : [' (edited)']),
  ];
  const [first = '', ...rest] = readMessage(message).map((line) => directory.readMentions(line));
  return [`${author}${marks.join('')}: ${first}`, ...rest.map((line) => `  ${line}`)];
}

type Reader = (block: JsonObject) => readonly string[];

const readers: Readonly<Record<string, Reader>> = {
  divider: () => ['---'],
  header: (block) => textOf(block['text']),
  markdown: (block) => textOf(block['text']),
  alert: (block) => textOf(block['text']),
  section: (block) => [
    ...textOf(block['text']),
    ...readArray(block, 'fields').flatMap((field) => textOf(field).join(' ')),
    ...readElements([block['accessory']]),
  ],
  context: (block) => [readArray(block, 'elements').flatMap(textOf).join(' | ')],
  actions: (block) => readElements(readArray(block, 'elements')),
  context_actions: (block) => readElements(readArray(block, 'elements')),
  image: (block) => [`(image: ${readString(block, 'alt_text') ?? ''})`],
  input: (block) => [...textOf(block['label']), ...readElements([block['element']])],
  rich_text: (block) => richText(block).split('\n'),
  plan: (block) => [...textOf(block['title']), ...readArray(block, 'tasks').flatMap(readTask)],
  task_card: readTask,
  data_visualization: (block) => [`(chart: ${readString(block, 'title') ?? ''})`],
  table: readTable,
  data_table: readTable,
};

function readBlocks(blocks: readonly unknown[]): readonly string[] {
  return blocks.filter(isJsonObject).flatMap((block) => {
    const type = readString(block, 'type') ?? '';
    return readers[type]?.(block) ?? [`(${type})`];
  });
}

function textOf(value: unknown): readonly string[] {
  const text = typeof value === 'string' ? value : (readString(value, 'text') ?? readString(value, 'alt_text'));
  return text === undefined ? [] : text.split('\n');
}

function readTask(task: unknown): readonly string[] {
  const details = richText(readObject(task, 'details'));
  const title = `(${readString(task, 'status') ?? ''}) ${readString(task, 'title') ?? ''}`;
  return [details === '' ? title : `${title}: ${details}`];
}

function readTable(block: JsonObject): readonly string[] {
  return readArray(block, 'rows').map((row) => {
    const cells = Array.isArray(row) ? row : [];
    return cells.map((cell) => readString(cell, 'text') ?? richText(cell)).join(' | ');
  });
}

function readElements(elements: readonly unknown[]): readonly string[] {
  const shown = elements.filter(isJsonObject).map((element) => {
    const labels = labelsOf(element);
    if (element['type'] === 'image') return `(image: ${readString(element, 'alt_text') ?? ''})`;
    if (readString(element, 'text', 'text') !== undefined) return `[${labels.join(' ')}]`;
    const hint = readString(element, 'placeholder', 'text') ?? readString(element, 'initial_value') ?? '';
    return labels.length === 0 ? `[${hint}____]` : `[${labels.join(' / ')}]`;
  });
  return shown.length === 0 ? [] : [shown.join(' ')];
}

/** The text of a rich_text block; lists and quotes on lines of their own. */
function richText(value: unknown): string {
  if (!isJsonObject(value)) return '';
  const own = readString(value, 'text') ?? readString(value, 'url');
  if (own !== undefined) return own;
  const mention = readString(value, 'user_id');
  if (mention !== undefined) return `<@${mention}>`;
  const parts = readArray(value, 'elements').map(richText);
  const isLine = value['type'] === 'rich_text_list' || value['type'] === 'rich_text';
  return parts.join(isLine ? '\n' : '');
}
