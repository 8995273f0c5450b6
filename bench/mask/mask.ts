/**
 * Calls at masks, as the carrier asks about them: who is rung, whether any document has a number that its leg must not see, and what the answer
 * costs as a ratio to the reference of the race (Worker → one object, one row, the same form body), measured before each window.
 */
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { inParallel } from '../parallel.ts'
import { ACTORS, signed, varsOf } from '../webhook.ts'
import { type Bare, serveBare } from '../workerd.ts'

const AT_ONCE = 16
const WARM = 100
const NUMBERS = 500
const PAIRS = 4
const WINDOW = 500
const STRANGERS_EVERY = 20
/** A document may send the carrier on once or twice before it rings somebody. */
const PAGES_MAX = 4

export interface MaskFigure {
  calls: number
  leaks: number
  wrongParty: number
  answerP95Ms: number
  microsPerAnswer: number
  referenceMicros: number
  replyRatio: number
}
interface Asked {
  callSid: string
  mask: string
  from: string
  /** null: a stranger, who reaches nobody */
  to: string | null
}

export async function benchMask(calls: number): Promise<MaskFigure> {
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

async function measure(bare: Bare, calls: number): Promise<MaskFigure> {
  const masks = Array.from({ length: NUMBERS }, (_, n) => ({
    number: numberOf(100_000 + n),
    pairs: Array.from({ length: PAIRS }, (__, pair): [string, string] => [
      numberOf(200_000 + n * PAIRS + pair),
      numberOf(300_000 + n * PAIRS + pair),
    ]),
  }))
  await must(`${bare.url}/bench/masks`, { method: 'POST', body: JSON.stringify(masks) })
  const asked = Array.from({ length: calls }, (_, index) => askOf(index, masks))
  const [times, answers, references]: [number[], number[], number[]] = [[], [], []]
  let [leaks, wrongParty] = [0, 0]
  for (let from = 0; from < calls; from += WINDOW) {
    const window = asked.slice(from, from + WINDOW)
    await referenceOnce(bare, WARM)
    const reference = await cost(bare, window.length, () => referenceOnce(bare, window.length))
    const answer = await cost(bare, window.length, () =>
      inParallel(window, AT_ONCE, async one => {
        const started = performance.now()
        const document = await answered(bare, one)
        times.push(performance.now() - started)
        const rung = [...(/<Number>([^<]+)</.exec(document)?.slice(1) ?? [])][0] ?? null
        if (rung !== one.to) wrongParty += 1
        if (seenNumbers(document).some(number => number !== one.to && number !== one.mask)) leaks += 1
      }),
    )
    // The first window finds cold code.
    if (from > 0 || calls <= WINDOW) {
      references.push(reference)
      answers.push(answer)
    }
  }
  times.sort((a, b) => a - b)
  return {
    ...{ calls, leaks, wrongParty },
    answerP95Ms: round(times[Math.floor(times.length * 0.95)] ?? 0),
    microsPerAnswer: Math.round(median(answers)),
    referenceMicros: Math.round(median(references)),
    replyRatio: round(median(answers.map((micros, index) => micros / (references[index] ?? 1)))),
  }
}

/** Either party of every pair in turn, and now and then somebody of no session. */
function askOf(index: number, masks: readonly { number: string; pairs: readonly [string, string][] }[]): Asked {
  const { number, pairs } = masks[index % masks.length] as (typeof masks)[number]
  const [a, b] = pairs[Math.floor(index / masks.length) % pairs.length] as [string, string]
  const callSid = `CA${String(index).padStart(32, '0')}`
  if (index % STRANGERS_EVERY === 0) return { callSid, mask: number, from: numberOf(400_000 + index), to: null }
  return index % 2 === 0 ? { callSid, mask: number, from: a, to: b } : { callSid, mask: number, from: b, to: a }
}

/** The document that rings somebody, or ends the call. */
async function answered(bare: Bare, { callSid, mask, from }: Asked): Promise<string> {
  let address = `${bare.url}/twilio/w_bench/inbound`
  const form = { From: from, Caller: from, To: mask, Called: mask, Direction: 'inbound', CallStatus: 'ringing' }
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const answer = await fetch(address, signed(address, callSid, form))
    const document = await answer.text()
    if (!answer.ok) throw new Error(`${answer.status} ${document.slice(0, 300)}`)
    if (document.includes('<Dial') || document.includes('<Hangup')) return document
    const [, next] = /<Redirect[^>]*>([^<]+)</.exec(document) ?? []
    if (next === undefined) throw new Error(`no way on: ${document.slice(0, 300)}`)
    address = new URL(next.replaceAll('&amp;', '&'), address).href
  }
  throw new Error('nobody is rung')
}

function seenNumbers(document: string): string[] {
  return [...document.matchAll(/\+\d{7,15}/g)].map(([number]) => number)
}

function numberOf(n: number): string {
  return `+1415${String(n).padStart(7, '5')}`
}

async function referenceOnce(bare: Bare, requests: number): Promise<void> {
  const ids = Array.from({ length: requests }, (_, index) => `r${index % WARM}`)
  await inParallel(ids, AT_ONCE, async id => {
    const url = `${bare.url}/bench/reference?id=${id}`
    await (await fetch(url, signed(url, `CA${id}`))).text()
  })
}

/** µs of CPU for each request. */
async function cost(bare: Bare, requests: number, work: () => Promise<void>): Promise<number> {
  const cpu = bare.cpuSeconds()
  await work()
  return ((bare.cpuSeconds() - cpu) * 1e6) / requests
}

async function must(url: string, init: RequestInit = {}): Promise<void> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  await answer.text()
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
