import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOf } from '../../../../src/analysis/claims/check.ts';
import type { Fault } from '../../../../src/analysis/claims/fault.ts';
import { anEvidence, anIncident } from '../../../support/builders.ts';

const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
const ciphers = Array.from('0123456789');
const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 3, maxLength: 8 });
const name = fc.tuple(word, word, fc.nat(99)).map(([a, b, n]) => `${a}-${b}-${n}`);
const number = fc.integer({ min: 10, max: 99_999_999 });

/** What random evidence says, by what sort of thing a sentence may take from it. */
const facts = fc.record({
  pod: name,
  host: fc.tuple(word, word).map(([a, b]) => `${a}.${b}.svc`),
  port: fc.integer({ min: 1_000, max: 65_535 }),
  took: number,
  rows: number,
  quote: fc.array(word, { minLength: 2, maxLength: 4 }).map((words) => words.join(' ')),
  clock: fc
    .tuple(fc.nat(23), fc.nat(59), fc.nat(59))
    .map((parts) => parts.map((part) => `${part}`.padStart(2, '0')).join(':')),
  variable: fc.tuple(word, word).map(([a, b]) => `${a}_${b}`.toUpperCase()),
});
type Facts = ReturnType<typeof facts.generate>['value'];

function evidenceOf({ pod, host, port, took, rows, quote, clock, variable }: Facts) {
  const text = [
    `2026-03-01T${clock}Z ERROR ${pod} cannot reach ${host}:${port} after ${took}ms`,
    `rows=${rows} reason="${quote}" ${variable} unset`,
  ].join('\n');
  return [anEvidence({ text }), anEvidence({ id: 'E2', kind: 'event', text: 'Started container' })];
}

/** Sentences with one fact each, the fact marked. */
function sentencesOf({ pod, host, port, took, rows, quote, clock, variable }: Facts): readonly (readonly string[])[] {
  return [
    ['The pod ', pod, ' cannot reach its backend.'],
    ['It cannot reach ', `${host}:${port}`, ' any more.'],
    ['The call ended after ', `${took} ms`, '.'],
    ['The call ended after ', `${took.toLocaleString('en-US')} ms`, '.'],
    ['It had read ', `${rows.toLocaleString('en-US')}`, ' rows.'],
    ['It had read ', `${rows}.0`, ' rows.'],
    ['It says “', quote, '” before it ends.'],
    ['At ', clock, ' it could not connect.'],
    ['At ', `2026-03-01T${clock}Z`, ' it could not connect.'],
    ['The variable ', variable, ' is not set.'],
  ];
}

function faultIn(sentence: readonly string[], given: Facts, ids: readonly string[] = ['E1']): Fault | undefined {
  return faultOf({ text: sentence.join(''), evidence: ids }, { evidence: evidenceOf(given), incident: anIncident() });
}

/** Another letter or digit at a place of the fact; of a quantity another digit. */
function changed(fact: string, place: number, by: number): string {
  const parts = fact.endsWith(' ms') ? /\d/ : /[a-z0-9]/i;
  const places = Array.from(fact).flatMap((one, index) => (parts.test(one) ? [index] : []));
  const at = places[place % places.length] ?? 0;
  const old = fact[at] ?? '';
  const range = (/\d/.test(old) ? ciphers : letters).filter((one) => one !== old.toLowerCase());
  const next = range[by % range.length] ?? '';
  return `${fact.slice(0, at)}${/[A-Z]/.test(old) ? next.toUpperCase() : next}${fact.slice(at + 1)}`;
}

const chosen = fc.record({ given: facts, which: fc.nat(9), place: fc.nat(1_000), by: fc.nat(1_000) });

describe('for whatever the evidence says', () => {
  it('a sentence that takes a fact from it as it stands passes', () => {
    fc.assert(
      fc.property(chosen, ({ given, which }) => {
        expect(faultIn(sentencesOf(given)[which] ?? [], given)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('one with another letter or digit never does', () => {
    fc.assert(
      fc.property(chosen, ({ given, which, place, by }) => {
        const [before = '', fact = '', after = ''] = sentencesOf(given)[which] ?? [];
        const other = changed(fact, place, by);
        fc.pre(!evidenceOf(given).some(({ text }) => text.includes(other)));
        expect(faultIn([before, other, after], given)).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('nor one that is cut short or goes on', () => {
    fc.assert(
      fc.property(chosen, ({ given, which, by }) => {
        const [before = '', fact = '', after = ''] = sentencesOf(given)[which] ?? [];
        fc.pre(![7, 8].includes(which) && !fact.endsWith('.0'));
        // A letter that makes no unit of a number, and does not end a timestamp.
        const longer = fact.replace(/(?= ms$|$)/, 'abcefgijlnopqrtuvwy'[by % 19] ?? 'a');
        expect(faultIn([before, longer, after], given)).toBeDefined();
        const shorter = fact.replace(/.(?= ms$|$)/, '');
        fc.pre(/[\p{L}\p{N}]$/u.test(shorter));
        expect(faultIn([before, shorter, after], given)).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });

  it('nor one that cites something else', () => {
    fc.assert(
      fc.property(chosen, fc.constantFrom(['E2'], ['E3'], ['E1', 'E3'], []), ({ given, which }, ids) => {
        expect(faultIn(sentencesOf(given)[which] ?? [], given, ids)).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  it('and no text at all breaks it', () => {
    fc.assert(
      fc.property(facts, fc.string({ unit: 'binary', maxLength: 300 }), (given, text) => {
        expect(faultIn([text], given)).toSatisfy((fault) => fault === undefined || typeof fault.why === 'string');
      }),
      { numRuns: 1_000 },
    );
  });
});
