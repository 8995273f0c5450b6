/** Messages to and from the recogniser's thread. */

/** One decoder listens to one utterance at a time. Each takes 25 MB and a share of the thread. */
export const DECODERS_MAX = 4

export interface Grammar {
  /** the same name is always the same grammar */
  name: string
  jsgf: string
  /** a sentence with a word that is less certain than this is refused, 0…1 */
  confidenceMin: number
  /** word → sounds, for words that the dictionary does not have */
  pronunciations: Readonly<Record<string, string>>
}

export interface HeardWord {
  word: string
  /** from the beginning of the utterance */
  startMs: number
  endMs: number
  /** 0…1 */
  confidence: number
}

export interface Heard {
  /** '' when nothing of the grammar was heard */
  text: string
  words: HeardWord[]
  /** there was speech that is not in the grammar */
  refused: boolean
}

export type RecogniserOrder =
  | { do: 'grammar'; grammar: Grammar }
  /** so many decoders have the grammar before anybody speaks, `DECODERS_MAX` at most */
  | { do: 'prepare'; grammar: string; decoders: number }
  | { do: 'begin'; id: number; grammar: string }
  /** 16-bit samples at 8 kHz */
  | { do: 'audio'; id: number; samples: Int16Array }
  | { do: 'end'; id: number }
  | { do: 'forget'; id: number }

export type RecogniserNews =
  | { id: number; type: 'partial'; text: string }
  | { id: number; type: 'final'; heard: Heard }
  /** so much of the sound that was sent has been listened to */
  | { id: number; type: 'took'; samples: number }
  | { id: number; type: 'failed'; error: string }
