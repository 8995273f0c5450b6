import { defineConfig } from 'vitest/config'
import { PROJECTS } from './test/projects.ts'

export default defineConfig({
  test: {
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
