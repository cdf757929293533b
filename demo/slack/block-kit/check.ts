import type { z } from 'zod';
import { isJsonObject, type JsonObject, readArray, readString } from '../../../src/core/json.ts';
import { messageBlocks } from './blocks.ts';
import { attachments, homeView, modalView } from './surfaces.ts';

/** What Slack would complain about, one line each with a JSON pointer. Empty: accepted. */
export type Complaints = readonly string[];

const totals = [
  { type: 'table', most: 1 },
  { type: 'data_visualization', most: 2 },
] as const;
const markdownChars = 12_000;

export function checkBlocks(blocks: unknown): Complaints {
  const parsed = messageBlocks.safeParse(blocks);
  if (!parsed.success) return complain(parsed.error, '/blocks');
  return [...checkIdentifiers(blocks, '/blocks'), ...checkTotals(blocks)];
}

export function checkAttachments(value: unknown): Complaints {
  const parsed = attachments.safeParse(value);
  return parsed.success ? [] : complain(parsed.error, '/attachments');
}

export function checkView(view: unknown): Complaints {
  const schema = readString(view, 'type') === 'home' ? homeView : modalView;
  const parsed = schema.safeParse(view);
  if (!parsed.success) return complain(parsed.error, '/view');
  return checkIdentifiers(readArray(view, 'blocks'), '/view/blocks');
}

function complain(error: z.ZodError, root: string): Complaints {
  return error.issues.slice(0, 5).map((issue) => {
    const pointer = [root, ...issue.path.map(String)].join('/');
    return `${issue.message} [json-pointer:${pointer}]`;
  });
}

/** block_id is unique in a surface, action_id unique in a block. */
function checkIdentifiers(blocks: unknown, root: string): Complaints {
  const complaints: string[] = [];
  const seen = new Set<string>();
  for (const [index, block] of readArray(blocks).entries()) {
    const id = readString(block, 'block_id');
    if (id !== undefined && seen.has(id))
      complaints.push(`block_id ${id} is not unique [json-pointer:${root}/${index}]`);
    if (id !== undefined) seen.add(id);
    for (const action of findDuplicateActionIds(block)) {
      complaints.push(`action_id ${action} already exists in this block [json-pointer:${root}/${index}]`);
    }
  }
  return complaints;
}

export function findDuplicateActionIds(block: unknown): readonly string[] {
  const ids = readArray(block, 'elements').flatMap((element) => readString(element, 'action_id') ?? []);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function checkTotals(blocks: unknown): Complaints {
  const all: readonly JsonObject[] = readArray(blocks).filter(isJsonObject);
  const complaints = totals.flatMap(({ type, most }) => {
    const count = all.filter((block) => block['type'] === type).length;
    return count > most ? [`only ${most} ${type} block per message [json-pointer:/blocks]`] : [];
  });
  const markdown = all
    .filter((block) => block['type'] === 'markdown')
    .reduce((sum, block) => sum + (readString(block, 'text')?.length ?? 0), 0);
  if (markdown > markdownChars) complaints.push(`markdown blocks hold more than ${markdownChars} characters together`);
  return complaints;
}
