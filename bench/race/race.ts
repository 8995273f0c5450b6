/**
 * 10,000 batches × 4 simultaneous answers over HTTP into bare workerd: how many winners, and what an answer costs as a
 * ratio to the reference of the same run (Worker → one object, one row, same form body).
 */
import { createServer } from 'node:http'
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { inParallel } from '../parallel.ts'
import { ACTORS, signed, varsOf } from '../webhook.ts'
import { type Bare, serveBare } from '../workerd.ts'

const LEGS = 4
const AT_ONCE = 16

export interface RaceFigure {
  batches: number
  exactlyOneWinner: number
  cpuMicrosPerAnswer: number
  referenceMicros: number
  replyRatio: number
  totalRatio: number
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
  })
  try {
    return await measure(bare, batches)
  } finally {
    bare.stop()
    carrier.close()
  }
}

async function measure(bare: Bare, batches: number): Promise<RaceFigure> {
  const ids = Array.from({ length: batches }, (_, index) => `w_bench.c_1.b${index + 1}`)
  const half = Math.floor(batches / 2)
  const t0 = performance.now()
  await inParallel(ids, 8, id => get(`${bare.url}/bench/open?id=${id}`))
  await settled(bare)
  console.error('opened+settled', performance.now() - t0)
  const times: number[] = []
  const before = await reference(bare, batches)
  await get(`${bare.url}/bench/hold?on=1`)
  const reply = await cpu(bare, () => answerAll(bare, ids.slice(0, half), times))
  await get(`${bare.url}/bench/hold?on=0`)
  await settled(bare)
  const show = async (word: string) =>
    console.error(word, bare.residentMiB(), await (await fetch(`${bare.url}/bench/counts`)).text())
  await show('before')
  const total = await cpu(bare, async () => {
    const winners = await answerAll(bare, ids.slice(half), times)
    await settled(bare)
    return winners
  })
  await show('total')
  const after = await reference(bare, batches)
  const referenceMicros = (before + after) / 2
  const replyMicros = (reply.seconds * 1e6) / (half * LEGS)
  const totalMicros = (total.seconds * 1e6) / ((batches - half) * LEGS)
  times.sort((a, b) => a - b)
  return {
    batches,
    exactlyOneWinner: reply.value + total.value,
    cpuMicrosPerAnswer: Math.round(replyMicros),
    referenceMicros: Math.round(referenceMicros),
    replyRatio: round(replyMicros / referenceMicros),
    totalRatio: round(totalMicros / referenceMicros),
    p99Ms: round(times[Math.floor(times.length * 0.99)] ?? 0),
  }
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
  const response = await fetch(`${bare.url}${route}`, signed(`${bare.url}${route}`, `CA${batchId}${leg}`))
  const text = await response.text()
  times.push(performance.now() - started)
  if (!response.ok) throw new Error(`answer: ${response.status} ${text}`)
  return text
}

/** CPU microseconds per request of the reference. */
async function reference(bare: Bare, batches: number): Promise<number> {
  const ids = Array.from({ length: batches * 2 }, (_, index) => `r${index % batches}`)
  const warm = ids.slice(0, Math.min(batches, 500))
  await inParallel(warm, AT_ONCE, id => post(bare, id))
  const { seconds } = await cpu(bare, () => inParallel(ids, AT_ONCE * LEGS, id => post(bare, id)))
  return (seconds * 1e6) / ids.length
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

/** Nothing is owed any more: the process is idle. */
async function settled(bare: Bare): Promise<void> {
  for (let quiet = 0, last = bare.cpuSeconds(); quiet < 3; ) {
    await new Promise(resolve => setTimeout(resolve, 1_000))
    const now = bare.cpuSeconds()
    console.error('settling', (now - last).toFixed(3))
    quiet = now - last < 0.05 ? quiet + 1 : 0
    last = now
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
