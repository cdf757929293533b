import type { LogPattern } from '../../src/core/log-pattern.ts';
import type { LogsView } from '../../src/core/views/logs.ts';
import { checkout, now } from './views.ts';

export const bucketMs = 30_000;

/** Buckets newest first: so many lines in each of so many of them. */
export function counts(...runs: readonly (readonly [buckets: number, lines: number])[]): number[] {
  return runs.flatMap(([buckets, lines]) => Array.from({ length: buckets }, () => lines));
}

/** A pattern of the checkout; `counts` newest first. */
export function aPattern(overrides: Partial<LogPattern> = {}): LogPattern {
  const said = overrides.counts ?? counts([40, 10]);
  const firstSilent = said.findIndex((one) => one > 0);
  return {
    id: overrides.template ?? 'p1',
    template: 'order <*> placed',
    level: 'info',
    count: said.reduce((sum, one) => sum + one, 0),
    firstAt: now - (said.length - 1) * bucketMs,
    lastAt: now - Math.max(0, firstSilent) * bucketMs,
    sample: 'order 4711 placed',
    pods: ['checkout-2-a'],
    numbers: [],
    ...overrides,
    counts: [...said],
  };
}

/** The logs of the checkout, listened to for as long as its oldest pattern. */
export function theLogs(patterns: readonly LogPattern[], overrides: Partial<LogsView> = {}): LogsView {
  const length = Math.max(...patterns.map((pattern) => pattern.counts.length));
  const lines = Array.from({ length }, (_, back) =>
    patterns.reduce((sum, pattern) => sum + (pattern.counts[back] ?? 0), 0),
  );
  return {
    uid: 'logs-checkout',
    namespace: 'shop',
    name: 'Deployment/checkout',
    createdAt: now - length * bucketMs,
    regarding: checkout,
    bucketMs,
    bucketAt: now,
    since: now - (length - 1) * bucketMs,
    lines,
    linesOf: { 'checkout-2-a': lines },
    patterns,
    ...overrides,
  };
}
