import { z } from 'zod';
import { app } from '../seed.ts';
import type { World } from '../world.ts';
import { findWritable, requireRoot } from './channels.ts';
import { readContent } from './message-content.ts';
import { ApiError, count, defineMethod, jsonObjects } from './method.ts';
import { showFile } from './shown-message.ts';

const getUploadUrl = defineMethod({
  name: 'files.getUploadURLExternal',
  rate: 'tier4',
  scopes: ['files:write'],
  args: z.object({ filename: z.string().min(1), length: count.min(1), snippet_type: z.string().optional() }),
  run: (args, world) => {
    const id = world.files.open(args.filename);
    return { upload_url: `${world.origin()}/upload/${id}`, file_id: id };
  },
});

const completeUpload = defineMethod({
  name: 'files.completeUploadExternal',
  rate: 'tier4',
  scopes: ['files:write'],
  args: z.object({
    files: z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1),
    channel_id: z.string().optional(),
    thread_ts: z.string().optional(),
    initial_comment: z.string().optional(),
    blocks: z.union([jsonObjects, z.string()]).optional(),
  }),
  run: (args, world) => {
    const channel = args.channel_id === undefined ? undefined : findWritable(world, args.channel_id);
    if (channel !== undefined && args.thread_ts !== undefined) requireRoot(world, channel, args.thread_ts);
    const content = readContent({ text: args.initial_comment, blocks: args.blocks }, world);
    const files = args.files.map(({ id, title }) => complete(world, id, title));
    if (channel !== undefined) {
      world.messages.post(channel.id, {
        user: app.userId,
        bot_id: app.botId,
        text: content.text ?? '',
        blocks: content.blocks,
        thread_ts: args.thread_ts,
        files,
      });
    }
    return { files: files.map(showFile) };
  },
});

export const fileMethods = [getUploadUrl, completeUpload] as const;

function complete(world: World, id: string, title: string | undefined) {
  const file = world.files.complete(id, title);
  if (file === undefined) throw new ApiError('file_not_found');
  world.violations.inspect(`file ${file.name}`, { text: file.content });
  return file;
}
