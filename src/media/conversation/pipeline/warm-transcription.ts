/** A transcriber that is opened while the phone still rings, so that the first words find it there. */
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from '../../../providers/transcription/port.ts'

/**
 * Opens at once; the first `open` gets that transcriber, every later one a new one. What nobody has taken when `signal` aborts
 * is closed.
 */
export class WarmTranscription implements Transcription {
  readonly provider: string
  readonly #cold: Transcription
  #heard: (event: Heard) => void = () => {}
  /** what it said before anyone listened: only that it failed matters */
  #early: Heard | null = null
  #warm: Promise<Transcriber> | null

  constructor(cold: Transcription, options: TranscriptionOptions, signal: AbortSignal) {
    this.provider = cold.provider
    this.#cold = cold
    this.#heard = event => {
      if (event.type === 'failed') this.#early = event
    }
    this.#warm = cold.open(options, event => this.#heard(event), signal)
    // Whoever opens it is told; until then a failure is nobody's.
    this.#warm.catch(() => {})
    signal.addEventListener('abort', () => this.close())
  }

  async open(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber> {
    const warm = this.#warm
    this.#warm = null
    if (warm === null || this.#early !== null) return this.#cold.open(options, heard, signal)
    this.#heard = heard
    return warm
  }

  /** Nobody will need it. */
  close(): void {
    this.#warm?.then(
      transcriber => transcriber.close(),
      () => {},
    )
    this.#warm = null
  }
}
