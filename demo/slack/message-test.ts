import type { Message } from './messages.ts';
import { readMessage } from './transcript.ts';

interface MessageFilter {
  readonly channel?: string;
  readonly threadTs?: string;
  readonly textIncludes?: string;
  readonly ephemeralTo?: string;
}

export type MessageTest = MessageFilter | ((message: Message, channelId: string) => boolean);

export interface WaitOptions {
  /** Real milliseconds, a minute by default: how long a busy machine may take. */
  readonly timeoutMs?: number;
}

export function passes(test: MessageTest, message: Message, channelId: string): boolean {
  if (typeof test === 'function') return test(message, channelId);
  if (test.threadTs !== undefined && test.threadTs !== message.thread_ts) return false;
  if (test.ephemeralTo !== undefined && test.ephemeralTo !== message.ephemeral_to) return false;
  const text = [message.text, ...readMessage(message)].join('\n');
  return text.includes(test.textIncludes ?? '');
}

export function describeTest(test: MessageTest): string {
  return typeof test === 'function' ? 'passing the test' : JSON.stringify(test);
}
