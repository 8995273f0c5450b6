/** Finds out, before the first word of a call that we made, who answered, and when a machine is ready for its message. */
import { BeepDetector } from '../answering/beep.ts'
import { type AnsweredBy, Greeting } from '../answering/greeting.ts'
import type { Language } from '../turn/words.ts'

/** Silence after which a machine's greeting is over, in case we did not hear its beep. */
const SILENT_MS = 2_500
/** The message begins after this time even if the greeting has not ended. */
const MESSAGE_LIMIT_MS = 45_000

export interface AnsweringEvents {
  decided(verdict: AnsweredBy): void
  /** the machine records now */
  mayLeaveMessage(): void
}

export class Answering {
  readonly #greeting: Greeting
  readonly #events: AnsweringEvents
  readonly #beep = new BeepDetector()
  readonly #startMs: number
  #told = false
  #quietSinceMs: number | null
  #leaving: 'no' | 'waiting' | 'done' = 'no'

  constructor(language: Language, startMs: number, events: AnsweringEvents) {
    this.#greeting = new Greeting(language, startMs)
    this.#startMs = startMs
    this.#quietSinceMs = startMs
    this.#events = events
  }

  /** There is nothing more to find out. */
  get over(): boolean {
    return this.#told && this.#leaving !== 'waiting'
  }
  get text(): string {
    return this.#greeting.text
  }

  waitForTone(): void {
    this.#leaving = 'waiting'
  }

  sound(mulaw: Uint8Array): void {
    if (this.over || !this.#beep.receive(mulaw)) return
    this.#greeting.beeped()
    this.#look()
    this.#leave()
  }

  spoke(atMs: number): void {
    this.#quietSinceMs = null
    this.#greeting.spoke(atMs)
  }

  fellSilent(atMs: number): void {
    this.#quietSinceMs = atMs
    this.#greeting.fellSilent(atMs)
  }

  words(text: string): void {
    this.#greeting.words(text)
    this.#look()
  }

  pressed(): void {
    this.#greeting.pressed()
    this.#look()
  }

  nextMs(): number | null {
    if (this.#leaving !== 'waiting') return this.#greeting.nextMs()
    const limit = this.#startMs + MESSAGE_LIMIT_MS
    return this.#quietSinceMs === null ? limit : Math.min(limit, this.#quietSinceMs + SILENT_MS)
  }

  tick(nowMs: number): void {
    const due = this.nextMs()
    if (due === null || nowMs < due) return
    if (this.#leaving === 'waiting') return this.#leave()
    this.#greeting.tick(nowMs)
    this.#look()
  }

  #look(): void {
    const { verdict } = this.#greeting
    if (verdict === null || this.#told) return
    this.#told = true
    this.#events.decided(verdict)
  }

  #leave(): void {
    if (this.#leaving !== 'waiting') return
    this.#leaving = 'done'
    this.#events.mayLeaveMessage()
  }
}
