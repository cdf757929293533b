import { flag, isRecord, type Json, list, number, record, records, text, words } from './json.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly color: string;
  readonly isBot: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly isMember: boolean;
  readonly isDm: boolean;
}

export interface Message {
  readonly ts: string;
  /** Empty for a message that belongs to no thread. */
  readonly threadTs: string;
  readonly user: string;
  readonly text: string;
  readonly subtype: string;
  readonly ephemeralTo: string;
  readonly raw: Json;
  /** Serialised form: two equal strings need no new drawing. */
  readonly json: string;
}

export interface View {
  readonly id: string;
  readonly hash: string;
  readonly title: string;
  readonly submit: string;
  readonly close: string;
  readonly blocks: readonly Json[];
  readonly errors: Json;
  readonly json: string;
}

export interface Command {
  readonly command: string;
  readonly description: string;
  readonly usage: string;
}

export interface ApiCall {
  readonly time: unknown;
  readonly method: string;
  readonly ok: boolean;
  readonly error: string;
  readonly ms: number;
}

export interface Banner {
  readonly title: string;
  readonly text: string;
  readonly steps: readonly { readonly text: string; readonly done: boolean }[];
}

export interface State {
  readonly team: string;
  readonly me: string;
  readonly users: ReadonlyMap<string, User>;
  readonly channels: readonly Channel[];
  readonly messages: ReadonlyMap<string, readonly Message[]>;
  readonly views: readonly View[];
  readonly home: View | undefined;
  readonly notices: readonly { readonly id: string; readonly text: string }[];
  readonly outage: boolean;
  readonly connections: number;
  readonly commands: readonly Command[];
  readonly requests: readonly ApiCall[];
  readonly banner: Banner | undefined;
}

function parseUser(raw: Json): User {
  const name = text(raw, 'real_name') || text(raw, 'name') || text(raw, 'id');
  return {
    id: text(raw, 'id'),
    name,
    title: text(raw, 'title'),
    color: text(raw, 'avatar_color') || '#5a6b73',
    isBot: flag(raw, 'is_bot'),
  };
}

function parseChannel(raw: Json): Channel {
  return {
    id: text(raw, 'id'),
    name: text(raw, 'name'),
    topic: words(raw['topic']) || text(record(raw['topic']), 'value'),
    isMember: flag(raw, 'is_member'),
    isDm: flag(raw, 'is_dm'),
  };
}

function parseMessage(raw: Json): Message {
  return {
    ts: text(raw, 'ts'),
    threadTs: text(raw, 'thread_ts'),
    user: text(raw, 'user') || text(raw, 'bot_id'),
    text: text(raw, 'text'),
    subtype: text(raw, 'subtype'),
    ephemeralTo: text(raw, 'ephemeral_to'),
    raw,
    json: JSON.stringify(raw),
  };
}

function parseView(raw: Json): View {
  return {
    id: text(raw, 'id'),
    hash: text(raw, 'hash'),
    title: words(raw['title']),
    submit: words(raw['submit']),
    close: words(raw['close']),
    blocks: records(raw, 'blocks'),
    errors: record(raw['errors']),
    json: JSON.stringify(raw),
  };
}

function parseBanner(raw: unknown): Banner | undefined {
  if (!isRecord(raw)) return undefined;
  const steps = records(raw, 'steps').map((step) => ({ text: text(step, 'text'), done: flag(step, 'done') }));
  return { title: text(raw, 'title'), text: text(raw, 'text'), steps };
}

function parseCommand(raw: Json): Command {
  return { command: text(raw, 'command'), description: text(raw, 'description'), usage: text(raw, 'usage_hint') };
}

function parseCall(raw: Json): ApiCall {
  const { time } = raw;
  return { time, method: text(raw, 'method'), ok: flag(raw, 'ok'), error: text(raw, 'error'), ms: number(raw, 'ms') };
}

function parseMessages(raw: Json, me: string): ReadonlyMap<string, readonly Message[]> {
  return new Map(
    Object.keys(raw).map((channel) => {
      const messages = records(raw, channel).map(parseMessage);
      const visible = messages.filter((message) => message.ephemeralTo === '' || message.ephemeralTo === me);
      return [channel, visible.toSorted((a, b) => Number(a.ts) - Number(b.ts))];
    }),
  );
}

/** Reads the answer of `GET /_/state`; never throws. */
export function parseState(value: unknown): State {
  const raw = record(value);
  const me = text(raw, 'me') || text(record(raw['me']), 'id');
  return {
    team: text(record(raw['team']), 'name') || 'Workspace',
    me,
    users: new Map(records(raw, 'users').map((user) => [text(user, 'id'), parseUser(user)])),
    channels: records(raw, 'channels').map(parseChannel),
    messages: parseMessages(record(raw['messages']), me),
    views: records(raw, 'views').map(parseView),
    home: isRecord(raw['home']) ? parseView(raw['home']) : undefined,
    notices: records(raw, 'notices').map((notice) => ({ id: text(notice, 'id'), text: text(notice, 'text') })),
    outage: flag(raw, 'outage'),
    connections: number(raw, 'connections') || list(raw, 'connections').length,
    commands: records(raw, 'commands').map(parseCommand),
    requests: records(raw, 'requests').map(parseCall),
    banner: parseBanner(raw['banner']),
  };
}

export function isReply(message: Message): boolean {
  return message.threadTs !== '' && message.threadTs !== message.ts;
}

/** Messages of the channel view: roots, and replies that were also sent to the channel. */
export function channelMessages(state: State, channel: string): readonly Message[] {
  const all = state.messages.get(channel) ?? [];
  return all.filter((message) => !isReply(message) || message.subtype === 'thread_broadcast');
}

export function repliesOf(state: State, channel: string, root: string): readonly Message[] {
  return (state.messages.get(channel) ?? []).filter((message) => isReply(message) && message.threadTs === root);
}

/** Replies that everyone sees; messages for one person do not count. */
export function countedReplies(state: State, channel: string, root: string): readonly Message[] {
  return repliesOf(state, channel, root).filter((message) => message.ephemeralTo === '');
}

export function botOf(state: State): User | undefined {
  return [...state.users.values()].find((user) => user.isBot);
}

export function botChannel(state: State): Channel | undefined {
  return state.channels.find((channel) => channel.isDm);
}
