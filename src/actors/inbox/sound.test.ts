/** The words of a message, and the file that its sound becomes. */
import { expect, test } from 'vitest'
import { ProviderFailure } from '../../providers/failure.ts'
import { isKey } from '../../providers/storage/port.ts'
import { ScriptedTranscription } from '../../providers/transcription/scripted.ts'
import { keyOf, wordsOf } from './sound.ts'

const HZ = 8_000
const tone = (seconds: number, hz = HZ) => ({
  hz,
  samples: Int16Array.from({ length: seconds * hz }, (_, at) => Math.round(6_000 * Math.sin(at / 3))),
})
const words = [
  { text: 'please', startMs: 200, endMs: 500 },
  { text: 'call', startMs: 1_500, endMs: 1_800 },
  { text: 'back', startMs: 2_900, endMs: 3_200 },
]

test('the whole message is given, at 8,000 samples a second, and its words come back in order', async () => {
  let bytes = 0
  const spoken = (mulaw: Uint8Array) => {
    bytes = mulaw.length
    return words
  }
  const transcription = new ScriptedTranscription({ words: spoken, settleMs: 1 })
  expect(await wordsOf(transcription, tone(4), 'en-US')).toBe('please call back')
  expect(bytes).toBe(4 * HZ)
  expect(await wordsOf(transcription, tone(4, 16_000), 'en-US')).toBe('please call back')
  expect(bytes).toBe(4 * HZ)
})

test('a message without words has none, and a provider that fails is no empty message', async () => {
  expect(await wordsOf(new ScriptedTranscription({ words: [], settleMs: 1 }), tone(2), 'en-US')).toBe('')
  const down = new ProviderFailure('scripted', 'unavailable', 'down')
  const broken = new ScriptedTranscription({ words, mood: () => down })
  await expect(wordsOf(broken, tone(2), 'en-US')).rejects.toThrow()
})

test('each message has a file of its own, which a place for files takes', () => {
  const at = Date.UTC(2026, 10, 2)
  const [first, second] = ['w_a.call_1', 'w_a.call_1~2'].map(id => keyOf('w_a', id, at))
  expect([isKey(first ?? ''), isKey(second ?? ''), first === second]).toEqual([true, true, false])
  expect(first).toBe('recordings-w_a/2026-11-02/w_a.call_1.wav')
})
