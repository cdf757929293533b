import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMiner, type Miner, MinerState } from '../../../../src/analysis/logs/miner.ts';
import { messages } from '../../../support/log-messages.ts';

function minerOf(lines: readonly string[], maxPatterns = 2_000): Miner {
  const miner = createMiner({ maxPatterns });
  for (const line of lines) miner.add(line);
  return miner;
}

function stored(miner: Miner): MinerState {
  return MinerState.parse(JSON.parse(JSON.stringify(miner.state())));
}

function withoutSpace(text: string): string {
  return text.replaceAll(/[\0-\u0020\u007f\u0085\u00a0\u2028\u2029\ufeff]+/g, '');
}

describe('log patterns of any messages', () => {
  it('give the line back when the parameters are put into the template', () => {
    fc.assert(
      fc.property(messages, (lines) => {
        const miner = createMiner({ maxPatterns: 20 });
        for (const line of lines) {
          const { pattern, parameters } = miner.add(line);
          const values = [...parameters];
          const filled = pattern.template.replaceAll('<*>', () => values.shift() ?? 'missing');
          expect(withoutSpace(filled)).toBe(withoutSpace(line));
          expect(values).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are the same after a restart', () => {
    fc.assert(
      fc.property(messages, messages, (before, after) => {
        const miner = minerOf(before, 12);
        const restored = createMiner({ maxPatterns: 12 }, stored(miner));
        expect(after.map((line) => restored.add(line))).toEqual(after.map((line) => miner.add(line)));
      }),
      { numRuns: 500 },
    );
  });

  it('are the same whichever of two miners is merged into the other, and lose no message and no id', () => {
    fc.assert(
      fc.property(messages, messages, (left, right) => {
        const [one, other] = [minerOf(left), minerOf(right)];
        const known = [...one.patterns(), ...other.patterns()];
        const [intoOne, intoOther] = [minerOf(left), minerOf(right)];
        intoOne.merge(stored(other));
        intoOther.merge(stored(one));
        expect(intoOne.patterns()).toEqual(intoOther.patterns());
        expect(intoOne.patterns().reduce((sum, { count }) => sum + count, 0)).toBe(left.length + right.length);
        expect(known.filter(({ id }) => intoOne.resolve(id) === undefined)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('are bounded in number and size', () => {
    const miner = createMiner({ maxPatterns: 50 });
    const words = 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu'.split(' ');
    for (let line = 0; line < 3_000; line += 1) {
      const text = words.map((word, place) => word.repeat(1 + ((line >> place) & 3))).join(line % 7 === 0 ? '(' : ' ');
      miner.add(text.repeat(1 + (line % 300)));
    }
    expect(miner.patterns().length).toBeLessThanOrEqual(50);
    const state = miner.state();
    expect(state.joined.length).toBeLessThanOrEqual(100);
    expect(JSON.stringify(state).length).toBeLessThan(50 * 20_000);
  });

  it('take time linear in the length of a line', () => {
    const megabyte = 1_000_000;
    const shapes = [
      'a',
      '1',
      'a ',
      '1 ',
      ':',
      '1:',
      '(',
      '\0',
      '\ud800',
      '\n',
      '\n ',
      'a.',
      '1,',
      '/a?',
      '<*>',
      '-',
      '...',
    ];
    const used = process.cpuUsage();
    for (const shape of shapes) {
      const { pattern } = createMiner().add(shape.repeat(megabyte / shape.length));
      expect(pattern.template.length).toBeLessThan(10_000);
    }
    const { user, system } = process.cpuUsage(used);
    // Quadratic work on 1 MB would take minutes; this needs half a second.
    expect((user + system) / 1_000_000).toBeLessThan(10);
  });
});
