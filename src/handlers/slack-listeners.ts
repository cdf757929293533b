import type { App, RespondFn, webApi } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { describeError } from '../core/errors.ts';
import type { Message } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { Receipts } from '../core/ports/receipts.ts';
import { voteButtons } from '../notifications/reports/explanation.ts';
import { formCallback, formChoice } from '../notifications/reports/form.ts';
import type { Visitor } from './authorise.ts';
import { say } from './command.ts';
import { blocksOf, contentOf } from './content.ts';
import type { Click } from './decisions.ts';
import type { Desk } from './desk.ts';
import { openDraft } from './draft.ts';
import { threadOf, whisperOf } from './draft-places.ts';
import { incidentToActOn } from './menu.ts';
import {
  ActionPayload,
  CommandPayload,
  HomeEvent,
  MentionEvent,
  placeOfAction,
  pressedOf,
  ViewPayload,
  visitorOfCommand,
  visitorOfInteraction,
  visitorOfMention,
} from './payloads.ts';
import { noticeView } from './views.ts';
import { stripMention } from './words.ts';

export interface Counter {
  readonly desk: Desk;
  readonly log: Log;
  readonly clock: Clock;
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
  listenToForms(app, counter);
  listenToTheUnknown(app, counter);
}

function listenToCommands(app: App, { desk, log, clock }: Counter): void {
  app.command(/.*/, async ({ ack, command, respond, client }) => {
    await acknowledge(ack, log);
    const payload = CommandPayload.parse(command);
    const draft = openDraft({ ...whisperOf(respond), clock, log });
    const { message } = await desk.command({
      visitor: visitorOfCommand(payload),
      text: payload.text,
      show: draft.show,
    });
    const trigger = command.trigger_id;
    if (message.form !== undefined && (await openModal({ client, trigger, view: message.form }, log))) return;
    await draft.finish(message);
  });
}

/** Slack sends an event again for minutes when it thinks nobody took it, and then to any of the bots. */
const eventAgainMs = 3_600_000;

function listenToMentions(app: App, { desk, log, clock, receipts, botUserId }: Counter): void {
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
    const { channel, ts, thread_ts: thread } = payload.event;
    const place = thread === undefined ? { channel, ts } : { channel, ts, thread };
    const spot = { channel, thread_ts: thread ?? ts };
    const draft = openDraft({ ...threadOf(client, spot), clock, log });
    const text = stripMention(payload.event.text, botUserId);
    const { message, discreet } = await desk.command({ visitor, text, place, show: draft.show });
    if (discreet) await client.chat.postEphemeral({ ...spot, ...contentOf(message), user: visitor.userId });
    else await draft.finish(message);
    if (message.file !== undefined) await desk.attach({ channel, thread: spot.thread_ts, file: message.file });
  });
}

/** What is answered with a sentence, by the id of the button or menu. */
const answers: Readonly<Record<string, (desk: Desk, click: Click) => Promise<Message>>> = {
  'op:approve': (desk, click) => desk.decide('approve', click),
  'op:reject': (desk, click) => desk.decide('reject', click),
  'op:stop': (desk, click) => desk.stop(click),
  'incident:menu': (desk, click) => desk.menu(click),
  [voteButtons.helpful]: (desk, click) => desk.vote('helpful', click),
  [voteButtons.wrong]: (desk, click) => desk.vote('wrong', click),
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
    const read = viewBehind(id, click, desk);
    const whisper = (message: Message) => answerClick({ message, respond, client, payload }, log);
    if (id === 'home:switch') await turnSwitch(click, { desk, client });
    else if (id === formChoice) await showChoice(payload, { desk, client });
    else if (read !== undefined) {
      const shown = await showModal({ client, trigger: payload.trigger_id, read }, log);
      if (!shown) await whisper(say('Slack did not open the window in time. Please press again.'));
    } else await whisper(answer === undefined ? say(outdated) : await answer(desk, click));
  });
}

/** What opens a modal, and reads what it shows. */
function viewBehind(id: string, click: Click, desk: Desk): (() => Promise<ModalView>) | undefined {
  if (id === 'op:details') return () => desk.details(click);
  const incidentId = id === 'incident:menu' ? incidentToActOn(click.value) : undefined;
  return incidentId === undefined ? undefined : () => desk.form(incidentId, click);
}

interface Opening {
  readonly client: webApi.WebClient;
  readonly trigger: string | undefined;
}

/** Opens the modal before anything is looked up, because Slack allows it for 3 s only. False where that was too late. */
async function showModal({ read, ...opening }: Opening & { readonly read: () => Promise<ModalView> }, log: Log) {
  const opened = await openModal({ ...opening, view: noticeView('One moment …') }, log);
  if (opened === undefined) return false;
  await opening.client.views.update({ view_id: opened, view: await read() });
  return true;
}

/** Answers the view's id; undefined where Slack did not open it. */
async function openModal(
  { client, trigger, view }: Opening & { readonly view: ModalView },
  log: Log,
): Promise<string | undefined> {
  if (trigger === undefined) return undefined;
  try {
    return (await client.views.open({ trigger_id: trigger, view })).view?.id;
  } catch (error) {
    log.warn('a modal could not be opened', { problem: describeError(error) });
    return undefined;
  }
}

interface Surface {
  readonly desk: Desk;
  readonly client: webApi.WebClient;
}

/** The same modal, with the inputs of the action that was chosen in it. */
async function showChoice(payload: ActionPayload, { desk, client }: Surface): Promise<void> {
  const { view } = payload;
  if (view === undefined) return;
  const open = { visitor: visitorOfInteraction(payload), metadata: view.private_metadata };
  const next = await desk.chooseAction(open, pressedOf(payload).value);
  await client.views.update({ view_id: view.id, view: next });
}

/** The inputs are checked while Slack waits, so that what is wrong stands under them; the rest takes longer and is shown in the same modal. */
function listenToForms(app: App, { desk, log }: Counter): void {
  app.view({ callback_id: formCallback, type: 'view_submission' }, async ({ ack, body, client }) => {
    const payload = ViewPayload.parse(body);
    const { id, private_metadata: metadata, state } = payload.view;
    const taken = await desk.takeForm({ visitor: visitorOfInteraction(payload), metadata }, state?.values);
    if ('errors' in taken) return await ack({ response_action: 'errors', errors: taken.errors });
    await acknowledge(() => ack({ response_action: 'update', view: noticeView('One moment …') }), log);
    await client.views.update({ view_id: id, view: await taken.finish() });
  });
}

/** The home tab shows by itself what came of it. */
async function turnSwitch(click: Click, { desk, client }: Surface): Promise<void> {
  await desk.turnSwitch(click);
  await publishHome(click.visitor, { desk, client });
}

async function publishHome(visitor: Visitor, { desk, client }: Surface): Promise<void> {
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
    else if (body.view.callback_id !== formCallback)
      await ack({ response_action: 'update', view: noticeView(outdated) });
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
