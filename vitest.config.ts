import { defineConfig } from 'vitest/config';
import { soon } from './test/support/patience.ts';

export default defineConfig({
  test: {
    include: ['test/{unit,architecture,contract,integration,scenarios}/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    expect: { poll: soon },
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
