import { z } from 'zod';
import type { JsonObject } from '../../src/core/json.ts';
import type { Message } from './messages.ts';
import type { Origin } from './tickets.ts';
import { type Content, contentArgs, draftOf, readContent, requireSomething } from './web-api/message-content.ts';
import { ApiError, flag } from './web-api/method.ts';
import type { World } from './world.ts';

const Reply = z.object({
  ...contentArgs,
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: flag.default(false),
  delete_original: flag.default(false),
  thread_ts: z.string().optional(),
});
type Reply = z.infer<typeof Reply>;

export interface ResponseAnswer {
  readonly status: number;
  readonly text: string;
}

/** One POST to a response_url. */
export function useResponseUrl(world: World, id: string, body: JsonObject): ResponseAnswer {
  const origin = world.responseUrls.redeem(id);
  if (typeof origin === 'string') return { status: 404, text: JSON.stringify({ ok: false, error: origin }) };
  const posted = postResponse(world, origin, body);
  if (typeof posted === 'string') return { status: 400, text: JSON.stringify({ ok: false, error: posted }) };
  return { status: 200, text: 'ok' };
}

/** Shows an answer to a command or button. Returns the message, undefined for a deletion, or Slack's error code. */
export function postResponse(world: World, origin: Origin, body: JsonObject): Message | undefined | string {
  const reply = Reply.safeParse(body);
  if (!reply.success) return 'invalid_payload';
  try {
    return applyReply(world, origin, reply.data);
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

function applyReply(world: World, origin: Origin, reply: Reply): Message | undefined {
  const { channelId, messageTs } = origin;
  if (reply.delete_original && messageTs !== undefined) {
    world.messages.remove(channelId, messageTs);
    return undefined;
  }
  const content = readReply(world, reply);
  requireSomething(content);
  world.violations.inspectFallback('response', content);
  if (reply.replace_original && messageTs !== undefined) {
    const { text = '', blocks, attachments } = content;
    return world.messages.revise(channelId, messageTs, { text, blocks, attachments });
  }
  const audience = reply.response_type === 'ephemeral' ? { ephemeral_to: origin.userId } : {};
  return world.messages.post(channelId, {
    ...draftOf(content),
    thread_ts: reply.thread_ts ?? origin.threadTs,
    ...audience,
  });
}

/** Responses escape the cumulative cap on block text. Source: bolt-js issue 2509. */
function readReply(world: World, reply: Reply): Content {
  return readContent(reply, { ...world, limits: { ...world.limits, blockChars: Number.POSITIVE_INFINITY } });
}
