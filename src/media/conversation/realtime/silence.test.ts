/** The longest silence that the caller hears while it is our turn, for each place where a realtime model may hang. */
import { expect, test } from 'vitest'
import { ProviderFailure } from '../../../providers/failure.ts'
import {
  type ScriptedAnswer,
  ScriptedRealtime,
  type ScriptedRealtimeOptions,
} from '../../../providers/realtime/scripted.ts'
import { RealtimeRoom, type RealtimeRoomOptions } from '../testing/realtime-room.ts'

const SILENCE_MAX_MS = 4_000
const LONG = 'We sell paper, pens, chairs and tables to offices in forty countries of the world.'
const FRAME_MS = 20

type Case = RealtimeRoomOptions &
  ScriptedRealtimeOptions & {
    /** the caller speaks first */
    asks?: boolean
    next?: (room: RealtimeRoom<ScriptedRealtime>) => void
  }
const times = (one: ScriptedAnswer): ScriptedAnswer[] => Array.from({ length: 12 }, () => one)
const SILENT = times({ silence: true })

const CASES: Record<string, Case> = {
  'no answer ever comes': { asks: true, answers: SILENT },
  'only words come, and no sound': { asks: true, answers: times({ breaksOff: LONG, wordsOnly: true }) },
  'each answer stops in the middle': { asks: true, answers: times({ breaksOff: LONG }) },
  'after a tool nothing comes': {
    asks: true,
    answers: [{ tool: 'look_up', input: {}, say: 'Let me look.' }, ...SILENT],
  },
  'after a silent tool nothing comes': { asks: true, answers: [{ tool: 'look_up', input: {} }, ...SILENT] },
  'the tool itself hangs, and so does the model after it': {
    asks: true,
    answers: [{ tool: 'look_up', input: {} }, ...SILENT],
    tool: () => new Promise(() => {}),
  },
  'the opening is never said': { opening: 'Hello, this is Northwind.', dictated: SILENT },
  'the opening stops in the middle': { opening: LONG, dictated: times({ breaksOff: LONG }) },
  'the connection hangs': { opening: 'Hello.', refusals: [new Promise<never>(() => {})] },
  'the connection hangs, and the caller speaks first': { asks: true, refusals: [new Promise<never>(() => {})] },
  'the prompt into the silence is never said': { dictated: SILENT, rules: { silenceMs: 5_000 } },
  'the goodbye is never said': {
    opening: 'Hello.',
    dictated: [{ say: 'Hello.' }, ...SILENT],
    next: room => room.loop.end('limit'),
  },
  'the model hangs on news': {
    opening: 'Hello.',
    answers: SILENT,
    next: room => room.loop.inform('Nobody is there.'),
  },
}

/** The longest silence while it was our turn, until the carrier apologises or the call is over. */
async function worstSilence(room: RealtimeRoom<ScriptedRealtime>): Promise<number> {
  let quietMs = 0
  let worstMs = 0
  await room.until(() => {
    quietMs = room.sounding || room.loop.phase === 'listening' ? 0 : quietMs + FRAME_MS
    worstMs = Math.max(worstMs, quietMs)
    return room.lastWords > 0 || room.hungUp
  }, 120_000)
  return worstMs
}

/** How long (in ms) a caller who has just spoken waits for our turn, from their last sound. */
async function turnAfterSpeech(room: RealtimeRoom<ScriptedRealtime>): Promise<number> {
  await room.speaks(800)
  const endedMs = room.nowMs
  await room.until(() => room.loop.phase !== 'listening')
  return room.nowMs - endedMs
}

for (const noSpare of [false, true])
  for (const [name, { asks, next, ...options }] of Object.entries(CASES))
    test(`${name}${noSpare ? ', and no other voice is there' : ''}: never 4 s of silence, and the carrier apologises`, async () => {
      const room = new RealtimeRoom(new ScriptedRealtime(options), { ...options, noSpare })
      room.loop.start(true)
      expect(asks ? await turnAfterSpeech(room) : 0).toBeLessThanOrEqual(SILENCE_MAX_MS)
      if (next) {
        await room.until(() => room.of('agent-said').length === 1)
        next(room)
      }
      const worstMs = await worstSilence(room)
      // The silence that ended the caller's turn comes on top.
      expect(worstMs).toBeLessThanOrEqual(SILENCE_MAX_MS - (asks ? 620 : 0))
      expect(room.lastWords).toBe(1)
    })

test('its end is never told: the answer counts as said, and is not said again', async () => {
  const room = new RealtimeRoom(new ScriptedRealtime({ answers: [{ breaksOff: LONG, whole: true }] }), {})
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('agent-said')).toMatchObject([{ text: LONG, interrupted: false }])
  expect(room.model.log).toEqual(['answer'])
})

test('a late answer comes after the word that asked for patience, and both are remembered; the model is not told of ours', async () => {
  const room = new RealtimeRoom(new ScriptedRealtime({ answers: [{ silence: true }, { say: LONG }] }), {})
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.loop.phase === 'speaking')
  await room.pass(3_000)
  await room.speaks(900)
  await room.until(() =>
    room.of('agent-said').some(one => one.interrupted && one.text.startsWith('One moment, please. We sell')),
  )
  const told = room.model.log.filter(line => /^interrupt \S+ \d/.test(line))
  expect(told).toHaveLength(1)
  const heardMs = Number(told[0]?.split(' ')[2])
  expect(heardMs).toBeGreaterThan(1_000)
  expect(heardMs).toBeLessThan(3_000)
})

test('it breaks while it owes an answer: the carrier has the word at once', async () => {
  const room = new RealtimeRoom(new ScriptedRealtime({ answers: SILENT }), {})
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.loop.phase === 'thinking')
  room.model.break()
  expect(room.lastWords).toBe(1)
  expect(room.of('failed')).toMatchObject([{ kind: 'unavailable' }])
})

test('a try that fails late does not hold up the next one', async () => {
  const first = Promise.withResolvers<never>()
  const room = new RealtimeRoom(new ScriptedRealtime({ refusals: [first.promise] }), { opening: 'Hello.' })
  room.loop.start(true)
  await room.pass(4_000)
  expect(room.sounding || room.sent.length > 0).toBe(true)
  first.reject(new ProviderFailure('scripted', 'late', 'no connection in time'))
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('agent-said')).toMatchObject([{ text: 'Hello.' }])
})
