import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/ports/channel.ts';
import { openDraft } from '../../../src/handlers/draft.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { quiet } from '../../support/redis.ts';

const text = (words: string): Message => ({ text: words, blocks: [] });

/** A channel that notes what is done; `fails`: what Slack does not do. */
function open(fails: { readonly post?: boolean; readonly edit?: boolean } = {}) {
  const clock = createSteppedClock();
  const done: string[] = [];
  const draft = openDraft({
    async post(message) {
      if (fails.post === true && done.length === 0) {
        done.push('failed');
        throw new Error('Slack is away');
      }
      done.push(`post ${message.text}`);
      return '1.000001';
    },
    async edit(id, message) {
      if (fails.edit === true) throw new Error('message_not_found');
      done.push(`edit ${id} ${message.text}`);
    },
    clock,
    log: quiet,
  });
  return { clock, done, draft };
}

/** What was begun has been done. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('an answer that takes a while', () => {
  it('is announced at once, and takes the place of the announcement', async () => {
    const { draft, done } = open();
    draft.show(text('one moment'));
    await draft.finish(text('the answer'));
    expect(done).toEqual(['post one moment', 'edit 1.000001 the answer']);
  });

  it('is edited at most every two seconds, the newest step counting', async () => {
    const { draft, done, clock } = open();
    for (const step of ['a', 'b', 'c']) draft.show(text(step));
    await settle();
    expect(done).toEqual(['post a']);
    clock.advance(1_999);
    await settle();
    expect(done).toEqual(['post a']);
    clock.advance(1);
    await settle();
    expect(done).toEqual(['post a', 'edit 1.000001 c']);
    draft.show(text('d'));
    await draft.finish(text('the answer'));
    clock.advance(60_000);
    await settle();
    expect(done).toEqual(['post a', 'edit 1.000001 c', 'edit 1.000001 the answer']);
  });

  it('that was never announced is posted', async () => {
    const { draft, done } = open();
    await draft.finish(text('the answer'));
    expect(done).toEqual(['post the answer']);
  });

  it('is posted all the same where its announcement failed, or is gone', async () => {
    for (const fails of [{ post: true }, { edit: true }]) {
      const { draft, done } = open(fails);
      draft.show(text('one moment'));
      await draft.finish(text('the answer'));
      expect(done.at(-1)).toBe('post the answer');
    }
  });
});
