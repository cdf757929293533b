import { describe, expect, it } from 'vitest';
import { logErrors } from '../../../src/analysis/detectors/log-errors.ts';
import { logNumbers } from '../../../src/analysis/detectors/log-numbers.ts';
import { logSilence } from '../../../src/analysis/detectors/log-silence.ts';
import { createLogDigest } from '../../../src/analysis/logs/digest.ts';
import type { LogLine } from '../../../src/core/log-record.ts';
import { bucketMs } from '../../support/log-views.ts';
import { aPod, aRevision, checkout, minutes, now, seconds, viewOf } from '../../support/views.ts';

const origin = { namespace: 'shop', pod: 'checkout-2-a', container: 'app' };
const start = now - 40 * minutes;
const old = { createdAt: start };

function digestOf(lines: readonly LogLine[]) {
  const digest = createLogDigest({ regarding: checkout, since: start, bucketMs });
  digest.push(origin, lines);
  return digest;
}

/** A line every few seconds of the time. */
function every(ms: number, text: (index: number) => string, { from = start, to = now } = {}): LogLine[] {
  const count = Math.floor((to - from) / ms);
  return Array.from({ length: count }, (_, index) => ({ at: from + index * ms, text: text(index) }));
}

function judge(lines: readonly LogLine[]): readonly string[] {
  const logs = digestOf(lines.toSorted((a, b) => a.at - b.at)).view(now);
  const view = viewOf({ pod: [aPod(old)], revision: [aRevision(1, old), aRevision(2, old)], logs: [logs] });
  const findings = [logErrors, logSilence, logNumbers].flatMap(
    (detector) => detector.configure({}).evaluate({ subject: checkout, view, now }).findings,
  );
  return findings.map(({ kind, cause }) => `${kind}: ${cause}`);
}

const orders = every(
  5 * seconds,
  (index) => `INFO order ${1000 + index} placed by user ${index % 7} in ${100 + (index % 20)} ms`,
);

describe('what a workload writes', () => {
  it('is kept as patterns with counts, first and last time, and a sample without secrets', () => {
    const secret = ['hunter', '2-', 'Xk3vQ9'].join('');
    const logins = every(minutes, (index) => `WARN login of user${index} with password=${secret} refused`);
    const { patterns, lines, since } = digestOf([...orders, ...logins].toSorted((a, b) => a.at - b.at)).view(now);
    const order = patterns.find(({ template }) => template.includes('placed'));
    expect(order).toMatchObject({ count: 480, firstAt: start, pods: ['checkout-2-a'], level: 'info' });
    expect(order?.template).toMatch(/order <\*> placed by user <\*> in <\*>/);
    expect(order?.counts.slice(1, 4)).toEqual([6, 6, 6]);
    expect(order?.numbers.find(({ unit }) => unit === 'ms')?.medians[3]).toBeGreaterThanOrEqual(100);
    expect(JSON.stringify(patterns)).not.toContain(secret);
    expect(lines.reduce((sum, one) => sum + one, 0)).toBe(520);
    expect(since).toBe(start);
  });

  it('is the same while nothing comes and no bucket ends', () => {
    const digest = digestOf(orders);
    const first = digest.view(now + 10 * seconds);
    expect(digest.view(now + 20 * seconds)).toBe(first);
    expect(digest.view(now + bucketMs)).not.toBe(first);
    const second = digest.view(now + bucketMs);
    digest.push(origin, [
      { at: now + bucketMs, text: 'INFO once more' },
      { at: now + bucketMs, text: 'INFO and more' },
    ]);
    expect(digest.view(now + bucketMs).lines[0]).toBe((second.lines[0] ?? 0) + 1);
  });

  it('is no trouble where it goes on as it did', () => {
    expect(judge([...orders, ...every(minutes, () => 'INFO 0 errors, 0 failed')])).toEqual([]);
  });

  it('tells of an upstream that fails', () => {
    const failures = every(
      2 * seconds,
      () =>
        'ERROR upstream http://payments:8080/: Get "http://payments:8080/": dial tcp 10.0.0.7:8080: connect: connection refused',
      {
        from: now - 3 * minutes,
      },
    );
    expect(judge([...orders, ...failures])).toEqual([expect.stringMatching(/^log-error-new: .*connection/s)]);
  });

  it('tells of a latency that drifts', () => {
    const slow = every(5 * seconds, (index) => `INFO GET /pay took ${index < 400 ? 100 + (index % 9) : 5000} ms`);
    expect(judge(slow)).toEqual([expect.stringMatching(/^log-number-drift: “took” is 5000 ms, 100 ms before/)]);
  });

  it('tells of a heartbeat that stopped', () => {
    const beats = every(10 * seconds, () => 'INFO queue consumer alive', { to: now - 4 * minutes });
    expect(judge([...orders, ...beats])).toEqual([
      expect.stringMatching(/^log-heartbeat-stopped: .*queue consumer alive/),
    ]);
  });

  it('tells of silence', () => {
    expect(judge(orders.filter(({ at }) => at < now - 5 * minutes))).toEqual([
      expect.stringMatching(/^log-silent: It has logged nothing/),
    ]);
  });

  it('counts a stack trace once, and keeps its head as the sample', () => {
    const trace = [
      'Exception in thread "main" java.lang.IllegalStateException: pool is empty',
      '\tat a.B.c(B.java:7)',
      '\tat a.B.d(B.java:9)',
    ];
    const digest = digestOf(trace.map((text, index) => ({ at: start + index, text })));
    digest.end(origin);
    const { patterns } = digest.view(now);
    expect(patterns).toHaveLength(1);
    expect(patterns[0]).toMatchObject({ count: 1, level: expect.stringMatching(/error|fatal/) });
    expect(patterns[0]?.sample).toContain('pool is empty');
  });

  it('stays within bounds, whatever comes', () => {
    const noise = every(
      20,
      (index) => `${index.toString(36)} ${(index * 7919).toString(36)} ${'x'.repeat(index % 50)}`,
      { from: now - 30 * minutes },
    );
    const { patterns } = digestOf([
      ...noise,
      { at: now, text: 'y'.repeat(1_000_000) },
      { at: now, text: '\u0000\uFFFD\u001b[31mred' },
    ]).view(now + minutes);
    expect(patterns.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(patterns).length).toBeLessThan(2_000_000);
  });

  it('of another time does not move the clock: jumps ahead and lines of long ago', () => {
    const odd = [
      { at: now, text: '2031-01-01T00:00:00Z INFO order 1 placed by user 2 in 100 ms' },
      { at: start - 90 * minutes, text: 'INFO ancient words' },
    ];
    const { patterns } = digestOf([...orders, ...odd]).view(now);
    expect(patterns.find(({ template }) => template.includes('placed'))?.counts.slice(1, 4)).toEqual([6, 6, 6]);
  });
});
