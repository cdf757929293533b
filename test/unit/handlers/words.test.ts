import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest, splitWords, stripMention } from '../../../src/handlers/words.ts';

describe('splitWords', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['rollback shop/checkout 3', ['rollback', 'shop/checkout', '3']],
    ['pause "freeze for the release"', ['pause', 'freeze for the release']],
    ['pause “curly quotes”', ['pause', 'curly quotes']],
    ["pause 'single quotes' now", ['pause', 'single quotes', 'now']],
    ["pause don't touch it", ['pause', "don't", 'touch', 'it']],
    ['`why checkout`', ['why', 'checkout']],
    ['pause a &lt;b&gt; &amp; c', ['pause', 'a', '<b>', '&', 'c']],
    ['pause "never closed', ['pause', '"never', 'closed']],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => splitWords(text).every((word) => typeof word === 'string')));
  });
});

describe('nearest', () => {
  const known = ['help', 'status', 'incidents', 'why', 'guardrails', 'rollback', 'restart', 'pause', 'resume'];

  it.each([
    ['roolback', 'rollback'],
    ['hlep', 'help'],
    ['STAUTS', 'status'],
    ['incident', 'incidents'],
    ['guard', 'guardrails'],
    ['wyh', undefined],
    ['yes', undefined],
    ['xyzzy', undefined],
  ])('%s -> %s', (typed, meant) => {
    expect(nearest(typed, known)).toBe(meant);
  });
});

it('takes the mention of the bot out, with or without its name', () => {
  expect(stripMention('<@U_BOT> why checkout', 'U_BOT')).toBe('why checkout');
  expect(stripMention('<@U_BOT|lifeguard> status', 'U_BOT')).toBe('status');
  expect(stripMention('<@U_ANA> status', 'U_BOT')).toBe('<@U_ANA> status');
});
