import { isJsonObject, readArray } from '../../src/core/json.ts';
import type { Message } from '../../src/core/ports/channel.ts';

/** Every text that people see in a message's blocks, in order; dialogs, closed menus and labels for screen readers are not among them. */
export function textsOf({ blocks }: Message): readonly string[] {
  return blocks.flatMap((block) => collect(block));
}

/** The texts in which markup counts. */
export function markdownOf({ blocks }: Message): readonly string[] {
  return blocks.flatMap((block) => collect(block, ['mrkdwn']));
}

/** The visible text as one. */
export function shownText(message: Message): string {
  return textsOf(message).join('\n');
}

/** Labels of the buttons. */
export function buttonsOf({ blocks }: Message): readonly string[] {
  const elements = blocks.flatMap((block) => readArray(block, 'elements'));
  return elements
    .filter((element) => isJsonObject(element) && element['type'] === 'button')
    .flatMap((one) => collect(one));
}

function collect(value: unknown, kinds: readonly unknown[] = ['mrkdwn', 'plain_text']): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => collect(one, kinds));
  if (!isJsonObject(value)) return [];
  const { type, text, confirm: _dialog, options: _menu, ...rest } = value;
  if (typeof text === 'string') return kinds.includes(type) ? [text] : [];
  return [...collect(text, kinds), ...Object.values(rest).flatMap((one) => collect(one, kinds))];
}
