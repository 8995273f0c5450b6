/** Conversations with one model that hears, thinks and speaks, in virtual time. */
import { expect, test } from 'vitest'
import { ProviderFailure } from '../../../providers/failure.ts'
import { ScriptedRealtime, type ScriptedRealtimeOptions } from '../../../providers/realtime/scripted.ts'
import { PHRASES } from '../phrases.ts'
import { RealtimeRoom, type RealtimeRoomOptions } from '../testing/realtime-room.ts'

function roomOf(options: RealtimeRoomOptions & ScriptedRealtimeOptions): RealtimeRoom<ScriptedRealtime> {
  return new RealtimeRoom(new ScriptedRealtime(options), options)
}

const LONG = 'We sell paper, pens, chairs and tables to offices in forty countries of the world.'

test('the opening is said word for word, the caller is answered, and both are remembered', async () => {
  const room = roomOf({
    opening: 'Hello, this is Northwind.',
    answers: [{ say: 'We open at nine.' }],
    heard: ['When do you open?'],
  })
  room.loop.start(true)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.model.log).toEqual(['say Hello, this is Northwind.'])
  await room.speaks(1_000)
  await room.until(() => room.of('agent-said').length === 2)
  expect(room.said).toEqual([
    { role: 'agent', text: 'Hello, this is Northwind.', interrupted: false },
    { role: 'caller', text: 'When do you open?' },
    { role: 'agent', text: 'We open at nine.', interrupted: false },
  ])
  expect(room.of('caller-said')).toMatchObject([{ turnId: 2, text: 'When do you open?' }])
  expect(room.of('agent-said')[1]?.latency.voiceToVoiceMs).toBeLessThan(800)
  expect(room.loop.usage).toMatchObject({ soundTokensIn: 20, soundTokensOut: 40 })
})

test('an interruption clears the stream, and the model is told how many ms were heard', async () => {
  const room = roomOf({ answers: [{ say: LONG }, { say: 'Sure.' }], heard: ['What do you sell?', 'Stop.'] })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.sounding)
  const beganMs = room.nowMs
  await room.pass(1_500)
  await room.speaks(900)
  await room.until(() => room.of('agent-said').length === 2)
  const [cut, answer] = room.of('agent-said')
  expect(cut?.interrupted).toBe(true)
  expect(LONG.startsWith(cut?.text ?? '-')).toBe(true)
  expect(cut?.text.split(' ').length).toBeLessThan(8)
  expect(answer).toMatchObject({ text: 'Sure.', interrupted: false })
  const [told] = room.model.log.filter(line => line.startsWith('interrupt'))
  const heardMs = Number(told?.split(' ')[2])
  expect(told).toMatch(/^interrupt item_1 /)
  expect(heardMs).toBeGreaterThan(1_400)
  expect(heardMs).toBeLessThan(room.nowMs - beganMs)
  expect(heardMs).toBeLessThan(2_000)
  expect(room.of('interrupted')).toHaveLength(1)
  expect(room.sent.filter(one => one.type === 'clear')).toHaveLength(1)
})

test('a cough only pauses: the sound goes on where it was cut, and all of it is heard', async () => {
  const room = roomOf({ answers: [{ say: LONG }] })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.sounding)
  await room.pass(1_500)
  await room.speaks(280)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('resumed')).toHaveLength(1)
  expect(room.of('agent-said')).toMatchObject([{ text: LONG, interrupted: false }])
  expect(room.model.log).toEqual(['answer'])
})

test('a tool is run, its result goes back, and what was said before and after it is one reply', async () => {
  const room = roomOf({
    answers: [{ tool: 'lookup_contact', input: { phone: '1' }, say: 'Let me look.' }, { say: 'You are Ada.' }],
    heard: ['Who am I?'],
    tool: async () => ({ name: 'Ada' }),
  })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.model.log).toEqual(['answer', 'result {"name":"Ada"}'])
  expect(room.of('tool-used')).toMatchObject([{ name: 'lookup_contact', result: { name: 'Ada' } }])
  expect(room.of('agent-said')[0]?.text).toBe('Let me look. You are Ada.')
})

test('a sentence that a tool wants said is given to the model word for word', async () => {
  const room = roomOf({
    answers: [{ tool: 'leave_voicemail', input: {} }, { say: 'Please call back.' }],
    tool: async () => {
      room.loop.add('Please call back.')
      return { result: 'said' }
    },
  })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.model.log[1]).toMatch(/^result .*word for word.*Please call back\./)
  expect(room.of('tool-used')).toMatchObject([{ result: { result: 'said' } }])
})

test('end_call: the last words are heard, then it hangs up, without a second goodbye', async () => {
  const room = roomOf({
    answers: [{ tool: 'end_call', input: {} }, { say: 'Thank you. Goodbye!' }],
    tool: async () => {
      room.loop.leaveAfterReply()
      return { result: 'The call ends after your next words.' }
    },
  })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.hungUp)
  expect(room.of('agent-said')).toMatchObject([{ text: 'Thank you. Goodbye!', interrupted: false }])
  expect(room.of('closing')).toMatchObject([{ reason: 'goodbye' }])
  expect(room.lastWords).toBe(0)
})

test('the limit cuts a reply, and the time is said to be up', async () => {
  const room = roomOf({ answers: [{ say: LONG }], costMicrosMax: 1_000 })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.hungUp)
  expect(room.of('closing')).toMatchObject([{ reason: 'limit' }])
  expect(room.model.log.at(-1)).toBe('say I am sorry, our time is up. Thank you for calling. Goodbye.')
})

test('the service is gone in the middle of a sentence: what was heard is told, and the carrier has the last words', async () => {
  const room = roomOf({ answers: [{ say: LONG }] })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.sounding)
  await room.pass(1_500)
  room.model.break()
  expect(room.lastWords).toBe(1)
  expect(room.hungUp).toBe(true)
  expect(room.of('failed')).toMatchObject([{ ability: 'realtime', kind: 'unavailable' }])
  expect(LONG.startsWith(room.of('agent-said')[0]?.text ?? '-')).toBe(true)
})

test('three answers in a row that fail: the carrier apologises', async () => {
  const room = roomOf({ answers: [{ fail: true }, { fail: true }, { fail: true }] })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.hungUp)
  expect(room.lastWords).toBe(1)
  expect(room.of('failed')).toHaveLength(3)
  expect(room.of('closing')).toMatchObject([{ reason: 'failure' }])
})

test('it cannot be reached: three tries, then the carrier apologises', async () => {
  const refusals = [1, 2, 3].map(() => new ProviderFailure('scripted', 'unavailable', 'down'))
  const room = roomOf({ opening: 'Hello.', refusals })
  room.loop.start(true)
  await room.until(() => room.lastWords === 1)
  expect(room.of('failed')).toHaveLength(3)
})

test('an answer that never comes is asked for again, and then given up: nobody is left in silence', async () => {
  const silence = { silence: true } as const
  const room = roomOf({ answers: [silence, silence, silence] })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.lastWords === 1)
  expect(room.model.log.filter(line => line === 'answer')).toHaveLength(3)
})

test('keys, news and a stream that came back reach the model as words', async () => {
  const room = roomOf({
    said: [{ role: 'caller', text: 'My order is 17.' }],
    answers: [{ say: 'One.' }, { say: 'Nobody is there.' }],
  })
  room.loop.start(false)
  await room.pass(100)
  expect(room.model.log[0]).toMatch(/^whisper .*My order is 17\./s)
  room.loop.digit('4')
  room.loop.digit('#')
  await room.until(() => room.of('agent-said').length === 1)
  room.loop.inform('The transfer came to nothing.')
  await room.until(() => room.of('agent-said').length === 2)
  expect(room.model.log.slice(1)).toEqual([
    'typed [pressed 4]',
    'answer',
    'whisper The transfer came to nothing.',
    'answer',
  ])
})

test('nobody says anything: two prompts, then goodbye', async () => {
  const room = roomOf({ opening: 'Hello.' })
  room.loop.start(true)
  await room.until(() => room.hungUp, 120_000)
  expect(room.model.log).toEqual([
    'say Hello.',
    'say Are you still there?',
    'say Are you still there?',
    'say Thank you for calling. Goodbye!',
  ])
})

test('on a call that we made the person who answers is greeted, and their greeting is no turn', async () => {
  const room = roomOf({ opening: 'Hello, this is Robin.', answering: { voicemail: 'Call me.' } })
  room.loop.start(true)
  await room.speaks(600)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('answered-by')).toMatchObject([{ who: 'human' }])
  expect(room.model.log).toEqual(['say Hello, this is Robin.'])
  expect(room.of('caller-said')).toEqual([])
  expect(room.model.sound).toBe(0)
})

test('what the caller says before the model is there is not lost', async () => {
  const refusals = [new ProviderFailure('scripted', 'unavailable', 'down')]
  const room = roomOf({ heard: ['Hello?'], refusals })
  room.loop.start(true)
  room.loop.receive(btoa('\x10'.repeat(160)))
  await room.speaks(600)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('caller-said')).toMatchObject([{ text: 'Hello?' }])
})

test('the caller goes on while the model thinks: its answer waits, and is given up unheard', async () => {
  const silence = { silence: true } as const
  const room = roomOf({ answers: [silence, { say: 'At nine.' }], heard: ['When do you', 'open?'] })
  room.loop.start(true)
  await room.speaks(600)
  await room.until(() => room.loop.phase === 'thinking')
  await room.speaks(600)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.model.log).toEqual(['answer', 'interrupt  0', 'answer'])
  expect(room.of('caller-said').map(one => one.text)).toEqual(['When do you', 'open?'])
})

test('a machine gets its message after the tone, whole, and then it hangs up', async () => {
  const room = roomOf({ answers: [], answering: { voicemail: 'Please call Robin.' } })
  room.loop.start(true)
  await room.hearsBeep()
  await room.until(() => room.hungUp)
  expect(room.of('answered-by')).toMatchObject([{ who: 'voicemail' }])
  expect(room.model.log).toEqual(['say Please call Robin.'])
})

test.each([
  ['No, that’s all wrong.', []],
  ['Please don’t end the call.', []],
  ['That’s all right, go on.', []],
  ['That’s all, thank you. Goodbye.', ['goodbye']],
])('"%s" in the words that the model writes down: the reasons to close are %j [C7]', async (words, reasons) => {
  const room = roomOf({ answers: [{ say: 'I see.' }, { say: 'Fine.' }], heard: ['We have a question.', words] })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.of('agent-said').length === 1)
  await room.speaks(800)
  await room.until(() => room.of('agent-said').length === 2)
  await room.pass(2_000)
  expect(room.of('closing').map(one => one.reason)).toEqual(reasons)
})

test.each([
  [undefined, 600],
  [1_500, 1_500],
])(
  'a silence of %s ms for the end of a turn: the model is asked after %i ms [S2-9]',
  async (turnSilenceMs, endsAfterMs) => {
    const room = roomOf({ answers: [{ say: 'Fine.' }], ...(turnSilenceMs === undefined ? {} : { turnSilenceMs }) })
    room.loop.start(true)
    await room.speaks(800)
    const silentMs = room.nowMs
    await room.until(() => room.loop.phase === 'thinking' || room.sounding)
    expect(room.nowMs - silentMs).toBeGreaterThanOrEqual(endsAfterMs)
    expect(room.nowMs - silentMs).toBeLessThan(endsAfterMs + 300)
  },
)

test('an answer that a filter or its length has emptied is said in words, and the call goes on [C8]', async () => {
  const room = roomOf({ answers: [{ emptied: true }, { say: 'We open at nine.' }], heard: ['When?', 'When?'] })
  room.loop.start(true)
  await room.speaks(800)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.model.log).toEqual(['answer', `say ${PHRASES.en.noAnswer}`])
  expect(room.of('agent-said')[0]?.text).toBe(PHRASES.en.noAnswer)
  await room.speaks(800)
  await room.until(() => room.of('agent-said').length === 2)
  expect(room.of('failed')).toEqual([])
})
