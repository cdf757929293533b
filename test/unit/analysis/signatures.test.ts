import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type SignatureId, signatures } from '../../../src/analysis/logs/signatures/index.ts';
import { matchSignature } from '../../../src/analysis/logs/signatures/match.ts';
import { insideSamples } from '../../support/log-samples/inside.ts';
import { lookAlikes } from '../../support/log-samples/look-alikes.ts';
import { networkSamples } from '../../support/log-samples/network.ts';
import type { Sample } from '../../support/log-samples/sample.ts';
import { startSamples } from '../../support/log-samples/start.ts';

/** A signature without a sample does not compile. */
const samples: Readonly<Record<SignatureId, readonly Sample[]>> = {
  ...networkSamples,
  ...startSamples,
  ...insideSamples,
};

const page = readFileSync('docs/signatures.md', 'utf8');

describe.each(Object.entries(samples))('the signature %s', (id, known) => {
  it.each(known.map((sample) => (typeof sample === 'string' ? ([sample, ''] as const) : sample)))(
    'knows: %s',
    (message, words) => {
      const signed = matchSignature(message);
      expect(signed?.id).toBe(id);
      expect(signed?.cause).toContain(words);
      expect(`${signed?.cause} ${signed?.next}`).not.toMatch(/[{}|]/);
    },
  );
});

describe('what only looks like an error', () => {
  it.each(lookAlikes)('is none: %s', (message) => {
    expect(matchSignature(message)).toBeUndefined();
  });
});

describe('every signature', () => {
  it('has an id of its own', () => {
    expect(new Set(signatures.map(({ id }) => id)).size).toBe(signatures.length);
  });

  it.each(signatures)('$id stands in the page of the signatures', ({ id, class: where }) => {
    expect(page).toContain(`| \`${id}\` | ${where} |`);
  });

  it.each(signatures)('$id says what it means and what to do, each in sentences', ({ cause, next, patterns }) => {
    expect(patterns.length).toBeGreaterThan(0);
    for (const text of [cause, next]) expect(text).toMatch(/^[A-Z{][^\n]{20,300}\.$/);
  });

  it.each(signatures)('$id fills in only what its patterns can find', ({ cause, next, patterns }) => {
    const places = [...`${cause} ${next}`.matchAll(/\{(\w+)\|/g)].map(([, name = '']) => name);
    const groups = patterns.flatMap(({ source }) => [...source.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name));
    const known = new Set([...groups, ...(groups.includes('port') ? ['endpoint'] : [])]);
    expect(places.filter((name) => !known.has(name))).toEqual([]);
    const shown = new Set([...places, ...(places.includes('endpoint') ? ['host', 'port'] : [])]);
    expect([...new Set(groups)].filter((name) => name !== undefined && !shown.has(name))).toEqual([]);
  });

  it.each(signatures)('$id keeps what a log says out of commands that people might copy', ({ next }) => {
    for (const [, command = ''] of next.matchAll(/`([^`]*)`/g)) expect(command).not.toContain('{');
  });

  it.each(signatures)('$id repeats nothing without bound', ({ patterns }) => {
    for (const { source, flags } of patterns) {
      const outside = source.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, 'x');
      expect(outside).not.toMatch(/[*+]|\{\d+,\}/);
      expect(flags).not.toMatch(/[gy]/);
    }
  });
});

describe('a message', () => {
  it('with several signatures is explained by the one that explains the others', () => {
    const pool = 'HikariPool-1 - Connection is not available, request timed out after 30000ms.';
    const refused = 'Connection to payments:5432 refused. Check that the hostname and port are correct';
    expect(matchSignature(`${pool}\nCaused by: ${refused}`)?.id).toBe('connection-refused');
    expect(matchSignature(`Migration V7 failed: password authentication failed for user "shop"`)?.id).toBe(
      'credentials-refused',
    );
    expect(matchSignature('PANIC: could not write to file "wal": No space left on device')?.id).toBe('disk-full');
  });

  it('that is long is looked at where it begins and where it ends', () => {
    const frames = '\tat shop.Pay.pay(Pay.java:12)\n'.repeat(5_000);
    const cause = 'Caused by: java.net.ConnectException: Connection refused';
    expect(matchSignature(`java.lang.IllegalStateException: no\n${frames}${cause}`)?.id).toBe('connection-refused');
  });

  it('cannot smuggle markup, line breaks or length into what is said of it', () => {
    const signed = matchSignature(`password authentication failed for user "<!channel>\`*${'x'.repeat(50)}"`);
    expect(signed?.cause).toMatch(/^The credentials of !channelx{50} are refused or missing\.$/);
    const path = `/${'a'.repeat(199)}`;
    expect(matchSignature(`open ${path}: no such file or directory`)?.facts['file']).toHaveLength(120);
  });

  it('made to be slow is not', () => {
    const pieces = [
      '/',
      'a',
      ' ',
      '"',
      ':',
      '(host=',
      'A_',
      'dial tcp ',
      '1',
      '\\"',
      'connect to a port 1 ',
      'upstream: "',
    ];
    const used = process.cpuUsage();
    for (const piece of pieces) matchSignature(piece.repeat(200_000));
    expect(process.cpuUsage(used).user).toBeLessThan(5_000_000);
  });
});
