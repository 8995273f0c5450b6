/**
 * Calls in the loop of a menu: each key is one webhook, one commit of the call and one document. Its cost is a ratio to the reference of the
 * race, measured before each window in the same process (Worker → one object, one row, the same form body).
 */
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { inParallel } from '../parallel.ts'
import { ACTORS, signed, varsOf } from '../webhook.ts'
import { type Bare, serveBare } from '../workerd.ts'

const AT_ONCE = 16
const WARM = 100
/** Each call keys so often, once per window. */
const KEYS = 20
const MENU = /<Gather[^>]* action="([^"]+)"/

export interface FlowFigure {
  calls: number
  stepsPerSecond: number
  microsPerStep: number
  referenceMicros: number
  stepRatio: number
  p99Ms: number
}
/** A call, and the address that its menu asks next. */
interface Caller {
  callSid: string
  next: string
}
interface Window {
  seconds: number
  cpuMicros: number
}

export async function benchFlow(calls: number): Promise<FlowFigure> {
  const script = await buildWorker(path.join(WORK, 'bench'), 'bench/race/worker.ts')
  const port = await freePort(5300)
  const url = `http://127.0.0.1:${port}`
  const actors = { ...ACTORS, REFERENCE: 'Reference' }
  // Nothing is asked of the carrier, so nobody needs to listen there.
  const bare = await serveBare({ script, port, actors, vars: varsOf(url, url), inMemory: true })
  try {
    return await measure(bare, calls)
  } finally {
    bare.stop()
  }
}

async function measure(bare: Bare, calls: number): Promise<FlowFigure> {
  await must(`${bare.url}/bench/flow`, { method: 'POST' })
  // Deliveries wait: they are no part of the answer, and the race holds them back as well.
  await must(`${bare.url}/bench/hold?on=1`)
  const callers = Array.from({ length: calls }, (_, index) => ({ callSid: sidOf(index), next: '' }))
  await inParallel(callers, AT_ONCE, async caller => {
    await step(caller, `${bare.url}/twilio/w_bench/inbound`, { CallStatus: 'ringing', Direction: 'inbound' })
  })
  const times: number[] = []
  const windows: { reference: Window; steps: Window }[] = []
  for (let key = 0; key < KEYS; key += 1) {
    await referenceOnce(bare, WARM)
    const reference = await cost(bare, calls, () => referenceOnce(bare, calls))
    const steps = await cost(bare, calls, () =>
      inParallel(callers, AT_ONCE, async caller => {
        const started = performance.now()
        await step(caller, caller.next, { Digits: '1', FinishedOnKey: '' })
        times.push(performance.now() - started)
      }),
    )
    // The first key finds cold code.
    if (key > 0) windows.push({ reference, steps })
  }
  times.sort((a, b) => a - b)
  return {
    calls,
    stepsPerSecond: Math.round(calls / median(windows.map(({ steps }) => steps.seconds))),
    microsPerStep: Math.round(median(windows.map(({ steps }) => steps.cpuMicros))),
    referenceMicros: Math.round(median(windows.map(({ reference }) => reference.cpuMicros))),
    stepRatio: round(median(windows.map(({ steps, reference }) => steps.cpuMicros / reference.cpuMicros))),
    p99Ms: round(times[Math.floor(times.length * 0.99)] ?? 0),
  }
}

/** The carrier asks, and the answer must be the menu again: any other document is no step of this loop. */
async function step(caller: Caller, address: string, form: Record<string, string>): Promise<void> {
  const answer = await fetch(address, signed(address, caller.callSid, { To: '+14155550001', ...form }))
  const document = await answer.text()
  const [, action] = MENU.exec(document) ?? []
  if (!answer.ok || action === undefined) throw new Error(`no menu: ${answer.status} ${document.slice(0, 300)}`)
  caller.next = new URL(action.replaceAll('&amp;', '&'), address).href
}

async function referenceOnce(bare: Bare, requests: number): Promise<void> {
  const ids = Array.from({ length: requests }, (_, index) => `r${index % WARM}`)
  await inParallel(ids, AT_ONCE, async id => {
    const url = `${bare.url}/bench/reference?id=${id}`
    await (await fetch(url, signed(url, `CA${id}`))).text()
  })
}

async function cost(bare: Bare, requests: number, work: () => Promise<void>): Promise<Window> {
  const [cpu, started] = [bare.cpuSeconds(), performance.now()]
  await work()
  const seconds = (performance.now() - started) / 1_000
  return { seconds, cpuMicros: ((bare.cpuSeconds() - cpu) * 1e6) / requests }
}

async function must(url: string, init: RequestInit = {}): Promise<void> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  await answer.text()
}

function sidOf(index: number): string {
  return `CA${String(index).padStart(32, '0')}`
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
