/** Keeps a transcriber open: opens it again when it breaks, and gives up after too many failures in a row. */
import type { Heard } from '../../../providers/transcription/port.ts'
import type { PipelineParts } from './driver.ts'
import type { SpeechInput } from './speech-input.ts'

export interface TranscriberEvents {
  /** something came of it, so times may have changed */
  transcribed(): void
  failed(error: unknown): void
  givenUp(): void
}

export class TranscriberSupervisor {
  readonly #parts: Pick<PipelineParts, 'transcription' | 'agent' | 'signal' | 'now'>
  readonly #input: SpeechInput
  readonly #events: TranscriberEvents
  #failures = 0
  #closed = false

  constructor(parts: PipelineParts, input: SpeechInput, events: TranscriberEvents) {
    this.#parts = parts
    this.#input = input
    this.#events = events
  }

  open(): void {
    void this.#open()
  }

  /** A whole turn was transcribed, so the failures before it do not count any more. */
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
    const tell = (event: Heard) => {
      if (this.#closed) return
      this.#input.transcribed(event, now())
      this.#events.transcribed()
    }
    try {
      const transcriber = await transcription.open({ language: agent.language, hints: agent.hints }, tell, signal)
      if (this.#closed) transcriber.close()
      else this.#input.listenWith(transcriber)
    } catch (error) {
      this.failed(error)
    }
  }
}
