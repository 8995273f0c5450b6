/**
 * Stand-ins for a carrier that hears and speaks by itself and exchanges only words with us: no sound of the caller arrives and
 * we make none. A sentence of ours is then a mark with its text, which counts as played when the carrier says so.
 */
import type { Speaker } from '../../../providers/speech/port.ts'
import type { Transcription } from '../../../providers/transcription/port.ts'
import type { SpeechLine } from '../../vad/speech-detector.ts'

/** Makes no sound for any sentence. */
export const SILENT_SPEAKER: Speaker = {
  provider: 'carrier',
  async *say() {},
  close() {},
}

/** Is ready at once and never transcribes anything. */
export const DEAF_TRANSCRIPTION: Transcription = {
  provider: 'carrier',
  open: async () => ({ provider: 'carrier', send() {}, began() {}, settle() {}, close() {} }),
}

/** For a stream that carries no sound. */
export function soundlessDetector(): SpeechLine {
  return { hear: () => null, hearBytes: () => null, close() {}, [Symbol.dispose]() {} }
}
