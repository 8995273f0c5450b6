/** How a conversation begins: with our opening, with the caller's words, or, on a call that we made, with who has answered. */
import type { AnsweredBy } from '../answering/greeting.ts'
import type { Language } from '../turn/words.ts'
import { Answering } from './answering.ts'
import type { SessionParts } from './conversation-parts.ts'

export interface FirstWordsEvents {
  /** the conversation begins; empty: the caller speaks first */
  begin(opening: string): void
  /** what was heard before was no turn: `greeting` is how the person answered */
  greeted(greeting: string): void
}

export type FirstWordsParts = Pick<SessionParts, 'agent' | 'now' | 'tell' | 'hangUp'>

export class CallOpening {
  /** what we say first */
  opening = ''
  /** it is a message on a machine: nothing interrupts it, and after it we hang up */
  isMessage = false
  readonly #parts: FirstWordsParts
  readonly #tongue: Language
  readonly #events: FirstWordsEvents
  #answering: Answering | null = null

  constructor(parts: FirstWordsParts, tongue: Language, events: FirstWordsEvents) {
    this.#parts = parts
    this.#tongue = tongue
    this.#events = events
  }

  /** `fresh` false: the line came back, and the conversation goes on. */
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

  /** A person is greeted at once; a machine gets its message after the tone; with a menu the agent listens. */
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
