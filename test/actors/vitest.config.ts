import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { withoutForeignMaps } from '../foreign-maps.ts'
import { onUnhandledError } from '../runner-faults.ts'

const root = path.resolve(import.meta.dirname, '../..')
const hex = (letter: string) => letter.repeat(32)

export default defineConfig(async () => ({
  root,
  plugins: [
    withoutForeignMaps,
    cloudflareTest({
      main: './src/worker/index.ts',
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: {
          TRUNKLINE_MODE: 'local',
          TRUNKLINE_WORKSPACE: 'w_test',
          // These tests run at any hour; test/actors/clearance.test.ts chooses other rules.
          CALLING_RULES: 'custom',
          PUBLIC_BASE_URL: 'http://127.0.0.1:5050',
          SESSION_SECRET: createHash('sha256').update('sessions of these tests').digest('hex'),
          TWILIO_ACCOUNT_SID: `AC${hex('a')}`,
          TWILIO_AUTH_TOKEN: hex('b'),
          TWILIO_API_KEY_SID: `SK${hex('c')}`,
          TWILIO_API_KEY_SECRET: hex('d'),
          TWILIO_TWIML_APP_SID: `AP${hex('e')}`,
          TWILIO_API_BASE_URL: 'http://carrier.test',
          TWILIO_CALLS_PER_SECOND: '4',
          // The calls of this workspace go to the scripted carrier (test/actors/second-carrier.test.ts).
          SCRIPTED_CARRIER_WORKSPACE: 'w_twin',
          MIGRATIONS: await readD1Migrations(path.join(root, 'migrations')),
        },
        serviceBindings: { CARRIER: 'carrier' },
        // Everything that the Worker fetches goes to the carrier of these tests.
        outboundService: 'carrier',
        workers: [
          {
            name: 'carrier',
            modules: true,
            script: readFileSync(path.join(root, 'test/actors/carrier.js'), 'utf8'),
            compatibilityDate: '2026-10-20',
          },
        ],
      },
    }),
  ],
  test: {
    onUnhandledError,
    include: ['test/actors/**/*.test.ts'],
    expect: { requireAssertions: true },
    setupFiles: ['test/actors/migrate.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
}))
