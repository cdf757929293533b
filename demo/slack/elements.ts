import { isJsonObject, type JsonObject, readArray, readObject, readString } from '../../src/core/json.ts';
import type { Wire } from './wire.ts';

/** An interactive element and the block it stands in. */
export interface Placed {
  readonly blockId: string;
  readonly element: JsonObject;
}

const interactive = new Set([
  'button',
  'workflow_button',
  'overflow',
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
  'datetimepicker',
  'feedback_buttons',
  'icon_button',
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
  'file_input',
]);

export function isInteractive(element: JsonObject): boolean {
  const type = readString(element, 'type') ?? '';
  return interactive.has(type) || /^(multi_)?(static|external|users|conversations|channels)_select$/.test(type);
}

/** All interactive elements in the order people see them. */
export function findElements(blocks: readonly unknown[]): readonly Placed[] {
  return blocks.flatMap((block) => findIn(block, readString(block, 'block_id') ?? ''));
}

function findIn(value: unknown, blockId: string): readonly Placed[] {
  if (Array.isArray(value)) return value.flatMap((one) => findIn(one, blockId));
  if (!isJsonObject(value)) return [];
  const own = readString(value, 'block_id') ?? blockId;
  if (isInteractive(value)) return [{ blockId: own, element: value }];
  return Object.values(value).flatMap((one) => findIn(one, own));
}

/** What people read on an element: the text of a button, the texts of a menu's options. */
export function labelsOf(element: JsonObject): readonly string[] {
  const own = readString(element, 'text', 'text');
  const sides = ['positive_button', 'negative_button'].flatMap(
    (side) => readString(element, side, 'text', 'text') ?? [],
  );
  const options = optionsOf(element).flatMap((option) => readString(option, 'text', 'text') ?? []);
  return [...(own === undefined ? [] : [own]), ...sides, ...options];
}

function optionsOf(element: JsonObject): readonly JsonObject[] {
  const groups = readArray(element, 'option_groups').flatMap((group) => readArray(group, 'options'));
  return [...readArray(element, 'options'), ...groups].filter(isJsonObject);
}

/** The fields of a person's choice, for `actions[]` and `state.values` alike. Throws when it is not on offer. */
export function choose(element: JsonObject, given: unknown): Wire {
  const type = readString(element, 'type') ?? '';
  if (isJsonObject(given) && given['type'] === type) return given;
  const field = fields[type];
  if (field === undefined) return { type, ...chooseButton(element, given) };
  const chosen = given === undefined || given === null || given === '' ? nothing(field) : select(element, field, given);
  return { type, [field]: chosen };
}

function nothing(field: string): unknown {
  return field === 'selected_options' ? [] : null;
}

function select(element: JsonObject, field: string, given: unknown): unknown {
  if (field === 'selected_option') return pick(element, given);
  if (field === 'selected_options') return pickMany(element, given);
  return given;
}

const fields: Readonly<Record<string, string>> = {
  overflow: 'selected_option',
  radio_buttons: 'selected_option',
  static_select: 'selected_option',
  external_select: 'selected_option',
  checkboxes: 'selected_options',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  conversations_select: 'selected_conversation',
  multi_conversations_select: 'selected_conversations',
  channels_select: 'selected_channel',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  plain_text_input: 'value',
  number_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  rich_text_input: 'rich_text_value',
  file_input: 'files',
};

function chooseButton(element: JsonObject, given: unknown): Wire {
  const sides = [readObject(element, 'positive_button'), readObject(element, 'negative_button')];
  const side = sides.find(
    (one) => given !== undefined && (one['value'] === given || readString(one, 'text', 'text') === given),
  );
  if (side !== undefined) return { text: side['text'], value: side['value'] };
  const { text, value } = element;
  return { text, ...(value === undefined ? {} : { value }) };
}

/** By value, by visible text, or by an option object. */
function pick(element: JsonObject, given: unknown): JsonObject {
  const wanted = isJsonObject(given) ? given['value'] : given;
  const found = optionsOf(element).find(
    (option) => option['value'] === wanted || readString(option, 'text', 'text') === wanted,
  );
  if (found !== undefined) return found;
  const offered = optionsOf(element).flatMap((option) => readString(option, 'value') ?? []);
  if (offered.length === 0 && isJsonObject(given)) return given;
  throw new Error(`option ${JSON.stringify(wanted)} is not offered; there are ${offered.join(', ')}`);
}

function pickMany(element: JsonObject, given: unknown): readonly JsonObject[] {
  return (Array.isArray(given) ? given : [given]).map((one) => pick(element, one));
}

/** The state an element has before anyone touched it. */
export function initialChoice(element: JsonObject): unknown {
  const single = ['initial_option', 'initial_user', 'initial_conversation', 'initial_channel'];
  const many = ['initial_options', 'initial_users', 'initial_conversations', 'initial_channels'];
  const typed = ['initial_value', 'initial_date', 'initial_time', 'initial_date_time'];
  return [...single, ...many, ...typed].map((name) => element[name]).find((value) => value !== undefined);
}
