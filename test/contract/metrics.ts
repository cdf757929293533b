import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../src/core/ports/metrics.ts';

/** What a Prometheus does, be it real or not. */
export function describeMetrics(name: 'real' | 'local', open: () => Promise<Metrics>): void {
  describe(`the ${name} Prometheus`, () => {
    it('gives what a query is now, with its labels', async () => {
      const metrics = await open();
      expect(await metrics.query('vector(7)')).toEqual([{ labels: {}, value: 7 }]);
      expect(await metrics.query('label_replace(vector(7), "pod", "web-1", "", "")')).toEqual([
        { labels: { pod: 'web-1' }, value: 7 },
      ]);
    });

    it('gives a value for each moment, and none where there was none', async () => {
      const metrics = await open();
      const to = Date.now();
      const span = { from: to - 60_000, to, points: 7 };
      const [whole] = await metrics.range('vector(3)', span);
      expect(whole?.values).toEqual([3, 3, 3, 3, 3, 3, 3]);
      const middle = (span.from + to) / 2000;
      const [half] = await metrics.range(`vector(3) and (vector(time()) > ${middle + 1})`, span);
      expect(half?.values).toEqual([undefined, undefined, undefined, undefined, 3, 3, 3]);
      expect(await metrics.range('vector(1) / 0', span)).toEqual([
        expect.objectContaining({ values: Array.from({ length: 7 }, () => undefined) }),
      ]);
    });

    it('says what is wrong with a query', async () => {
      const metrics = await open();
      await expect(metrics.query('sum(')).rejects.toMatchObject({
        code: 'metrics-rejected',
        message: expect.stringContaining('parse error'),
      });
    });
  });
}
