/**
 * A conversation over a carrier that hears and speaks by itself and carries only words: no sound of the caller comes, none of
 * ours is made. A sentence then is a mark with its text, and "played" is what the carrier says of it.
 */
import type { Speaker } from '../../../providers/speech/port.ts'
import type { Transcription } from '../../../providers/transcription/port.ts'
import type { SpeechLine } from '../../vad/speech-detector.ts'

/** Makes no sound of any sentence. */
export const SILENT_SPEAKER: Speaker = {
  provider: 'carrier',
  async *say() {},
  close() {},
}

/** Is ready at once and never hears anything. */
export const DEAF_TRANSCRIPTION: Transcription = {
  provider: 'carrier',
  open: async () => ({ provider: 'carrier', send() {}, began() {}, settle() {}, close() {} }),
}

/** A line without sound. */
export function soundlessLine(): SpeechLine {
  return { hear: () => null, hearBytes: () => null, close() {}, [Symbol.dispose]() {} }
}
