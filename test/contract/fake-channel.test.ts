import { beforeEach, describe } from 'vitest';
import { away, createFakeChannel } from '../support/fakes/channel.ts';
import { type ChannelUnderTest, describeChannel } from './channel.ts';

let open: ChannelUnderTest;

beforeEach(() => {
  const channel = createFakeChannel();
  open = {
    channel,
    place: 'C_OPS',
    elsewhere: 'C_ELSEWHERE',
    read: () => channel.messages.map(({ message }) => message.text),
    readFiles: () => channel.files.map(({ file }) => file.text),
    remove: async (ts) => channel.remove(ts),
    loseReplyOfNextPost: () => channel.failNext('post', away, { lost: true }),
    loseReplyOfNextFile: () => channel.failNext('attach', away, { lost: true }),
  };
});

describe('the fake channel', () => {
  describeChannel(() => open);
});
