import { defineConfig } from 'vitest/config';
import { soon } from './test/support/patience.ts';

export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    fileParallelism: false,
    expect: { poll: soon },
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
