import { isJsonObject, type JsonObject, readArray, readObject, readString } from '../../src/core/json.ts';
import { checkView } from './block-kit/check.ts';
import { choose, findElements, labelsOf, type Placed } from './elements.ts';
import type { Message } from './messages.ts';
import { basePayload, emptyInputs, type FormValues, findUser, showView, stateOf } from './payloads.ts';
import type { Channel, User } from './seed.ts';
import type { Delivery } from './sockets.ts';
import type { View } from './views.ts';
import { judge } from './web-api/message-content.ts';
import { ApiError } from './web-api/method.ts';
import { showMessage } from './web-api/shown-message.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** What came of something a person did. `error` is what Slack would tell the person. */
export type Outcome =
  | { readonly ok: true; readonly payload: JsonObject; readonly message?: Message | undefined }
  | { readonly ok: false; readonly error: string };

interface ElementChoice {
  readonly blockId?: string | undefined;
  readonly actionId?: string | undefined;
  /** The visible text of a button or of a menu's option. */
  readonly buttonText?: string | undefined;
  /** What is chosen in a menu or typed in a field; a button needs none. */
  readonly value?: unknown;
  /** False: the person backs out of the confirm dialog, so nothing is sent. */
  readonly confirm?: boolean | undefined;
}

export type Click = ElementChoice & { readonly user: string; readonly channel: string; readonly ts: string };
export type ViewClick = ElementChoice & {
  readonly user: string;
  readonly viewId: string;
  readonly values?: FormValues;
};

export interface Submission {
  readonly user: string;
  /** The topmost modal when left out. */
  readonly viewId?: string | undefined;
  readonly values?: FormValues | undefined;
}

/** Presses an element of a message. Throws when the person could not do that (no such message or button). */
export async function clickMessage(world: World, click: Click): Promise<Outcome> {
  const user = findUser(world, click.user);
  const channel = world.directory.findChannel(click.channel);
  if (channel === undefined) throw new Error(`no channel ${click.channel}`);
  const message = visibleMessage(world, { channel, user, ts: click.ts });
  const blocks = allBlocks(message);
  const placed = findElement(blocks, click);
  if (isCancelled(placed, click)) return { ok: true, payload: {} };
  const responseUrl = world.responseUrls.issue({
    channelId: channel.id,
    userId: user.id,
    messageTs: message.ts,
    threadTs: message.thread_ts,
  });
  const isEphemeral = message.ephemeral_to !== undefined;
  const container = { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: isEphemeral };
  const payload: Wire = {
    type: 'block_actions',
    ...basePayload(user),
    container: message.thread_ts === undefined ? container : { ...container, thread_ts: message.thread_ts },
    trigger_id: world.triggers.issue({ userId: user.id }),
    channel: { id: channel.id, name: channel.directWith === undefined ? channel.name : 'directmessage' },
    ...(isEphemeral ? {} : { message: showMessage(message) }),
    state: { values: stateOf(blocks, chosenValues(placed, click)) },
    response_url: `${world.origin()}/response/${responseUrl}`,
    actions: [actionOf(world, placed, click)],
  };
  return await settle(world, user, await world.route.deliver({ type: 'interactive', payload }));
}

/** Presses an element of a modal or of the home tab. */
export async function clickView(world: World, click: ViewClick): Promise<Outcome> {
  const user = findUser(world, click.user);
  const view = findOwnView(world, user, click.viewId);
  const placed = findElement(view.blocks, click);
  if (isCancelled(placed, click)) return { ok: true, payload: {} };
  const values = { ...click.values, ...chosenValues(placed, click) };
  const payload: Wire = {
    type: 'block_actions',
    ...basePayload(user),
    container: { type: 'view', view_id: view.id },
    trigger_id: world.triggers.issue({ userId: user.id, viewId: view.id }),
    view: showView(view, values),
    actions: [actionOf(world, placed, click)],
  };
  return await settle(world, user, await world.route.deliver({ type: 'interactive', payload }));
}

/** Presses a modal's submit button and does what the app answers with `response_action`. */
export async function submitView(world: World, submission: Submission): Promise<Outcome> {
  const user = findUser(world, submission.user);
  const view = findOwnView(world, user, submission.viewId);
  const values = submission.values ?? {};
  requireKnownInputs(view, values);
  const empty = emptyInputs(view.blocks, values);
  if (empty.length > 0) {
    world.views.showErrors(
      view.id,
      Object.fromEntries(empty.map((id) => [id, 'Please complete this required field.'])),
    );
    return { ok: false, error: `please complete ${empty.join(', ')}` };
  }
  const payload: Wire = {
    type: 'view_submission',
    ...basePayload(user),
    trigger_id: world.triggers.issue({ userId: user.id, viewId: view.id }),
    view: showView(view, values),
    response_urls: [],
  };
  const delivery = await world.route.deliver({ type: 'interactive', payload });
  if (delivery.state !== 'acked') return await settle(world, user, delivery);
  return applyResponse(world, view, delivery.payload);
}

/** Closes a modal with its close button or, with `all`, the whole stack. */
export async function closeView(
  world: World,
  closing: { user: string; viewId?: string; all?: boolean },
): Promise<Outcome> {
  const user = findUser(world, closing.user);
  const view = findOwnView(world, user, closing.viewId);
  const isCleared = closing.all === true || view.definition['clear_on_close'] === true;
  if (isCleared) world.views.clear(user.id);
  else world.views.close(view.id);
  if (view.definition['notify_on_close'] !== true) return { ok: true, payload: {} };
  const payload: Wire = {
    type: 'view_closed',
    ...basePayload(user),
    view: showView(view),
    is_cleared: isCleared,
  };
  return await settle(world, user, await world.route.deliver({ type: 'interactive', payload }));
}

const noAnswer: Readonly<Record<Exclude<Delivery['state'], 'acked'>, string>> = {
  late: 'The app did not respond in time. Please try again.',
  'connection-lost': 'Something went wrong: the app could not be reached. Please try again.',
  'not-connected': 'The app is not connected to Slack at the moment.',
};

/** Without an acknowledgement the person gets a notice. */
export async function settle(world: World, user: User, delivery: Delivery): Promise<Outcome> {
  if (delivery.state === 'acked') return { ok: true, payload: delivery.payload };
  const error = noAnswer[delivery.state];
  world.notices.show(user.id, error);
  return { ok: false, error };
}

function applyResponse(world: World, view: View, payload: JsonObject): Outcome {
  const action = payload['response_action'];
  const next = payload['view'];
  try {
    if (action === 'errors') showErrors(world, view, readObject(payload, 'errors'));
    else if (action === 'clear') world.views.clear(view.userId);
    else if (isJsonObject(next)) showNext(world, view, { definition: next, push: action === 'push' });
    else world.views.close(view.id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    world.violations.add('bad-ack', `view_submission answered with ${error.code} ${error.messages.join('; ')}`);
    world.notices.show(view.userId, 'We had some trouble connecting. Try again?');
    return { ok: false, error: error.code };
  }
  return { ok: true, payload };
}

function showErrors(world: World, view: View, errors: JsonObject): void {
  const inputs = view.blocks.filter((block) => block['type'] === 'input').map((block) => readString(block, 'block_id'));
  const unknown = Object.keys(errors).filter((id) => !inputs.includes(id));
  if (unknown.length > 0) throw new ApiError('invalid_errors', { messages: [`no input block ${unknown.join(', ')}`] });
  world.views.showErrors(
    view.id,
    Object.fromEntries(
      Object.entries(errors).map(([id, text]) => [id, typeof text === 'string' ? text : JSON.stringify(text)]),
    ),
  );
}

function showNext(world: World, view: View, next: { definition: JsonObject; push: boolean }): void {
  judge(world, 'invalid_arguments', checkView(next.definition));
  world.violations.inspect('modal', { blocks: next.definition['blocks'] });
  if (!next.push) world.views.update(view.id, next.definition);
  else if (world.views.stack(view.userId).length >= world.limits.modalStack) throw new ApiError('push_limit_reached');
  else world.views.push(view.userId, next.definition);
}

function visibleMessage(world: World, wanted: { channel: Channel; user: User; ts: string }): Message {
  const { channel, user, ts } = wanted;
  const message = world.messages.seenBy(channel.id, user.id).find((one) => one.ts === ts);
  if (message === undefined) throw new Error(`${user.name} sees no message ${ts} in #${channel.name}`);
  return message;
}

function allBlocks(message: Message): readonly JsonObject[] {
  const attached = (message.attachments ?? []).flatMap((attachment) => readArray(attachment, 'blocks'));
  return [...(message.blocks ?? []), ...attached.filter(isJsonObject)];
}

function findOwnView(world: World, user: User, id: string | undefined): View {
  const view = id === undefined ? world.views.top(user.id) : world.views.find(id);
  if (view === undefined || view.userId !== user.id) throw new Error(`${user.name} has no view ${id ?? 'open'}`);
  return view;
}

function findElement(blocks: readonly JsonObject[], choice: ElementChoice): Placed {
  const all = findElements(blocks);
  const found = all.filter(({ blockId, element }) => {
    if (choice.blockId !== undefined && choice.blockId !== blockId) return false;
    if (choice.actionId !== undefined && choice.actionId !== element['action_id']) return false;
    return choice.buttonText === undefined || labelsOf(element).includes(choice.buttonText);
  });
  const [first, second] = found;
  const wanted = choice.actionId ?? choice.buttonText ?? 'element';
  if (first === undefined) {
    const offered = all.flatMap(({ element }) => labelsOf(element));
    throw new Error(`no ${wanted} here; there are: ${offered.join(', ') || 'no buttons'}`);
  }
  if (second !== undefined) throw new Error(`${wanted} stands here more than once; name its block`);
  return first;
}

function isCancelled(placed: Placed, choice: ElementChoice): boolean {
  return choice.confirm === false && isJsonObject(placed.element['confirm']);
}

function chosenValues(placed: Placed, choice: ElementChoice): FormValues {
  const actionId = readString(placed.element, 'action_id') ?? '';
  return { [placed.blockId]: { [actionId]: chosenValue(placed, choice) } };
}

/** For a menu the visible text may name the option. */
function chosenValue(placed: Placed, choice: ElementChoice): unknown {
  const isButton = readString(placed.element, 'text', 'text') !== undefined;
  return choice.value ?? (isButton ? undefined : choice.buttonText);
}

function actionOf(world: World, placed: Placed, choice: ElementChoice): Wire {
  return {
    ...choose(placed.element, chosenValue(placed, choice)),
    action_id: placed.element['action_id'] ?? '',
    block_id: placed.blockId,
    action_ts: world.messages.nextTs(),
  };
}

function requireKnownInputs(view: View, values: FormValues): void {
  const placed = findElements(view.blocks);
  for (const [blockId, actions] of Object.entries(values)) {
    for (const actionId of Object.keys(actions)) {
      const known = placed.some((one) => one.blockId === blockId && one.element['action_id'] === actionId);
      if (!known) throw new Error(`the modal has no input ${actionId} in block ${blockId}`);
    }
  }
}
