import { expect, it } from 'vitest';
import type { Channel, Message } from '../../src/core/ports/channel.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';

/** One channel with what a contract needs to look behind it. */
export interface ChannelUnderTest {
  readonly channel: Channel;
  /** A channel that the bot is in, and one that it is not in. */
  readonly place: string;
  readonly elsewhere: string;
  /** The texts people see, oldest first, those of threads included. */
  readonly read: () => readonly string[];
  /** The texts of the files people can open. */
  readonly readFiles: () => readonly string[];
  /** Somebody deletes a message. */
  readonly remove: (ts: string) => Promise<void>;
  /** The next post is made, but its answer is lost. */
  readonly loseReplyOfNextPost: () => void;
  /** The same of a file. */
  readonly loseReplyOfNextFile: () => void;
}

const key = { incidentId: 'inc-1', entry: 'root' };

const file = { name: 'checkout.log', title: 'Log of checkout', text: 'one\ntwo\n' };

function say(text: string): Message {
  return { text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }] };
}

/** What every channel promises to the outbox. */
export function describeChannel(open: () => ChannelUnderTest): void {
  it('posts, and edits in place', async () => {
    const { channel, place, read } = open();
    const ts = await channel.post({ channel: place, message: say('one'), key });
    await channel.update({ channel: place, ts, message: say('two') });
    expect(read()).toEqual(['two']);
  });

  it('posts into the thread of a message, in order', async () => {
    const { channel, place, read } = open();
    const thread = await channel.post({ channel: place, message: say('root'), key });
    const first = await channel.post({ channel: place, message: say('a'), thread, key: { ...key, entry: 'a' } });
    const second = await channel.post({ channel: place, message: say('b'), thread, key: { ...key, entry: 'b' } });
    expect(read()).toEqual(['root', 'a', 'b']);
    expect(new Set([thread, first, second]).size).toBe(3);
  });

  it('finds a message by its key, in the channel and in a thread, also after an edit', async () => {
    const { channel, place } = open();
    const other = await channel.post({ channel: place, message: say('x'), key: { ...key, incidentId: 'inc-2' } });
    const root = await channel.post({ channel: place, message: say('root'), key });
    const reply = await channel.post({
      channel: place,
      message: say('a'),
      thread: root,
      key: { ...key, entry: 'evidence' },
    });
    await channel.update({ channel: place, ts: root, message: say('edited') });
    expect(await channel.find({ channel: place, key })).toBe(root);
    expect(await channel.find({ channel: place, key: { ...key, incidentId: 'inc-2' } })).toBe(other);
    expect(await channel.find({ channel: place, thread: root, key: { ...key, entry: 'evidence' } })).toBe(reply);
    expect(await channel.find({ channel: place, thread: root, key: { ...key, entry: 'result' } })).toBeUndefined();
    expect(await channel.find({ channel: place, key: { ...key, entry: 'evidence' } })).toBeUndefined();
  });

  it('says that a post may have happened when the answer is lost, and finds it', async () => {
    const { channel, place, loseReplyOfNextPost } = open();
    loseReplyOfNextPost();
    const failure = await failureOf(channel.post({ channel: place, message: say('one'), key }));
    expect(failure.code).toBe('channel-unreachable');
    expect(await channel.find({ channel: place, key })).toBeDefined();
  });

  it('says that a message to edit, or the thread to post into, is gone', async () => {
    const { channel, place, remove } = open();
    const ts = await channel.post({ channel: place, message: say('one'), key });
    await remove(ts);
    const edit = await failureOf(channel.update({ channel: place, ts, message: say('two') }));
    const reply = await failureOf(channel.post({ channel: place, message: say('a'), thread: ts, key }));
    const search = await failureOf(channel.find({ channel: place, thread: ts, key }));
    expect([edit.code, reply.code, search.code]).toEqual(Array(3).fill('channel-message-gone'));
  });

  it('says that it will not work where the bot is not in the channel', async () => {
    const { channel, elsewhere } = open();
    const failure = await failureOf(channel.post({ channel: elsewhere, message: say('one'), key }));
    expect(failure.code).toBe('channel-rejected');
    expect(failure.message).toContain('not_in_channel');
  });

  it('attaches a file to a thread, and finds it by its name there', async () => {
    const { channel, place, readFiles } = open();
    const thread = await channel.post({ channel: place, message: say('root'), key });
    const other = await channel.post({ channel: place, message: say('other'), key: { ...key, incidentId: 'inc-2' } });
    expect(await channel.attach({ channel: place, thread, file })).not.toBe('');
    expect(readFiles()).toEqual([file.text]);
    expect(await channel.findFile({ channel: place, thread, name: file.name })).toBeDefined();
    expect(await channel.findFile({ channel: place, thread, name: 'other.log' })).toBeUndefined();
    expect(await channel.findFile({ channel: place, thread: other, name: file.name })).toBeUndefined();
  });

  it('says that a file may have been attached when the answer is lost, and finds it', async () => {
    const { channel, place, loseReplyOfNextFile } = open();
    const thread = await channel.post({ channel: place, message: say('root'), key });
    loseReplyOfNextFile();
    const failure = await failureOf(channel.attach({ channel: place, thread, file }));
    expect(failure.code).toBe('channel-unreachable');
    expect(await channel.findFile({ channel: place, thread, name: file.name })).toBeDefined();
  });
}
