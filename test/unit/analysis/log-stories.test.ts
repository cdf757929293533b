import { describe, expect, it } from 'vitest';
import { tellingPatterns } from '../../../src/analysis/explain/log-evidence.ts';
import { createLogDigest } from '../../../src/analysis/logs/digest.ts';
import { calmTwin, digestStory, judgeLogs, plainStory, type Story, stories } from '../../support/log-stories.ts';
import { calm } from '../../support/log-world.ts';
import { checkout, minutes, now, seconds } from '../../support/views.ts';

const origin = { namespace: 'shop', pod: 'checkout-2-a', container: 'app' };

/** The same in fewer lines, so that it takes little time; what must come often to be told keeps more. */
const size = { lines: 6_000, pods: 2 } as const;
const small = stories.map((story) => {
  return { ...story, ...size, lines: story.kinds.includes('log-error-surge') ? 20_000 : size.lines };
});

/** Who has listened for a minute only cannot tell what was always there. */
const known = small.filter(({ minutes: long }) => long > 5);

function judge(story: Story) {
  const logs = digestStory(story);
  return { told: tellingPatterns(logs, 3), kinds: judgeLogs(logs, story).map(({ kind }) => kind) };
}

describe('a long log in which one thing goes wrong', () => {
  it.each(small.map((story) => [story.name, story] as const))('tells of it among the first three: %s', (_, story) => {
    const { told, kinds } = judge(story);
    expect(told.map(({ sample }) => sample).join('\n')).toMatch(story.cause);
    expect(kinds.toSorted()).toEqual(story.kinds);
  });

  it.each(known.map((story) => [story.name, story] as const))('tells of nothing where it goes well: %s', (_, story) => {
    expect(judge(calmTwin(story))).toEqual({ told: [], kinds: [] });
  });

  it.each([2, 3, 4, 5])('tells of nothing where it goes well, whatever else is said: %s', (seed) => {
    expect(judge({ ...plainStory, ...size, name: 'calm', seed })).toEqual({ told: [], kinds: [] });
  });

  it('names the word of a change right before', () => {
    const told = small
      .filter(({ name }) => name.includes('reload'))
      .flatMap((story) => tellingPatterns(digestStory(story), 6));
    expect(told.map(({ template }) => template).join('\n')).toContain('configuration reloaded');
  });

  it('ranks errors that were always there below what is new', () => {
    const said = { level: 'error', prose: 'mail to the old list could not be sent: unknown host' } as const;
    const sudden = { level: 'error', prose: 'ledger is corrupt' } as const;
    const extras = [
      { from: 0, every: 0.01, said },
      { from: 0.705, every: Infinity, said: sudden },
    ];
    const told = tellingPatterns(digestStory({ ...plainStory, ...size, name: 'two errors', extras }));
    expect(told[0]?.template).toContain('ledger is corrupt');
    expect(told.some(({ template }) => template.includes('old list'))).toBe(true);
  });

  it('does not take the age of a process for a time that climbs', () => {
    const lines = Array.from({ length: 600 }, (_, index) => ({
      at: now - 50 * minutes + index * 5 * seconds,
      text: `INFO running, uptime ${index * 5 + (index % 3) * 40} s`,
    }));
    const digest = createLogDigest({ regarding: checkout, since: now - 50 * minutes, bucketMs: 30_000 });
    digest.push(origin, lines);
    expect(tellingPatterns(digest.view(now))).toEqual([]);
  });

  it('does not take errors that grow with the traffic for a surge', () => {
    const busy = { ...calm, timeouts: () => 0.2 };
    const story = { ...plainStory, ...size, name: 'busy', world: busy, lines: 12_000 };
    const logs = digestStory(story);
    // Every line counts for as many as its place in time, so that all of it grows tenfold.
    const grow = (counts: readonly number[]) =>
      counts.map((one, back) => Math.round(one * (10 - (9 * back) / counts.length)));
    const patterns = logs.patterns.map((pattern) => ({ ...pattern, counts: grow(pattern.counts) }));
    expect(judgeLogs({ ...logs, lines: grow(logs.lines), patterns }, story)).toEqual([]);
  });

  it('counts patterns that became one as one, and none of them as silent', () => {
    const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta'];
    const lines = Array.from({ length: 600 }, (_, index) => ({
      at: now - 50 * minutes + index * 5 * seconds,
      text: `INFO tenant ${names[index % (index < 300 ? 2 : names.length)]} was billed without complaints`,
    }));
    const digest = createLogDigest({ regarding: checkout, since: now - 50 * minutes, bucketMs: 30_000 });
    digest.push(origin, lines);
    const logs = digest.view(now);
    expect(logs.patterns.map(({ count, firstAt }) => [count, firstAt])).toEqual([[600, now - 50 * minutes]]);
    expect(judgeLogs(logs, { pods: 1 })).toEqual([]);
  });

  it('keeps an error among more unlike lines than can be kept', () => {
    const digest = createLogDigest({ regarding: checkout, since: now - 50 * minutes, bucketMs: 30_000 });
    digest.push(origin, [{ at: now - 40 * minutes, text: 'ERROR ledger is corrupt' }]);
    const letters = (number: number): string =>
      number.toString(36).replace(/\d/g, (digit) => 'qwrtzpsdfg'[Number(digit)] ?? '');
    const lines = Array.from({ length: 3_000 }, (_, index) => ({
      at: now - 30 * minutes + index * 100,
      text: `INFO ${letters(index * 7_919)} ${letters(index * 104_729)} (${letters(index)})${'!'.repeat(index % 40)}`,
    }));
    digest.push(origin, lines);
    expect(tellingPatterns(digest.view(now))[0]?.template).toBe('ledger is corrupt');
  });
});
