import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/ports/channel.ts';
import { openDraft } from '../../../src/handlers/draft.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { quiet } from '../../support/redis.ts';

const text = (words: string): Message => ({ text: words, blocks: [] });

interface Place {
  readonly id: string | undefined;
  readonly everyMs: number;
  readonly most: number;
}

/** A thread, where all is edited; and an answer address, where nothing can be. */
const channel: Place = { id: '1.000001', everyMs: 2_000, most: Number.POSITIVE_INFINITY };
const address: Place = { id: undefined, everyMs: 5_000, most: 3 };

/** A channel that notes what is done; `fails`: what Slack does not do. */
function open(fails: { readonly post?: boolean; readonly edit?: boolean } = {}, place = channel) {
  const clock = createSteppedClock();
  const done: string[] = [];
  const draft = openDraft({
    async post(message) {
      if (fails.post === true && done.length === 0) {
        done.push('failed');
        throw new Error('Slack is away');
      }
      done.push(`post ${message.text}`);
      return place.id;
    },
    async edit(id, message) {
      if (fails.edit === true) throw new Error('message_not_found');
      done.push(`edit ${id} ${message.text}`);
    },
    ...place,
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

  it('says a few steps one below the other where nothing can be edited, slowly, and keeps a use for the answer', async () => {
    const { draft, done, clock } = open({}, address);
    for (const step of ['a', 'b', 'c', 'd', 'e', 'f']) {
      draft.show(text(step));
      await settle();
      clock.advance(2_500);
      await settle();
    }
    clock.advance(60_000);
    await settle();
    await draft.finish(text('the answer'));
    expect(done).toEqual(['post a', 'post b', 'post d', 'post the answer']);
  });
});
