/**
 * Webhooks of one workspace with many endpoints. The carrier's callbacks come over HTTP into the shipping Worker; each of them is a fact of a
 * call, and each fact is wanted by every endpoint. Measured is the time from the fact to the request at the endpoint.
 */
import path from 'node:path'
import { Webhook } from 'standardwebhooks'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import type { PublicEvent, PublicEventPage } from '../../src/wire/events.ts'
import { ACTORS, signed, varsOf } from '../webhook.ts'
import { type Bare, serveBare } from '../workerd.ts'
import { Consumer, type Got } from './consumer.ts'

const ENDPOINTS = 200
/** An inbound call that nobody answers makes one of each. */
const TYPES = ['call_created', 'call_hungup']
/** The carrier says something so often. The machine carries more; a queue that grows would measure itself. */
const GAP_MS = 400
/** Of the calls, the part that comes while two endpoints are out of order: so few seconds that the dead one is asked again soon after. */
const FAULTY_PART = 0.4
const SLOW_MS = 1_000
/** The bench waits so long after the last callback and counts what has not arrived then as lost. The dead endpoint pauses for 19 s at most. */
const REST_MS = 45_000
const LOOK_MS = 50
const WARM_CALLS = 10
/** Live at a time, so that lanes of several calls are mixed. */
const LIVE = 3
const VERIFIED_EVERY = 20
const WORDS: readonly [route: string, status: string][] = [
  ['inbound', 'ringing'],
  ['inbound-status', 'completed'],
]

export async function benchWebhooks(deliveries: number): Promise<object> {
  const calls = Math.ceil(deliveries / ENDPOINTS / WORDS.length)
  const script = await buildWorker(path.join(WORK, 'bench-webhooks'), 'bench/webhooks/worker.ts')
  const port = await freePort(5600)
  const url = `http://127.0.0.1:${port}`
  const { consumer, url: hooks } = await Consumer.listen()
  // Nothing is asked of the carrier, so nobody needs to listen there.
  const vars = { ...varsOf(url, url), TRUNKLINE_MODE: 'local' }
  const bare = await serveBare({ script, port, actors: ACTORS, vars, inMemory: true })
  try {
    return await new Run(bare, consumer, hooks, calls).measure()
  } finally {
    bare.stop()
    consumer.close()
  }
}

/** One stretch of the run: the calls that it sends, and whether two of the endpoints are broken while it lasts. */
interface Phase {
  calls: string[]
  faults: boolean
}

class Run {
  readonly #bare: Bare
  readonly #consumer: Consumer
  readonly #endpoints: string[] = Array.from({ length: ENDPOINTS }, (_, index) => `wh_${index}`)
  readonly #hooks: string
  readonly #calls: number
  readonly #secret = `whsec_${btoa('one secret of this bench.')}`

  constructor(bare: Bare, consumer: Consumer, hooks: string, calls: number) {
    this.#bare = bare
    this.#consumer = consumer
    this.#hooks = hooks
    this.#calls = calls
  }

  async measure(): Promise<object> {
    const made = this.#endpoints.map(id => ({ id, url: `${this.#hooks}/${id}`, secret: this.#secret, types: TYPES }))
    await must(`${this.#bare.url}/bench/endpoints`, { method: 'POST', body: JSON.stringify(made) })
    await this.#place({ calls: sids(0, WARM_CALLS), faults: false })
    const faults = Math.floor(this.#calls * FAULTY_PART)
    const healthy = { calls: sids(100, this.#calls - faults), faults: false }
    const faulty = { calls: sids(100_000, faults), faults: true }
    const [began, cpu, waited] = [performance.now(), this.#bare.cpuSeconds(), this.#bare.waitedMs()]
    await this.#place(healthy)
    await this.#place(faulty)
    const seconds = (performance.now() - began) / 1_000
    const cpuSeconds = this.#bare.cpuSeconds() - cpu
    const waitedSeconds = (this.#bare.waitedMs() - waited) / 1_000
    const wanted = await this.#wanted()
    const arrived = this.#endpoints.reduce((sum, id) => sum + this.#arrivals(id, wanted).size, 0)
    this.#mend()
    await this.#rest(wanted)
    return {
      endpoints: ENDPOINTS,
      events: wanted.length * ENDPOINTS,
      deliveredPerSecond: Math.round(arrived / seconds),
      ...this.#figures(wanted, healthy.calls.length),
      cpuMicrosPerDelivery: Math.round((cpuSeconds * 1e6) / arrived),
      waitedForCpu: Math.round((100 * waitedSeconds) / (waitedSeconds + cpuSeconds)) / 100,
    }
  }

  /** Callbacks at an even pace. */
  async #place({ calls, faults }: Phase): Promise<void> {
    const [dead = '', slow = ''] = this.#endpoints
    if (faults) {
      this.#consumer.dead.add(dead)
      this.#consumer.slow.set(slow, SLOW_MS)
    }
    const steps = calls.flatMap((callSid, index) =>
      WORDS.map((word, step) => ({ callSid, word, at: index + step * (LIVE - 0.5) })),
    )
    steps.sort((one, other) => one.at - other.at)
    const began = performance.now()
    for (const [index, { callSid, word }] of steps.entries()) {
      await pass(began + index * GAP_MS - performance.now())
      await this.#say(callSid, word)
    }
    await pass(GAP_MS)
  }

  async #say(callSid: string, [route, status]: readonly [string, string]): Promise<void> {
    const url = `${this.#bare.url}/twilio/w_bench/${route}`
    const form = { CallStatus: status, Direction: 'inbound', To: '+14155550001', From: '+15005550001' }
    await must(url, signed(url, callSid, form))
  }

  #mend(): void {
    this.#consumer.dead.clear()
    this.#consumer.slow.clear()
  }

  /** By the log: events of this bench's types, without those of the calls to warm up, in their order. */
  async #wanted(): Promise<PublicEvent[]> {
    const found: PublicEvent[] = []
    for (let cursor: string | null = null; ; ) {
      const query = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`
      const page = (await (await fetch(`${this.#bare.url}/bench/events${query}`)).json()) as PublicEventPage
      found.push(...page.items)
      cursor = page.next
      if (!page.more) break
    }
    const wanted = found.filter(({ type }) => TYPES.includes(type))
    const warm = new Set([...new Set(wanted.map(({ data }) => data.id))].slice(0, WARM_CALLS))
    return wanted.filter(({ data }) => !warm.has(data.id))
  }

  /** Until the last of what is wanted is there, at every endpoint. */
  async #rest(wanted: PublicEvent[]): Promise<void> {
    const began = performance.now()
    const missing = () => this.#endpoints.some(id => this.#arrivals(id, wanted).size < wanted.length)
    while (missing() && performance.now() - began < REST_MS) await pass(LOOK_MS)
  }

  /** First arrivals by message, among those that are wanted. */
  #arrivals(endpoint: string, wanted: PublicEvent[]): Map<string, Got> {
    const ids = new Set(wanted.map(messageIdOf))
    const first = new Map<string, Got>()
    for (const one of this.#consumer.of(endpoint))
      if (ids.has(one.messageId) && !first.has(one.messageId)) first.set(one.messageId, one)
    return first
  }

  /** `healthy`: so many calls came while all endpoints were well. */
  #figures(wanted: PublicEvent[], healthy: number): object {
    const [dead, slow] = this.#endpoints
    const calls = [...new Set(wanted.map(({ data }) => data.id))]
    const well = new Set(calls.slice(0, healthy))
    const ids = new Set(wanted.map(messageIdOf))
    const count = { lost: 0, duplicated: 0, outOfOrder: 0 }
    const times: { well: number[]; faulty: number[] } = { well: [], faulty: [] }
    for (const id of this.#endpoints) {
      const arrivals = this.#arrivals(id, wanted)
      count.lost += wanted.length - arrivals.size
      count.duplicated += this.#consumer.of(id).filter(({ messageId }) => ids.has(messageId)).length - arrivals.size
      count.outOfOrder += outOfOrder(wanted, arrivals)
      if (id === dead || id === slow) continue
      for (const event of wanted) {
        const got = arrivals.get(messageIdOf(event))
        if (got) times[well.has(event.data.id) ? 'well' : 'faulty'].push(got.at - Date.parse(event.timestamp))
      }
    }
    return {
      p50Ms: percentile(times.well, 0.5),
      p95Ms: percentile(times.well, 0.95),
      ...count,
      slowNeighbourP95Ms: percentile(times.faulty, 0.95),
      verified: this.#verify(),
    }
  }

  /** A sample, by the package that receivers use. Throws when one is not as it should be. */
  #verify(): number {
    const receiver = new Webhook(this.#secret)
    const sample = this.#endpoints.flatMap(id =>
      this.#consumer.of(id).filter((_, index) => index % VERIFIED_EVERY === 0),
    )
    for (const { body, headers } of sample) receiver.verify(body, headers)
    return sample.length
  }
}

/** The events of one call that came before an earlier one of it. */
function outOfOrder(wanted: PublicEvent[], arrivals: Map<string, Got>): number {
  const last = new Map<unknown, number>()
  let wrong = 0
  const places = new Map([...arrivals.keys()].map((messageId, index) => [messageId, index]))
  for (const event of wanted) {
    const place = places.get(messageIdOf(event)) ?? Number.MAX_SAFE_INTEGER
    if (place < (last.get(event.data.id) ?? -1)) wrong += 1
    last.set(event.data.id, Math.max(place, last.get(event.data.id) ?? -1))
  }
  return wrong
}

function messageIdOf({ id }: PublicEvent): string {
  return id.replaceAll('.', '~')
}

function sids(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `CA${String(from + index).padStart(32, '0')}`)
}

async function must(url: string, init: RequestInit = {}): Promise<void> {
  const answer = await fetch(url, init)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`)
}

const pass = (ms: number) => (ms > 0 ? new Promise<void>(resolve => setTimeout(resolve, ms)) : Promise.resolve())

function percentile(values: number[], at: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0
}
