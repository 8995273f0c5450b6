/** Tests that need the Worker's own runtime: sockets by fetch with an Upgrade, packages loaded late, its crypto. */
import path from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { withoutForeignMaps } from '../foreign-maps.ts'
import { onUnhandledError } from '../runner-faults.ts'

export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  plugins: [
    withoutForeignMaps,
    cloudflareTest({
      main: './test/workerd/worker.ts',
      miniflare: { compatibilityDate: '2026-10-20' },
    }),
  ],
  test: {
    onUnhandledError,
    include: ['test/workerd/**/*.test.ts'],
    expect: { requireAssertions: true },
    globalSetup: ['./test/workerd/vendors.ts'],
    testTimeout: 30_000,
    maxWorkers: 1,
  },
})
