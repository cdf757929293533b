import { z } from 'zod';
import type { Message, Reaction } from '../messages.ts';
import { app } from '../seed.ts';
import type { World } from '../world.ts';
import { findReadable } from './channels.ts';
import { ApiError, defineMethod } from './method.ts';

const args = z.object({
  channel: z.string(),
  timestamp: z.string(),
  name: z.string().regex(/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/),
});

const add = defineMethod({
  name: 'reactions.add',
  rate: 'tier3',
  scopes: ['reactions:write'],
  args,
  run: ({ channel, timestamp, name }, world) => {
    const { message, channelId } = find(world, channel, timestamp);
    const reactions = message.reactions ?? [];
    if (isOwn(reactions, name)) throw new ApiError('already_reacted');
    const old = reactions.find((one) => one.name === name);
    const users = [...(old?.users ?? []), app.userId];
    const others = reactions.filter((one) => one.name !== name);
    world.messages.revise(channelId, timestamp, { reactions: [...others, { name, users, count: users.length }] });
    return {};
  },
});

const remove = defineMethod({
  name: 'reactions.remove',
  rate: 'tier2',
  scopes: ['reactions:write'],
  args,
  run: ({ channel, timestamp, name }, world) => {
    const { message, channelId } = find(world, channel, timestamp);
    const reactions = message.reactions ?? [];
    if (!isOwn(reactions, name)) throw new ApiError('no_reaction');
    const left = reactions.map((one) => (one.name === name ? without(one) : one)).filter((one) => one.count > 0);
    world.messages.revise(channelId, timestamp, { reactions: left });
    return {};
  },
});

export const reactionMethods = [add, remove] as const;

function find(world: World, reference: string, ts: string): { message: Message; channelId: string } {
  const channel = findReadable(world, reference);
  const message = world.messages.find(channel.id, ts);
  if (message === undefined) throw new ApiError('message_not_found');
  return { message, channelId: channel.id };
}

function isOwn(reactions: readonly Reaction[], name: string): boolean {
  return reactions.some((one) => one.name === name && one.users.includes(app.userId));
}

function without(reaction: Reaction): Reaction {
  const users = reaction.users.filter((user) => user !== app.userId);
  return { ...reaction, users, count: users.length };
}
