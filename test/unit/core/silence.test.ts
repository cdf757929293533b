import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import { matchersOf } from '../../../src/core/silence.ts';

function alertOf(labels: Readonly<Record<string, string>>): Alert {
  const at = { startsAt: 0, heardAt: 0, repeats: 1 };
  return { fingerprint: JSON.stringify(labels), state: 'firing', labels, summary: '', description: '', ...at };
}

describe('the matchers of a silence', () => {
  it('name what alerts share by its value and list what differs', () => {
    const alerts = [alertOf({ alertname: 'A', pod: 'web-1' }), alertOf({ alertname: 'A', pod: 'web.2' })];
    expect(matchersOf(alerts)).toEqual([
      { name: 'alertname', value: 'A', isRegex: false },
      { name: 'pod', value: 'web-1|web\\.2', isRegex: true },
    ]);
  });

  it('cover no alert that lacks a label which the others have, or has another value', () => {
    const found = matchersOf([alertOf({ alertname: 'A', pod: 'a' }), alertOf({ alertname: 'A' })]) ?? [];
    const pod = found.find(({ name }) => name === 'pod');
    expect(new RegExp(`^(?:${pod?.value})$`).test('')).toBe(true);
    expect(new RegExp(`^(?:${pod?.value})$`).test('b')).toBe(false);
  });

  it('are not guessed where a label is not known whole', () => {
    expect(matchersOf([alertOf({ alertname: 'A', url: `${'x'.repeat(1_023)}…` })])).toBeUndefined();
    expect(matchersOf([alertOf({ alertname: 'A', token: '[redacted]' })])).toBeUndefined();
    expect(
      matchersOf(Array.from({ length: 51 }, (_, index) => alertOf({ alertname: 'A', pod: `${index}` }))),
    ).toBeUndefined();
    expect(matchersOf([alertOf({})])).toBeUndefined();
  });
});
