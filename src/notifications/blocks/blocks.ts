import type { ActionsBlock, Button, ContextBlock, HeaderBlock, KnownBlock, SectionBlock } from '@slack/types';
import { isJsonObject, Json } from '../../core/json.ts';
import type { Message } from '../../core/ports/channel.ts';
import { redact } from '../../core/redact.ts';
import { escapeText, truncate } from './mrkdwn.ts';

/** Slack's limits, characters: header 150, section 3,000, field 2,000, context element 3,000, button 75. */
const limits = { header: 150, section: 3_000, field: 2_000, context: 3_000, button: 75, text: 3_000 } as const;

export function header(text: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: truncate(text, limits.header), emoji: false } };
}

export function section(markdown: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: truncate(markdown, limits.section) } };
}

/** Up to ten facts in two columns. */
export function fields(facts: readonly (readonly [label: string, value: string])[]): SectionBlock {
  const shown = facts
    .slice(0, 10)
    .map(([label, value]) => ({ type: 'mrkdwn' as const, text: truncate(`*${label}*\n${value}`, limits.field) }));
  return { type: 'section', fields: shown };
}

export function context(...texts: readonly string[]): ContextBlock {
  return {
    type: 'context',
    elements: texts.slice(0, 10).map((text) => ({ type: 'mrkdwn', text: truncate(text, limits.context) })),
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
    text: { type: 'plain_text', text: truncate(label, limits.button), emoji: false },
    accessibility_label: truncate(spoken, limits.button),
    value,
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm: confirmation(confirm) }),
  };
}

/** Slack's limits: title 100, text 300, buttons 30. */
function confirmation({ title, text, yes }: NonNullable<ButtonParts['confirm']>): NonNullable<Button['confirm']> {
  return {
    title: { type: 'plain_text', text: truncate(title, 100) },
    text: { type: 'plain_text', text: truncate(text, 300) },
    confirm: { type: 'plain_text', text: truncate(yes, 30) },
    deny: { type: 'plain_text', text: 'Cancel' },
  };
}

export function actions(id: string, buttons: readonly Button[]): ActionsBlock {
  return { type: 'actions', block_id: id, elements: [...buttons] };
}

/** The last step before Slack: redacted, and plain data. `text` is what notifications and screen readers say. */
export function message(text: string, blocks: readonly KnownBlock[]): Message {
  const plain = Json.array().parse(redactStrings(JSON.parse(JSON.stringify(blocks))));
  return { text: truncate(escapeText(redact(text)), limits.text), blocks: plain };
}

/** String by string, so that a pattern never eats the structure around it. */
function redactStrings(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactStrings);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactStrings(inner)]));
}
