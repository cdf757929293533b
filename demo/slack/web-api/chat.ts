import { z } from 'zod';
import type { Message, Revision } from '../messages.ts';
import { app, type Channel } from '../seed.ts';
import type { World } from '../world.ts';
import { findChannel, findWritable, requireRoot } from './channels.ts';
import { type Content, contentArgs, draftOf, readContent, refuse, requireSomething } from './message-content.ts';
import { ApiError, defineMethod, flag } from './method.ts';
import { showMessage } from './shown-message.ts';

const postMessage = defineMethod({
  name: 'chat.postMessage',
  rate: 'message',
  scopes: ['chat:write'],
  args: z.object({
    ...contentArgs,
    channel: z.string(),
    thread_ts: z.string().optional(),
    reply_broadcast: flag.optional(),
  }),
  run: (args, world) => {
    const channel = findWritable(world, args.channel);
    const content = readContent(args, world);
    requireSomething(content);
    if (args.thread_ts !== undefined) requireRoot(world, channel, args.thread_ts);
    const subtype = args.reply_broadcast === true && args.thread_ts !== undefined ? 'thread_broadcast' : undefined;
    world.violations.inspectFallback(`chat.postMessage in #${channel.name}`, content);
    const message = world.messages.post(channel.id, { ...draftOf(content), thread_ts: args.thread_ts, subtype });
    return { channel: channel.id, ts: message.ts, message: showMessage(message) };
  },
});

const postEphemeral = defineMethod({
  name: 'chat.postEphemeral',
  rate: 'message',
  scopes: ['chat:write'],
  args: z.object({ ...contentArgs, channel: z.string(), user: z.string(), thread_ts: z.string().optional() }),
  run: (args, world) => {
    const channel = findWritable(world, args.channel);
    const content = readContent(args, world);
    requireSomething(content);
    if (!channel.members.includes(args.user)) throw new ApiError('user_not_in_channel');
    world.violations.inspectFallback(`chat.postEphemeral in #${channel.name}`, content);
    const { ts } = world.messages.post(channel.id, {
      ...draftOf(content),
      thread_ts: args.thread_ts,
      ephemeral_to: args.user,
    });
    return { message_ts: ts };
  },
});

const update = defineMethod({
  name: 'chat.update',
  rate: 'tier3',
  scopes: ['chat:write'],
  args: z.object({ ...contentArgs, channel: z.string(), ts: z.string() }),
  run: (args, world) => {
    const channel = findWritable(world, args.channel);
    const old = findOwn(world, { channel, ts: args.ts, refusal: 'cant_update_message' });
    if (byteLength(args.text ?? '') > world.limits.updateTextBytes) refuse(world, 'msg_too_long');
    const content = readContent(args, world);
    if (content.metadata === undefined) requireSomething(content);
    const revision = reviseContent(content, old, world.messages.nextTs());
    const message = world.messages.revise(channel.id, args.ts, revision) ?? old;
    world.violations.inspectFallback(`chat.update in #${channel.name}`, message);
    return { channel: channel.id, ts: message.ts, text: message.text, message: showMessage(message) };
  },
});

const remove = defineMethod({
  name: 'chat.delete',
  rate: 'tier3',
  scopes: ['chat:write'],
  args: z.object({ channel: z.string(), ts: z.string() }),
  run: (args, world) => {
    const channel = findChannel(world, args.channel);
    findOwn(world, { channel, ts: args.ts, refusal: 'cant_delete_message' });
    world.messages.remove(channel.id, args.ts);
    return { channel: channel.id, ts: args.ts };
  },
});

const getPermalink = defineMethod({
  name: 'chat.getPermalink',
  rate: 'none',
  args: z.object({ channel: z.string(), message_ts: z.string() }),
  run: (args, world) => {
    const channel = findChannel(world, args.channel);
    const message = world.messages.find(channel.id, args.message_ts);
    if (message === undefined) throw new ApiError('message_not_found');
    return { channel: channel.id, permalink: permalinkOf(world, channel, message) };
  },
});

export const chatMethods = [postMessage, postEphemeral, update, remove, getPermalink] as const;

function permalinkOf(world: World, channel: Channel, message: Message): string {
  const link = `${world.origin()}/archives/${channel.id}/p${message.ts.replace('.', '')}`;
  const root = message.thread_ts;
  return root === undefined || root === message.ts ? link : `${link}?thread_ts=${root}&cid=${channel.id}`;
}

/** Own ephemeral messages count as missing: Slack does not store them. */
function findOwn(world: World, wanted: { channel: Channel; ts: string; refusal: string }): Message {
  const message = world.messages.find(wanted.channel.id, wanted.ts);
  if (message === undefined) throw new ApiError('message_not_found');
  if (message.bot_id !== app.botId) throw new ApiError(wanted.refusal);
  return message;
}

/** Text without blocks removes the old blocks; blocks alone keep text; only a changed text shows "(edited)". */
function reviseContent(content: Content, old: Message, ts: string): Revision {
  const { text, blocks, attachments, metadata } = content;
  const keepsBlocks = text === undefined && blocks === undefined;
  return {
    text: text ?? old.text,
    ...(keepsBlocks ? {} : { blocks }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(text === undefined || text === old.text ? {} : { edited: { user: app.userId, ts } }),
  };
}

function byteLength(text: string): number {
  return Buffer.byteLength(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
}
