import type { InputBlock, InputBlockElement } from '@slack/types';
import { type JsonObject, readArray, readNumber, readObject, readPath, readString } from '../../core/json.ts';
import { choice, plain } from './blocks.ts';

/** Every input has one element. */
const elementId = 'value';

/** Slack's limits: 100 options, 3,000 characters; the hint's is ours. */
const limits = { options: 100, text: 3_000, label: 75, hint: 200 } as const;

/**
 * The inputs for the properties of a JSON Schema, one each and named like it, except for those that are given already. What Slack can check it
 * checks as people type; the schema's own check still follows.
 */
export function inputsOf(schema: JsonObject, given: readonly string[]): readonly InputBlock[] {
  const required = readArray(schema, 'required');
  return asked(schema, given).map((name) => {
    const property = readObject(schema, 'properties', name);
    const hint = readString(property, 'description');
    return {
      type: 'input',
      block_id: name,
      label: plain(labelOf(name), limits.label),
      element: elementOf(property),
      optional: !required.includes(name) || isFlag(property),
      ...(hint === undefined ? {} : { hint: plain(hint.replaceAll('`', ''), limits.hint) }),
    };
  });
}

/** What was filled in, by property: Slack's `state.values` of these inputs. What was left empty is left out. */
export function readInputs(
  schema: JsonObject,
  given: readonly string[],
  state: unknown,
): Readonly<Record<string, string | boolean>> {
  const filled = asked(schema, given).flatMap((name) => {
    const value = valueOf(readObject(state, name, elementId));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(filled);
}

function asked(schema: JsonObject, given: readonly string[]): readonly string[] {
  return Object.keys(readObject(schema, 'properties')).filter((name) => !given.includes(name));
}

/** `memoryRequest` -> `Memory request`. */
function labelOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function elementOf(property: JsonObject): InputBlockElement {
  const choices = readArray(property, 'enum').filter((value) => typeof value === 'string');
  if (choices.length > 0)
    return choice({
      action: elementId,
      options: choices.slice(0, limits.options).map((value) => ({ label: value, value })),
    });
  if (isFlag(property))
    return { type: 'checkboxes', action_id: elementId, options: [{ text: plain('Yes', 75), value: 'yes' }] };
  if (isA(property, 'integer') || isA(property, 'number')) return numberInput(property);
  const longest = Math.min(readNumber(property, 'maxLength') ?? limits.text, limits.text);
  return { type: 'plain_text_input', action_id: elementId, max_length: longest };
}

function numberInput(property: JsonObject): InputBlockElement {
  const whole = isA(property, 'integer');
  const above = readNumber(property, 'exclusiveMinimum');
  const least = readNumber(property, 'minimum') ?? (whole && above !== undefined ? above + 1 : undefined);
  const most = readNumber(property, 'maximum');
  return {
    type: 'number_input',
    action_id: elementId,
    is_decimal_allowed: !whole,
    ...(least === undefined ? {} : { min_value: `${least}` }),
    ...(most === undefined || most === Number.MAX_SAFE_INTEGER ? {} : { max_value: `${most}` }),
  };
}

function isFlag(property: JsonObject): boolean {
  return isA(property, 'boolean');
}

/** A property may be of several types: a flag that is also taken as a word. */
function isA(property: JsonObject, type: string): boolean {
  const types = readPath(property, 'type');
  return types === type || (Array.isArray(types) && types.includes(type));
}

function valueOf(element: JsonObject): string | boolean | undefined {
  if (element['type'] === 'checkboxes') return readArray(element, 'selected_options').length > 0;
  const text = readString(element, 'value') ?? readString(element, 'selected_option', 'value');
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
