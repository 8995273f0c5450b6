/**
 * `npm run chaos [-- --cycles N]`: kill -9 of workerd in mid-race, again and again, on one disk. What was acknowledged
 * must be there, decided once, dialled once; what was owed must be done within 5 s of the restart.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { deskOf, LEGS } from '../../bench/round.ts'
import { ACTORS, varsOf } from '../../bench/webhook.ts'
import { type Bare, serveBare } from '../../bench/workerd.ts'
import { recordFigure } from '../../scripts/figures.ts'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { Carrier, type PlacedCall } from './carrier.ts'
import type { Inspected } from './worker.ts'

const WORKSPACE = 'w_bench'
const ROUNDS = 20
/** About as many webhooks as a cycle has. The kill comes after a random number of them. */
const WEBHOOKS = 260
const RECOVERY_MS = 5_000
/** In every tenth cycle nobody touches an object for this long after the restart: its own alarm must do the work. */
const UNTOUCHED_EVERY = 10
/** The rounds count as quiet after this time without a webhook. */
const QUIET_MS = 3_000
const CYCLE_LIMIT_MS = 90_000
const ASK_AGAIN_MS = 20

interface Tally {
  cycles: number
  acknowledged: number
  lost: number
  doubleWinners: number
  doubleDials: number
  slowestRecoveryMs: number
  lateRecoveries: number
  killsInMidRace: number
}

type Looks = Record<string, Inspected & { logged: number }>

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { cycles: { type: 'string' }, seed: { type: 'string' } } })
  const [cycles, seed] = [Number(values.cycles ?? 200), Number(values.seed ?? 7)]
  const carrier = new Carrier()
  await carrier.listen()
  const port = await freePort(5600)
  const url = `http://127.0.0.1:${port}`
  const script = await buildWorker(path.join(WORK, 'chaos'), 'test/chaos/worker.ts')
  const bare = await serveBare({ script, port, actors: ACTORS, vars: varsOf(url, carrier.url), inMemory: true })
  try {
    const tally = await run(bare, carrier, cycles, randomOf(seed))
    record(tally, seed)
    console.log(JSON.stringify({ proof: 'chaos', seed, ...tally }))
    const broken = tally.lost + tally.doubleWinners + tally.doubleDials + tally.lateRecoveries
    process.exitCode = broken === 0 ? 0 : 1
  } finally {
    bare.stop()
    carrier.close()
  }
}

async function run(bare: Bare, carrier: Carrier, cycles: number, random: () => number): Promise<Tally> {
  const tally: Tally = {
    cycles,
    acknowledged: 0,
    lost: 0,
    doubleWinners: 0,
    doubleDials: 0,
    slowestRecoveryMs: 0,
    lateRecoveries: 0,
    killsInMidRace: 0,
  }
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    const batches = Array.from({ length: ROUNDS }, (_, index) => `${WORKSPACE}.c_1.bk${cycle}x${index}`)
    const from = carrier.calls.length
    const opened = await killedInMidRace(bare, carrier, batches, 1 + Math.floor(random() * WEBHOOKS))
    if (carrier.calls.slice(from).some(call => !call.over)) tally.killsInMidRace += 1
    const tookMs = await recovery(bare, batches, cycle % UNTOUCHED_EVERY === 0)
    tally.slowestRecoveryMs = Math.max(tally.slowestRecoveryMs, Math.round(tookMs))
    if (tookMs > RECOVERY_MS) tally.lateRecoveries += 1
    carrier.hold(false)
    if (!opened) await open(bare, batches)
    judge(tally, carrier, from, await finished(bare, carrier, batches, from))
    tally.acknowledged = carrier.acknowledged
    if (cycle % 10 === 0) console.error(`cycle ${cycle}: ${JSON.stringify(tally)}`)
  }
  return tally
}

/** Opens the rounds and kills after the given number of acknowledged webhooks. False: the opening was hit as well. */
async function killedInMidRace(bare: Bare, carrier: Carrier, batches: string[], after: number): Promise<boolean> {
  let [count, last] = [0, performance.now()]
  const struck = new Promise<void>(resolve => {
    carrier.onAcknowledged = () => {
      count += 1
      last = performance.now()
      if (count === after) resolve()
    }
  })
  const quiet = () => performance.now() - last > QUIET_MS
  const opening = open(bare, batches).then(
    () => {
      last = performance.now()
      return true
    },
    () => false,
  )
  // The rounds may send fewer webhooks than `after`; then the kill comes when they are all over.
  await Promise.race([struck, opening.then(() => until(quiet, CYCLE_LIMIT_MS))])
  carrier.onAcknowledged = () => undefined
  carrier.down(true)
  carrier.hold(true)
  await bare.kill()
  await bare.restart()
  carrier.down(false)
  return opening
}

/** True when the call is over and its last status callback is acknowledged. */
function isOver(call: PlacedCall): boolean {
  return call.over && (call.acknowledged.at(-1)?.endsWith(`:${call.status}`) ?? false)
}

/** How long after the restart everything was done that was owed before it; 0 when it was done untouched. */
async function recovery(bare: Bare, batches: string[], untouched: boolean): Promise<number> {
  const restarted = Date.now()
  const started = performance.now()
  const isDone = async (): Promise<boolean> => {
    const looks = Object.values(await inspect(bare, batches))
    return looks.every(look => look.owedSince === null || look.owedSince >= restarted)
  }
  if (untouched) {
    // All must be done in this time. An earlier look would wake the objects, whose own alarms must do the work.
    await pass(RECOVERY_MS)
    if (await isDone()) return 0
  } else await until(isDone, CYCLE_LIMIT_MS)
  return performance.now() - started
}

/** Every call of the cycle is over and every fact of it has reached the log; what is still owed then counts as lost. */
async function finished(bare: Bare, carrier: Carrier, batches: string[], from: number): Promise<Looks> {
  await until(() => carrier.calls.slice(from).every(isOver), CYCLE_LIMIT_MS)
  let looks: Looks = {}
  const isSettled = async (): Promise<boolean> => {
    looks = await inspect(bare, batches)
    return Object.values(looks).every(look => look.owedSince === null)
  }
  await comesTrue(isSettled, 3 * RECOVERY_MS)
  return looks
}

function judge(tally: Tally, carrier: Carrier, from: number, looks: Looks): void {
  const calls = carrier.calls.slice(from)
  const [dialled, won] = [new Map<string, number>(), new Map<string, number>()]
  for (const call of calls) {
    dialled.set(call.legId, (dialled.get(call.legId) ?? 0) + 1)
    if (call.twiml?.includes('<Conference')) won.set(call.batchId, (won.get(call.batchId) ?? 0) + 1)
    const seen = new Set(looks[call.legId]?.seen)
    tally.lost += call.acknowledged.filter(id => !seen.has(id)).length
    const decided = looks[call.batchId]?.facts.some(
      fact => fact.legId === call.legId && (fact.type === 'leg-held' || fact.type === 'leg-dismissed'),
    )
    if (call.twiml !== null && !decided) tally.lost += 1
  }
  for (const look of Object.values(looks)) {
    tally.lost += look.quarantined
    if (look.facts.length !== look.seq || (look.logged !== look.seq && look.seq > 0)) tally.lost += 1
  }
  tally.doubleDials += [...dialled.values()].filter(count => count > 1).length
  tally.doubleWinners += [...won.values()].filter(count => count > 1).length
}

async function open(bare: Bare, batches: string[]): Promise<void> {
  await post(`${bare.url}/chaos/open`, batches)
}

async function inspect(bare: Bare, batches: string[]): Promise<Looks> {
  const calls = batches.flatMap(id => Array.from({ length: LEGS }, (_, index) => `${id}.${index + 1}`))
  const ask = { workspaceId: WORKSPACE, batches, calls, desks: batches.map(deskOf) }
  return (await (await post(`${bare.url}/chaos/inspect`, ask)).json()) as Looks
}

async function post(url: string, body: object): Promise<Response> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer
}

const pass = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Asks again and again; the pause only keeps the asking from being a load of its own. False: not within `limitMs`. */
async function comesTrue(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const started = performance.now()
  while (!(await condition())) {
    if (performance.now() - started > limitMs) return false
    await pass(ASK_AGAIN_MS)
  }
  return true
}

async function until(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<void> {
  if (!(await comesTrue(condition, limitMs))) throw new Error(`not so within ${limitMs} ms`)
}

/** mulberry32: where each kill falls follows from the seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function record(tally: Tally, seed: number): void {
  recordFigure('RELIABILITY', 'chaos', {
    goal: `200 × kill -9 in mid-race, ≥ 50,000 acknowledged facts: 0 lost, 0 double winners, 0 double dials, everything owed done ≤ ${RECOVERY_MS} ms after the restart`,
    reproduce: `npm run chaos -- --cycles ${tally.cycles} --seed ${seed}`,
    seed,
    values: { ...tally },
    notes: [
      'acknowledged: webhooks that got their 2xx; the row of each, and what it decided, is looked up after the kill. lost also counts facts that never reached the call log, gaps and quarantined inputs.',
      "The objects' disk is a file system in memory where there is one: what is proved is the death of the process, whose writes the system keeps, not of the machine.",
      `Every ${UNTOUCHED_EVERY}th restart nobody touches an object for ${RECOVERY_MS} ms: the objects' own alarms must do the work (lateRecoveries).`,
    ],
  })
}

await main()
