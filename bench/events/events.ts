/**
 * Sockets of events under breaks: five hundred clients follow the calls of a workspace, lose their sockets at random moments and come back with their cursor, and the
 * process of the Worker is killed once. Nobody may miss an event of their topics, or get one out of order.
 */
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import type { StreamPage } from '../../src/actors/log/contract.ts'
import { unsealed } from '../../src/core/events/stream/cursor.ts'
import { type Bare, serveBare } from '../workerd.ts'
import { Follower } from './follower.ts'

const SUBSCRIBERS = 500
const WORKSPACE = 'w_bench'
/** A call begins every 200 ms and tells five facts, 40 ms apart: 25 events a second. */
const FACT_MS = 40
const KILL_EVERY_MS = 100
const SETTLE_MS = 20_000
const LINKS = { kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
const PERSONAL = { to: '+15005550001', from: '+14155550001', name: 'Ann' }
const LIFE = [
  { type: 'call-created', links: LINKS, options: {}, talk: null, personal: PERSONAL },
  { type: 'call-attempted' },
  { type: 'call-ringing' },
  { type: 'call-answered' },
  { type: 'call-hungup', reason: 'normal', providerStatus: 'completed', talkedMs: 6, code: null },
]

export async function benchEvents(calls: number): Promise<object> {
  const script = await buildWorker(path.join(WORK, 'bench-events'), 'bench/events/worker.ts')
  const port = await freePort(5860)
  const bare = await serveBare({
    ...{
      script,
      port,
      actors: { LOG: 'LogActor', STREAM: 'StreamActor' },
      vars: {},
      inMemory: true,
      log: () => undefined,
    },
  })
  const followers = Array.from({ length: SUBSCRIBERS }, (_, n) => new Follower(bare.url, n))
  try {
    await Promise.all(followers.map(one => one.ready()))
    const breaking = setInterval(() => breakOne(followers), KILL_EVERY_MS)
    const peakMiB = await happen(bare, calls)
    clearInterval(breaking)
    const log = await eventsOf(bare)
    await allHave(followers, log)
    return { ...figuresOf(followers, log), peakMiB }
  } finally {
    for (const one of followers) one.end()
    bare.stop()
  }
}

/** A socket is cut without a word. Every other time what was handled and not acknowledged is forgotten, as by a program that starts again. */
function breakOne(followers: readonly Follower[]): void {
  followers[Math.floor(Math.random() * followers.length)]?.cut(Math.random() < 0.5)
}

/** Tells the facts of all calls at their pace, and kills the Worker when half of them have been told. Returns its largest memory. */
async function happen(bare: Bare, calls: number): Promise<number> {
  let [next, peakMiB] = [Date.now(), 0]
  for (let n = 0; n < calls; n += 1) {
    if (n === Math.floor(calls / 2)) {
      await bare.kill()
      await bare.restart()
      next = Date.now()
    }
    for (const [index, fact] of LIFE.entries()) {
      next += FACT_MS
      await new Promise(resolve => setTimeout(resolve, Math.max(0, next - Date.now())))
      const answer = await fetch(`${bare.url}/fact?source=${WORKSPACE}.call_${n}&seq=${index + 1}`, {
        ...{ method: 'POST', body: JSON.stringify(fact) },
      })
      if (!answer.ok) throw new Error(`a fact was not taken: ${answer.status} ${await answer.text()}`)
      await answer.text()
    }
    peakMiB = Math.max(peakMiB, bare.residentMiB())
  }
  return peakMiB
}

interface Logged {
  cursor: string
  type: string
}

async function eventsOf(bare: Bare): Promise<Logged[]> {
  const all: Logged[] = []
  for (let [cursor, more] = ['before~0', true]; more; ) {
    const page = (await (await fetch(`${bare.url}/events?cursor=${cursor}`)).json()) as StreamPage
    all.push(...page.items.map(({ event }) => ({ cursor: event.cursor, type: event.type })))
    ;({ next: cursor, more } = page)
  }
  return all
}

function expectedBy(follower: Follower, log: readonly Logged[]): string[] {
  return log.filter(({ type }) => follower.wants(type)).map(({ cursor }) => cursor)
}

/** Waits until everybody has the last event that they should have. */
async function allHave(followers: readonly Follower[], log: readonly Logged[]): Promise<void> {
  const ends = Date.now() + SETTLE_MS
  const hasLast = (one: Follower) => one.cursors.has(expectedBy(one, log).at(-1) ?? '')
  while (!followers.every(hasLast) && Date.now() < ends) await new Promise(resolve => setTimeout(resolve, 50))
}

function figuresOf(followers: readonly Follower[], log: readonly Logged[]): object {
  let [missing, unordered] = [0, 0]
  for (const one of followers) {
    const expected = expectedBy(one, log)
    const came = [...one.cursors]
    missing += expected.filter(cursor => !one.cursors.has(cursor)).length
    if (missing === 0 && came.join() !== expected.join()) unordered += 1
  }
  const live = followers.flatMap(({ lateMs }) => lateMs).sort((a, b) => a - b)
  const sum = (count: (one: Follower) => number) => followers.reduce((all, one) => all + count(one), 0)
  return {
    subscribers: followers.length,
    events: log.length,
    delivered: sum(one => one.received),
    breaks: sum(one => one.breaks),
    gapAfterReconnect: missing,
    outOfOrder: unordered,
    repeated: sum(one => one.received - one.cursors.size),
    p50Ms: live[Math.floor(live.length / 2)] ?? 0,
    p95Ms: live[Math.floor(live.length * 0.95)] ?? 0,
  }
}

/** The cursor of the log in what a client got. */
export function plain(cursor: string): string {
  return unsealed(WORKSPACE, cursor) ?? ''
}
