import type { Message } from './messages.ts';
import { showView } from './payloads.ts';
import type { LoggedCall } from './request-log.ts';
import { team, type User } from './seed.ts';
import type { View } from './views.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

export interface Banner {
  readonly title: string;
  readonly text: string;
  readonly steps?: readonly { readonly text: string; readonly done: boolean }[];
}

export interface Extras {
  readonly banner: Banner | null;
  readonly calls: readonly LoggedCall[];
}

const shownCalls = 50;

/** All that the web page draws for one person: `GET /_/state`. */
export function describeState(world: World, userId: string, extras: Extras): Wire {
  const home = world.views.home(userId);
  const channels = world.directory.channels.filter(
    (channel) => channel.isArchived !== true && (channel.directWith ?? userId) === userId,
  );
  return {
    version: world.changes.version,
    team: { id: team.id, name: team.name },
    me: userId,
    users: world.directory.users.map(describeUser),
    channels: channels.map((channel) => ({
      id: channel.id,
      name: channel.name,
      topic: channel.topic,
      is_member: channel.members.includes(userId),
      is_dm: channel.directWith !== undefined,
    })),
    messages: Object.fromEntries(
      channels.map((channel) => [channel.id, world.messages.seenBy(channel.id, userId).map(describeMessage)]),
    ),
    views: world.views.stack(userId).map(describeView),
    home: home === undefined ? null : describeView(home),
    notices: world.notices.of(userId).map(({ id, text }) => ({ id, text })),
    outage: world.callFaults.outage !== undefined,
    connections: world.sockets.count,
    commands: world.manifest.features.slash_commands.map(({ command, description, usage_hint = '' }) => ({
      command,
      description,
      usage_hint,
    })),
    requests: extras.calls.slice(-shownCalls),
    banner: extras.banner,
  };
}

function describeUser(user: User): Wire {
  return {
    id: user.id,
    name: user.name,
    real_name: user.realName,
    title: user.title,
    avatar_color: user.avatarColor,
    is_bot: user.isBot === true,
  };
}

function describeMessage(message: Message): Wire {
  return {
    ...message,
    ...(message.files === undefined
      ? {}
      : { files: message.files.map(({ id, name, title, content }) => ({ id, name, title, content })) }),
  };
}

function describeView(view: View): Wire {
  return { ...showView(view), errors: view.errors };
}
