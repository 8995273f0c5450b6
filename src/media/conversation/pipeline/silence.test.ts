/** The same promise with three providers: wherever the model, a tool or the voice may hang, the caller never hears silence for 4 s. */
import { expect, test } from 'vitest'
import type { LanguagePart } from '../../../providers/language/port.ts'
import { QuietRoom, type RoomOptions, text } from '../testing/quiet-room.ts'

const SILENCE_MAX_MS = 4_000
const FRAME_MS = 20
const TRIES = 12

const forever = () => new Promise<never>(() => {})
const never = (): AsyncIterable<never> => ({ [Symbol.asyncIterator]: () => ({ next: forever }) })
async function* hangs(): AsyncIterable<LanguagePart> {
  yield { type: 'text', text: 'We open at nine in the morning. We close at five. And on' }
  await forever()
}
async function* stops(): AsyncIterable<Uint8Array> {
  yield new Uint8Array(8_000).fill(0x20)
  await forever()
}
const TOOL: LanguagePart[] = [
  { type: 'tool', toolId: 't1', name: 'look_up', input: {} },
  { type: 'end', reason: 'tools', tokensIn: 1, tokensOut: 1 },
]
const times = <T>(one: T): T[] => Array.from({ length: TRIES }, () => one)

const CASES: Record<string, RoomOptions> = {
  'the model never answers': { answers: times(never) },
  'the model hangs in the middle of each answer': { answers: times(hangs) },
  'the model hangs after a tool': { answers: [TOOL, ...times(never)] },
  'a tool hangs, and so does the model after it': { answers: [TOOL, ...times(never)], tool: forever },
  'the voice never speaks': { answers: times(text('Hello there.')), voice: never },
  'the voice stops in each sentence': { answers: times(text('We open at nine in the morning.')), voice: stops },
  'the opening is never said': { opening: 'Hello.', voice: never },
  'only words cross, and the model never answers': { answers: times(never), wordsOnly: true },
  'only words cross, and the model hangs in the middle of each answer': { answers: times(hangs), wordsOnly: true },
  'only words cross, and the model hangs after a tool': { answers: [TOOL, ...times(never)], wordsOnly: true },
}

test.each(Object.entries(CASES))('%s: a tone at the latest, and in the end goodbye', async (_name, options) => {
  const room = new QuietRoom(options)
  room.loop.start(true)
  if (options.opening === undefined) await room.says('Hello?')
  let quietMs = 0
  let worstMs = 0
  await room.until(() => {
    quietMs = room.sounding || room.loop.phase === 'listening' ? 0 : quietMs + FRAME_MS
    worstMs = Math.max(worstMs, quietMs)
    return room.hungUp || room.lastWords
  }, 120_000)
  expect(worstMs).toBeLessThanOrEqual(SILENCE_MAX_MS)
  expect(room.of('closing')).toEqual([{ type: 'closing', reason: 'failure' }])
})
