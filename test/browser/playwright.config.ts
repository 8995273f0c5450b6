import { defineConfig } from '@playwright/test'

/** Browser tests share two cores and one microphone clock: one at a time. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  workers: 1,
  timeout: 30_000,
  expect: { timeout: 8000 },
  reporter: 'list',
})
