import type { App, RespondFn, webApi } from '@slack/bolt';
import { describeError } from '../core/errors.ts';
import type { Message } from '../core/ports/channel.ts';
import type { Log } from '../core/ports/log.ts';
import { say } from './command.ts';
import { contentOf } from './content.ts';
import type { Choice } from './decisions.ts';
import type { Desk } from './desk.ts';
import { createOnce } from './once.ts';
import {
  ActionPayload,
  CommandPayload,
  MentionEvent,
  placeOfAction,
  visitorOfCommand,
  visitorOfInteraction,
  visitorOfMention,
} from './payloads.ts';
import { stripMention } from './words.ts';

export interface Counter {
  readonly desk: Desk;
  readonly log: Log;
  /** The bot's own user id, as it is mentioned. */
  readonly botUserId: string;
}

/** Listens to everything people can send: each is acknowledged at once and then answered, the unknown ones too. */
export function listenToPeople(app: App, counter: Counter): void {
  listenToCommands(app, counter);
  listenToMentions(app, counter);
  listenToButtons(app, counter);
}

function listenToCommands(app: App, { desk, log }: Counter): void {
  app.command(/.*/, async ({ ack, command, respond }) => {
    await acknowledge(ack, log);
    const payload = CommandPayload.parse(command);
    const message = await desk.command({ visitor: visitorOfCommand(payload), text: payload.text });
    await respond({ ...contentOf(message), response_type: 'ephemeral' });
  });
}

function listenToMentions(app: App, { desk, botUserId }: Counter): void {
  const once = createOnce();
  app.event('app_mention', async ({ body, client }) => {
    const payload = MentionEvent.parse(body);
    const visitor = visitorOfMention(payload);
    if (visitor === undefined || !once(payload.event_id)) return;
    const { channel, ts, thread_ts: thread, text } = payload.event;
    const place = thread === undefined ? { channel, ts } : { channel, ts, thread };
    const message = await desk.command({ visitor, text: stripMention(text, botUserId), place });
    await client.chat.postMessage({ channel, thread_ts: thread ?? ts, ...contentOf(message) });
  });
}

const choices: Readonly<Record<string, Choice>> = { 'op:approve': 'approve', 'op:reject': 'reject' };

function listenToButtons(app: App, { desk, log }: Counter): void {
  app.action({}, async ({ ack, body, respond, client }) => {
    await acknowledge(ack, log);
    const payload = ActionPayload.parse(body);
    const [pressed] = payload.actions;
    const visitor = visitorOfInteraction(payload);
    const place = placeOfAction(payload);
    const choice = choices[pressed?.action_id ?? ''];
    const message =
      choice === undefined
        ? say('This button is from an older message or another version of Lifeguard: nothing was changed.')
        : await desk.decide(choice, { visitor, value: pressed?.value, place });
    await whisper({ message, respond, client, user: visitor.userId, channel: place?.channel }, log);
  });
}

/** A click that Slack could not be told about is worked on all the same: people would have to guess otherwise. */
async function acknowledge(ack: () => Promise<void>, log: Log): Promise<void> {
  try {
    await ack();
  } catch (error) {
    log.warn('an interaction could not be acknowledged', { problem: describeError(error) });
  }
}

interface Whisper {
  readonly message: Message;
  readonly respond: RespondFn | undefined;
  readonly client: webApi.WebClient;
  readonly user: string;
  readonly channel: string | undefined;
}

/** Answers one person: over the answer address that came with the click, otherwise as an ephemeral message in the channel. */
async function whisper({ message, respond, client, user, channel }: Whisper, log: Log): Promise<void> {
  const content = contentOf(message);
  try {
    if (respond === undefined) throw new Error('the click came without an answer address');
    await respond({ ...content, response_type: 'ephemeral', replace_original: false });
  } catch (error) {
    log.debug('answering in the channel instead', { problem: describeError(error) });
    if (channel !== undefined) await client.chat.postEphemeral({ channel, user, ...content });
  }
}
