import { expect, it } from 'vitest';
import { createTroubleBook } from '../../../src/signals/troubles.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { minutes, now } from '../../support/views.ts';

function openBook() {
  const clock = createSteppedClock(now);
  const logged: unknown[] = [];
  const note = (text: string, details: object = {}): void => void logged.push({ text, ...details });
  const book = createTroubleBook({ debug() {}, error() {}, info: note, warn: note }, clock);
  return { book, clock, logged };
}

it('a source is in trouble since it first was, whatever is said of it since, and each change is logged once', () => {
  const { book, clock, logged } = openBook();
  const tell = book.of('logs');
  for (const problem of ['no answer', 'no answer', 'left alone']) {
    tell(problem);
    clock.advance(minutes);
  }
  expect(book.all()).toEqual({ logs: { problem: 'left alone', since: now } });
  expect(logged).toMatchObject([{ problem: 'no answer' }, { problem: 'left alone' }]);
  tell(undefined);
  tell(undefined);
  expect(logged.slice(2)).toEqual([{ text: 'a source works again', source: 'logs' }]);
  expect(book.all()).toEqual({});
  tell('no answer');
  expect(book.all()['logs']?.since).toBe(now + 3 * minutes);
});

it('a source that two read is in trouble until it works for both, in one line that is logged once', () => {
  const { book, logged } = openBook();
  const [first, second] = [book.of('configmaps'), book.of('configmaps')];
  first('may not list');
  second('may not list');
  expect(book.all()).toEqual({ configmaps: { problem: 'may not list', since: now } });
  first(undefined);
  expect(book.all()).toEqual({ configmaps: { problem: 'may not list', since: now } });
  second(undefined);
  expect(book.all()).toEqual({});
  expect(logged).toMatchObject([{ problem: 'may not list' }, { text: 'a source works again' }]);
});
