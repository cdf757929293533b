import type { App, RespondFn, webApi } from '@slack/bolt';
import { describeError } from '../core/errors.ts';
import type { Message } from '../core/ports/channel.ts';
import type { Log } from '../core/ports/log.ts';
import type { Receipts } from '../core/ports/receipts.ts';
import type { Visitor } from './authorise.ts';
import { say } from './command.ts';
import { blocksOf, contentOf } from './content.ts';
import type { Click } from './decisions.ts';
import type { Desk } from './desk.ts';
import {
  ActionPayload,
  CommandPayload,
  HomeEvent,
  MentionEvent,
  placeOfAction,
  pressedOf,
  visitorOfCommand,
  visitorOfInteraction,
  visitorOfMention,
} from './payloads.ts';
import { noticeView } from './views.ts';
import { stripMention } from './words.ts';

export interface Counter {
  readonly desk: Desk;
  readonly log: Log;
  readonly receipts: Receipts;
  /** The bot's own user id, as it is mentioned. */
  readonly botUserId: string;
}

const outdated = 'This is from an older message or another version of Lifeguard: nothing was changed.';

/** Listens to everything people can send: each is acknowledged at once and then answered, the unknown ones too. */
export function listenToPeople(app: App, counter: Counter): void {
  listenToCommands(app, counter);
  listenToMentions(app, counter);
  listenToButtons(app, counter);
  listenToHome(app, counter);
  listenToTheUnknown(app, counter);
}

function listenToCommands(app: App, { desk, log }: Counter): void {
  app.command(/.*/, async ({ ack, command, respond }) => {
    await acknowledge(ack, log);
    const payload = CommandPayload.parse(command);
    const { message } = await desk.command({ visitor: visitorOfCommand(payload), text: payload.text });
    await respond({ ...contentOf(message), response_type: 'ephemeral' });
  });
}

/** Slack sends an event again for minutes when it thinks nobody took it, and then to any of the bots. */
const eventAgainMs = 3_600_000;

function listenToMentions(app: App, { desk, log, receipts, botUserId }: Counter): void {
  // While Redis is away the desk says so, twice if need be.
  const isNew = (id: string): Promise<boolean> =>
    receipts.take(`event:${id}`, eventAgainMs).catch((error: unknown) => {
      log.warn('an event may be answered twice', { problem: describeError(error) });
      return true;
    });
  app.event('app_mention', async ({ body, client }) => {
    const payload = MentionEvent.parse(body);
    const visitor = visitorOfMention(payload);
    if (visitor === undefined || !(await isNew(payload.event_id))) return;
    const { channel, ts, thread_ts: thread, text } = payload.event;
    const place = thread === undefined ? { channel, ts } : { channel, ts, thread };
    const { message, discreet } = await desk.command({ visitor, text: stripMention(text, botUserId), place });
    const answer = { channel, thread_ts: thread ?? ts, ...contentOf(message) };
    if (discreet) await client.chat.postEphemeral({ ...answer, user: visitor.userId });
    else await client.chat.postMessage(answer);
  });
}

/** What is answered with a sentence, by the id of the button or menu. */
const answers: Readonly<Record<string, (desk: Desk, click: Click) => Promise<Message>>> = {
  'op:approve': (desk, click) => desk.decide('approve', click),
  'op:reject': (desk, click) => desk.decide('reject', click),
  'op:stop': (desk, click) => desk.stop(click),
  'incident:menu': (desk, click) => desk.menu(click),
};

/** Buttons that only open a page still send a click, which needs its acknowledgement and nothing else. */
const linkPrefix = 'link:';

function listenToButtons(app: App, { desk, log }: Counter): void {
  app.action({}, async ({ ack, body, respond, client }) => {
    await acknowledge(ack, log);
    const payload = ActionPayload.parse(body);
    const { id, value } = pressedOf(payload);
    if (id.startsWith(linkPrefix)) return;
    const click = { visitor: visitorOfInteraction(payload), value, place: placeOfAction(payload) };
    const answer = answers[id];
    const whisper = (message: Message) => answerClick({ message, respond, client, payload }, log);
    if (id === 'home:switch') await turnSwitch(click, { desk, client });
    else if (answer !== undefined) await whisper(await answer(desk, click));
    else if (id !== 'op:details') await whisper(say(outdated));
    else if (!(await showDetails({ desk, client, click, trigger: payload.trigger_id }, log)))
      await whisper(say('Slack did not open the details in time. Please press the button again.'));
  });
}

interface Details {
  readonly desk: Desk;
  readonly client: webApi.WebClient;
  readonly click: Click;
  readonly trigger: string | undefined;
}

/** Opens the modal before anything is looked up, because Slack allows it for 3 s only. False where that was too late. */
async function showDetails({ desk, client, click, trigger }: Details, log: Log): Promise<boolean> {
  if (trigger === undefined) return false;
  let opened: string | undefined;
  try {
    opened = (await client.views.open({ trigger_id: trigger, view: noticeView('One moment …') })).view?.id;
  } catch (error) {
    log.warn('a modal could not be opened', { problem: describeError(error) });
  }
  if (opened === undefined) return false;
  await client.views.update({ view_id: opened, view: await desk.details(click) });
  return true;
}

/** The home tab shows by itself what came of it. */
async function turnSwitch(click: Click, { desk, client }: Pick<Details, 'desk' | 'client'>): Promise<void> {
  await desk.turnSwitch(click);
  await publishHome(click.visitor, { desk, client });
}

async function publishHome(visitor: Visitor, { desk, client }: Pick<Details, 'desk' | 'client'>): Promise<void> {
  const blocks = blocksOf(await desk.home(visitor));
  await client.views.publish({ user_id: visitor.userId, view: { type: 'home', blocks } });
}

function listenToHome(app: App, { desk }: Counter): void {
  app.event('app_home_opened', async ({ body, client }) => {
    const { team_id: teamId, event } = HomeEvent.parse(body);
    if (event.tab !== 'home') return;
    await publishHome({ userId: event.user, teamId }, { desk, client });
  });
}

/** Forms, shortcuts and menus of other versions: acknowledged and answered, never left hanging. */
function listenToTheUnknown(app: App, { log }: Counter): void {
  app.view({}, async ({ ack, body }) => {
    if (body.type === 'view_closed') await ack();
    else await ack({ response_action: 'update', view: noticeView(outdated) });
  });
  app.options({}, async ({ ack }) => ack({ options: [] }));
  app.shortcut({}, async ({ ack, shortcut, client }) => {
    await acknowledge(ack, log);
    await client.views.open({ trigger_id: shortcut.trigger_id, view: noticeView(outdated) });
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

interface Answer {
  readonly message: Message;
  readonly respond: RespondFn | undefined;
  readonly client: webApi.WebClient;
  readonly payload: ActionPayload;
}

/** Answers one person: over the answer address that came with the click, in the channel, or in the modal they pressed in. */
async function answerClick({ message, respond, client, payload }: Answer, log: Log): Promise<void> {
  const content = contentOf(message);
  const { user, view, trigger_id: trigger } = payload;
  const channel = payload.container?.channel_id;
  try {
    if (respond !== undefined) await respond({ ...content, response_type: 'ephemeral', replace_original: false });
    else if (view?.type === 'modal') await client.views.update({ view_id: view.id, view: noticeView(content.text) });
    else if (trigger !== undefined) await client.views.open({ trigger_id: trigger, view: noticeView(content.text) });
  } catch (error) {
    log.warn('a click is answered in the channel instead', { problem: describeError(error) });
    if (channel !== undefined) await client.chat.postEphemeral({ channel, user: user.id, ...content });
  }
}
