import { expect, test } from 'vitest'
import type { LanguagePart } from '../../../providers/language/port.ts'
import { QuietRoom, text } from '../testing/quiet-room.ts'

test('the opening is said, the caller is answered, and both are remembered as they were heard', async () => {
  const room = new QuietRoom({
    opening: 'Hello, this is Northwind.',
    answers: [text('We open at nine. Anything else?')],
  })
  room.loop.start(true)
  await room.until(() => room.of('agent-said').length === 1)
  await room.says('When do you open?')
  await room.until(() => room.of('agent-said').length === 2)
  expect(room.said).toEqual([
    { role: 'agent', text: 'Hello, this is Northwind.', interrupted: false },
    { role: 'caller', text: 'When do you open?' },
    { role: 'agent', text: 'We open at nine. Anything else?', interrupted: false },
  ])
  const [, answer] = room.of('agent-said')
  expect(answer?.latency.voiceToVoiceMs).toBeGreaterThan(250)
  expect(answer?.latency.voiceToVoiceMs).toBeLessThan(700)
})

test('the text is whole long before the first sound: the reply is heard all the same', async () => {
  const speech = Promise.withResolvers<void>()
  async function* late(): AsyncIterable<Uint8Array> {
    await speech.promise
    yield new Uint8Array(8_000).fill(0x20)
  }
  const room = new QuietRoom({ answers: [text('We open at nine.')], voice: late })
  room.loop.start(true)
  await room.says('When do you open?')
  await room.until(() => room.asked.length === 1)
  await room.pass(600)
  speech.resolve()
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('agent-said')[0]).toMatchObject({ text: 'We open at nine.', interrupted: false })
})

test('words of the caller cut the reply, and the model is told what was heard [S2-17]', async () => {
  const long = 'We sell paper, pens, chairs and tables to offices in forty countries of the world.'
  const room = new QuietRoom({ answers: [text(long), text('Sure.')] })
  room.loop.start(true)
  await room.says('What do you sell?')
  await room.until(() => room.sounding)
  await room.pass(1_500)
  await room.pass(300, true)
  expect(room.sent.at(-1)?.type).toBe('clear')
  room.interim('stop please')
  await room.says('Stop please')
  await room.until(() => room.of('agent-said').length === 2)
  const [cut] = room.of('agent-said')
  expect(cut?.interrupted).toBe(true)
  expect(long.startsWith(cut?.text ?? '-')).toBe(true)
  expect((cut?.text ?? '').split(' ').length).toBeLessThan(6)
  expect(room.asked[1]?.said.map(one => one.role)).toEqual(['caller', 'agent', 'caller'])
})

test('a cough only pauses: the sentence is said again from its beginning, and nothing is lost', async () => {
  const room = new QuietRoom({ answers: [text('The first sentence is here. The second one follows it.')] })
  room.loop.start(true)
  await room.says('Tell me.')
  await room.until(() => room.sounding)
  await room.pass(2_200)
  await room.pass(300, true)
  expect(room.of('resumed')).toHaveLength(0)
  // A pause of ours counts as none if it is over within 700 ms.
  await room.pass(600)
  expect(room.of('resumed')).toHaveLength(1)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('resumed')).toHaveLength(1)
  expect(room.of('interrupted')).toHaveLength(0)
  expect(room.of('agent-said')[0]?.text).toBe('The first sentence is here. The second one follows it.')
})

test('interrupted right after we went on: what was heard before the pause was heard', async () => {
  const long = 'This is a rather long sentence that goes on and on for the caller.'
  const room = new QuietRoom({ answers: [text(long), text('Fine.')] })
  room.loop.start(true)
  await room.says('Tell me.')
  await room.until(() => room.sounding)
  await room.pass(2_000)
  await room.pass(300, true)
  await room.until(() => room.of('resumed').length === 1)
  await room.says('Stop it now please', 400)
  await room.until(() => room.of('agent-said').length === 1)
  const [cut] = room.of('agent-said')
  expect(cut?.interrupted).toBe(true)
  expect(long.startsWith(cut?.text ?? '-')).toBe(true)
  expect((cut?.text ?? '').split(' ').length).toBeGreaterThan(4)
})

test('a word that the recogniser takes back is no interruption', async () => {
  const room = new QuietRoom({ answers: [text('This is a rather long sentence that goes on and on for the caller.')] })
  room.loop.start(true)
  await room.says('Tell me.')
  await room.until(() => room.sounding)
  await room.pass(260, true)
  room.interim('book')
  await room.says('Okay', 80)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('paused')).toHaveLength(1)
  expect(room.of('interrupted')).toHaveLength(0)
})

test('"mhm" is no interruption', async () => {
  const room = new QuietRoom({ answers: [text('This is a rather long sentence that goes on and on for the caller.')] })
  room.loop.start(true)
  await room.says('Tell me.')
  await room.until(() => room.sounding)
  await room.says('Mhm', 340)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('interrupted')).toHaveLength(0)
  expect(room.of('caller-said')).toHaveLength(1)
})

test('a tool is run, its result goes back to the model, and a slow one gets a word to the caller', async () => {
  let finish: (value: unknown) => void = () => {}
  const answers = [
    [
      { type: 'text' as const, text: 'Let me look. ' },
      { type: 'tool' as const, toolId: 't1', name: 'lookup_contact', input: { phone: '1' } },
      { type: 'end' as const, reason: 'tools' as const, tokensIn: 1, tokensOut: 1 },
    ],
    text('You are Ada.'),
  ]
  const tool = () => new Promise<unknown>(resolve => (finish = resolve))
  const room = new QuietRoom({ answers, tool })
  room.loop.start(true)
  await room.says('Who am I?')
  await room.until(() => room.loop.phase === 'tool')
  await room.pass(3_500)
  finish({ name: 'Ada' })
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('agent-said')[0]?.text).toBe('Let me look. One moment, please. You are Ada.')
  expect(room.asked[1]?.said.at(-1)).toMatchObject({ role: 'tool', name: 'lookup_contact', result: { name: 'Ada' } })
  expect(room.said.map(one => one.role)).toEqual(['caller', 'tool', 'agent'])
})

test('words before a tool are said, and news that comes while they are not yet heard is told after them', async () => {
  const answers = [
    [
      { type: 'text' as const, text: 'I am connecting you. ' },
      { type: 'tool' as const, toolId: 't1', name: 'transfer_call', input: {} },
      { type: 'end' as const, reason: 'tools' as const, tokensIn: 1, tokensOut: 1 },
    ],
    text(''),
    text('Nobody is there.'),
  ]
  const speech = Promise.withResolvers<void>()
  async function* late(words: string): AsyncIterable<Uint8Array> {
    await speech.promise
    yield new Uint8Array(8 * 60 * words.length).fill(0x20)
  }
  const room = new QuietRoom({ answers, voice: late, tool: async () => 'It rings.' })
  room.loop.start(true)
  await room.says('Talk to a person')
  await room.until(() => room.asked.length === 2)
  room.loop.inform('The transfer came to nothing.')
  await room.pass(300)
  speech.resolve()
  await room.until(() => room.of('agent-said').length === 2)
  expect(room.of('agent-said').map(one => one.text)).toEqual(['I am connecting you.', 'Nobody is there.'])
})

test('"okay" that lasts half a second and ends is no interruption', async () => {
  const room = new QuietRoom({ answers: [text('This is a rather long sentence that goes on and on for the caller.')] })
  room.loop.start(true)
  await room.says('Tell me.')
  await room.until(() => room.sounding)
  await room.says('Okay', 640)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('paused')).toHaveLength(1)
  expect(room.of('interrupted')).toHaveLength(0)
})

test('a tool that is done before our words to it have begun to sound does not swallow them, whatever news it brings', async () => {
  const speech = Promise.withResolvers<void>()
  async function* late(words: string): AsyncIterable<Uint8Array> {
    if (words.startsWith('I connect')) await speech.promise
    yield new Uint8Array(8_000).fill(0x20)
  }
  const answers = [
    [
      { type: 'text' as const, text: 'I connect you. ' },
      { type: 'tool' as const, toolId: 't1', name: 'transfer_call', input: {} },
      { type: 'end' as const, reason: 'tools' as const, tokensIn: 1, tokensOut: 1 },
    ],
    [{ type: 'end' as const, reason: 'stop' as const, tokensIn: 1, tokensOut: 1 }],
    text('Nobody is there.'),
  ]
  const tool = async () => {
    room.loop.inform('The transfer came to nothing.')
    return { result: 'success' }
  }
  const room = new QuietRoom({ answers, voice: late, tool })
  room.loop.start(true)
  await room.says('A person please.')
  await room.until(() => room.asked.length === 2)
  await room.pass(200)
  speech.resolve()
  await room.until(() => room.of('agent-said').length === 2)
  expect(room.of('agent-said').map(one => one.text)).toEqual(['I connect you.', 'Nobody is there.'])
})

test('a model that only ever calls tools is a model that failed: an apology, not silence', async () => {
  const calls = [
    { type: 'tool' as const, toolId: 't1', name: 'no_such_tool', input: {} },
    { type: 'end' as const, reason: 'tools' as const, tokensIn: 1, tokensOut: 1 },
  ]
  const room = new QuietRoom({ answers: Array.from({ length: 30 }, () => calls) })
  room.loop.start(true)
  await room.says('Hello?')
  await room.until(() => room.hungUp)
  expect(room.of('closing')).toMatchObject([{ reason: 'failure' }])
  expect(room.of('silence-prompted')).toEqual([])
})

async function* never(): AsyncIterable<LanguagePart> {
  await new Promise<void>(() => {})
}

test('a model that never answers: the caller is never left in silence for 4 s, then told goodbye', async () => {
  const room = new QuietRoom({ answers: [never, never, never, never] })
  room.loop.start(true)
  await room.says('Hello?')
  let quietMs = 0
  let worstMs = 0
  await room.until(() => {
    quietMs = room.sounding ? 0 : quietMs + 20
    worstMs = Math.max(worstMs, quietMs)
    return room.hungUp
  })
  expect(worstMs).toBeLessThanOrEqual(4_000)
  expect(room.of('closing')).toEqual([{ type: 'closing', reason: 'failure' }])
})

test('a model that says nothing, and a model that never ends [S2-15]', async () => {
  async function* endless(): AsyncIterable<LanguagePart> {
    for (;;) yield { type: 'text', text: 'And another sentence follows here. ' }
  }
  const room = new QuietRoom({ answers: [[{ type: 'end', reason: 'stop', tokensIn: 1, tokensOut: 0 }], endless] })
  room.loop.start(true)
  await room.says('Hello?')
  await room.until(() => room.of('agent-said').some(one => !one.interrupted), 400_000)
  expect(room.of('failed')).toHaveLength(1)
  expect(room.of('agent-said').at(-1)?.text.length).toBeLessThan(4_300)
})

test('our voice is gone: the carrier has the last word', async () => {
  const broken = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('no voice')) }) }
  const room = new QuietRoom({ voice: () => broken })
  room.loop.start(true)
  await room.says('Hello?')
  await room.until(() => room.hungUp)
  expect(room.lastWords).toBe(true)
})

test('nobody speaks: two prompts, then goodbye', async () => {
  const room = new QuietRoom({ rules: { silenceMs: 5_000 } })
  room.loop.start(true)
  await room.until(() => room.hungUp)
  expect(room.of('silence-prompted')).toHaveLength(2)
  expect(room.of('agent-said').at(-1)?.text).toBe('Thank you for calling. Goodbye!')
})

test('a conversation that costs too much says that its time is up', async () => {
  const room = new QuietRoom({ answers: [text('We sell paper.')], costMicrosMax: 100 })
  room.loop.start(true)
  await room.says('What do you sell?')
  await room.until(() => room.hungUp)
  expect(room.of('closing')).toEqual([{ type: 'closing', reason: 'limit' }])
  expect(room.loop.usage.spokenCharacters).toBeGreaterThan(10)
})

test('a call that we made: "hello?" is greeted at once', async () => {
  const room = new QuietRoom({ opening: 'Good morning, this is Robin.', answering: { voicemail: '' } })
  room.loop.start(true)
  await room.pass(400)
  await room.says('Hello?', 500)
  await room.until(() => room.of('agent-said').length === 1, 8_000)
  expect(room.of('answered-by')).toEqual([{ type: 'answered-by', who: 'human' }])
  expect(room.said[0]).toEqual({ role: 'caller', text: 'Hello?' })
  expect(room.of('caller-said')).toHaveLength(0)
})

test('a machine gets its message when it listens, uninterrupted, and then we hang up', async () => {
  const message = 'This is Robin of Northwind. Please call us back.'
  const room = new QuietRoom({ opening: 'Hello.', answering: { voicemail: message } })
  room.loop.start(true)
  const greeting = 'Hello, you have reached the Millers. Please leave a message after the tone.'
  await room.says(greeting, 3_000)
  room.interim(greeting)
  await room.until(() => room.sounding)
  await room.pass(400, true)
  await room.until(() => room.hungUp)
  expect(room.of('answered-by')).toEqual([{ type: 'answered-by', who: 'voicemail' }])
  expect(room.of('agent-said').map(one => one.text)).toEqual([message])
})

test('a limit before the conversation has begun: the carrier apologises, and the call is over', async () => {
  const room = new QuietRoom({ opening: 'Hello.', answering: { voicemail: '' } })
  room.loop.start(true)
  await room.pass(200)
  expect(room.loop.phase).toBe('idle')
  room.loop.end('limit')
  expect(room.lastWords).toBe(true)
  expect(room.hungUp).toBe(true)
})

test('a machine without a message for it is hung up', async () => {
  const room = new QuietRoom({ opening: 'Hello.', answering: { voicemail: '' } })
  room.loop.start(true)
  await room.pass(600, true)
  room.interim('the mailbox is full')
  await room.until(() => room.hungUp)
  expect(room.sent.filter(message => message.type === 'audio')).toEqual([])
})

test('speech without words: the model may ask again, twice in a row', async () => {
  const room = new QuietRoom({ answers: [text('Sorry?'), text('Pardon?')] })
  room.loop.start(true)
  await room.pass(300, true)
  await room.pass(2_500)
  expect(room.asked).toHaveLength(0)
  for (const _ of [1, 2, 3]) {
    await room.pass(900, true)
    await room.pass(3_500)
  }
  expect(room.asked.map(one => one.said.at(-1))).toEqual([
    { role: 'caller', text: '[inaudible]' },
    { role: 'caller', text: '[inaudible]' },
  ])
})

test('keys are an answer, "goodbye" ends it', async () => {
  const room = new QuietRoom({ answers: [text('Your order is on its way.')] })
  room.loop.start(true)
  await room.pass(200)
  for (const key of '4711#') room.loop.digit(key)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.said[0]).toEqual({ role: 'caller', text: '[pressed 4711]' })
  await room.says('Thank you, goodbye.')
  await room.until(() => room.hungUp)
  expect(room.of('closing')).toEqual([{ type: 'closing', reason: 'goodbye' }])
})

test('a supervisor’s word that the model has no answer to ends nothing', async () => {
  const room = new QuietRoom({ answers: [text('We open at nine.'), text(''), text('Goodbye.')] })
  room.loop.start(true)
  await room.says('When do you open?')
  await room.until(() => room.of('agent-said').length === 1)
  room.loop.inform('They are an old customer.')
  await room.until(() => room.asked.length === 2)
  await room.pass(1_000)
  expect(room.of('failed')).toEqual([])
  expect(room.loop.phase).toBe('listening')
  await room.says('And when do you close?')
  await room.until(() => room.of('agent-said').length === 2)
})
