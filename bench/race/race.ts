/**
 * 10,000 batches × 4 simultaneous answers over HTTP into bare workerd: the number of winners, and the cost of an answer as
 * a ratio to the reference of the same run (Worker → one object, one row, same form body).
 */
import { createServer } from 'node:http'
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { inParallel } from '../parallel.ts'
import { ACTORS, signed, varsOf } from '../webhook.ts'
import { type Bare, serveBare } from '../workerd.ts'
import { providerIdOf } from './provider-id.ts'

const LEGS = 4
const AT_ONCE = 16
/**
 * Rounds that are opened and raced together. Each has six objects, each object some open files until it has been idle
 * for ten seconds: a chunk must stay well below the 20,000 that a process may have here.
 */
const CHUNK = 400
const WARM = 100
/** A holder without a verdict becomes the winner after 4 s; what follows from it is owed as well. */
const VERDICT_MS = 5_500
/** In this time the opening's alarms run and find that nothing is owed. */
const OPENED_MS = 3_500
const QUIET_WINDOW_MS = 400
const QUIET_CPU_SECONDS = 0.03

export interface RaceFigure {
  batches: number
  exactlyOneWinner: number
  cpuMicrosPerAnswer: number
  referenceMicros: number
  replyRatio: number
  totalRatio: number
  totalRatioQ1: number
  totalRatioQ3: number
  /** windows of the total; the reply has as many */
  windows: number
  p99Ms: number
}

export async function benchRace(batches: number): Promise<RaceFigure> {
  const carrier = await startCarrier()
  const script = await buildWorker(path.join(WORK, 'bench'), 'bench/race/worker.ts')
  const port = await freePort(5300)
  const url = `http://127.0.0.1:${port}`
  const bare = await serveBare({
    script,
    port,
    actors: { ...ACTORS, REFERENCE: 'Reference' },
    vars: varsOf(url, carrier.url),
    inMemory: true,
  })
  try {
    return await measure(bare, batches)
  } finally {
    bare.stop()
    carrier.close()
  }
}

/** CPU of one chunk per answer, as a ratio to the reference just before it: these machines are noisy from minute to minute. */
interface Windows {
  reply: number[]
  total: number[]
  replyMicros: number[]
  referenceMicros: number[]
}

async function measure(bare: Bare, batches: number): Promise<RaceFigure> {
  const ids = Array.from({ length: batches }, (_, index) => `w_bench.c_1.b${index + 1}`)
  const windows: Windows = { reply: [], total: [], replyMicros: [], referenceMicros: [] }
  const times: number[] = []
  // The first rounds warm the process and are not counted.
  await chunk(
    bare,
    Array.from({ length: WARM }, (_, index) => `w_bench.c_0.b${index + 1}`),
    false,
    null,
    [],
  )
  let exact = 0
  for (let from = 0; from < batches; from += CHUNK) {
    const replyAlone = (from / CHUNK) % 2 === 0
    exact += await chunk(bare, ids.slice(from, from + CHUNK), replyAlone, windows, times)
    console.error(`${from + CHUNK} batches, ${exact} with one winner, ${bare.residentMiB()} MiB`, figuresOf(windows))
  }
  times.sort((a, b) => a - b)
  const p99Ms = round(times[Math.floor(times.length * 0.99)] ?? 0)
  return { batches, exactlyOneWinner: exact, ...figuresOf(windows), p99Ms }
}

/** Medians over the windows, and how far the middle half of the total lies apart. */
function figuresOf({ reply, total, replyMicros, referenceMicros }: Windows) {
  return {
    cpuMicrosPerAnswer: Math.round(quantile(replyMicros, 0.5)),
    referenceMicros: Math.round(quantile(referenceMicros, 0.5)),
    replyRatio: round(quantile(reply, 0.5)),
    totalRatio: round(quantile(total, 0.5)),
    totalRatioQ1: round(quantile(total, 0.25)),
    totalRatioQ3: round(quantile(total, 0.75)),
    windows: total.length,
  }
}

function quantile(values: number[], at: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0
}

/**
 * Opens, lets everything settle, measures the reference, then the answers: in one chunk the replies alone (deliveries
 * held back, and dropped), in the next with all that is owed. Then the chunk is removed.
 */
async function chunk(
  bare: Bare,
  ids: string[],
  replyAlone: boolean,
  windows: Windows | null,
  times: number[],
): Promise<number> {
  await hold(bare, true)
  await tell(bare, 'open', ids)
  await hold(bare, false)
  await settled(bare, OPENED_MS)
  // The reference's objects may have gone to sleep meanwhile, and waking them is not to be measured.
  await referenceOnce(bare, WARM)
  const reference = await cpu(bare, () => referenceOnce(bare, ids.length * LEGS))
  await hold(bare, replyAlone)
  const part = await cpu(bare, async () => {
    const exact = await answerAll(bare, ids, times)
    if (!replyAlone) await settled(bare, VERDICT_MS)
    return exact
  })
  await hold(bare, false)
  await tell(bare, 'forget', ids)
  if (!windows) return part.value
  const answers = ids.length * LEGS
  const micros = (seconds: number) => (seconds * 1e6) / answers
  windows.referenceMicros.push(micros(reference.seconds))
  if (replyAlone) windows.replyMicros.push(micros(part.seconds))
  ;(replyAlone ? windows.reply : windows.total).push(part.seconds / reference.seconds)
  return part.value
}

async function hold(bare: Bare, on: boolean): Promise<void> {
  await get(`${bare.url}/bench/hold?on=${on ? 1 : 0}`)
}

/** How many batches had exactly one winner. */
async function answerAll(bare: Bare, ids: string[], times: number[]): Promise<number> {
  let exact = 0
  await inParallel(ids, AT_ONCE, async id => {
    const answers = await Promise.all([1, 2, 3, 4].map(leg => answer(bare, id, leg, times)))
    if (answers.filter(twiml => twiml.includes('<Conference')).length === 1) exact += 1
  })
  return exact
}

async function answer(bare: Bare, batchId: string, leg: number, times: number[]): Promise<string> {
  const route = `/twilio/w_bench/batches/${batchId}/legs/${batchId}.${leg}/answer`
  const started = performance.now()
  const response = await fetch(`${bare.url}${route}`, signed(`${bare.url}${route}`, providerIdOf(`${batchId}.${leg}`)))
  const text = await response.text()
  times.push(performance.now() - started)
  if (!response.ok) throw new Error(`answer: ${response.status} ${text}`)
  return text
}

/** One request for each of a few hundred objects that have been there since the warm-up. */
async function referenceOnce(bare: Bare, requests: number): Promise<void> {
  const ids = Array.from({ length: requests }, (_, index) => `r${index % WARM}`)
  await inParallel(ids, AT_ONCE * LEGS, id => post(bare, id))
}

async function post(bare: Bare, id: string): Promise<void> {
  const url = `${bare.url}/bench/reference?id=${id}`
  await (await fetch(url, signed(url, `CA${id}`))).text()
}

async function cpu<T>(bare: Bare, work: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const before = bare.cpuSeconds()
  const value = await work()
  return { seconds: bare.cpuSeconds() - before, value }
}

/** Waits until nothing is owed: at least `leastMs` for debts that are due later, then until the process is idle. */
async function settled(bare: Bare, leastMs: number): Promise<void> {
  const started = performance.now()
  for (let quiet = 0, last = bare.cpuSeconds(); quiet < 3; ) {
    await new Promise(resolve => setTimeout(resolve, QUIET_WINDOW_MS))
    const now = bare.cpuSeconds()
    quiet = now - last < QUIET_CPU_SECONDS && performance.now() - started > leastMs ? quiet + 1 : 0
    last = now
  }
}

/** Sends small requests, so that none takes long. */
async function tell(bare: Bare, what: 'open' | 'forget', ids: string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 50) {
    const body = JSON.stringify(ids.slice(from, from + 50))
    const answer = await fetch(`${bare.url}/bench/${what}`, { method: 'POST', body })
    if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`)
    await answer.text()
  }
}

async function get(url: string): Promise<void> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  await response.text()
}

/** The carrier's REST on loopback: every create and update is answered at once. */
async function startCarrier(): Promise<{ url: string; close(): void }> {
  let calls = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const create = request.url?.endsWith('/Calls.json') && request.method === 'POST'
      calls += 1
      const sid = create ? `CA${String(calls).padStart(32, '0')}` : (/CA[0-9a-z]+/.exec(request.url ?? '')?.[0] ?? '')
      response.writeHead(create ? 201 : 200, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ sid, status: create ? 'queued' : 'in-progress' }))
    })
  })
  const port = await freePort(5400)
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
