/** Somebody spoke and no words came of it: the model may ask again, but not for ever, for it may be a noisy room. */
import type { CallerTurn } from './speech-input.ts'

/** What the model is told. */
export const INAUDIBLE = '[inaudible]'
/** Shorter sounds are coughs and doors. */
const FROM_MS = 600
/** In a row. */
const MAX = 2

export class UnintelligibleSpeech {
  #inRow = 0

  /** The words of a turn. `ours`: it is the caller's turn to speak. */
  wordsOf({ text, settled, startMs, quietSinceMs }: CallerTurn, ours: boolean): string {
    if (text !== '') this.#inRow = 0
    // A transcriber that is only late has words yet.
    if (text !== '' || !ours || !settled || quietSinceMs - startMs < FROM_MS) return text
    this.#inRow += 1
    return this.#inRow <= MAX ? INAUDIBLE : ''
  }
}
