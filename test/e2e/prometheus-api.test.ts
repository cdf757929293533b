import { createPrometheus } from '../../src/platform/prometheus/prometheus.ts';
import { describeMetrics } from '../contract/metrics.ts';

const url = process.env['PROMETHEUS_URL'] ?? 'http://127.0.0.1:19090';

describeMetrics('real', async () => createPrometheus({ url }));
