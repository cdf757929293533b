import type { StoredFile } from '../files.ts';
import type { Message } from '../messages.ts';
import { app, team } from '../seed.ts';
import type { Wire } from '../wire.ts';

/** A message as the Web API and payloads show it. Metadata stays inside unless asked for. */
export function showMessage(message: Message, options: { readonly withMetadata?: boolean } = {}): Wire {
  const { metadata, ephemeral_to: _to, files, ...rest } = message;
  return {
    ...rest,
    team: team.id,
    ...(message.bot_id === undefined ? {} : { app_id: app.id }),
    ...(files === undefined ? {} : { files: files.map(showFile) }),
    ...(options.withMetadata === true && metadata !== undefined ? { metadata } : {}),
  };
}

export function showFile(file: StoredFile): Wire {
  const { content: _content, ...rest } = file;
  return { ...rest, mode: 'snippet', user: app.userId };
}
