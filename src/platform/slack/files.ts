import type { WebClient } from '@slack/web-api';
import { readArray, readString } from '../../core/json.ts';
import type { Channel } from '../../core/ports/channel.ts';
import type { Clock } from '../../core/ports/clock.ts';
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

const scope = 'files:write';

/** How long it is believed that Slack takes files, and that it does not: who has just mended that looks whether it helped. Milliseconds. */
const keptMs = { taken: 3_600_000, refused: 60_000 };

interface FilesOptions {
  readonly client: WebClient;
  readonly clock: Clock;
  /** What the token was good for a moment ago; undefined where Slack does not say it. */
  readonly scopes: readonly string[] | undefined;
}

interface Files {
  readonly attach: Channel['attach'];
  /** Whether Slack takes files of ours, and true where it does not say so. Fails where it has to be asked and does not answer. */
  readonly isTaken: () => Promise<boolean>;
}

/** Files of ours. Slack is asked seldom whether it takes them, and again when it refused one. */
export function createFiles({ client, clock, scopes }: FilesOptions): Files {
  const attach = createAttach(client);
  const learn = (granted: readonly string[] | undefined) => {
    const isTaken = granted?.includes(scope) ?? true;
    return { isTaken, until: clock.now() + (isTaken ? keptMs.taken : keptMs.refused) };
  };
  let known = learn(scopes);
  return {
    async attach(request) {
      try {
        return await attach(request);
      } catch (error) {
        known = { ...known, until: clock.now() };
        throw error;
      }
    },
    async isTaken() {
      if (clock.now() >= known.until) known = learn((await client.auth.test()).response_metadata?.scopes);
      return known.isTaken;
    },
  };
}
