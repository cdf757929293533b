import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  Overflow,
  PlainTextElement,
  SectionBlock,
  StaticSelect,
} from '@slack/types';
import { Json } from '../../core/json.ts';
import type { Message } from '../../core/ports/channel.ts';
import { redactStrings } from '../../core/redact.ts';
import { fitBlocks } from './fit.ts';
import type { LineChartBlock } from './line-chart.ts';
import { escapeText, plainText, truncate } from './mrkdwn.ts';

/**
 * Slack's limits, characters: header 150, section 3,000, field 2,000, context element 2,000, button 75, value 2,000. The fallback text is ours: an
 * edit may have 4,000 bytes of it.
 */
const limits = { header: 150, section: 3_000, field: 2_000, context: 2_000, button: 75, fallback: 1_000 } as const;

/** Slack refuses empty texts. */
const nothing = '–';

/** Verbatim: Slack turns no word of it into a link or a mention; only markup that is written out counts. */
function mrkdwn(text: string, limit: number): MrkdwnElement {
  return { type: 'mrkdwn', text: truncate(text, limit) || nothing, verbatim: true };
}

export function plain(text: string, limit: number): PlainTextElement {
  return { type: 'plain_text', text: plainText(text, limit) || nothing, emoji: false };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, limits.header) };
}

export function section(markdown: string): SectionBlock {
  return { type: 'section', text: mrkdwn(markdown, limits.section) };
}

/** Up to ten facts in two columns, and a menu beside them. */
export function fields(
  facts: readonly (readonly [label: string, value: string])[],
  accessory?: Overflow,
): SectionBlock {
  const shown = facts.slice(0, 10).map(([label, value]) => mrkdwn(`*${label}*\n${value}`, limits.field));
  return { type: 'section', fields: shown, ...(accessory === undefined ? {} : { accessory }) };
}

interface OverflowParts {
  readonly action: string;
  /** At most five; a value is an opaque word, nothing of the cluster. */
  readonly options: readonly { readonly label: string; readonly value: string }[];
}

export function overflow({ action, options }: OverflowParts): Overflow {
  return {
    type: 'overflow',
    action_id: action,
    options: options.slice(0, 5).map(({ label, value }) => ({ text: plain(label, limits.button), value })),
  };
}

interface ChoiceParts {
  readonly action: string;
  /** At most 100. */
  readonly options: readonly { readonly label: string; readonly value: string; readonly description?: string }[];
  /** The value that is chosen already. */
  readonly chosen?: string | undefined;
}

/** A list to choose one from. */
export function choice({ action, options, chosen }: ChoiceParts): StaticSelect {
  const shown = options.map(({ label, value, description }) => ({
    text: plain(label, limits.button),
    value,
    ...(description === undefined ? {} : { description: plain(description, limits.button) }),
  }));
  const initial = shown.find(({ value }) => value === chosen);
  return {
    type: 'static_select',
    action_id: action,
    options: shown,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

export function context(...texts: readonly string[]): ContextBlock {
  return {
    type: 'context',
    elements: texts.slice(0, 10).map((text) => mrkdwn(text, limits.context)),
  };
}

interface ButtonParts {
  readonly action: string;
  readonly label: string;
  /** What a screen reader says: the label with its object. */
  readonly spoken: string;
  /** An opaque id, nothing else. */
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}

export function button({ action, label, spoken, value, style, confirm }: ButtonParts): Button {
  return {
    type: 'button',
    action_id: action,
    text: plain(label, limits.button),
    accessibility_label: plainText(spoken, limits.button),
    value,
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm: confirmation(confirm) }),
  };
}

/** Slack's limits: title 100, text 300, buttons 30. */
function confirmation({ title, text, yes }: NonNullable<ButtonParts['confirm']>): NonNullable<Button['confirm']> {
  return {
    title: plain(title, 100),
    text: plain(text, 300),
    confirm: plain(yes, 30),
    deny: plain('Cancel', 30),
  };
}

export function actions(id: string, buttons: readonly Button[]): ActionsBlock {
  return { type: 'actions', block_id: id, elements: [...buttons] };
}

/** The last step before Slack: redacted, plain data, within the limits. `text` is what notifications and screen readers say. */
export function message(text: string, blocks: readonly (KnownBlock | LineChartBlock)[]): Message {
  const data = Json.array().parse(redactStrings(JSON.parse(JSON.stringify(blocks))));
  return { text: truncate(escapeText(text), limits.fallback), blocks: fitBlocks(data) };
}
