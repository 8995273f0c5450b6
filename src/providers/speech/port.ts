/** Words to sound, as the carrier takes it: µ-law, 8,000 samples a second, no header. */

export interface SpeechOptions {
  /** the provider's own name of a voice; empty: its default */
  voice: string
  /** BCP-47 */
  language: string
}

export interface Speaker {
  readonly provider: string
  /**
   * The sound of one sentence, in pieces as they come, cut anywhere. Sentences may be asked for while an earlier one is
   * still coming; each has its own iteration. Throws `ProviderFailure`; ends early, without a throw, when `signal` aborts.
   */
  say(text: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Frees what is open. A second time does nothing. */
  close(): void
}

export interface Speech {
  readonly provider: string
  /** Throws `ProviderFailure`. */
  open(options: SpeechOptions, signal: AbortSignal): Promise<Speaker>
}
