import type { Block } from '@slack/types';
import { isJsonObject, type Json } from '../core/json.ts';
import type { Message } from '../core/ports/channel.ts';

interface Content {
  text: string;
  blocks?: Block[];
  unfurl_links: false;
  unfurl_media: false;
}

/** A message as Slack's methods take it. Nothing in it is unfurled, so no link of the cluster is fetched. */
export function contentOf({ text, blocks }: Message): Content {
  const shown = blocks.filter(isBlock);
  const quiet = { unfurl_links: false, unfurl_media: false } as const;
  return shown.length === 0 ? { text, ...quiet } : { text, blocks: shown, ...quiet };
}

function isBlock(value: Json): value is Json & { type: string } {
  return isJsonObject(value) && typeof value['type'] === 'string';
}
