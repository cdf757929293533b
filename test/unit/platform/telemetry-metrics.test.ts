import { expect, test } from 'vitest';
import { createTelemetry } from '../../../src/platform/telemetry/metrics.ts';

test('recorders show up under the prefix, next to the process metrics, and each telemetry stands alone', async () => {
  const telemetry = createTelemetry();
  createTelemetry();
  const executions = telemetry.counter({ name: 'executions_total', help: 'Executions.', labels: ['result'] });
  const queue = telemetry.gauge({ name: 'queue_jobs', help: 'Jobs waiting.' });
  const latency = telemetry.histogram({ name: 'post_seconds', help: 'Time to post.', buckets: [0.1, 1] });
  executions({ result: 'proven' });
  executions({ result: 'proven' }, 2);
  queue({}, 7);
  latency({}, 0.5);
  const { contentType, body } = await telemetry.render();
  expect(contentType).toContain('text/plain');
  expect(body).toContain('lifeguard_executions_total{result="proven"} 3');
  expect(body).toContain('lifeguard_queue_jobs 7');
  expect(body).toContain('lifeguard_post_seconds_bucket{le="1"} 1');
  expect(body).toContain('lifeguard_process_resident_memory_bytes');
});
