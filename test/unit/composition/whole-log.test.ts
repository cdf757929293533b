import { describe, expect, it } from 'vitest';
import { createWholeLogKeeping } from '../../../src/composition/whole-log.ts';
import type { PodLogRequest } from '../../../src/core/ports/pod-logs.ts';
import { aFinding } from '../../support/builders.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { createFakeWholeLogs } from '../../support/fakes/whole-logs.ts';
import { checkout, minutes, now } from '../../support/views.ts';

const all = Array.from({ length: 300 }, (_, line) => `line ${line}`);
const quoted = all.slice(-20);
const exemplar = { pod: 'checkout-2-a', container: 'app', previous: true };
const finding = { ...aFinding(), subject: checkout, exemplar };
const { signal } = new AbortController();

function open(found: readonly string[], roots = 10) {
  const asked: PodLogRequest[] = [];
  const kept = createFakeWholeLogs();
  const clock = createSteppedClock(now);
  const read = async (request: PodLogRequest) => {
    asked.push(request);
    return found;
  };
  const storm = { roots, withinMs: 5 * minutes };
  return { asked, kept, clock, keep: createWholeLogKeeping({ logs: { read }, kept, clock, storm }) };
}

describe('the whole of a log that is quoted', () => {
  it('is the last 2,000 lines of the same run, kept as they were, and named after workload, container and run', async () => {
    const { keep, kept, asked } = open(all);
    const whole = await keep(finding, quoted, signal);
    expect(whole).toMatchObject({ lines: 300 });
    expect(whole?.file).toMatch(/^checkout-app-crashed-run-\d{8}-\d{6}Z\.log$/);
    expect(await kept.read(whole?.id ?? '')).toBe(all.join('\n'));
    expect(asked).toEqual([{ ...exemplar, namespace: 'shop', tail: 2_000 }]);
  });

  it('ends where the quote ends, though the container has written more since', async () => {
    const { keep, kept } = open([...all, 'later', 'later still']);
    const whole = await keep(finding, quoted, signal);
    expect(await kept.read(whole?.id ?? '')).toBe(all.join('\n'));
  });

  it.each([
    ['that is all quoted', ['one', 'two'], ['one', 'two']],
    ['of another run by now', ['this is', 'another run'], quoted],
    ['that is gone', [], quoted],
    ['of which nothing was read before', all, []],
  ])('%s is not kept', async (_what, found, lines) => {
    const { keep } = open(found);
    expect(await keep(finding, lines, signal)).toBeUndefined();
  });

  it('is kept also of few lines that no message is sure to hold', async () => {
    const { keep } = open(['x'.repeat(900)]);
    expect(await keep(finding, ['x'.repeat(900)], signal)).toMatchObject({ lines: 1 });
  });

  it('is not even read in a storm, and again once that is over', async () => {
    const { keep, asked, clock } = open(all, 3);
    for (let time = 0; time < 10; time += 1) await keep(finding, quoted, signal);
    expect(asked).toHaveLength(3);
    clock.advance(5 * minutes);
    expect(await keep(finding, quoted, signal)).toBeDefined();
  });
});
