/** Whole calls with an AI agent: Worker, phone network and speech services of this machine, nothing inside is replaced. */
import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/voice/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Conversations run in real time and mostly wait: a file keeps a quarter of a processor busy.
    maxWorkers: 2,
    // The local recogniser serves few speakers at one time (packages/phone-network/src/speech/README.md).
    maxConcurrency: 2,
    env: { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
  },
})
