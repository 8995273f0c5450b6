/**
 * One workspace with many calls in one month: the size of the log's object while events go to files, then the same month after it has gone
 * to files as a whole, and how long a page of the list and a call take then.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { buildWorker, modulesOf, WORK } from '../../scripts/local/build.ts'
import { EVENT_CHARS_KEPT } from '../../src/actors/log/archive/archiver.ts'
import { CALLS_PER_ROUND, Rounds } from './rounds.ts'

const SEED = 11
/** Linux: a file system in memory, so that the run does not wait for the disk. */
const RAM = '/dev/shm'
const DAY_MS = 24 * 3_600_000
/** The calls are spread over so many days up to now. */
const DAYS = 28
/** The pages of so many rounds travel in one request. */
const ROUNDS_PER_REQUEST = 240
/** The alarm of the log moves what is too much while more comes. When it is behind by so much it gets time, as a real month gives it. */
const BEHIND_CHARS = EVENT_CHARS_KEPT * 1.25
const TOLD_EVERY = 40
const QUESTIONS = 100
const ASK_AGAIN_MS = 20
const MONTH_LIMIT_MS = 120_000

interface Sizes {
  objectBytes: number
  calls: number
  eventChars: number
  segments: number
  files: number
  due: number
}
export interface LogFigure {
  calls: number
  bytesPerCall: number
  objectBytes: number
  archivedBytes: number
  listP95Ms: number
  detailP95Ms: number
  seed: number
  /** of the first calls, whose events are all in the object */
  unarchivedBytesPerCall: number
  oldObjectBytes: number
  oldArchivedBytes: number
  runningListP95Ms: number
  runningDetailP95Ms: number
  callsPerSecond: number
}

export async function benchLog(wanted: number): Promise<LogFigure> {
  const rounds = Math.ceil(wanted / CALLS_PER_ROUND)
  const [endMs, disk] = [Date.now(), mkdtempSync(path.join(existsSync(RAM) ? RAM : tmpdir(), 'trunkline-bench-'))]
  const startMs = endMs - DAYS * DAY_MS
  const miniflare = await started(disk)
  const team = new Rounds(SEED, 'w_bench', startMs, (endMs - startMs) / rounds)
  try {
    const ask = async <T>(route: string, body?: string): Promise<T> => {
      const order = body === undefined ? {} : { method: 'POST', body }
      const answer = await miniflare.dispatchFetch(`http://bench${route}`, order)
      if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as T
    }
    const started = performance.now()
    const { first, most, last } = await filled(ask, team, rounds)
    const callsPerSecond = (last.calls * 1000) / (performance.now() - started)
    const running = await asked(ask, team, rounds)
    while (await ask<boolean>('/move')) await pass(0)
    const old = await ask<Sizes>('/sizes')
    const archived = await asked(ask, team, rounds)
    return {
      calls: last.calls,
      bytesPerCall: Math.round(most / last.calls),
      objectBytes: most,
      archivedBytes: last.files,
      listP95Ms: archived.list,
      detailP95Ms: archived.detail,
      seed: SEED,
      unarchivedBytesPerCall: Math.round(first.objectBytes / first.calls),
      oldObjectBytes: old.objectBytes,
      oldArchivedBytes: old.files,
      runningListP95Ms: running.list,
      runningDetailP95Ms: running.detail,
      callsPerSecond: Math.round(callsPerSecond),
    }
  } finally {
    await miniflare.dispose()
    rmSync(disk, { recursive: true, force: true })
  }
}

/** workerd with the object on disk, and R2 as miniflare has it, on disk too. */
async function started(disk: string): Promise<Miniflare> {
  const script = await buildWorker(path.join(WORK, 'bench-log'), 'bench/log/worker.ts')
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: disk,
      cf: false,
      workers: [
        {
          name: 'bench',
          modules: modulesOf(script).map(({ type, path }) => ({ type, path })),
          modulesRoot: path.dirname(script),
          compatibilityDate: '2026-10-20',
          durableObjects: { LOG: { className: 'LogActor', useSQLite: true } },
          r2Buckets: ['ARCHIVE'],
        },
      ],
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  )
  await miniflare.ready
  return miniflare
}

type Ask = <T>(route: string, body?: string) => Promise<T>

async function filled(ask: Ask, team: Rounds, rounds: number): Promise<{ first: Sizes; most: number; last: Sizes }> {
  let [first, last, most]: [Sizes | null, Sizes | null, number] = [null, null, 0]
  let told: Promise<Sizes> | null = null
  for (let from = 0; from < rounds; from += ROUNDS_PER_REQUEST) {
    const count = Math.min(ROUNDS_PER_REQUEST, rounds - from)
    // Made while the log takes those before.
    const pages = Array.from({ length: count }, (_, n) => team.pagesOf(from + n)).flat()
    const text = pages.map(({ source, facts }) => `${source}\t${facts}`).join('\n')
    last = told && (await told)
    first ??= last
    most = Math.max(most, last?.objectBytes ?? 0)
    if (last && last.eventChars > BEHIND_CHARS) await quiet(ask)
    told = ask<Sizes>('/fill', text)
    if (last && (from / ROUNDS_PER_REQUEST) % TOLD_EVERY === 0)
      console.error(`${last.calls} calls: ${Math.round(last.objectBytes / 2 ** 20)} MiB, ${last.segments} segments`)
  }
  const end = told && (await told)
  if (!end) throw new Error('no calls')
  last = await quiet(ask)
  return { first: first ?? end, most: Math.max(most, end.objectBytes, last.objectBytes), last }
}

/** The alarm is not due: nothing is left to be moved now. */
async function quiet(ask: Ask): Promise<Sizes> {
  const started = performance.now()
  for (;;) {
    const sizes = await ask<Sizes>('/sizes')
    // While the handler runs no alarm is set.
    if (sizes.due > Date.now() + 1_000) return sizes
    if (performance.now() - started > MONTH_LIMIT_MS) throw new Error('the log does not come to rest')
    await pass(ASK_AGAIN_MS)
  }
}

/** Pages from anywhere in the list, half of them with a filter; calls from anywhere in the month. */
async function asked(ask: Ask, team: Rounds, rounds: number): Promise<{ list: number; detail: number }> {
  const list: number[] = []
  const detail: number[] = []
  const timed = async (times: number[], route: string) => {
    const started = performance.now()
    const answer = await ask<{ items?: unknown[]; timeline?: unknown[] }>(route)
    times.push(performance.now() - started)
    if ((answer.items ?? answer.timeline ?? []).length === 0) throw new Error(`nothing found: ${route}`)
  }
  const { next } = await ask<{ next: string | null }>('/list')
  const month = next?.split('~')[0]
  for (let n = 0; n < QUESTIONS; n += 1) {
    const round = Math.floor(((n + 0.5) * rounds) / QUESTIONS)
    const at = team.startOf(round) + 1
    const filter = [``, '&outcome=interested', '', `&agentId=${team.agentOf(round)}`][n % 4]
    await timed(list, `/list?cursor=${month}~${at}~z${filter}`)
    await timed(detail, `/detail?call=${team.legOf(round, 1 + (n % CALLS_PER_ROUND))}`)
  }
  return { list: percentile(list), detail: percentile(detail) }
}

const pass = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

function percentile(values: number[]): number {
  return Math.round(values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0)
}
