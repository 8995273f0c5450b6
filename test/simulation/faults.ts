/**
 * The faults by name. Each schedule switches a random part of the kinds on (swarm testing: a world with every
 * fault at once hides the bugs that need a quiet one), each with its own strength.
 */
import type { Random } from './random.ts'

/** kind → chance per opportunity at full strength */
const KINDS = {
  'callback-dropped': 0.2,
  'callback-duplicated': 0.2,
  'callback-delayed': 0.2,
  'callback-reordered': 0.4,
  'callback-hour-late': 0.08,
  'create-answer-lost': 0.25,
  'create-never-arrived': 0.12,
  'create-throttled': 0.25,
  'create-server-error': 0.15,
  'create-refused': 0.08,
  'carrier-slow': 0.2,
  'carrier-failing': 0.25,
  'callbacks-blacked-out': 0.3,
  'list-lagging': 0.8,
  'answer-webhook-slow': 0.15,
  'answer-webhook-lost': 0.15,
  'verdict-wrong': 0.25,
  'verdict-late': 0.25,
  'verdict-missing': 0.25,
  'answers-tied': 0.8,
  'cancel-races-answer': 0.5,
  'crash-before-commit': 0.03,
  'crash-after-commit': 0.03,
  'message-lost': 0.08,
  'message-answer-lost': 0.08,
  'message-delayed': 0.15,
  'alarm-late': 0.2,
  'command-repeated': 0.2,
  'line-dropped': 0.3,
  'tab-closed': 0.15,
} as const

const OF_PEOPLE = new Set<string>([
  'verdict-wrong',
  'verdict-late',
  'verdict-missing',
  'answers-tied',
  'cancel-races-answer',
  'command-repeated',
  'line-dropped',
  'tab-closed',
])

export type FaultKind = keyof typeof KINDS
export const FAULT_KINDS = Object.keys(KINDS) as FaultKind[]

export class Faults {
  readonly hits = new Map<FaultKind, number>()
  readonly #rates = new Map<FaultKind, number>()
  readonly #random: Random
  #on = true
  #infrastructural = false

  constructor(random: Random) {
    this.#random = random
    const share = random.pick([0, 0.2, 0.4, 0.7, 1])
    const strength = random.pick([0.3, 0.6, 1])
    for (const kind of FAULT_KINDS) if (random.chance(share)) this.#rates.set(kind, KINDS[kind] * strength)
  }

  strikes(kind: FaultKind): boolean {
    if (!this.#on) return false
    const rate = this.#rates.get(kind)
    if (rate === undefined || this.#random.next() >= rate) return false
    this.hits.set(kind, (this.hits.get(kind) ?? 0) + 1)
    if (!OF_PEOPLE.has(kind)) this.#infrastructural = true
    return true
  }

  /** True when a machine, message or callback has failed so far. Acts of people and the quality of detection do not count. */
  get areInfrastructural(): boolean {
    return this.#infrastructural
  }

  /** Nothing strikes while `run` builds the world. */
  rest(run: () => void): void {
    const on = this.#on
    this.#on = false
    run()
    this.#on = on
  }

  stop(): void {
    this.#on = false
  }
}
