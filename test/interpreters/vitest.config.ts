import { defineConfig } from 'vitest/config';

/** `npm run test:interpreters`. Their packages are large, so `npm ci` does not install them. */
export default defineConfig({
  test: {
    include: ['test/interpreters/published.ts'],
    pool: 'forks',
    testTimeout: 120_000,
  },
});
