import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { decode, silence } from '../../media/mulaw.ts'
import { SpokenVoices } from '../../media/voices.ts'
import { grammarOf } from '../dialogue/grammar.ts'
import { readPhrase } from '../dialogue/phrase.ts'
import { BUILT_IN } from '../dialogue/slots.ts'
import { BACKLOG_SAMPLES_MAX, Recogniser, UTTERANCES_MAX } from './recogniser.ts'
import type { Grammar } from './recogniser-messages.ts'
import { transcribe } from './transcription-http.ts'

const voices = new SpokenVoices(1)
let recogniser: Recogniser | null = null
afterEach(() => recogniser?.close())
afterAll(() => voices.close())

const grammar = (name: string, ...phrases: string[]): Grammar => ({
  name,
  jsgf: grammarOf(phrases.map(readPhrase), BUILT_IN),
  confidenceMin: 0.78,
  pronunciations: { trunkline: 'T R AH NG K L AY N' },
})
const SMALL = grammar('small', 'call me (on|next) {day}', 'talk to trunkline', 'how much does it cost')
const start = (): Recogniser => {
  recogniser = new Recogniser()
  return recogniser
}
async function samplesOf(text: string): Promise<Int16Array> {
  return decode(Buffer.concat([silence(240), await voices.say(text, 'rms'), silence(300)]))
}

test('its thread starts with the first utterance, and ends with it', async () => {
  const own = start()
  expect(own.running).toBe(false)
  const utterance = own.begin(SMALL, () => undefined)
  expect(own.running).toBe(true)
  utterance.push(await samplesOf('how much does it cost'))
  expect((await utterance.end()).text).toBe('how much does it cost')
  await own.close()
  expect(own.running).toBe(false)
  expect(() => own.begin(SMALL, () => undefined)).toThrow('closed')
})

test('more utterances at once than it has decoders are all answered, with grammars of their own, and alike', async () => {
  const own = start()
  const other = grammar('other', 'goodbye')
  const [cost, call] = [await samplesOf('how much does it cost'), await samplesOf('call me next friday')]
  const heard = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const utterance = own.begin(index === 7 ? other : SMALL, () => undefined)
      utterance.push(index % 2 === 0 ? cost : call)
      return utterance.end()
    }),
  )
  expect(heard.map(each => each.text)).toEqual([
    'how much does it cost',
    'call me next friday',
    'how much does it cost',
    'call me next friday',
    'how much does it cost',
    'call me next friday',
    'how much does it cost',
    '',
  ])
  expect(heard[7]?.refused).toBe(true)
  // Earlier utterances do not change what a decoder hears.
  expect(heard[2]).toEqual(heard[0])
  expect(heard[6]).toEqual(heard[0])
})

test('a word without sounds fails its utterance and says so; others go on', async () => {
  const own = start()
  const bad = own.begin(grammar('bad', 'xyzzyx now'), () => undefined)
  await expect(bad.end()).rejects.toThrow('"xyzzyx"')
  const good = own.begin(SMALL, () => undefined)
  good.push(await samplesOf('how much does it cost'))
  expect((await good.end()).text).toBe('how much does it cost')
})

test('an idle thread is given back, and comes again with the next utterance', async () => {
  const own = new Recogniser({ idleMs: 50 })
  recogniser = own
  const cost = await samplesOf('how much does it cost')
  for (const _ of [1, 2]) {
    const utterance = own.begin(SMALL, () => undefined)
    utterance.push(cost)
    expect((await utterance.end()).text).toBe('how much does it cost')
    await vi.waitFor(() => expect(own.running).toBe(false), 5_000)
  }
})

test('whoever may speak soon has a decoder before, also with a grammar that is wrong; nobody is heard twice', async () => {
  const own = start()
  const left = [own.expect(SMALL), own.expect(grammar('bad', 'xyzzyx now')), own.expect(SMALL)]
  expect(own.running).toBe(true)
  const cost = await samplesOf('how much does it cost')
  const both = [1, 2].map(() => own.begin(SMALL, () => undefined))
  for (const one of both) one.push(cost)
  expect((await Promise.all(both.map(one => one.end()))).map(({ text }) => text)).toEqual([
    'how much does it cost',
    'how much does it cost',
  ])
  for (const one of left) one()
  await expect(own.begin(grammar('bad', 'xyzzyx now'), () => undefined).end()).rejects.toThrow('"xyzzyx"')
})

test('nothing said is nothing heard; what is forgotten frees its place; too much at once is refused', async () => {
  const own = start()
  expect(await own.begin(SMALL, () => undefined).end()).toMatchObject({ text: '', words: [] })
  const many = Array.from({ length: UTTERANCES_MAX }, () => own.begin(SMALL, () => undefined))
  expect(() => own.begin(SMALL, () => undefined)).toThrow('at once')
  for (const each of many) each.forget()
  const last = own.begin(SMALL, () => undefined)
  last.push(await samplesOf('how much does it cost'))
  expect((await last.end()).text).toBe('how much does it cost')
})

test('a flood of sound is cut at a limit, is told once and counted, and the recogniser hears again soon after [D24]', async () => {
  const dropped: { ms: number; first: boolean }[] = []
  const own = new Recogniser({ dropped: (ms, first) => dropped.push({ ms, first }) })
  recogniser = own
  const cost = await samplesOf('how much does it cost')
  // Twenty calls with 40 s of speech each, all at once.
  const frame = cost.subarray(4_000, 4_160)
  const flood = Array.from({ length: 20 }, () => own.begin(SMALL, () => undefined))
  for (let count = 0; count < 2_000; count += 1) for (const each of flood) each.push(frame)
  const ends = flood.map(each => each.end())
  expect(own.backlogMs).toBeLessThanOrEqual(BACKLOG_SAMPLES_MAX / 8)
  expect(dropped.filter(({ first }) => first)).toHaveLength(1)
  expect(dropped.reduce((sum, { ms }) => sum + ms, 0)).toBe(20 * 40_000 - BACKLOG_SAMPLES_MAX / 8)
  await Promise.all(ends)
  expect(own.backlogMs).toBe(0)
  const after = own.begin(SMALL, () => undefined)
  after.push(cost)
  expect((await after.end()).text).toBe('how much does it cost')
})

test('what is forgotten makes room at once, so nobody waits for sound that nobody wants [D24]', async () => {
  const own = start()
  const cost = await samplesOf('how much does it cost')
  const flood = Array.from({ length: 40 }, () => own.begin(SMALL, () => undefined))
  for (const each of flood) for (let count = 0; count < 20; count += 1) each.push(cost)
  const before = own.backlogMs
  for (const each of flood) each.forget()
  expect(before).toBeGreaterThan(50_000)
  expect(own.backlogMs).toBe(0)
  const after = own.begin(SMALL, () => undefined)
  after.push(cost)
  expect((await after.end()).text).toBe('how much does it cost')
})

test('a file that is longer than what may wait is heard to its end, and nothing of it is dropped [D24]', async () => {
  const dropped: number[] = []
  const own = new Recogniser({ backlogMax: 5 * 8_000, dropped: ms => dropped.push(ms) })
  recogniser = own
  const sentence = Buffer.concat([silence(240), await voices.say('how much does it cost', 'rms'), silence(600)])
  const clip = Buffer.concat(Array.from({ length: 5 }, () => sentence))
  expect(clip.length).toBeGreaterThan(8 * 8_000)
  const { results } = await transcribe(clip, SMALL, { recogniser: own, signal: new AbortController().signal })
  expect(results.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => 'how much does it cost'))
  expect(dropped).toEqual([])
})
