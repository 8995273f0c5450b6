/** Random histories of a ledger with random amounts and limits: calls at once, events twice and out of order. The same seed gives the same run. */
import type { Limits } from '../../src/core/billing/ledger.ts'
import { priceOf, type Rate } from '../../src/core/billing/rates.ts'
import { type BilledCall, type BilledEvent, read } from '../../src/core/billing/usage.ts'
import { Random } from '../simulation/random.ts'
import { Book, type Decide } from './billing-book.ts'

export interface BillingFuzzed {
  histories: number
  orders: number
  /** orders by what came of them */
  outcomes: Record<string, number>
  broken: { seed: number; law: string }[]
}

export function fuzzBilling(histories: number, first = 1, rules?: Decide): BillingFuzzed {
  const found: BillingFuzzed = { histories: 0, orders: 0, outcomes: {}, broken: [] }
  for (let seed = first; seed < first + histories; seed += 1) {
    const law = fuzzOne(seed, found, rules)
    found.histories += 1
    if (law !== null) found.broken.push({ seed, law })
    if (found.broken.length >= 5) break
  }
  return found
}

function fuzzOne(seed: number, found: BillingFuzzed, rules?: Decide): string | null {
  const random = new Random(seed)
  const limits: Limits = {
    floor: random.chance(0.75) ? -random.pick([0, 0, 500, 20_000]) : null,
    perDay: random.chance(0.25) ? random.between(0, 200_000) : null,
    perCall: random.chance(0.25) ? random.between(0, 60_000) : null,
  }
  const increment = random.pick([1, 6, 60])
  const rate: Rate = {
    ...{ costType: 'call_pstn_outgoing', direction: null, prefix: '', currency: 'USD' },
    ...{ rateMicros: random.between(0, 12_000), increment, minimum: increment * random.between(0, 2) },
    ...{ connectMicros: random.pick([0, 0, 77]), validFrom: null, validTo: null },
  }
  const book = new Book(limits, rules)
  const calls = Array.from({ length: random.between(1, 4) }, (_, n) => new Call(`c${n}`, random))
  const turns = random.between(5, 24)
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, decision] of act(book, random, random.pick(calls), rate, turn)) {
      found.orders += 1
      const outcome = `${name}: ${decision}`
      found.outcomes[outcome] = (found.outcomes[outcome] ?? 0) + 1
    }
    for (const law of book.broken) return law
  }
  for (const law of book.laws()) return law
  return null
}

type Done = [name: string, outcome: string]

function* act(book: Book, random: Random, call: Call, rate: Rate, turn: number): Iterable<Done> {
  const say = (name: string, { do: what, ...more }: ReturnType<Book['give']>): Done => [
    name,
    'because' in more ? more.because : what,
  ]
  const dice = random.next()
  if (dice < 0.15) {
    // A repeat of the request has the same key.
    const key = `top:${random.between(0, turn)}`
    yield say('top-up', book.give(key, { do: 'top-up', micros: random.between(1, 60_000) }, null))
  } else if (dice < 0.2) {
    const micros = random.pick([-1, 1]) * random.between(1, 30_000)
    yield say('adjust', book.give(`adjust:${turn}`, { do: 'adjust', micros }, null))
  } else if (dice < 0.4)
    yield say('hold', book.give(`${call.id}:hold`, { do: 'hold', micros: priceOf(rate, 60) }, call.id))
  else if (dice < 0.5) {
    const micros = priceOf(rate, 120) - priceOf(rate, 60)
    yield say('extend', book.give(`${call.id}:extend:${random.between(1, 3)}`, { do: 'extend', micros }, call.id))
  } else if (dice < 0.56) yield say('void', book.give(`${call.id}:void`, { do: 'void' }, call.id))
  else if (dice < 0.6)
    yield say('carrier', book.give(`${call.id}:carrier`, { do: 'carrier-cost', micros: 7_000 }, null))
  else
    for (const line of call.hears(random)) {
      const order = { do: 'charge', micros: priceOf(rate, line.quantity), costType: line.costType } as const
      yield say('charge', book.give(line.id, { ...order, closes: line.closes }, call.id))
    }
}

/** A call whose events come twice and in any order after the first. */
class Call {
  readonly id: string
  readonly #events: BilledEvent[]
  #known: BilledCall | null = null

  constructor(id: string, random: Random) {
    this.id = id
    const talkedMs = random.pick([0, 900, 59_000, 60_001, 61_000, 600_000])
    const of = (seq: number, type: string, at: number, data: object, personal: object | null = null): BilledEvent => ({
      ...{ id: `${id}:${seq}`, callId: id, type, at, data: { ...data } },
      personal: personal && { ...personal },
    })
    this.#known = read(null, of(1, 'call-created', 0, { links: { kind: 'ai' } }, { to: '+14155550101' })).call
    this.#events = [
      of(2, 'call-answered', 1_000, {}),
      of(3, 'talk-stream-opened', 2_000, { stream: 1 }),
      of(4, 'talk-noted', 3_000, { word: 'usage', spokenCharacters: random.between(1, 900) }),
      of(5, 'talk-stream-closed', 2_000 + random.between(0, 90_000), { stream: 1 }),
      of(6, 'call-hungup', 1_000 + talkedMs, { talkedMs }),
      of(7, 'recording-reported', 99_000, { recordingId: 'r1', status: 'completed', seconds: random.between(0, 70) }),
      of(8, 'recording-reported', 99_500, { recordingId: 'r1', status: 'completed', seconds: 70 }),
      of(9, 'recording-transcript-moved', 99_900, { recordingId: 'r1', status: 'done', seconds: 70 }),
    ]
  }

  hears(random: Random) {
    const known = this.#known
    const reading = read(known, random.pick(this.#events))
    // A crash before the end of the transaction: the event is read again by what was known before.
    if (!random.chance(0.2)) this.#known = reading.call
    return reading.lines
  }
}
