import type { JsonObject } from '../../src/core/json.ts';
import type { Events } from './events.ts';
import { type Outcome, settle } from './interactions.ts';
import type { Message } from './messages.ts';
import { basePayload, findUser, showView } from './payloads.ts';
import { postResponse } from './response-url.ts';
import { app, type Channel, team, type User } from './seed.ts';
import { showMessage } from './web-api/shown-message.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** What people do apart from pressing buttons: write, use a command, look at the home tab. */

export interface Said {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly threadTs?: string | undefined;
}

export interface CommandLine {
  readonly user: string;
  readonly channel: string;
  /** With the command itself: `/kube status`. */
  readonly text: string;
}

export interface ShortcutUse {
  readonly user: string;
  readonly channel: string;
  readonly ts: string;
  readonly callbackId: string;
}

/** Posts a person's message and, where the app listens, tells the app. Resolves once the app acknowledged. */
export async function say(world: World, events: Events, said: Said): Promise<Message> {
  const user = findUser(world, said.user);
  const channel = findOpenChannel(world, said.channel);
  const message = world.messages.post(channel.id, { user: user.id, text: said.text, thread_ts: said.threadTs });
  const event: Wire = {
    user: user.id,
    team: team.id,
    user_team: user.teamId,
    text: said.text,
    ts: message.ts,
    event_ts: message.ts,
    channel: channel.id,
    ...(said.threadTs === undefined ? {} : { thread_ts: said.threadTs }),
  };
  await Promise.all(subscriptionsFor(world, channel, said.text).map((one) => emit(world, events, { ...one, event })));
  return message;
}

function emit(world: World, events: Events, one: { subscription: string; type: Wire; event: Wire }) {
  return events.emit(world, one.subscription, { ...one.type, ...one.event });
}

/** Runs a slash command. `message` is what the app answered with its acknowledgement, if anything. */
export async function runCommand(world: World, line: CommandLine): Promise<Outcome> {
  const user = findUser(world, line.user);
  const channel = findOpenChannel(world, line.channel);
  const [name = '', ...words] = line.text.trim().split(' ');
  const command = world.manifest.features.slash_commands.find((one) => one.command === name);
  if (command === undefined) {
    const error = `${name} is not a valid command.`;
    world.notices.show(user.id, error);
    return { ok: false, error };
  }
  const text = words.join(' ').trim();
  const origin = { channelId: channel.id, userId: user.id };
  const payload: Wire = {
    token: 'verification-token',
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channel.directWith === undefined ? channel.name : 'directmessage',
    user_id: user.id,
    user_name: user.name,
    command: name,
    text: command.should_escape === true ? escapeNames(world, text) : text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: `${world.origin()}/response/${world.responseUrls.issue(origin)}`,
    trigger_id: world.triggers.issue({ userId: user.id }),
  };
  const delivery = await world.route.deliver({ type: 'slash_commands', payload });
  if (delivery.state !== 'acked') return await settle(world, user, delivery);
  return answerCommand(world, { user, channel, payload: delivery.payload });
}

/** Uses a message shortcut of the manifest. */
export async function useShortcut(world: World, use: ShortcutUse): Promise<Outcome> {
  const user = findUser(world, use.user);
  const channel = findOpenChannel(world, use.channel);
  const message = world.messages.find(channel.id, use.ts);
  const shortcut = world.manifest.features.shortcuts.find((one) => one.callback_id === use.callbackId);
  if (message === undefined) throw new Error(`no message ${use.ts} in #${channel.name}`);
  if (shortcut?.type !== 'message') throw new Error(`the manifest has no message shortcut ${use.callbackId}`);
  const origin = { channelId: channel.id, userId: user.id, messageTs: message.ts, threadTs: message.thread_ts };
  const payload: Wire = {
    type: 'message_action',
    ...basePayload(user),
    callback_id: use.callbackId,
    trigger_id: world.triggers.issue({ userId: user.id }),
    response_url: `${world.origin()}/response/${world.responseUrls.issue(origin)}`,
    channel: { id: channel.id, name: channel.name },
    message_ts: message.ts,
    message: showMessage(message),
    action_ts: world.messages.nextTs(),
  };
  return await settle(world, user, await world.route.deliver({ type: 'interactive', payload }));
}

/** Opens the app's home tab. */
export async function openHome(world: World, events: Events, userId: string): Promise<Outcome> {
  const user = findUser(world, userId);
  const home = world.views.home(user.id);
  const delivery = await events.emit(world, 'app_home_opened', {
    type: 'app_home_opened',
    user: user.id,
    channel: world.directory.findChannel(user.id)?.id,
    tab: 'home',
    event_ts: world.messages.nextTs(),
    ...(home === undefined ? {} : { view: showView(home) }),
  });
  return delivery === undefined ? { ok: true, payload: {} } : await settle(world, user, delivery);
}

function answerCommand(world: World, answer: { user: User; channel: Channel; payload: JsonObject }): Outcome {
  const { user, channel, payload } = answer;
  if (Object.keys(payload).length === 0) return { ok: true, payload };
  const posted = postResponse(world, { channelId: channel.id, userId: user.id }, payload);
  if (typeof posted !== 'string') return { ok: true, payload, message: posted };
  world.violations.add('bad-ack', `command answered with ${posted}`);
  const error = 'The app answered with something Slack cannot show.';
  world.notices.show(user.id, error);
  return { ok: false, error };
}

function findOpenChannel(world: World, reference: string): Channel {
  const channel = world.directory.findChannel(reference);
  if (channel === undefined) throw new Error(`no channel ${reference}`);
  if (channel.isArchived === true) throw new Error(`#${channel.name} is archived`);
  return channel;
}

function subscriptionsFor(world: World, channel: Channel, text: string) {
  const message = { type: 'message' };
  if (channel.directWith !== undefined) {
    return [{ subscription: 'message.im', type: { ...message, channel_type: 'im' } }];
  }
  if (!world.directory.isBotIn(channel)) return [];
  const plain = { subscription: 'message.channels', type: { ...message, channel_type: 'channel' } };
  const isMention = new RegExp(`<@${app.userId}(\\|[^>]*)?>`).test(text);
  return isMention ? [{ subscription: 'app_mention', type: { type: 'app_mention' } }, plain] : [plain];
}

/** With should_escape, @ana and #general arrive as ids. */
function escapeNames(world: World, text: string): string {
  return text
    .replace(/(^|\s)@([\w.-]+)/g, (whole, before: string, name: string) => {
      const user = world.directory.users.find((one) => one.name === name);
      return user === undefined ? whole : `${before}<@${user.id}|${user.name}>`;
    })
    .replace(/(^|\s)#([\w-]+)/g, (whole, before: string, name: string) => {
      const channel = world.directory.channels.find((one) => one.name === name);
      return channel === undefined ? whole : `${before}<#${channel.id}|${channel.name}>`;
    });
}
