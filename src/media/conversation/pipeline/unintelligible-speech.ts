/** Speech without words: the model may ask the caller to repeat it, but only a few times, because the room may be noisy. */
import type { CallerTurn } from './speech-input.ts'

/** The text of such a turn in the history that the model reads. */
export const INAUDIBLE = '[inaudible]'
/** Shorter sounds are coughs and doors. */
const FROM_MS = 600
/** Such turns in a row that the model is told of. */
const MAX = 2

export class UnintelligibleSpeech {
  #inRow = 0

  /** The words of a turn. `listening`: nobody else speaks or thinks, so the caller waits for an answer. */
  wordsOf({ text, settled, startMs, quietSinceMs }: CallerTurn, listening: boolean): string {
    if (text !== '') this.#inRow = 0
    // A transcriber that has not settled may still send words.
    if (text !== '' || !listening || !settled || quietSinceMs - startMs < FROM_MS) return text
    this.#inRow += 1
    return this.#inRow <= MAX ? INAUDIBLE : ''
  }
}
