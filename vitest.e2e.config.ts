import { defineConfig } from 'vitest/config';
import { soon } from './test/support/patience.ts';

/** How the cluster takes an image: a command to which the path of an archive is added. Without it the chart is not installed. */
const canImport = (process.env['E2E_IMPORT_IMAGE'] ?? '') !== '';
if (!canImport) process.stderr.write('E2E_IMPORT_IMAGE is not set: the chart is checked, but not installed.\n');
/** Where a real model answers; without it none is asked. */
const hasModel = (process.env['LIFEGUARD_MODEL_URL'] ?? '') !== '';
if (!hasModel) process.stderr.write('LIFEGUARD_MODEL_URL is not set: no real model is asked.\n');

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    exclude: [
      ...(canImport ? [] : ['test/e2e/chart-install.test.ts']),
      ...(hasModel ? [] : ['test/e2e/language-model.test.ts']),
    ],
    globalSetup: ['test/support/global-setup.ts'],
    fileParallelism: false,
    expect: { poll: soon },
    testTimeout: 480_000,
    hookTimeout: 300_000,
  },
});
