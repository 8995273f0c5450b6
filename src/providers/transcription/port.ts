/**
 * Sound to words, as one call needs it: µ-law at 8,000 samples a second goes in as it comes from the carrier, words come
 * out while it goes in. Services that take whole utterances only are behind the same port: they answer at `settle`.
 */
import type { ProviderFailure } from '../failure.ts'

export interface TranscriptionOptions {
  /** BCP-47, for example `en-US` */
  language: string
  /** words that are likely to be said: names, products */
  hints: string[]
}

export type Heard =
  /**
   * Words of the stretch of sound between the two times (ms of sound sent so far). Until they are `final`, later ones of
   * the same stretch replace them; `confidence` 0…1, null where the service says nothing.
   */
  | { type: 'words'; text: string; final: boolean; confidence: number | null; startMs: number; endMs: number }
  /** all words of the sound that was sent before the last `settle` have been told */
  | { type: 'settled' }
  /** the service itself holds that the speaker has finished (Deepgram Flux) */
  | { type: 'turn-ended' }
  /** the connection is over and nothing more comes; the caller opens another one */
  | { type: 'failed'; failure: ProviderFailure }

export interface Transcriber {
  readonly provider: string
  /** One frame or several, in order. Never throws; after the end nothing happens. */
  send(mulaw: Uint8Array): void
  /** Someone begins to speak `backMs` before the end of what was sent: utterance services keep sound from there on. */
  began(backMs: number): void
  /** The speaker paused: tell all words so far, then `settled`. */
  settle(): void
  /** No event comes after it. A second time does nothing. */
  close(): void
}

export interface Transcription {
  readonly provider: string
  /** Ready to take sound. Throws `ProviderFailure`; gives up when `signal` does. */
  open(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber>
}
