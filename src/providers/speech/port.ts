/** The port of text to speech. The sound is as the carrier takes it: µ-law, 8,000 samples a second, no header. */

export interface SpeechOptions {
  /** the provider's own name of a voice; empty: its default */
  voice: string
  /** BCP-47 */
  language: string
}

export interface Speaker {
  readonly provider: string
  /**
   * Yields the sound of one sentence as it arrives, in pieces of any length. The next sentence may be requested while this one
   * still arrives. Throws `ProviderFailure`; ends early, without a throw, if `signal` aborts.
   */
  say(text: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Closes the speaker's connections. A second call does nothing. */
  close(): void
}

export interface Speech {
  readonly provider: string
  /** Throws `ProviderFailure`. */
  open(options: SpeechOptions, signal: AbortSignal): Promise<Speaker>
}
