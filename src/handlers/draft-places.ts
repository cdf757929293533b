import type { RespondFn, webApi } from '@slack/bolt';
import type { Message } from '../core/ports/channel.ts';
import { contentOf } from './content.ts';
import type { DraftPlace } from './draft.ts';

/**
 * What only one person sees. A command's answer address cannot edit what it said (`replace_original` does nothing there), and takes five uses: so a few steps that
 * take long are said one below the other, and there is always a use left for the answer.
 */
export function whisperOf(respond: RespondFn): DraftPlace {
  return {
    async post(message) {
      await respond({ ...contentOf(message), response_type: 'ephemeral' });
      return undefined;
    },
    edit: async () => undefined,
    everyMs: 5_000,
    most: 3,
  };
}

interface Spot {
  readonly channel: string;
  readonly thread_ts: string;
}

/** Without an empty list Slack would keep the blocks from before. */
export function threadOf(client: webApi.WebClient, spot: Spot): DraftPlace {
  return {
    post: async (message: Message) => (await client.chat.postMessage({ ...spot, ...contentOf(message) })).ts,
    edit: async (ts: string, message: Message) =>
      void (await client.chat.update({ channel: spot.channel, ts, blocks: [], ...contentOf(message) })),
    // Slack takes some 50 edits a minute for everything.
    everyMs: 2_000,
    most: Number.POSITIVE_INFINITY,
  };
}
