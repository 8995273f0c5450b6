import { defineConfig } from 'vitest/config'
import { PROJECTS } from './test/projects.ts'
import { onUnhandledError } from './test/runner-faults.ts'

export default defineConfig({
  test: {
    onUnhandledError,
    projects: PROJECTS.map(({ name, include, exclude = [] }) => ({
      test: {
        name,
        include,
        exclude: ['**/node_modules/**', ...exclude],
        testTimeout: 120_000,
        expect: { requireAssertions: true },
      },
    })),
    // Real-time sound and the million-state explorers share two cores: two files at a time keep both honest.
    maxWorkers: 2,
  },
})
