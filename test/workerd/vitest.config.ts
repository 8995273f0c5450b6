/** Tests that need the Worker's own runtime: sockets by fetch with an Upgrade, packages loaded late, its crypto. */
import path from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Drops warnings about missing source maps of dependencies, which nobody reads. */
const withoutForeignMaps: Plugin = {
  name: 'without-foreign-maps',
  configResolved({ logger }) {
    const warnOnce = logger.warnOnce.bind(logger)
    logger.warnOnce = (text, options) => {
      if (!/^Sourcemap for ".*node_modules.*" points to missing source files$/.test(text)) warnOnce(text, options)
    }
  },
}

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
    include: ['test/workerd/**/*.test.ts'],
    expect: { requireAssertions: true },
    globalSetup: ['./test/workerd/vendors.ts'],
    testTimeout: 30_000,
    maxWorkers: 1,
  },
})
