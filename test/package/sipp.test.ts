/**
 * SIP as a tool of others speaks it: SIPp registers at a domain, calls it, and is called, over UDP and TCP, with its sound sent back to us by
 * its echo. Without SIPp on this machine the tests say why they are not tried.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { SmallApp } from '../../packages/phone-network/src/testing/small-app.ts'
import { twilioClient } from '../../packages/phone-network/src/testing/twilio-client.ts'
import { startWholeNetwork } from '../../packages/phone-network/src/whole-network.ts'
import { findSipp, type Sipp } from '../../scripts/local/sipp.ts'

const DOMAIN = 'desk.sip.twilio.com'
const PASSWORD = 'Correct-horse-7'
const NUMBER = '+14155550000'
const SCENARIOS = path.join(import.meta.dirname, 'sipp')
/** quieter than any speech, and louder than the noise of µ-law */
const HEARD_LEVEL = 0.01

let sipp: Sipp | null = null
let why = ''
let app: SmallApp
let network: PhoneNetwork
const running: ChildProcess[] = []

beforeAll(async () => {
  const found = findSipp()
  if (typeof found === 'string') {
    why = found
    console.warn(`there is no SIPp here, so its tests are not tried: ${why}`)
    return
  }
  sipp = found
  app = await new SmallApp().start()
  network = await startWholeNetwork({
    port: 0,
    sipPort: 0,
    numbers: [{ number: NUMBER, voiceUrl: `${app.url}/number` }],
  })
  const { sip } = twilioClient(network.url, network.account)
  const domain = await sip.domains.create({ domainName: DOMAIN, sipRegistration: true, voiceUrl: `${app.url}/voice` })
  const list = await sip.credentialLists.create({ friendlyName: 'phones' })
  await sip.credentialLists(list.sid).credentials.create({ username: 'ada', password: PASSWORD })
  const { auth } = sip.domains(domain.sid)
  await auth.registrations.credentialListMappings.create({ credentialListSid: list.sid })
  await auth.calls.credentialListMappings.create({ credentialListSid: list.sid })
}, 200_000)

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})
afterAll(async () => {
  await network?.close()
  await app?.stop()
})

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

interface Run {
  transport: 'u1' | 't1'
  port: number
  password?: string
}

/** One run of a scenario with one call. Resolves with its exit code, 0 when everything came as the scenario says, and its last screen. */
async function scenario(
  name: string,
  { transport, port, password = PASSWORD }: Run,
): Promise<{ code: number; screen: string }> {
  const args = [
    `127.0.0.1:${network.sipPort}`,
    ...['-sf', path.join(SCENARIOS, `${name}.xml`), '-t', transport, '-i', '127.0.0.1', '-p', String(port)],
    ...['-mi', '127.0.0.1', '-mp', String(await freePort()), '-rtp_echo', '-m', '1', '-nostdin', '-timeout', '20s'],
    ...['-key', 'domain', DOMAIN, '-key', 'user', 'ada'],
    ...['-au', 'ada', '-ap', password],
  ]
  const child = spawn(sipp?.command ?? '', args, { env: { ...process.env, ...sipp?.env } })
  running.push(child)
  let screen = ''
  child.stdout.on('data', chunk => {
    screen = (screen + chunk).slice(-4_000)
  })
  child.stderr.on('data', chunk => {
    screen = (screen + chunk).slice(-4_000)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code: code ?? -1, screen }
}

/** Resolves when the far end of the call has been heard: SIPp sends back what it hears. */
async function echo(callSid: string): Promise<number> {
  let loudest = 0
  while (loudest < HEARD_LEVEL) {
    const call = network.control.world().calls.find(one => one.sid === callSid)
    if (call === undefined || call.endedAt !== null) break
    loudest = Math.max(loudest, call.levels?.says ?? 0)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return loudest
}

const WAYS = [
  ['UDP', 'u1'],
  ['TCP', 't1'],
] as const

beforeEach(context => context.skip(sipp === null, why))

test.each(WAYS)('SIPp registers over %s, and is refused with a wrong password', async (_, transport) => {
  const good = await scenario('register', { transport, port: await freePort() })
  expect(good.code, good.screen).toBe(0)
  expect(network.control.log(0).filter(entry => entry.kind === 'sip-registered')).not.toEqual([])
  const wrong = await scenario('register', { transport, port: await freePort(), password: 'Wrong-horse-7' })
  expect(wrong.code, wrong.screen).not.toBe(0)
})

test.each(WAYS)('SIPp calls the domain over %s, hears what the TwiML says, and is heard', async (_, transport) => {
  app.heard.length = 0
  app.pages.set(
    '/voice',
    `<Response>${'<Say>This sentence is long enough to be heard at the other side.</Say>'.repeat(5)}</Response>`,
  )
  const called = scenario('call', { transport, port: await freePort() })
  await app.until(() => app.at('/voice').length === 1)
  const { CallSid = '', SipUsername } = app.at('/voice')[0]?.fields ?? {}
  expect(SipUsername).toBe('ada')
  expect(await echo(CallSid)).toBeGreaterThan(HEARD_LEVEL)
  network.control.hangUpCall(CallSid)
  const { code, screen } = await called
  expect(code, screen).toBe(0)
})

test('SIPp registers, is called by a person over <Dial><Sip>, and both hear each other', async () => {
  const port = await freePort()
  const registered = await scenario('register', { transport: 'u1', port })
  expect(registered.code, registered.screen).toBe(0)
  const answered = scenario('answer', { transport: 'u1', port })
  app.pages.set('/number', `<Response><Dial><Sip>sip:ada@${DOMAIN}</Sip></Dial></Response>`)
  const acts = Array.from({ length: 10 }, () => ({ say: 'Hello, can you hear what I say on this line?' }))
  const caller = network.control.dial('+14155559001', NUMBER, { kind: 'human', acts })
  const bridged = await network.control.until(entry => entry.kind === 'bridged' && entry.callSid === caller, 20_000)
  const phone = bridged.kind === 'bridged' ? bridged.with : ''
  expect(await echo(phone)).toBeGreaterThan(HEARD_LEVEL)
  network.control.hangUpCall(caller)
  const { code, screen } = await answered
  expect(code, screen).toBe(0)
})
