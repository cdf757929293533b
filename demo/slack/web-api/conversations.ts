import { z } from 'zod';
import type { Message } from '../messages.ts';
import { app, type Channel } from '../seed.ts';
import type { Wire } from '../wire.ts';
import type { World } from '../world.ts';
import { findChannel, findReadable, scopeByKind, showChannel } from './channels.ts';
import { ApiError, count, defineMethod, flag } from './method.ts';
import { showPage } from './pages.ts';
import { showMessage } from './shown-message.ts';

const paging = { cursor: z.string().optional(), limit: count.optional() };
const range = {
  ...paging,
  channel: z.string(),
  include_all_metadata: flag.default(false),
  oldest: z.string().default('0'),
  latest: z.string().optional(),
  inclusive: flag.default(false),
};

interface Range {
  readonly oldest: string;
  readonly latest?: string | undefined;
  readonly inclusive: boolean;
}

const info = defineMethod({
  name: 'conversations.info',
  rate: 'tier3',
  scopes: scopeByKind('read'),
  args: z.object({ channel: z.string() }),
  run: (args, world) => ({ channel: showChannel(findById(world, args.channel)) }),
});

const list = defineMethod({
  name: 'conversations.list',
  rate: 'tier2',
  scopes: ['channels:read'],
  args: z.object({ ...paging, types: z.string().default('public_channel'), exclude_archived: flag.default(false) }),
  run: (args, world) => {
    const types = args.types.split(',').map((type) => type.trim());
    const found = world.directory.channels.filter((channel) => types.includes(kindOf(channel)));
    const shown = found.filter((channel) => !args.exclude_archived || channel.isArchived !== true);
    return showPage('channels', shown.map(showChannel), args);
  },
});

const members = defineMethod({
  name: 'conversations.members',
  rate: 'tier4',
  scopes: scopeByKind('read'),
  args: z.object({ ...paging, channel: z.string() }),
  run: (args, world) => showPage('members', findById(world, args.channel).members, args),
});

const open = defineMethod({
  name: 'conversations.open',
  rate: 'tier3',
  scopes: ['im:write'],
  args: z.object({ users: z.string().optional(), channel: z.string().optional(), return_im: flag.optional() }),
  run: (args, world) => {
    const reference = args.channel ?? args.users ?? '';
    const channel = world.directory.channels.find((one) => one.directWith === reference || one.id === reference);
    if (channel?.directWith === undefined) throw new ApiError('user_not_found');
    return {
      already_open: true,
      no_op: true,
      channel: args.return_im === true ? showChannel(channel) : { id: channel.id },
    };
  },
});

const join = defineMethod({
  name: 'conversations.join',
  rate: 'tier3',
  scopes: ['channels:join'],
  args: z.object({ channel: z.string() }),
  run: (args, world) => {
    const channel = findById(world, args.channel);
    if (channel.isArchived === true) throw new ApiError('is_archived');
    if (channel.isPrivate === true) throw new ApiError('method_not_supported_for_channel_type');
    world.directory.join(channel.id, app.userId);
    return { channel: showChannel(findById(world, channel.id)) };
  },
});

const history = defineMethod({
  name: 'conversations.history',
  rate: 'tier3',
  scopes: scopeByKind('history'),
  args: z.object(range),
  run: (args, world) => {
    const channel = findReadable(world, args.channel);
    const roots = world.messages.list(channel.id).filter(isInChannel);
    const found = roots.filter((message) => isInRange(message, args)).toReversed();
    return showMessages(found, args);
  },
});

const replies = defineMethod({
  name: 'conversations.replies',
  rate: 'tier3',
  scopes: scopeByKind('history'),
  args: z.object({ ...range, ts: z.string() }),
  run: (args, world) => {
    const channel = findReadable(world, args.channel);
    const thread = world.messages.thread(channel.id, args.ts);
    if (thread.length === 0) throw new ApiError('thread_not_found');
    const found = thread.filter((message) => message.ts === args.ts || isInRange(message, args));
    return showMessages(found, args);
  },
});

export const conversationMethods = [info, list, members, open, join, history, replies] as const;

function findById(world: World, id: string): Channel {
  const channel = findChannel(world, id);
  if (channel.id !== id) throw new ApiError('channel_not_found');
  return channel;
}

function kindOf(channel: Channel): string {
  if (channel.directWith !== undefined) return 'im';
  return channel.isPrivate === true ? 'private_channel' : 'public_channel';
}

function isInChannel(message: Message): boolean {
  const isRoot = message.thread_ts === undefined || message.thread_ts === message.ts;
  return isRoot || message.subtype === 'thread_broadcast';
}

function isInRange(message: Message, range: Range): boolean {
  const at = Number(message.ts);
  const oldest = Number(range.oldest);
  const latest = range.latest === undefined ? Number.POSITIVE_INFINITY : Number(range.latest);
  if (range.inclusive) return at >= oldest && at <= latest;
  return at > oldest && at < latest;
}

function showMessages(
  messages: readonly Message[],
  args: {
    readonly include_all_metadata: boolean;
    readonly cursor?: string | undefined;
    readonly limit?: number | undefined;
  },
): Wire {
  const withMetadata = args.include_all_metadata;
  const shown = messages.map((message) => showMessage(message, { withMetadata }));
  const page = showPage('messages', shown, args);
  return { ...page, has_more: page.response_metadata.next_cursor !== '' };
}
