/** `npm run deploy` builds dialer and Worker, migrates, and uploads the build. `-- --dry-run` needs no account. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './local/build.ts'

const PLACEHOLDER = '00000000-0000-0000-0000-000000000001'
/** the environment of wrangler.toml that has everything, Workers AI included */
const PRODUCTION = ['--env', 'production']
const dryRun = process.argv.includes('--dry-run')

function wrangler(...args: string[]): void {
  const done = spawnSync('wrangler', args, { cwd: ROOT, stdio: 'inherit' })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

// wrangler builds once more when it deploys; what does not build must not reach the migrations.
await import('./build.ts')
if (!dryRun && readFileSync(path.join(ROOT, 'wrangler.toml'), 'utf8').includes(PLACEHOLDER)) {
  console.error(
    'wrangler.toml still has the placeholder of a database. Run `npx wrangler d1 create trunkline` once and put its id there.',
  )
  process.exit(1)
}
if (!dryRun) wrangler('d1', 'migrations', 'apply', 'DB', '--remote', ...PRODUCTION)
wrangler('deploy', ...PRODUCTION, ...(dryRun ? ['--dry-run', '--outdir', '.trunkline/deploy'] : []))
