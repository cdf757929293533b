import { defineConfig } from 'vitest/config';

/** How the cluster takes an image: a command to which the path of an archive is added. Without it the chart is not installed. */
const canImport = (process.env['E2E_IMPORT_IMAGE'] ?? '') !== '';
if (!canImport) process.stderr.write('E2E_IMPORT_IMAGE is not set: the chart is checked, but not installed.\n');

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    exclude: canImport ? [] : ['test/e2e/chart-install.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
