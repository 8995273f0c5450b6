/** Whole calls with an AI agent: Worker, phone network and speech services of this machine, nothing inside is replaced. */
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { onUnhandledError } from '../runner-faults.ts'

const ATTACKS = 'test/voice/attacks.test.ts'

const calls = {
  expect: { requireAssertions: true },
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // The local recogniser serves few speakers at one time (packages/phone-network/docs/speech.md).
  maxConcurrency: 2,
  env: { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
}

export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  test: {
    onUnhandledError,
    // Conversations run in real time: one file at a time.
    maxWorkers: 1,
    projects: [
      { test: { ...calls, name: 'conversations', include: ['test/voice/**/*.test.ts'], exclude: [ATTACKS] } },
      // Eight callers at one time, who keep two processors busy.
      { test: { ...calls, name: 'attacks', include: [ATTACKS] } },
    ],
  },
})
