import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'packages/phone-network/src/**/*.test.ts',
      'scripts/**/*.test.ts',
      'test/exhaustive/**/*.test.ts',
      'test/stories/**/*.test.ts',
      'test/simulation/**/*.test.ts',
      'test/contract/**/*.test.ts',
      'test/tidy/**/*.test.ts',
      'test/vad/**/*.test.ts',
      'test/golden/**/*.test.ts',
      'test/package/**/*.test.ts',
    ],
    testTimeout: 120_000,
    // Real-time sound and the million-state explorers share two cores: one file at a time keeps both honest.
    maxWorkers: 2,
  },
})
