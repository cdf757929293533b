import { expect, it } from 'vitest';
import { createTroubleBook } from '../../../src/signals/troubles.ts';

it('a source that two read is in trouble until it works for both, in one line that is logged once', () => {
  const logged: string[] = [];
  const warn = (_text: string, { problem }: { readonly problem?: unknown } = {}): void =>
    void logged.push(String(problem));
  const book = createTroubleBook({ debug() {}, info() {}, error() {}, warn });
  const [first, second] = [book.of('configmaps'), book.of('configmaps')];
  first('may not list');
  second('may not list');
  expect(book.all()).toEqual({ configmaps: 'may not list' });
  first(undefined);
  expect(book.all()).toEqual({ configmaps: 'may not list' });
  second(undefined);
  expect(book.all()).toEqual({});
  expect(logged).toEqual(['may not list']);
});
