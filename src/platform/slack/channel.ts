import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { readArray, readString } from '../../core/json.ts';
import type { Channel, Message, MessageKey } from '../../core/ports/channel.ts';
import { failureOf } from './failures.ts';

/** The type of our message metadata: invisible to people, found again by us. */
const eventType = 'lifeguard_entry';

/** Messages looked through when one may have been posted already. */
const lookBack = 100;

/** `Channel` on Slack's Web API. The client must be made with `clientOptions`. */
export function createChannel(client: WebClient): Channel {
  return {
    post: ({ channel, message, thread, key }) =>
      call('chat.postMessage', async () => {
        const metadata = { event_type: eventType, event_payload: { incident: key.incidentId, entry: key.entry } };
        const place = thread === undefined ? { channel } : { channel, thread_ts: thread };
        const answer = await client.chat.postMessage({
          ...place,
          ...contentOf(message),
          metadata,
          unfurl_links: false,
          unfurl_media: false,
        });
        return answer.ts ?? '';
      }),
    update: ({ channel, ts, message }) =>
      call('chat.update', async () => {
        await client.chat.update({ channel, ts, ...contentOf(message) });
      }),
    find: ({ channel, thread, key }) =>
      call(thread === undefined ? 'conversations.history' : 'conversations.replies', async () => {
        const page = { channel, limit: lookBack, include_all_metadata: true };
        const answer =
          thread === undefined
            ? await client.conversations.history(page)
            : await client.conversations.replies({ ...page, ts: thread });
        return readString(
          readArray(answer, 'messages').find((message) => isEntry(message, key)),
          'ts',
        );
      }),
  };
}

async function call<T>(method: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOf(error, method);
  }
}

/** Blocks are plain JSON in the core; their shape is checked where they are rendered. */
function contentOf({ text, blocks }: Message): { text: string; blocks: KnownBlock[] } {
  return { text, blocks: blocks as unknown as KnownBlock[] };
}

function isEntry(message: unknown, key: MessageKey): boolean {
  const at = (field: string): string | undefined => readString(message, 'metadata', 'event_payload', field);
  return (
    readString(message, 'metadata', 'event_type') === eventType &&
    at('incident') === key.incidentId &&
    at('entry') === key.entry
  );
}
