import twilio from 'twilio'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSound } from '../media/start-sound.ts'
import { script } from '../people/script.ts'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { StreamServer, type Told } from '../testing/stream-server.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** ConversationRelay in real time: what a program on the other side of the WebSocket sees. */

const OURS = '+14155550000'
const PUBLIC = 'wss://relay.example.test/agent'
const SILENT = '+15002300001'
const TALKS_OVER = '+14155559001'
let app: SmallApp
let server: StreamServer
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>

beforeAll(async () => {
  app = await new SmallApp().start()
  server = await new StreamServer().start()
  const acts = [{ pauseMs: 3_000 }, { say: 'Sorry, who is this?' }, { pauseMs: 60_000 }]
  const base = { name: 'Ada', company: '', timeZone: 'UTC', scriptId: 'test' }
  network = await startPhoneNetwork({
    port: 0,
    cps: 50,
    sound: createSound({ seed: 7 }),
    people: [{ ...base, number: TALKS_OVER, script: script({ kind: 'human', answerMs: 100, acts }) }],
    numbers: [{ number: OURS, voiceUrl: `${app.url}/inbound` }],
    tunnels: { 'https://relay.example.test': `http://127.0.0.1:${server.port}` },
  })
  client = twilioClient(network.url, network.account)
  app.pages.set('/after', '<Response><Pause length="9"/></Response>')
})
afterAll(async () => {
  await network.close()
  await server.stop()
  await app.stop()
})
beforeEach(() => {
  server.forget()
  server.answer = () => undefined
  app.heard.length = 0
})

const relay = (to: string, attributes = '', children = '') =>
  client.calls.create({
    to,
    from: OURS,
    timeLimit: 40,
    twiml: `<Response><Connect action="${app.url}/after"><ConversationRelay url="${PUBLIC}" ${attributes}>${children}</ConversationRelay></Connect></Response>`,
  })
const of = (type: string): Told[] => server.told.filter(told => told.type === type)
const said = (callSid: string): string[] =>
  network.control
    .log()
    .flatMap(entry => (entry.kind === 'network-said' && entry.callSid === callSid ? [entry.text] : []))
const after = (callSid: string) => app.at('/after').filter(heard => heard.fields.CallSid === callSid)
const hang = (callSid: string) => client.calls(callSid).update({ status: 'completed' })
const LONG = 'This is a long story that nobody wants to hear in full, about a printer, a lift and a coffee machine.'

test('setup, signed; the greeting is heard; a prompt; an answer by tokens; the end with its data', async () => {
  server.answer = (told, say) => {
    if (told.type !== 'prompt') return
    for (const token of ['Nice to ', 'meet you. ', 'How are you']) say({ type: 'text', token, last: false })
    say({ type: 'text', token: '?', last: true })
  }
  const made = await relay(
    TALKS_OVER,
    'welcomeGreeting="Hi." partialPrompts="true" events="speaker-events tokens-played"',
    '<Parameter name="a" value="1"/>',
  )
  await server.until(() => of('info').filter(told => told.name === 'tokensPlayed').length === 3, 20_000)
  expect(of('setup')[0]).toMatchObject({
    sessionId: expect.stringMatching(/^VX[0-9a-f]{32}$/),
    accountSid: network.account.accountSid,
    callSid: made.sid,
    from: OURS,
    to: TALKS_OVER,
    callType: 'PSTN',
    direction: 'outbound-api',
    customParameters: { a: '1' },
  })
  const signature = String(server.upgrades[0]?.headers['x-twilio-signature'])
  expect(twilio.validateRequest(network.account.authToken, signature, PUBLIC, {})).toBe(true)
  expect(of('prompt').map(told => [told.voicePrompt, told.lang, told.last])).toEqual([
    ['Sorry, who', 'en-US', false],
    ['Sorry, who is this?', 'en-US', true],
  ])
  expect(said(made.sid)).toEqual(['Hi.', 'Nice to meet you.', 'How are you?'])
  const info = of('info').map(told => `${told.name} ${told.value}`)
  expect(info.slice(0, 3)).toEqual(['agentSpeaking on', 'tokensPlayed Hi.', 'agentSpeaking off'])
  expect(info).toContain('clientSpeaking on')
  server.say({ type: 'end', handoffData: '{"reason":"done"}' })
  await app.until(() => after(made.sid).length === 1)
  expect(after(made.sid)[0]?.fields).toMatchObject({
    SessionStatus: 'ended',
    HandoffData: '{"reason":"done"}',
    SessionId: of('setup')[0]?.sessionId,
    CallStatus: 'in-progress',
  })
  await hang(made.sid)
})

test('whoever talks over the agent interrupts it, and what was heard until then is told', async () => {
  const made = await relay(TALKS_OVER, `welcomeGreeting="${LONG}"`)
  await server.until(() => of('prompt').length === 1, 20_000)
  const [cut] = of('interrupt')
  expect(LONG.startsWith(cut?.utteranceUntilInterrupt)).toBe(true)
  expect(cut?.utteranceUntilInterrupt.length).toBeGreaterThan(10)
  expect(cut?.utteranceUntilInterrupt.length).toBeLessThan(LONG.length)
  expect(cut?.durationUntilInterruptMs).toBeGreaterThan(1_500)
  expect(cut?.durationUntilInterruptMs).toBeLessThan(4_000)
  await hang(made.sid)
  await app.until(() => after(made.sid).length === 1)
  expect(after(made.sid)[0]?.fields).toMatchObject({ SessionStatus: 'completed', CallStatus: 'completed' })
})

test('an agent that may not be interrupted goes on, and hears nothing of it', async () => {
  const made = await relay(
    TALKS_OVER,
    `welcomeGreeting="${LONG}" welcomeGreetingInterruptible="none" events="tokens-played"`,
  )
  await server.until(() => of('info').length === 1, 20_000)
  expect([of('interrupt').length, of('prompt').length]).toEqual([0, 0])
  await hang(made.sid)
})

test('keys, digits to press, sounds, languages; what does not exist is 64107 and the session goes on', async () => {
  const made = await relay(SILENT, 'dtmfDetection="true"')
  await server.until(() => of('setup').length === 1)
  network.control.press(made.sid, '12')
  await server.until(() => of('dtmf').length === 2)
  expect(of('dtmf').map(told => told.digit)).toEqual(['1', '2'])
  server.say({ type: 'sendDigits', digits: '9' })
  server.say({ type: 'language', ttsLanguage: 'de-DE', transcriptionLanguage: 'de-DE' })
  server.say({ type: 'dance' })
  server.say('no json')
  server.say({ type: 'text' })
  server.say({ type: 'text', token: 'Still here.', last: true })
  await network.control.until(entry => entry.kind === 'network-said' && entry.callSid === made.sid, 10_000)
  const entries = network.control.log().filter(entry => 'callSid' in entry && entry.callSid === made.sid)
  expect(entries.some(entry => entry.kind === 'digits-sent' && entry.digits === '9')).toBe(true)
  expect(entries.flatMap(entry => (entry.kind === 'alert' ? [entry.code] : []))).toEqual([64107, 64107, 64107])
  expect(of('error')).toHaveLength(3)
  server.close()
  await app.until(() => after(made.sid).length === 1)
  expect(after(made.sid)[0]?.fields.SessionStatus).toBe('ended')
  await hang(made.sid)
})

test('a preemptible answer gives way to the next one', async () => {
  const made = await relay(SILENT)
  await server.until(() => of('setup').length === 1)
  server.say({ type: 'text', token: LONG, last: true, preemptible: true })
  await network.control.until(entry => entry.kind === 'network-said' && entry.text === LONG, 10_000)
  const at = performance.now()
  server.say({ type: 'text', token: 'Never mind.', last: true })
  await network.control.until(entry => entry.kind === 'network-said' && entry.text === 'Never mind.', 10_000)
  expect(performance.now() - at).toBeLessThan(1_500)
  await hang(made.sid)
})

test('a server that cannot be reached: failed, with its code', async () => {
  server.refuseWith = 500
  const made = await relay(SILENT)
  await app.until(() => after(made.sid).length === 1)
  server.refuseWith = null
  expect(after(made.sid)[0]?.fields).toMatchObject({ SessionStatus: 'failed', ErrorCode: '64102' })
  await hang(made.sid)
})
