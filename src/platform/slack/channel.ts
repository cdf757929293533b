import type { KnownBlock } from '@slack/types';
import { type WebAPICallResult, WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { readArray, readString } from '../../core/json.ts';
import type { Channel, Message, MessageKey } from '../../core/ports/channel.ts';
import { failureOf } from './failures.ts';
import { createAttach } from './files.ts';

/** The type of our message metadata: invisible to people, found again by us. */
const eventType = 'lifeguard_incident';

/** Messages on a page, and pages looked through, when a message may have been posted already. */
const pageSize = 200;
const mostPages = 5;

/** Only markup that is written out counts: Slack makes no links and no mentions of plain words. */
const quiet = { parse: 'none', link_names: false } as const;

/** `Channel` on Slack's Web API. The client must be made with `clientOptions`. */
export function createChannel(client: WebClient): Channel {
  return {
    post: ({ channel, message, thread, key }) =>
      call('chat.postMessage', async () => {
        const metadata = { event_type: eventType, event_payload: { incident: key.incidentId, entry: key.entry } };
        const place = thread === undefined ? { channel } : { channel, thread_ts: thread };
        const { ts } = await withoutPictures(message, (content) =>
          client.chat.postMessage({
            ...place,
            ...content,
            ...quiet,
            metadata,
            unfurl_links: false,
            unfurl_media: false,
          }),
        );
        if (ts === undefined) throw new Error('no timestamp in the answer');
        return ts;
      }),
    update: ({ channel, ts, message }) =>
      call('chat.update', async () => {
        await withoutPictures(message, (content) => client.chat.update({ channel, ts, ...content, ...quiet }));
      }),
    find: (wanted) =>
      call(wanted.thread === undefined ? 'conversations.history' : 'conversations.replies', () =>
        findMessage(client, { ...wanted, is: (one) => isEntry(one, wanted.key) }),
      ),
    attach: createAttach(client),
    findFile: ({ channel, thread, name }) =>
      call('conversations.replies', () => findMessage(client, { channel, thread, is: (one) => hasFile(one, name) })),
    link: ({ channel, ts }) =>
      call('chat.getPermalink', async () => (await client.chat.getPermalink({ channel, message_ts: ts })).permalink),
  };
}

interface Wanted {
  readonly channel: string;
  readonly thread?: string;
  readonly is: (message: unknown) => boolean;
}

/** Goes through the channel from its newest message, or the thread from its oldest: that is how Slack pages them. */
async function findMessage(client: WebClient, { channel, thread, is }: Wanted): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const range = { channel, limit: pageSize, include_all_metadata: true, ...(cursor === undefined ? {} : { cursor }) };
    const answer: WebAPICallResult =
      thread === undefined
        ? await client.conversations.history(range)
        : await client.conversations.replies({ ...range, ts: thread });
    const found = readArray(answer, 'messages').find(is);
    if (found !== undefined) return readString(found, 'ts');
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return undefined;
  }
  return undefined;
}

async function call<T>(method: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOf(error, method);
  }
}

/** A workspace that does not take pictures yet gets the words, which say the same. */
async function withoutPictures<T>(message: Message, send: (content: Content) => Promise<T>): Promise<T> {
  try {
    return await send(contentOf(message));
  } catch (error) {
    const words = message.blocks.filter((block) => readString(block, 'type') !== 'data_visualization');
    if (!isInvalidBlocks(error) || words.length === message.blocks.length) throw error;
    return send(contentOf({ ...message, blocks: words }));
  }
}

function isInvalidBlocks(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && error.data.error === 'invalid_blocks';
}

interface Content {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Blocks are plain JSON in the core; their shape is checked where they are rendered. */
function contentOf({ text, blocks }: Message): Content {
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

function hasFile(message: unknown, name: string): boolean {
  return readArray(message, 'files').some((file) => readString(file, 'name') === name);
}
