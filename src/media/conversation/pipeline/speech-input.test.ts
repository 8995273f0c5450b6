import { expect, test } from 'vitest'
import type { Transcriber } from '../../../providers/transcription/port.ts'
import { BACK_MAX_MS, UTTERANCE_MAX_MS, UtteranceTranscriber } from '../../../providers/transcription/utterance.ts'
import { base64FromBytes } from '../../../sound/base64.ts'
import { FRAME_BYTES } from '../../../sound/mulaw.ts'
import { SpeechInput } from './speech-input.ts'

const FRAME = base64FromBytes(new Uint8Array(FRAME_BYTES).fill(0x20))
const BYTES_PER_MS = 8
const quiet = { hear: () => 0, hearBytes: () => 0, close() {}, [Symbol.dispose]() {} }
const ignore = { sound() {}, spoke() {}, possibleEnd() {}, fellSilent() {}, words() {}, finished() {}, failed() {} }

test('sound that waits for a transcriber which never comes is bounded, and each call has its own [S2-16]', () => {
  const inputs = [1, 2].map(() => new SpeechInput({ language: 'en', detector: quiet, startMs: 0 }, ignore))
  for (let frame = 0; frame < 30_000; frame += 1) inputs[0]?.receive(FRAME, frame * 20)
  const bytesGiven = inputs.map(input => {
    let bytes = 0
    const transcriber: Transcriber = {
      provider: 'test',
      send: mulaw => {
        bytes += mulaw.length
      },
      began() {},
      settle() {},
      close() {},
    }
    input.listenWith(transcriber)
    return bytes
  })
  // Six seconds of ten minutes; the other call has sent nothing.
  expect(bytesGiven).toEqual([100 * 3 * FRAME_BYTES, 0])
})

test('a transcriber of whole utterances keeps the last seconds of a silence, and sends a long speech in parts [S2-16]', () => {
  const sentMs: number[] = []
  const transcriber = new UtteranceTranscriber(
    'test',
    async mulaw => {
      sentMs.push(mulaw.length / BYTES_PER_MS)
      return null
    },
    () => undefined,
  )
  const pass = (ms: number) => {
    for (let at = 0; at < ms; at += 20) transcriber.send(new Uint8Array(FRAME_BYTES))
  }
  pass(600_000)
  transcriber.began(600_000)
  pass(3 * UTTERANCE_MAX_MS)
  transcriber.settle()
  expect(Math.max(...sentMs)).toBeLessThanOrEqual(UTTERANCE_MAX_MS + BACK_MAX_MS)
  expect(sentMs.length).toBeGreaterThanOrEqual(3)
  transcriber.close()
})

/** Somebody speaks for a second and is silent; the transcriber says `heard`, each at its time after the speech began. */
function turnsOf(heard: { afterMs: number; text: string; final: boolean }[], untilMs = 8_000) {
  let nowMs = 0
  const finished: { text: string; atMs: number; settled: boolean }[] = []
  const speech = () => (nowMs < 1_000 ? 1 : 0)
  const detector = { ...quiet, hear: speech, hearBytes: speech }
  const input = new SpeechInput(
    { language: 'en', detector, startMs: 0 },
    { ...ignore, finished: ({ text, settled }) => finished.push({ text, atMs: nowMs, settled }) },
  )
  input.listenWith({ provider: 'test', send() {}, began() {}, settle() {}, close() {} })
  for (; nowMs < untilMs; nowMs += 20) {
    for (const one of heard.filter(({ afterMs }) => afterMs === nowMs)) {
      const words = { text: one.text, final: one.final, confidence: 0.9, startMs: 0, endMs: 1_000 }
      input.transcribed({ type: 'words', ...words }, nowMs)
      if (one.final) input.transcribed({ type: 'settled' }, nowMs)
    }
    input.receive(FRAME, nowMs)
    input.tick(nowMs)
  }
  return finished
}

test('a transcriber that is behind has said only the beginning: the turn waits for the rest, and not endlessly', () => {
  const beginning = { afterMs: 600, text: 'what are', final: false }
  const late = turnsOf([beginning, { afterMs: 3_600, text: 'What are your opening hours?', final: true }])
  expect(late).toMatchObject([{ text: 'What are your opening hours?', settled: true }])

  const [gone, ...more] = turnsOf([beginning])
  expect(more).toEqual([])
  expect(gone).toMatchObject({ text: 'what are', settled: false })
  expect(gone?.atMs).toBeGreaterThan(4_800)
  expect(gone?.atMs).toBeLessThan(5_600)

  const [whole] = turnsOf([{ afterMs: 600, text: 'yes', final: false }])
  expect(whole).toMatchObject({ text: 'yes', settled: false })
  expect(whole?.atMs).toBeLessThan(3_200)
})
