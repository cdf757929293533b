import { type JsonObject, readString } from '../../../src/core/json.ts';
import { app, type Channel } from '../seed.ts';
import type { Wire } from '../wire.ts';
import type { World } from '../world.ts';
import { ApiError } from './method.ts';

export function findChannel(world: World, reference: string): Channel {
  const channel = world.directory.findChannel(reference);
  if (channel === undefined) throw new ApiError('channel_not_found');
  return channel;
}

/** The channel, when the app may write there. */
export function findWritable(world: World, reference: string): Channel {
  const channel = findChannel(world, reference);
  if (channel.isArchived === true) throw new ApiError('is_archived');
  const everywhere = world.manifest.oauth_config.scopes.bot.includes('chat:write.public') && channel.isPrivate !== true;
  if (!world.directory.isBotIn(channel) && !everywhere) throw new ApiError('not_in_channel');
  return channel;
}

/** The channel, when the app may read its messages. */
export function findReadable(world: World, reference: string): Channel {
  const channel = findChannel(world, reference);
  if (!world.directory.isBotIn(channel)) throw new ApiError('not_in_channel');
  return channel;
}

/** A thread is named by its root. */
export function requireRoot(world: World, channel: Channel, ts: string): void {
  const root = world.messages.find(channel.id, ts);
  if (root === undefined) throw new ApiError('thread_not_found');
  if (root.thread_ts !== undefined && root.thread_ts !== root.ts) throw new ApiError('cannot_reply_to_message');
}

/** `channels:x`, `groups:x` or `im:x`, by the kind of channel the call names. */
export function scopeByKind(right: 'read' | 'history') {
  return (args: JsonObject, world: World): readonly string[] => {
    const channel = world.directory.findChannel(readString(args, 'channel') ?? '');
    if (channel?.directWith !== undefined) return [`im:${right}`];
    return [channel?.isPrivate === true ? `groups:${right}` : `channels:${right}`];
  };
}

export function showChannel(channel: Channel): Wire {
  const shared = { id: channel.id, is_archived: channel.isArchived === true, created: 1_700_000_000 };
  if (channel.directWith !== undefined) return { ...shared, is_im: true, user: channel.directWith };
  return {
    ...shared,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.isPrivate !== true,
    is_group: false,
    is_im: false,
    is_private: channel.isPrivate === true,
    is_member: channel.members.includes(app.userId),
    topic: { value: channel.topic },
    purpose: { value: '' },
    num_members: channel.members.length,
  };
}
