/** The ear's transcriber: opened at the beginning, opened again when it breaks, given up after too many times in a row. */
import type { Heard } from '../../../providers/transcription/port.ts'
import type { SessionParts } from '../conversation-parts.ts'
import type { SpeechInput } from './speech-input.ts'

export interface ListeningEvents {
  /** something was heard: times may have changed */
  heard(): void
  failed(error: unknown): void
  givenUp(): void
}

export class TranscriberSupervisor {
  readonly #parts: SessionParts
  readonly #ear: SpeechInput
  readonly #events: ListeningEvents
  #failures = 0
  #closed = false

  constructor(parts: SessionParts, ear: SpeechInput, events: ListeningEvents) {
    this.#parts = parts
    this.#ear = ear
    this.#events = events
  }

  open(): void {
    void this.#open()
  }

  /** A turn was heard whole. */
  worked(): void {
    this.#failures = 0
  }

  failed(error: unknown): void {
    if (this.#closed) return
    this.#events.failed(error)
    this.#failures += 1
    if (this.#failures < this.#parts.agent.rules.failuresMax) void this.#open()
    else this.#events.givenUp()
  }

  close(): void {
    this.#closed = true
  }

  async #open(): Promise<void> {
    const { transcription, agent, signal, now } = this.#parts
    const heard = (event: Heard) => {
      if (this.#closed) return
      this.#ear.heard(event, now())
      this.#events.heard()
    }
    try {
      const transcriber = await transcription.open({ language: agent.language, hints: agent.hints }, heard, signal)
      if (this.#closed) transcriber.close()
      else this.#ear.listenWith(transcriber)
    } catch (error) {
      this.failed(error)
    }
  }
}
