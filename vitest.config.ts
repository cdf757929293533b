import { defineConfig } from 'vitest/config';
import { soon } from './test/support/patience.ts';

export default defineConfig({
  test: {
    include: ['test/{unit,architecture,contract,integration,scenarios}/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Most of them wait most of their time.
    maxWorkers: 3,
    expect: { poll: soon },
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
