import type { JsonObject } from '../../src/core/json.ts';
import type { Changes } from './changes.ts';
import type { StoredFile } from './files.ts';

export interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
  readonly count: number;
}

/** A message in Slack's own field names, as the Web API, events and the web page show it. */
export interface Message {
  readonly type: 'message';
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly bot_id?: string | undefined;
  readonly thread_ts?: string | undefined;
  readonly blocks?: readonly JsonObject[] | undefined;
  readonly attachments?: readonly JsonObject[] | undefined;
  readonly files?: readonly StoredFile[] | undefined;
  readonly edited?: { readonly user: string; readonly ts: string } | undefined;
  readonly reply_count?: number | undefined;
  readonly latest_reply?: string | undefined;
  readonly reactions?: readonly Reaction[] | undefined;
  /** Only this person sees it; it is not part of the history. */
  readonly ephemeral_to?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly subtype?: string | undefined;
}

export type Draft = Omit<Message, 'type' | 'ts' | 'reply_count' | 'latest_reply'>;
export type Revision = Partial<Pick<Message, 'text' | 'blocks' | 'attachments' | 'metadata' | 'edited' | 'reactions'>>;

/** All channels' messages. `ts` is unique and increasing, whatever the clock does. */
export class Messages {
  readonly #byChannel = new Map<string, Message[]>();
  readonly #ephemeral = new Map<string, Message[]>();
  readonly #changes: Changes;
  readonly #now: () => number;
  #lastMicros = 0;
  #lastBlock = 0;

  constructor(changes: Changes, now: () => number) {
    this.#changes = changes;
    this.#now = now;
  }

  nextTs(): string {
    this.#lastMicros = Math.max(Math.floor(this.#now() * 1000), this.#lastMicros + 1);
    const seconds = Math.floor(this.#lastMicros / 1_000_000);
    return `${seconds}.${String(this.#lastMicros % 1_000_000).padStart(6, '0')}`;
  }

  post(channelId: string, draft: Draft): Message {
    const message: Message = { type: 'message', ...draft, ts: this.nextTs(), blocks: this.#fillIds(draft.blocks) };
    this.#shelf(channelId, message.ephemeral_to !== undefined).push(message);
    this.#changes.changed();
    return message;
  }

  /** The message, with its reply count when it is the root of a thread. */
  find(channelId: string, ts: string): Message | undefined {
    const found = this.#shelf(channelId, false).find((message) => message.ts === ts);
    return found === undefined ? undefined : this.#countReplies(channelId, found);
  }

  findEphemeral(channelId: string, ts: string): Message | undefined {
    return this.#shelf(channelId, true).find((message) => message.ts === ts);
  }

  /** Roots and replies, oldest first, without ephemeral ones. */
  list(channelId: string): readonly Message[] {
    return this.#shelf(channelId, false).map((message) => this.#countReplies(channelId, message));
  }

  /** What `userId` sees, or with no user given everything, ephemeral messages in their place. */
  seenBy(channelId: string, userId?: string): readonly Message[] {
    const own = this.#shelf(channelId, true).filter(
      (message) => userId === undefined || message.ephemeral_to === userId,
    );
    return [...this.list(channelId), ...own].toSorted(
      (a, b) => Number(a.ts) - Number(b.ts) || a.ts.localeCompare(b.ts),
    );
  }

  thread(channelId: string, rootTs: string): readonly Message[] {
    return this.list(channelId).filter((message) => message.ts === rootTs || message.thread_ts === rootTs);
  }

  revise(channelId: string, ts: string, revision: Revision): Message | undefined {
    for (const ephemeral of [false, true]) {
      const shelf = this.#shelf(channelId, ephemeral);
      const index = shelf.findIndex((message) => message.ts === ts);
      const old = shelf[index];
      if (old === undefined) continue;
      const blocks = 'blocks' in revision ? this.#fillIds(revision.blocks) : old.blocks;
      const message: Message = { ...old, ...revision, blocks };
      shelf[index] = message;
      this.#changes.changed();
      return message;
    }
    return undefined;
  }

  remove(channelId: string, ts: string): boolean {
    for (const ephemeral of [false, true]) {
      const shelf = this.#shelf(channelId, ephemeral);
      const index = shelf.findIndex((message) => message.ts === ts);
      if (index === -1) continue;
      shelf.splice(index, 1);
      this.#changes.changed();
      return true;
    }
    return false;
  }

  #shelf(channelId: string, ephemeral: boolean): Message[] {
    const shelves = ephemeral ? this.#ephemeral : this.#byChannel;
    const shelf = shelves.get(channelId) ?? [];
    shelves.set(channelId, shelf);
    return shelf;
  }

  #countReplies(channelId: string, message: Message): Message {
    if (message.thread_ts !== undefined && message.thread_ts !== message.ts) return message;
    const replies = this.#shelf(channelId, false).filter(
      (one) => one.thread_ts === message.ts && one.ts !== message.ts,
    );
    if (replies.length === 0) return message;
    return { ...message, thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts };
  }

  /** Slack names blocks that came without a block_id. */
  #fillIds(blocks: readonly JsonObject[] | undefined): readonly JsonObject[] | undefined {
    return blocks?.map((block) => ({ block_id: this.#nextBlockId(), ...block }));
  }

  #nextBlockId(): string {
    this.#lastBlock += 1;
    return `b${this.#lastBlock.toString(36)}`;
  }
}
