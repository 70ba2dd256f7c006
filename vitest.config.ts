import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

export default defineConfig({
  // As scripts/build.mjs has it.
  define: { __VERSION__: JSON.stringify(manifest.version) },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    // Guest programs bring their own threads: one test file at a time keeps their timing honest on small machines.
    fileParallelism: false,
    pool: 'forks',
    testTimeout: 30_000,
    reporters: ['default'],
  },
});
