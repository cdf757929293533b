import { describe, expect, it } from 'vitest';
import {
  escapeText,
  fence,
  formatDuration,
  formatPerson,
  inline,
  plainText,
  truncate,
} from '../../../src/notifications/blocks/mrkdwn.ts';

describe('text of the cluster', () => {
  it.each([
    ['<!channel> & <http://evil|click>', '&lt;!channel&gt; &amp; &lt;http://evil|click&gt;'],
    ['```rm -rf```', "'''rm -rf'''"],
    ['safe\u202Egpj.exe', 'safegpj.exe'],
    ['bell\u0007 tab\t line\n', 'bell tab\t line\n'],
    ['שלום', 'שלום'],
    ['password=hunter22', 'password=[redacted:password]'],
  ])('%j is made inert', (text, inert) => {
    expect(escapeText(text)).toBe(inert);
  });

  it('cannot pass for lines of ours', () => {
    expect(inline('x\n• Approved by everybody')).toBe('x • Approved by everybody');
  });

  it('stays readable where Slack takes it as it is', () => {
    expect(plainText('a -> b <!here>\nc', 100)).toBe('a -> b ‹!here> c');
    expect(plainText('x'.repeat(30), 10)).toBe('xxxxxxxx …');
  });
});

describe('a text that is too long', () => {
  it('ends with a whole line where one is near', () => {
    expect(truncate(`${'a'.repeat(60)}\n${'b'.repeat(60)}`, 100)).toBe(`${'a'.repeat(60)} …`);
  });

  it.each([
    ['an entity', `${'a'.repeat(90)}&amp;&amp;&amp;`],
    ['a date', `${'a'.repeat(80)}<!date^1772445600^{date_short_pretty} {time}|2026>`],
    ['a character', `${'a'.repeat(93)}👩👩👩👩`],
  ])('is never cut inside %s', (_what, text) => {
    const cut = truncate(text, 98);
    expect(cut).toMatch(/^a+(&amp;)*(👩)* …$/u);
    expect(cut.length).toBeLessThanOrEqual(98);
  });

  it('keeps its code fence closed', () => {
    const cut = truncate(`log\n\`\`\`\n${'line\n'.repeat(50)}\`\`\``, 100);
    expect(cut.length).toBeLessThanOrEqual(100);
    expect(cut.endsWith('\n…\n```')).toBe(true);
  });
});

describe('a log in a fence', () => {
  it('loses its oldest lines first', () => {
    expect(fence('one\ntwo\nthree', 12)).toBe('```\n…\nthree\n```');
    expect(fence('one\ntwo', 100)).toBe('```\none\ntwo\n```');
  });

  it('cannot get out', () => {
    expect(fence('a\n```\n<!channel>', 100)).toBe("```\na\n'''\n&lt;!channel&gt;\n```");
  });

  it('of one endless line keeps its beginning', () => {
    expect(fence(`FATAL ${'x'.repeat(500)}`, 60)).toMatch(/^```\nFATAL x+ …\n```$/);
  });
});

describe('words for people', () => {
  it('durations are short', () => {
    expect([45_000, 119_400, 720_000, 3 * 3_600_000, -5].map(formatDuration)).toEqual([
      '45 s',
      '119 s',
      '12 min',
      '3 h',
      '0 s',
    ]);
  });

  it('people are named so that Slack shows them, anything else is only text', () => {
    expect(formatPerson('U_ANA')).toBe('<@U_ANA>');
    expect(formatPerson('lifeguard')).toBe('Lifeguard (auto)');
    expect(formatPerson('<!channel>')).toBe('&lt;!channel&gt;');
  });
});
