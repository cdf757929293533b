import type { Block } from '@slack/types';
import { isJsonObject, type Json } from '../core/json.ts';
import type { Message } from '../core/ports/channel.ts';
import { redact } from '../core/redact.ts';

interface Content {
  text: string;
  blocks?: Block[];
  unfurl_links: false;
  unfurl_media: false;
}

/** A message as Slack's methods take it. Nothing in it is unfurled, so no link of the cluster is fetched. */
export function contentOf(message: Message): Content {
  const shown = blocksOf(message);
  const text = redact(shown.length === 0 ? message.text : disarm(message.text));
  const quiet = { unfurl_links: false, unfurl_media: false } as const;
  return shown.length === 0 ? { text, ...quiet } : { text, blocks: shown, ...quiet };
}

/** Beside blocks, the text is a plain fallback: a `<!channel>` in it must not ring. */
function disarm(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function blocksOf({ blocks }: Message): Block[] {
  return blocks.filter(isBlock);
}

function isBlock(value: Json): value is Json & { type: string } {
  return isJsonObject(value) && typeof value['type'] === 'string';
}
