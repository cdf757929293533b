import type { WebClient } from '@slack/web-api';
import { readArray, readString } from '../../core/json.ts';
import type { Channel } from '../../core/ports/channel.ts';
import { failureOf } from './failures.ts';

/** `Channel.attach` on Slack's Web API. */
export function createAttach(client: WebClient): Channel['attach'] {
  return async ({ channel, thread, file }) => {
    const place = { channel_id: channel, thread_ts: thread };
    const content = { filename: file.name, title: file.title, content: file.text };
    try {
      const answer = await client.files.uploadV2({ ...place, ...content });
      const id = readString(readArray(readArray(answer, 'files')[0], 'files')[0], 'id');
      if (id === undefined) throw new Error('no id in the answer');
      return id;
    } catch (error) {
      throw failureOf(error, 'files.uploadV2');
    }
  };
}
