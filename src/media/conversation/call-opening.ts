/** Begins a conversation: with our opening, with the caller's words, or, on a call that we made, by finding out who answered. */
import type { AnsweredBy } from '../answering/greeting.ts'
import type { Language } from '../turn/words.ts'
import { Answering } from './answering.ts'
import type { ConversationParts } from './conversation-parts.ts'

export interface CallOpeningEvents {
  /** the conversation begins; empty: the caller speaks first */
  begin(opening: string): void
  /** the person answered with `greeting`, which is not a turn */
  greeted(greeting: string): void
}

export type CallOpeningParts = Pick<ConversationParts, 'agent' | 'now' | 'tell' | 'hangUp'>

export class CallOpening {
  /** what we say first */
  opening = ''
  /** the opening is a message on a machine: nothing interrupts it, and after it we hang up */
  isMessage = false
  readonly #parts: CallOpeningParts
  readonly #tongue: Language
  readonly #events: CallOpeningEvents
  #answering: Answering | null = null

  constructor(parts: CallOpeningParts, tongue: Language, events: CallOpeningEvents) {
    this.#parts = parts
    this.#tongue = tongue
    this.#events = events
  }

  /** `fresh` false: a new stream continues the conversation. */
  start(fresh: boolean): void {
    const { agent, now } = this.#parts
    if (!fresh || agent.answering === null) return this.#begin(fresh ? agent.opening : '')
    this.#answering = new Answering(this.#tongue, now(), {
      decided: who => this.#decided(who),
      mayLeaveMessage: () => {
        this.isMessage = true
        this.#begin(agent.answering?.voicemail ?? '')
      },
    })
  }

  sound(mulaw: Uint8Array): void {
    this.#answering?.sound(mulaw)
  }
  spoke(sinceMs: number): void {
    this.#answering?.spoke(sinceMs)
  }
  fellSilent(sinceMs: number): void {
    this.#answering?.fellSilent(sinceMs)
  }
  words(text: string): void {
    this.#answering?.words(text)
  }
  pressed(): void {
    this.#answering?.pressed()
  }
  nextMs(): number | null {
    return this.#answering?.nextMs() ?? null
  }
  tick(nowMs: number): void {
    this.#answering?.tick(nowMs)
  }

  #begin(opening: string): void {
    this.opening = opening
    this.#events.begin(opening)
  }

  /** A person is greeted at once, a machine gets its message after the tone, and to a menu the agent listens. */
  #decided(who: AnsweredBy): void {
    const { agent, tell, hangUp } = this.#parts
    tell({ type: 'answered-by', who })
    if (who !== 'voicemail') {
      this.#events.greeted(this.#answering?.text ?? '')
      this.#begin(who === 'ivr' ? '' : agent.opening)
    } else if (agent.answering?.voicemail) this.#answering?.waitForTone()
    else hangUp()
  }
}
