/** `npm run deploy` builds dialer and Worker, migrates, makes the bucket, and uploads the build. `-- --dry-run` needs no account. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Bucket, bucketsOf } from './buckets.ts'
import { ROOT } from './local/build.ts'

const PLACEHOLDER = '00000000-0000-0000-0000-000000000001'
/** the environment of wrangler.toml that has everything, Workers AI included */
const PRODUCTION = ['--env', 'production']
const dryRun = process.argv.includes('--dry-run')

function wrangler(...args: string[]): void {
  const done = spawnSync('wrangler', args, { cwd: ROOT, stdio: 'inherit' })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

/** Makes the bucket unless it is there. */
function makeBucket({ name, jurisdiction }: Bucket): void {
  const where = jurisdiction === null ? [name] : [name, '--jurisdiction', jurisdiction]
  const there = spawnSync('wrangler', ['r2', 'bucket', 'info', ...where], { cwd: ROOT, stdio: 'ignore' })
  if (there.status === 0) return
  const made = spawnSync('wrangler', ['r2', 'bucket', 'create', ...where], { cwd: ROOT, stdio: 'inherit' })
  if (made.status === 0) return
  console.error(
    `The bucket ${name} could not be made. Is R2 switched on for this account? Without a bucket, delete the r2_buckets of wrangler.toml: months of the log then stay in their objects.`,
  )
  process.exit(made.status ?? 1)
}

// wrangler builds once more when it deploys; what does not build must not reach the migrations.
await import('./build.ts')
const toml = readFileSync(path.join(ROOT, 'wrangler.toml'), 'utf8')
if (!dryRun && toml.includes(PLACEHOLDER)) {
  console.error(
    'wrangler.toml still has the placeholder of a database. Run `npx wrangler d1 create trunkline` once and put its id there.',
  )
  process.exit(1)
}
if (!dryRun) wrangler('d1', 'migrations', 'apply', 'DB', '--remote', ...PRODUCTION)
if (!dryRun) for (const bucket of bucketsOf(toml, 'production')) makeBucket(bucket)
wrangler('deploy', ...PRODUCTION, ...(dryRun ? ['--dry-run', '--outdir', '.trunkline/deploy'] : []))
