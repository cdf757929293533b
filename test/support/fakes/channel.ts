import { LifeguardError } from '../../../src/core/errors.ts';
import type { Channel, Message, MessageKey, TextFile } from '../../../src/core/ports/channel.ts';

interface FakeMessage {
  readonly ts: string;
  readonly channel: string;
  readonly thread: string | undefined;
  readonly key: MessageKey;
  readonly message: Message;
}

interface FakeFile {
  readonly channel: string;
  readonly thread: string;
  readonly file: TextFile;
}

type Method = Exclude<keyof Channel, 'link'>;

export interface FakeChannel extends Channel {
  /** What people see, in the order of posting. */
  readonly messages: readonly FakeMessage[];
  readonly files: readonly FakeFile[];
  /** Every call that was made, failed ones included. */
  readonly calls: readonly Method[];
  /** The next call of the method fails, and has no effect unless its answer alone is `lost`. */
  failNext(method: Method, error: LifeguardError, options?: { readonly lost: boolean }): void;
  /** Every call fails with this error from now on; undefined ends it. */
  breakWith(error: LifeguardError | undefined): void;
  /** Somebody deletes a message. */
  remove(ts: string): void;
  /** Somebody invites the bot. */
  invite(channel: string): void;
  /** Called just before each call takes effect. */
  onCall(listener: (method: Method) => Promise<void> | void): void;
}

export const away = new LifeguardError('Slack did not answer.', { code: 'channel-unreachable', retry: 'transient' });

/** A channel in memory, for tests that need no Slack. It knows every channel; the bot is in all of them but `C_ELSEWHERE`. */
export function createFakeChannel(): FakeChannel {
  const messages: FakeMessage[] = [];
  const files: FakeFile[] = [];
  const calls: Method[] = [];
  const armed: { readonly method: Method; readonly error: LifeguardError; readonly lost: boolean }[] = [];
  const outside = new Set(['C_ELSEWHERE']);
  let broken: LifeguardError | undefined;
  let listener: Parameters<FakeChannel['onCall']>[0] = () => undefined;
  let count = 0;

  /** Carries out the call, unless it is to fail; throws afterwards where only the answer is lost. */
  async function act<T>(method: Method, work: () => T): Promise<T> {
    calls.push(method);
    await listener(method);
    if (broken !== undefined) throw broken;
    const index = armed.findIndex((one) => one.method === method);
    const fault = index === -1 ? undefined : armed.splice(index, 1)[0];
    if (fault?.lost === false) throw fault.error;
    const result = work();
    if (fault !== undefined) throw fault.error;
    return result;
  }

  return {
    messages,
    files,
    calls,
    failNext: (method, error, { lost } = { lost: false }) => void armed.push({ method, error, lost }),
    breakWith: (error) => void (broken = error),
    invite: (channel) => void outside.delete(channel),
    onCall: (next) => void (listener = next),
    remove: (ts) =>
      void messages.splice(
        messages.findIndex((one) => one.ts === ts),
        1,
      ),
    post: ({ channel, message, thread, key }) =>
      act('post', () => {
        if (outside.has(channel)) throw refused('not_in_channel');
        if (thread !== undefined && !messages.some((one) => one.ts === thread)) throw gone();
        count += 1;
        const ts = `1700000000.${String(count).padStart(6, '0')}`;
        messages.push({ ts, channel, thread, key, message });
        return ts;
      }),
    update: ({ channel, ts, message }) =>
      act('update', () => {
        const index = messages.findIndex((one) => one.channel === channel && one.ts === ts);
        const found = messages[index];
        if (found === undefined) throw gone();
        messages[index] = { ...found, message };
      }),
    find: ({ channel, thread, key }) =>
      act('find', () => {
        if (thread !== undefined && !messages.some((one) => one.ts === thread)) throw gone();
        const isWanted = (one: FakeMessage): boolean =>
          one.channel === channel &&
          one.thread === thread &&
          one.key.incidentId === key.incidentId &&
          one.key.entry === key.entry;
        return messages.find(isWanted)?.ts;
      }),
    attach: ({ channel, thread, file }) =>
      act('attach', () => {
        if (outside.has(channel)) throw refused('not_in_channel');
        files.push({ channel, thread, file });
        return `F${files.length}`;
      }),
    findFile: ({ channel, thread, name }) =>
      act('findFile', () => {
        const index = files.findIndex(
          (one) => one.channel === channel && one.thread === thread && one.file.name === name,
        );
        return index === -1 ? undefined : `F${index + 1}`;
      }),
    link: async ({ channel, ts }) =>
      messages.some((one) => one.ts === ts)
        ? `https://slack.test/archives/${channel}/p${ts.replace('.', '')}`
        : undefined,
  };
}

function gone(): LifeguardError {
  return new LifeguardError('The message is gone.', { code: 'channel-message-gone', retry: 'conflict' });
}

function refused(code: string): LifeguardError {
  return new LifeguardError(`Slack refused: ${code}.`, { code: 'channel-rejected', retry: 'transient' });
}
