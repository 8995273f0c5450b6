/**
 * The port of transcription for one call: µ-law at 8,000 samples a second goes in as it comes from the carrier, and words come
 * out meanwhile. Services that take only whole utterances have the same port and answer at `settle`.
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
   * Words of the stretch of sound between the two times (ms of sound sent so far). Until they are `final`, later words of
   * the same stretch replace them. `confidence` is 0…1; null: the service reports none.
   */
  | { type: 'words'; text: string; final: boolean; confidence: number | null; startMs: number; endMs: number }
  /** all words of the sound that was sent before the last `settle` have been reported */
  | { type: 'settled' }
  /** the service itself has detected that the speaker has finished (Deepgram Flux) */
  | { type: 'turn-ended' }
  /** the connection is over and no event follows; whoever uses the port opens another one */
  | { type: 'failed'; failure: ProviderFailure }

export interface Transcriber {
  readonly provider: string
  /** Takes one frame or several, in order. Never throws; does nothing after the end. */
  send(mulaw: Uint8Array): void
  /** Somebody began to speak `backMs` before the end of the sound sent so far: utterance services keep sound from there. */
  began(backMs: number): void
  /** The speaker paused: the transcriber reports all words so far, and then `settled`. */
  settle(): void
  /** No event is reported after this. A second call does nothing. */
  close(): void
}

export interface Transcription {
  readonly provider: string
  /** Resolves when the transcriber can take sound. Throws `ProviderFailure`, also if `signal` aborts. */
  open(options: TranscriptionOptions, heard: (event: Heard) => void, signal: AbortSignal): Promise<Transcriber>
}
