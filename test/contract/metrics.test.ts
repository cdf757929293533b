import { describe, expect, it } from 'vitest';
import { createPrometheus } from '../../src/platform/prometheus/prometheus.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { describeMetrics } from './metrics.ts';

describeMetrics('local', async () => createPrometheus({ url: `${(await startPrometheus()).url}/` }));

describe('a Prometheus in trouble', () => {
  it.each([
    ['fails', 500, 'oops', 'HTTP 500'],
    ['wants another token', 401, '', 'HTTP 401'],
    ['is something else', 200, '<html>', 'its answer is not that of a Prometheus'],
    ['answers something else', 200, '{"data":{"resultType":"scalar","result":[1,"2"]}}', 'not that of a Prometheus'],
    ['says far too much', 200, 'x'.repeat(9 * 2 ** 20), 'larger than'],
  ])('that %s is one that did not answer', async (_case, status, body, words) => {
    const local = await startPrometheus();
    local.answer = { status, body };
    await expect(createPrometheus(local).query('vector(1)')).rejects.toMatchObject({
      code: 'metrics-unreachable',
      message: expect.stringContaining(words),
    });
  });

  it('is left alone after it failed twice, so that nobody waits for it', async () => {
    const local = await startPrometheus();
    local.answer = { status: 503, body: '' };
    const metrics = createPrometheus({ ...local, token: 'abc' });
    for (let call = 0; call < 5; call += 1) {
      await expect(metrics.query('vector(1)')).rejects.toMatchObject({ code: 'metrics-unreachable' });
    }
    expect(local.asked).toHaveLength(2);
    expect(local.authorization).toBe('Bearer abc');
  });

  it('is not left alone for a query that it does not understand', async () => {
    const local = await startPrometheus();
    const metrics = createPrometheus(local);
    for (let call = 0; call < 5; call += 1) {
      await expect(metrics.query('sum(')).rejects.toMatchObject({ code: 'metrics-rejected' });
    }
    expect(local.asked).toHaveLength(5);
  });
});
