/** Tests the contract of a sound-to-sound model behind `src/providers/realtime/port.ts` against a look-alike. */
import { afterEach, expect, test } from 'vitest'
import { OpenAiRealtime } from '../../src/providers/realtime/openai.ts'
import type { RealtimeEvent, RealtimeOptions, RealtimeSession } from '../../src/providers/realtime/port.ts'
import { startOpenAiRealtime } from '../vendors/openai-realtime.ts'
import { framesOf, soundOfWords, spokenText } from '../vendors/spelled-sound.ts'
import type { VendorServer } from '../vendors/vendor-server.ts'
import { connectByWs } from './node-socket.ts'
import { failureOf, REFUSALS } from './outcomes.ts'

const never = new AbortController().signal
const OPTIONS: RealtimeOptions = {
  system: 'You answer the phone.',
  tools: [{ name: 'look_up', description: 'Finds it.', input: { type: 'object', properties: {} } }],
  voice: '',
  language: 'en-US',
  turns: 'ours',
  tokensMax: 500,
}
const vendors: VendorServer[] = []

afterEach(async () => {
  for (const one of vendors.splice(0)) {
    expect(one.complaints).toEqual([])
    await one.stop()
  }
})

type Settings = Parameters<typeof startOpenAiRealtime>[0] & {
  tap?: (event: RealtimeEvent, session: RealtimeSession) => void
}

async function begin({ tap, ...settings }: Settings = {}) {
  const vendor = await startOpenAiRealtime(settings)
  vendors.push(vendor)
  const events: RealtimeEvent[] = []
  const realtime = new OpenAiRealtime({ apiKey: 'test-key', baseUrl: `${vendor.url}/v1`, connect: connectByWs })
  const tell = (event: RealtimeEvent) => {
    events.push(event)
    tap?.(event, session)
  }
  const session: RealtimeSession = await realtime.open(OPTIONS, tell, never)
  return {
    vendor,
    session,
    events,
    ended: () => events.flatMap(event => (event.type === 'answer-ended' ? [event.reason] : [])),
    heard: () => spokenText(new Uint8Array(events.flatMap(event => (event.type === 'sound' ? [...event.mulaw] : [])))),
    words: (type: 'caller-words' | 'agent-words') =>
      events.flatMap(event => (event.type === type && event.final ? [event.text] : [])),
    speak: (text: string) => {
      for (const frame of framesOf(soundOfWords(text))) session.send(frame)
    },
  }
}

test('hears the caller, speaks, and tells the words of both', async () => {
  const { session, events, ended, heard, words, speak } = await begin()
  speak('hello please')
  session.answer()
  await expect.poll(ended).toEqual(['stop'])
  expect(words('caller-words')).toEqual(['hello please'])
  expect(words('agent-words')).toEqual(['You said: hello please'])
  expect(heard()).toBe('You said: hello please')
  expect(events.at(-1)).toEqual({ type: 'answer-ended', reason: 'stop', tokensIn: 21, tokensOut: 7 })
  session.close()
})

test('it is told anew what it is to be before it speaks', async () => {
  const told: string[] = []
  const { session, ended, heard } = await begin({ instructed: instructions => told.push(instructions) })
  session.configure({ ...OPTIONS, system: 'You speak with Ada.' })
  session.say('Hello, Ada.')
  await expect.poll(ended).toEqual(['stop'])
  expect(told).toEqual(['You answer the phone.', 'You speak with Ada.'])
  expect(heard()).toBe('Hello, Ada.')
  session.close()
})

test('a call of a tool waits for its result, and then it goes on by itself', async () => {
  const { session, events, ended, words, speak } = await begin({
    answers: heard => (heard === 'table' ? 'call look_up {"what":"table"}' : heard),
  })
  speak('table')
  session.answer()
  await expect.poll(ended).toEqual(['tools'])
  const call = events.find(event => event.type === 'tool')
  expect(call).toMatchObject({ name: 'look_up', input: { what: 'table' } })
  if (call?.type !== 'tool') throw new Error('no tool was called')
  session.toolResult('another', 'nothing')
  session.toolResult(call.toolId, { free: true })
  await expect.poll(ended).toEqual(['tools', 'stop'])
  expect(words('agent-words')).toEqual(['You said: tool {"free":true}'])
  session.close()
})

test('an interruption stops it, and it remembers what was heard and no more', async () => {
  const cuts: string[] = []
  let sounds = 0
  const talk = await begin({
    answers: () => 'A long answer, which is interrupted before its end.',
    cutAt: cut => cuts.push(cut),
    tap: (event, session) => {
      if (event.type !== 'sound') return
      sounds += 1
      // This is far more than was sent, so the vendor must not get this number.
      if (sounds === 2) session.interrupt(event.itemId, 60_000)
    },
  })
  talk.speak('yes')
  talk.session.answer()
  await expect.poll(talk.ended).toEqual(['interrupted'])
  expect(sounds).toBe(2)
  await expect.poll(() => cuts).toEqual(['item_2 83'])
  talk.session.close()
})

test('it may have said all long before the caller has heard it: then it is only cut', async () => {
  const cuts: string[] = []
  const talk = await begin({ cutAt: cut => cuts.push(cut) })
  talk.speak('yes')
  talk.session.answer()
  await expect.poll(talk.ended).toEqual(['stop'])
  talk.session.interrupt('item_2', 120.7)
  await expect.poll(() => cuts).toEqual(['item_2 120'])
  talk.speak('no')
  talk.session.answer()
  await expect.poll(talk.ended).toEqual(['stop', 'stop'])
  talk.session.close()
})

test('a supervisor is heard by it, and an answer without a word of the caller can be asked for', async () => {
  const { session, ended, words } = await begin()
  session.whisper('Offer ten percent.')
  session.answer()
  await expect.poll(ended).toEqual(['stop'])
  expect(words('agent-words')).toEqual(['You said: whisper Offer ten percent.'])
  session.close()
})

test("it says exactly what it is told, after the answer at hand; what is typed is the caller's", async () => {
  const { session, ended, words } = await begin()
  session.typed('in letters')
  session.answer()
  session.say('Thank you for calling.')
  await expect.poll(ended).toEqual(['stop', 'stop'])
  expect(words('agent-words')).toEqual(['You said: in letters', 'Thank you for calling.'])
  session.close()
})

test('an answer that was given up before it began is canceled, and the next one comes after it', async () => {
  const { session, ended, words } = await begin()
  session.typed('first')
  session.answer()
  session.interrupt('', 0)
  session.typed('second')
  session.answer()
  await expect.poll(ended).toEqual(['interrupted', 'stop'])
  expect(words('agent-words')).toEqual(['You said: second'])
  session.close()
})

test('a line that breaks is told once; after close nothing is', async () => {
  const { vendor, session, events } = await begin()
  vendor.cutAll()
  await expect.poll(() => events).toMatchObject([{ type: 'failed', failure: { kind: 'unavailable' } }])
  session.send(new Uint8Array(160))
  session.answer()
  session.close()
  session.close()
  expect(events).toHaveLength(1)
})

test('refusals at the door are told in our words', async () => {
  for (const [fault, kind] of [...REFUSALS, [{ kind: 'cut' }, 'unavailable']] as const) {
    const vendor = await startOpenAiRealtime()
    vendors.push(vendor)
    vendor.faults.push(fault)
    const realtime = new OpenAiRealtime({ apiKey: 'test-key', baseUrl: `${vendor.url}/v1`, connect: connectByWs })
    expect((await failureOf(realtime.open(OPTIONS, () => undefined, never))).kind).toBe(kind)
  }
  const strict = await startOpenAiRealtime()
  const realtime = new OpenAiRealtime({ apiKey: 'test-key', baseUrl: `${strict.url}/v1`, connect: connectByWs })
  // This look-alike detects no turns itself, so it refuses a session that asks it to.
  expect((await failureOf(realtime.open({ ...OPTIONS, turns: 'theirs' }, () => undefined, never))).kind).toBe('refused')
  expect(strict.complaints).toHaveLength(1)
  await strict.stop()
})
