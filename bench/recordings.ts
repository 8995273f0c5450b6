/**
 * Recordings under kill -9: callers are recorded by a flow, the Worker's process is killed every few seconds, and each recording that the carrier has finished must be one
 * file of ours and none of the carrier's in the end. Real time, the phone network, the shipping Worker on miniflare with its disk.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call, OUR_NUMBERS, signIn } from '../scripts/local/demo.ts'
import { type Stage, setStage } from '../scripts/local/stage.ts'

const [, NUMBER = ''] = OUR_NUMBERS
const KILL_MS = 5_000
const AT_ONCE = 12
const LOOK_MS = 250
/** After the last kill everything is there within this time, or it is lost: a report that was lost is asked for after five minutes. */
const REST_MS = 900_000

interface Finished {
  endedMs: number
  erasedMs: number | null
}
interface Listed {
  id: string
  status: string
  bytes: number | null
}

export async function benchRecordings(calls: number): Promise<object> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-recordings-'))
  const stage = await setStage({
    state: folder,
    port: 7050,
    networkPort: 7070,
    dialer: false,
    cps: 50,
    log: () => undefined,
  })
  try {
    const cookie = await ready(stage)
    const carrier = new CarrierLog(stage)
    const began = Date.now()
    const killer = new Killer(stage)
    await carrier.until(
      () => carrier.finished.size >= calls,
      () => {
        if (carrier.running < AT_ONCE && carrier.finished.size + carrier.running < calls) carrier.dial()
      },
    )
    await killer.end()
    const recordedMs = Date.now() - began
    const all = () => [...carrier.finished.values()].every(one => one.erasedMs !== null)
    await carrier.until(
      () => all() || Date.now() - began - recordedMs > REST_MS,
      () => undefined,
    )
    const wallMs = Date.now() - began
    const rows = await listed(stage, cookie)
    const available = new Map(
      rows.flatMap(row => (row.status === 'available' ? [[row.id, row.bytes ?? 0] as const] : [])),
    )
    const atCarrier = stage.network.control.world().recordings.length
    await stage.close()
    // A row has a name of ours, and the carrier's id of it.
    const copied = new Set(copiedIn(folder))
    const lost = [...carrier.finished.keys()].filter(id => !copied.has(id)).length
    const files = filesIn(folder).filter(key => key.startsWith('recordings-'))
    const nobodys = files.filter(key => !available.has(path.basename(key, '.wav'))).length
    const waits = [...carrier.finished.values()].flatMap(one =>
      one.erasedMs === null ? [] : [one.erasedMs - one.endedMs],
    )
    waits.sort((a, b) => a - b)
    const bytes = [...available.values()].reduce((sum, one) => sum + one, 0)
    return {
      ...{ calls: carrier.finished.size, kills: killer.kills, lost, orphans: atCarrier + nobodys, files: files.length },
      p50AvailableMs: Math.round(waits[Math.floor(waits.length * 0.5)] ?? 0),
      p95AvailableMs: Math.round(waits[Math.floor(waits.length * 0.95)] ?? 0),
      bytesPerSecond: Math.round(bytes / (wallMs / 1_000)),
    }
  } finally {
    await stage.close().catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A number whose callers are recorded. */
async function ready(stage: Stage): Promise<string> {
  const cookie = await signIn(stage.url, 'root')
  const actions = [
    { type: 'answer' },
    { type: 'recording_start' },
    { type: 'talk', option: { text: 'This call is recorded. Thank you for calling, and goodbye.' } },
    { type: 'hangup' },
  ]
  const { id } = await call<{ id: string }>(stage.url, cookie, 'POST', '/v1.0/flows', { name: 'Recorded', actions })
  const leads = { flow_id: id, queue_id: null, conference_id: null, agent_id: null, user_id: null }
  await call(stage.url, cookie, 'PUT', `/v1.0/numbers/${encodeURIComponent(NUMBER)}`, leads)
  return cookie
}

/** Ends the Worker's process every few seconds of its life: it is respawned, and one that is not up yet has nothing to lose. */
class Killer {
  kills = 0
  #over = false
  readonly #stage: Stage
  readonly #running: Promise<void>

  constructor(stage: Stage) {
    this.#stage = stage
    this.#running = this.#run()
  }

  /** Resolves when the Worker answers again. */
  async end(): Promise<void> {
    this.#over = true
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      await this.#up()
      await new Promise(resolve => setTimeout(resolve, KILL_MS))
      const pid = this.#stage.worker.pid()
      if (pid === null || this.#over) continue
      this.kills += 1
      process.kill(pid, 'SIGKILL')
    }
    await this.#up()
  }

  async #up(): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.#stage.url}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
      await answer?.body?.cancel()
      if (answer?.ok) return
      await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    }
  }
}

/** Reads from the network’s log which recordings the carrier has finished, and which ones we told it to delete. */
class CarrierLog {
  readonly finished = new Map<string, Finished>()
  readonly #stage: Stage
  readonly #live = new Set<string>()
  #seq = 0
  #callers = 0

  constructor(stage: Stage) {
    this.#stage = stage
  }

  get running(): number {
    return this.#live.size
  }

  dial(): void {
    this.#callers += 1
    const from = `+1415557${String(1_000 + (this.#callers % 9_000))}`
    const acts = [{ pauseMs: 300 }, { say: 'Hello, I would like to ask about my invoice, please.' }]
    this.#live.add(this.#stage.network.control.dial(from, NUMBER, { kind: 'human', acts }))
  }

  async until(done: () => boolean, each: () => void): Promise<void> {
    while (!done()) {
      this.#read()
      if (done()) return
      each()
      await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    }
  }

  #read(): void {
    for (const entry of this.#stage.network.control.log()) {
      if (entry.seq <= this.#seq) continue
      this.#seq = entry.seq
      const text = JSON.stringify(entry)
      if (entry.kind === 'recording-ended' && entry.status === 'completed' && entry.ms > 0)
        this.finished.set(entry.recordingSid, { endedMs: Date.now(), erasedMs: null })
      else if (entry.kind === 'call-ended') this.#live.delete(entry.callSid)
      else if (text.includes('"DELETE"')) {
        const one = this.finished.get(/RE[0-9a-f]{32}/.exec(text)?.[0] ?? '')
        if (one) one.erasedMs ??= Date.now()
      }
    }
  }
}

async function listed(stage: Stage, cookie: string): Promise<Listed[]> {
  const found: Listed[] = []
  let cursor = ''
  do {
    const page = await call<{ items: Listed[]; next: string | null }>(
      stage.url,
      cookie,
      'GET',
      `/v1.0/recordings?limit=200${cursor}`,
    )
    found.push(...page.items)
    cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`
  } while (cursor !== '')
  return found
}

/** The names of all files in the buckets of a stopped stage. */
function filesIn(folder: string): string[] {
  const databases = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    name => name.includes('R2BucketObject') && name.endsWith('.sqlite'),
  )
  return databases.flatMap(name => {
    const database = new DatabaseSync(path.join(folder, name), { readOnly: true })
    try {
      return database
        .prepare('SELECT key FROM _mf_objects')
        .all()
        .map(row => String(row.key))
    } catch {
      return []
    } finally {
      database.close()
    }
  })
}

/** The carrier's ids of those that are stored, by the rows on the disk. */
function copiedIn(folder: string): string[] {
  const databases = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.sqlite'))
  return databases.flatMap(name => {
    const database = new DatabaseSync(path.join(folder, name), { readOnly: true })
    try {
      return database
        .prepare("SELECT carrier_id FROM recordings WHERE status = 'available'")
        .all()
        .map(row => String(row.carrier_id))
    } catch {
      // Another object's.
      return []
    } finally {
      database.close()
    }
  })
}
