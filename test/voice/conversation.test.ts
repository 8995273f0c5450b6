import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AiStage, type Held } from './ai-stage.ts'

let stage: AiStage
beforeAll(async () => {
  stage = await AiStage.set(6100)
})
afterAll(() => stage.close())

const LISTEN = { listen: true }

describe.concurrent('on the phone', () => {
  test('a caller asks, is answered, and says goodbye; the log has the seed’s form [S1-37 S1-40 S2-6 S2-7 S2-13 S2-14 S2-30 S2-31] [S1-39]', async () => {
    const call = await stage.dial([LISTEN, { say: 'what are your opening hours' }, LISTEN, { say: 'goodbye' }, LISTEN])
    await call.over()
    expect(call.said('caller')).toEqual(['What are your opening hours?', 'Goodbye.'])
    const [opening, answer, farewell] = call.said('agent')
    expect(opening).toBe('Hello, this is Robin at Northwind Supplies. How can I help you?')
    expect(answer).toContain('We are open Monday to Friday')
    expect(farewell).toBe('Thank you for calling. Goodbye!')
    const reply = call.entries.find(entry => entry.text === answer)
    expect(reply?.latency?.voiceToVoiceMs).toBeGreaterThan(200)
    expect(reply?.latency?.languageMs).not.toBeNull()
    const text = await (await stage.fetch('root', `/api/calls/${call.callId}/log.txt`)).text()
    const lines = text.split('\n')
    const rule = '='.repeat(80)
    expect([lines[0], lines[1], lines[2], lines.at(-1)]).toEqual([
      rule,
      `CONVERSATION LOG - CallSid: ${call.callSid}`,
      rule,
      rule,
    ])
    expect(lines[3]).toMatch(/^\[\d\d:\d\d:\d\d\] AI: Hello, this is Robin/)
    expect(lines[4]).toMatch(/^\[\d\d:\d\d:\d\d\] USER: What are your opening hours\?$/)
    for (const path of ['log.txt', 'conversation', 'recording.wav'])
      expect((await stage.fetch('ada', `/api/calls/${call.callId}/${path}`)).status, path).toBe(404)
    // The recording is ready only after the screens have gone.
    const words = ({ entries }: Pick<Held, 'entries'>) =>
      entries.filter(entry => entry.data.word !== 'recording').map(entry => entry.text)
    expect(words(await call.read())).toEqual(words(call))
  })

  test('the caller interrupts: what was not heard was not said [S2-17]', async () => {
    const call = await stage.dial([
      LISTEN,
      { say: 'what can you do' },
      { pauseMs: 4_500 },
      { say: 'what are your opening hours' },
      LISTEN,
      { hangUp: true },
    ])
    await call.over()
    const cut = call.entries.filter(entry => entry.interrupted)
    expect(cut.length).toBeGreaterThanOrEqual(1)
    expect(cut[0]?.text).toMatch(/^I can/)
    expect(cut[0]?.text.split(' ').length).toBeLessThan(14)
    expect(call.said('caller')).toContain('What are your opening hours?')
  })

  test('a tool runs, and its result is spoken: nobody calls this person again [S1-41 S1-42 S1-43]', async () => {
    const call = await stage.dial([LISTEN, { say: 'take me off your list please' }, LISTEN, { hangUp: true }])
    await call.over()
    const [tool] = call.entries.filter(entry => entry.who === 'tool')
    expect(tool?.data.name).toBe('opt_out')
    expect(call.said('agent').at(-1)).toContain('You are off our list')
    const refused = await stage.fetch('ada', '/twilio/outbound/call', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ toNumber: call.from }),
    })
    expect(refused.status).toBe(422)
  })

  test('the stream drops in the middle: a new one comes, and nothing said is forgotten [S2-33]', async () => {
    const call = await stage.dial([
      LISTEN,
      { say: 'what are your opening hours' },
      LISTEN,
      LISTEN,
      { say: 'goodbye' },
      LISTEN,
    ])
    await call.until(() => call.said('agent').length === 2)
    stage.stage.network.control.loseStreams(call.callSid)
    await call.until(
      () => call.said('system').filter(text => text.startsWith('The line to the agent is open')).length === 2,
    )
    await call.until(() => call.said('caller').includes('Goodbye.'))
    await call.over()
    // The cost was reported to the screen while the call ran, and is noted when a stream closes.
    const [first, last, ...more] = call.notes('usage').map(note => Number(note.data.costMicros))
    expect(more).toEqual([])
    expect(call.usage?.costMicros).toBeGreaterThan(0)
    expect(call.usage?.costMicros).toBeLessThanOrEqual(last ?? 0)
    expect(first).toBeLessThan(last ?? 0)
    expect(call.said('agent').filter(text => text.startsWith('Hello, this is Robin'))).toHaveLength(1)
  })
})

test('many at once: each has its own line and its own words [S2-16 S2-37]', async () => {
  const asks = ['what are your opening hours', 'what can you do', 'how much does it cost']
  const calls = await Promise.all(asks.map(say => stage.dial([LISTEN, { say }, LISTEN, { hangUp: true }])))
  await Promise.all(calls.map(call => call.over()))
  for (const [at, call] of calls.entries()) {
    expect(call.said('caller').join(' ').toLowerCase()).toContain(asks[at]?.split(' ').at(-1))
    expect(call.said('agent')).toHaveLength(2)
  }
})

test('the colleague is not there: the caller is told, and the conversation goes on [S1-42]', async () => {
  const call = await stage.dial([
    LISTEN,
    { say: 'talk to a person' },
    LISTEN,
    LISTEN,
    { say: 'what are your opening hours' },
    LISTEN,
    { hangUp: true },
  ])
  await call.over()
  expect(call.notes('transfer-answered')[0]?.data.answer).toBe('not-there')
  expect(call.said('agent').some(text => text.startsWith('I am sorry, nobody is free right now'))).toBe(true)
  expect(call.said('agent').at(-1)).toContain('We are open Monday to Friday')
  expect(call.notes('failed')).toEqual([])
})
