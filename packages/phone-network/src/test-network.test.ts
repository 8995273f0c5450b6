import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startPhoneNetwork, type TestNetwork } from './test-network.ts'
import { SmallApp } from './testing/small-app.ts'
import { twilioClient } from './testing/twilio-client.ts'

/** The `./testing` export, from its sources. `test/package` tries the packed one. */

const GRACE = '+14155558001'
let app: SmallApp
let network: TestNetwork

beforeAll(async () => {
  app = await new SmallApp().start()
  app.pages.set('/voice', '<Response><Gather numDigits="1" action="/key"><Say>Press a key</Say></Gather></Response>')
  app.pages.set('/key', '<Response><Say>Thank you</Say></Response>')
  app.pages.set('/out', '<Response><Say>Hello Grace</Say><Pause length="30"/></Response>')
})
afterAll(() => app.stop())
beforeEach(async () => {
  network = await startPhoneNetwork({ app: `${app.url}/`, statusPath: '/status' })
})
afterEach(() => network.stop())

const callGrace = () =>
  twilioClient(network.url, network.account).calls.create({ to: GRACE, from: network.number, url: `${app.url}/out` })

test('a person calls the program: its sentences, keys, webhooks and the end', async () => {
  const call = network.call()
  expect(await call.hears('Press')).toBe('Press a key')
  call.press('7')
  await call.hears(/thank/i)
  expect((await call.ended()).status).toBe('completed')
  expect(call.said()).toEqual(['Press a key', 'Thank you'])
  const [voice, key] = call.webhooks()
  expect([voice?.fields.From, key?.fields.Digits]).toEqual([call.from, '7'])
  expect(app.heard.some(one => one.path === '/status' && one.fields.CallSid === call.sid)).toBe(true)
})

test('the program calls a person, who is defined by the test and answers by hand', async () => {
  network.people.add({ number: GRACE, kind: 'manual' })
  await callGrace()
  const call = await network.nextCall()
  await network.control.until(entry => entry.kind === 'call-ringing' && entry.callSid === call.sid)
  network.people.answer(GRACE)
  await call.hears('Hello Grace')
  network.people.hangUp(GRACE)
  expect(await call.ended()).toMatchObject({ status: 'completed' })
})

test('refuse declines; each call is the next one once', async () => {
  network.people.add({ number: GRACE, kind: 'manual' })
  const calls = []
  for (const how of ['busy', 'no-answer'] as const) {
    await callGrace()
    const call = await network.nextCall()
    await network.control.until(entry => entry.kind === 'call-ringing' && entry.callSid === call.sid)
    network.people.refuse(GRACE, how)
    calls.push({ sid: call.sid, ...(await call.ended()) })
  }
  expect(calls.map(({ status }) => status)).toEqual(['busy', 'no-answer'])
  expect(new Set(calls.map(({ sid }) => sid)).size).toBe(2)
})

test('a caller of the test’s own does its acts; a mistake in them is refused', async () => {
  const call = network.call({ from: '+14155558002', acts: [{ listen: true }, { press: '3' }, { listen: true }] })
  await call.ended()
  expect(call.webhooks().at(1)?.fields.Digits).toBe('3')
  expect(() => network.call({ acts: [{ shout: 'Hello' } as never] })).toThrow('must have exactly one of')
})

test('the environment turns a program to this network and keeps the caller’s NODE_OPTIONS', () => {
  const { env, account, number } = network
  expect(env).toMatchObject({ TWILIO_ACCOUNT_SID: account.accountSid, TWILIO_PHONE_NUMBER: number })
  expect(env.PHONE_NETWORK).toMatch(/^127\.0\.0\.1:\d+$/)
  expect(env.NODE_OPTIONS).toContain('redirect.cjs"')
})
