import type { Json } from '../json.ts';

/** A message as Slack takes it. `text` is the full-sentence fallback for screen readers and notifications. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly Json[];
}

interface PostRequest {
  readonly channel: string;
  readonly message: Message;
  /** Timestamp of the root message; absent for a root. */
  readonly thread?: string;
  /** Identifies the message for recovery: the incident and the entry within it. */
  readonly key: MessageKey;
}

export interface FileRequest {
  readonly channel: string;
  readonly thread: string;
  readonly file: TextFile;
}

export interface MessageKey {
  readonly incidentId: string;
  readonly entry: string;
}

/** A text that is too long for a message. */
export interface TextFile {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

/**
 * Where messages go. Failures are `LifeguardError`s: `channel-rate-limited` with `retryAfterMs`, `channel-unreachable` (the post may or
 * may not have happened), `channel-rejected` (it will not work as it is).
 */
export interface Channel {
  /** Answers the message's timestamp, its id within the channel. */
  post(request: PostRequest): Promise<string>;
  update(request: { readonly channel: string; readonly ts: string; readonly message: Message }): Promise<void>;
  /** Looks up a message that may have been posted, by its key. */
  find(request: {
    readonly channel: string;
    readonly thread?: string;
    readonly key: MessageKey;
  }): Promise<string | undefined>;
  /** Shows a file in a thread. Slack does that seconds later and says no timestamp, so this answers its own id of the file. */
  attach(request: FileRequest): Promise<string>;
  /** Looks up a file that may have been attached. No key can be kept with one, so that its name must be its own in the thread. */
  findFile(request: Omit<FileRequest, 'file'> & { readonly name: string }): Promise<string | undefined>;
  /** The address at which people open a message. */
  link(request: { readonly channel: string; readonly ts: string }): Promise<string | undefined>;
}
