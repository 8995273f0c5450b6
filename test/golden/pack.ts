/**
 * `node scripts/run.mjs test/golden/pack.ts STATE VERSION`: what a release has written, packed for the tests of later ones.
 * STATE is the state folder of a local run (`.trunkline/state`) in which a session was held. Writes
 * `test/golden/VERSION/store.json.gz` (every database file, base64, at rest) and `facts.json.gz` (the facts of every object
 * that has some, by machine). Done once per release, before the version is raised; never edited afterwards.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'

const [state, version] = process.argv.slice(2)
if (!state || !version) throw new Error('usage: pack.ts STATE VERSION')
const copy = path.join(tmpdir(), `trunkline-golden-${process.pid}`)
cpSync(state, copy, { recursive: true })

const store: Record<string, string> = {}
const facts: Record<string, unknown[][]> = {}
for (const name of readdirSync(copy, { recursive: true, encoding: 'utf8' }).sort()) {
  const file = path.join(copy, name)
  // The secret of this local run: without it nobody could sign in to its workspace.
  if (name === 'session-secret') store[name] = readFileSync(file).toString('base64')
  if (!name.endsWith('.sqlite') || name.startsWith('cache')) continue
  const database = new DatabaseSync(file)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM')
  const kind = /trunkline-(\w+)Actor/.exec(name)?.[1]?.toLowerCase()
  const has = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'facts'").all().length > 0
  if (kind !== undefined && has) {
    const rows = database.prepare('SELECT at, type, body, personal FROM facts ORDER BY seq').all()
    facts[kind] = [...(facts[kind] ?? []), rows.map(factOf)]
  }
  database.close()
  store[name] = readFileSync(file).toString('base64')
}
rmSync(copy, { recursive: true })
const folder = path.join(import.meta.dirname, version)
mkdirSync(folder, { recursive: true })
writeFileSync(path.join(folder, 'store.json.gz'), gzipSync(JSON.stringify(store), { level: 9 }))
writeFileSync(path.join(folder, 'facts.json.gz'), gzipSync(JSON.stringify(facts), { level: 9 }))

function factOf({ at, type, body, personal }: Record<string, unknown>): unknown {
  const own = JSON.parse(String(body)) as object
  return personal === null ? { type, at, ...own } : { type, at, ...own, personal: JSON.parse(String(personal)) }
}
