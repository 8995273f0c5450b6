/** The Worker on this machine: real workerd, real Durable Objects and D1 on disk, as wrangler.toml describes them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { modulesOf, ROOT } from './build.ts'

export interface LocalWorkerOptions {
  /** the built module */
  script: string
  port: number
  /** where Durable Objects and D1 live; null: in memory */
  persist: string | null
  vars: Record<string, string>
  /** is given what the Worker and workerd log; without it that is printed */
  log?: Log
}
export type Log = (line: { level: string; message: string }) => void

export interface LocalWorker {
  url: string
  /** the workerd process of the moment; it is respawned when it dies */
  pid(): number | null
  /** after the script was built again */
  reload(): Promise<void>
  close(): Promise<void>
}

export async function startWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  const miniflare = new Miniflare(miniflareOptions(options))
  const url = await miniflare.ready
  await migrate(await miniflare.getD1Database('DB'))
  return {
    url: url.origin,
    pid: () => workerdPid(process.pid),
    reload: () => miniflare.setOptions(miniflareOptions(options)),
    close: () => miniflare.dispose(),
  }
}

function miniflareOptions(options: LocalWorkerOptions) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(path.join(ROOT, 'wrangler.toml'))
  const { modulesRules: _rules, ...worker } = workerOptions
  const { log, persist, port, script, vars } = options
  const bindings = { ...(worker.bindings as Record<string, string> | undefined), ...vars }
  const modules = modulesOf(script).map(({ type, path }) => ({ type, path }))
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    port,
    cf: false,
    ...(persist === null ? {} : { resourcePersistencePath: persist }),
    handleStructuredLogs: withoutMovedAlarms(log ?? print),
    workers: [
      { ...worker, ...assetsOf(worker), name: 'trunkline', modules, modulesRoot: path.dirname(script), bindings },
    ],
  } as Parameters<typeof convertV4MiniflareOptions>[0])
}

/** A test that needs no dialer builds none. The sounds that callers hear are there all the same: they are files that are not built. */
function assetsOf({ assets }: { assets?: { directory?: string } }): object {
  const isBuilt = existsSync(path.join(ROOT, 'dist/dialer/index.html'))
  return assets === undefined || isBuilt ? {} : { assets: { ...assets, directory: path.join(ROOT, 'public') } }
}

/** workerd logs this whenever an alarm is set again at the moment when it goes off, as our alarms are on purpose. */
function withoutMovedAlarms(log: Log): Log {
  return line => {
    if (!line.message.startsWith('NOSENTRY SQLite alarm handler canceled')) log(line)
  }
}

function print({ level, message }: Parameters<Log>[0]): void {
  if (level === 'error' || level === 'warn') console.error(message)
  else console.log(message)
}

/** The migrations that `wrangler d1 migrations apply` would run, each once. */
async function migrate(database: Awaited<ReturnType<Miniflare['getD1Database']>>): Promise<void> {
  await database.exec('CREATE TABLE IF NOT EXISTS local_migrations (name TEXT PRIMARY KEY)')
  const { results } = await database.prepare('SELECT name FROM local_migrations').all<{ name: string }>()
  const done = new Set(results.map(row => row.name))
  for (const name of readdirSync(path.join(ROOT, 'migrations')).sort()) {
    if (done.has(name)) continue
    const statements = readFileSync(path.join(ROOT, 'migrations', name), 'utf8')
      .split('\n')
      .filter(line => line.trim() !== '' && !line.startsWith('--'))
    await database.batch([
      ...statements.map(line => database.prepare(line)),
      database.prepare('INSERT INTO local_migrations VALUES (?)').bind(name),
    ])
  }
}

/** The youngest workerd among our children (Linux). */
export function workerdPid(parent: number): number | null {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(Number)
    return children.filter(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('workerd')).at(-1) ?? null
  } catch {
    return null
  }
}
