/**
 * A floor in virtual time: agents of one campaign share the lines that ring, and whoever is free longest gets the person who answers. How people
 * behave is the model of the pacing tables that the goal comes from: people answer after 3 to 26 s (mostly about 9), 35 in 100 lines reach a
 * machine after 8 to 32 s, the rest rings out.
 */
import { type Governed, type govern, NO_TALLY, type Tally } from '../../src/core/pacing/governor.ts'
import type { Random } from '../../test/simulation/random.ts'

const HOUR_S = 3_600
const DAY_HOURS = 8
export const DAYS = 30
const TALK_S = 90
const WRAP_S = 15
const MACHINE = 0.35
const RINGS_S = 30
/** Under 15 s or four rings a line must not be cut (US 16 CFR 310.4(b)(4)(ii)). */
const RING_LEAST_S = 15
/** From an answer of a machine until the line is let go. */
const VERDICT_S = 4

export interface FloorOptions {
  agents: number
  /** people who answer, of lines */
  answerRate: number
  days: number
  random: Random
  /** how many lines may ring; the governor, or a plain rule to compare it with */
  pace(asked: Parameters<typeof govern>[0]): Pick<Governed, 'lines' | 'expected'>
}
export interface FloorFigure {
  conversations: number
  answered: number
  abandoned: number
  dialed: number
  perAgentHour: number
  abandonPct: number
  /** the worst of any 30 days in a row; of a shorter run, of all of it */
  worstMonthPct: number
}

type Event = { at: number; is: 'answer' | 'machine' | 'rings-out'; line: Line } | { at: number; is: 'free' }
interface Line {
  startedS: number
  over: boolean
  share: number
}

/** One campaign for so many days of eight hours. */
export function runFloor(options: FloorOptions): FloorFigure {
  const floor = new Floor(options)
  const days: Tally[] = []
  for (let day = 0; day < options.days; day += 1) days.push(floor.day(days))
  const sum = total(days)
  const hours = options.agents * options.days * DAY_HOURS
  const months = days.slice(Math.min(days.length, DAYS) - 1).map((_, index) => total(days.slice(index, index + DAYS)))
  return {
    ...{ conversations: sum.answered - sum.abandoned, ...sum },
    perAgentHour: (sum.answered - sum.abandoned) / hours,
    abandonPct: pctOf(sum),
    worstMonthPct: Math.max(...months.map(pctOf)),
  }
}

function pctOf({ answered, abandoned }: Tally): number {
  return answered === 0 ? 0 : (100 * abandoned) / answered
}

function total(days: readonly Tally[]): Tally {
  return days.reduce(
    (sum, one) => ({
      ...{ dialed: sum.dialed + one.dialed, answered: sum.answered + one.answered },
      ...{ abandoned: sum.abandoned + one.abandoned, expected: sum.expected + one.expected },
    }),
    NO_TALLY,
  )
}

class Floor {
  readonly #options: FloorOptions
  readonly #queue = new Heap()
  readonly #ringing = new Set<Line>()
  #idle = 0
  #tally = NO_TALLY
  #before = NO_TALLY

  constructor(options: FloorOptions) {
    this.#options = options
  }

  day(before: readonly Tally[]): Tally {
    this.#tally = NO_TALLY
    this.#before = total(before.slice(-DAYS + 1))
    this.#idle = this.#options.agents
    this.#ringing.clear()
    this.#queue.clear()
    this.#dial(0)
    for (;;) {
      const event = this.#queue.pop()
      if (event === null || event.at > DAY_HOURS * HOUR_S) return this.#tally
      this.#take(event)
      this.#dial(event.at)
    }
  }

  #take(event: Event): void {
    if (event.is === 'free') {
      this.#idle += 1
      return
    }
    const { line } = event
    if (line.over) return
    line.over = true
    this.#ringing.delete(line)
    if (event.is !== 'answer') return
    const { answered, abandoned } = this.#tally
    this.#tally = { ...this.#tally, answered: answered + 1, expected: this.#tally.expected + line.share }
    if (this.#idle === 0) {
      this.#tally = { ...this.#tally, abandoned: abandoned + 1 }
      return
    }
    this.#idle -= 1
    const talk = this.#options.random
    this.#queue.push({ at: event.at + TALK_S * exponential(talk) + WRAP_S, is: 'free' })
  }

  #dial(now: number): void {
    const { pace, answerRate, random } = this.#options
    const month = total([this.#before, this.#tally])
    const asked = { idle: this.#idle, day: this.#tally, month }
    const { lines, expected } = pace({ ...asked, limit: 0.03, losers: 'ring-out', perAgentMax: 10 })
    if (lines < this.#ringing.size) this.#letGo(lines, now)
    while (this.#ringing.size < lines) {
      const line: Line = { startedS: now, over: false, share: expected }
      this.#ringing.add(line)
      this.#tally = { ...this.#tally, dialed: this.#tally.dialed + 1 }
      const dice = random.next()
      if (dice < answerRate) this.#queue.push({ at: now + triangular(random, 3, 9, 26), is: 'answer', line })
      else if (dice < answerRate + MACHINE)
        this.#queue.push({ at: now + 8 + 24 * random.next() + VERDICT_S, is: 'machine', line })
      else this.#queue.push({ at: now + RINGS_S, is: 'rings-out', line })
    }
  }

  /** Lines that have rung long enough are cut, the oldest first, so that fewer may be abandoned. */
  #letGo(lines: number, now: number): void {
    for (const line of this.#ringing) {
      if (this.#ringing.size <= lines) return
      if (now - line.startedS < RING_LEAST_S) continue
      line.over = true
      this.#ringing.delete(line)
    }
  }
}

function exponential(random: Random): number {
  return -Math.log(1 - random.next())
}

function triangular(random: Random, least: number, mode: number, most: number): number {
  const u = random.next()
  const split = (mode - least) / (most - least)
  if (u < split) return least + Math.sqrt(u * (most - least) * (mode - least))
  return most - Math.sqrt((1 - u) * (most - least) * (most - mode))
}

/** Events by time. */
class Heap {
  readonly #items: Event[] = []

  clear(): void {
    this.#items.length = 0
  }
  push(event: Event): void {
    const items = this.#items
    let at = items.length
    items.push(event)
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = items[up] as Event
      if (parent.at <= event.at) break
      items[at] = parent
      at = up
    }
    items[at] = event
  }
  pop(): Event | null {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (first === undefined || last === undefined) return null
    if (items.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= items.length) break
      const right = left + 1
      const next = right < items.length && (items[right] as Event).at < (items[left] as Event).at ? right : left
      if ((items[next] as Event).at >= last.at) break
      items[at] = items[next] as Event
      at = next
    }
    items[at] = last
    return first
  }
}
