import { isJsonObject, type Json } from '../../core/json.ts';
import { truncate } from './mrkdwn.ts';

/**
 * Characters of a message's blocks as JSON. Slack refuses somewhere above 11,000 (`msg_blocks_too_long`), without saying where; bolt-js issues 2509
 * and 2867 report cases.
 */
const messageLimit = 11_000;

/** Slack's own limit. */
const blockLimit = 50;

/** Lengths to which texts are cut, one after the other, until the message fits. */
const steps = [3_000, 2_000, 1_200, 700, 400, 200, 80] as const;

/** Blocks that Slack takes as one message: the longest texts give way first, then the last blocks. */
export function fitBlocks(blocks: readonly Json[]): readonly Json[] {
  const few = blocks.slice(0, blockLimit);
  const fitting = steps.map((step) => few.map((block) => shorten(block, step))).find(fits);
  return fitting ?? dropLast(few.map((block) => shorten(block, steps[steps.length - 1] ?? 0)));
}

function fits(blocks: readonly Json[]): boolean {
  return JSON.stringify(blocks).length <= messageLimit;
}

function dropLast(blocks: readonly Json[]): readonly Json[] {
  return fits(blocks) ? blocks : dropLast(blocks.slice(0, -1));
}

function shorten(value: Json, limit: number): Json {
  if (Array.isArray(value)) return value.map((inner) => shorten(inner, limit));
  if (!isJsonObject(value)) return value;
  const { type, text } = value;
  if (type === 'mrkdwn' && typeof text === 'string') return { ...value, text: truncate(text, limit) };
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, shorten(inner, limit)]])),
  );
}
