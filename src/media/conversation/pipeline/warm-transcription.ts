/** Opens a transcriber while the phone still rings, so that it is ready for the first words. */
import type { Heard, Transcriber, Transcription, TranscriptionOptions } from '../../../providers/transcription/port.ts'

/**
 * Opens a transcriber at once and gives it to the first `open`; every later `open` gets a new one. If nobody has taken the first
 * one when `signal` aborts, it is closed.
 */
export class WarmTranscription implements Transcription {
  readonly provider: string
  readonly #cold: Transcription
  #heard: (event: Heard) => void = () => {}
  /** set if the transcriber failed before anybody took it */
  #early: Heard | null = null
  #warm: Promise<Transcriber> | null

  constructor(cold: Transcription, options: TranscriptionOptions, signal: AbortSignal) {
    this.provider = cold.provider
    this.#cold = cold
    this.#heard = event => {
      if (event.type === 'failed') this.#early = event
    }
    this.#warm = cold.open(options, event => this.#heard(event), signal)
    // `open` reports a failure to its caller; without this handler a failure before that would be an unhandled rejection.
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

  /** Closes the transcriber that nobody has taken. */
  close(): void {
    this.#warm?.then(
      transcriber => transcriber.close(),
      () => {},
    )
    this.#warm = null
  }
}
