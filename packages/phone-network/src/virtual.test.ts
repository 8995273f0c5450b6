import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from './network-log.ts'
import { type PhoneNetwork, startPhoneNetwork } from './phone-network.ts'
import { SmallApp } from './testing/small-app.ts'
import { twilioClient } from './testing/twilio-client.ts'
import { VirtualTime } from './time.ts'

/** The whole network in virtual time, and the same in real time. */

const FROM = '+14155550000'
let app: SmallApp

beforeAll(async () => {
  app = await new SmallApp().start()
  app.pages.set('/talk', '<Response><Say>Hello, how are you today?</Say><Pause length="20"/></Response>')
  app.pages.set('/stay', '<Response><Pause length="600"/></Response>')
  app.pages.set('/room', '<Response><Dial timeLimit="30"><Conference>lobby</Conference></Dial></Response>')
  app.pages.set('/queue', '<Response><Enqueue>support</Enqueue></Response>')
  app.pages.set(
    '/keys',
    '<Response><Gather numDigits="1" timeout="4" action="/talk"><Say>Press</Say></Gather></Response>',
  )
})
afterAll(() => app.stop())

function network(options: { seed: number; time?: VirtualTime }): Promise<PhoneNetwork> {
  return startPhoneNetwork({ port: 0, cps: 100, numbers: [{ number: FROM, voiceUrl: `${app.url}/queue` }], ...options })
}

/** The kinds of the log entries of each call in order, without times and webhooks. */
function stories(entries: Entry[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const entry of entries) {
    if (!('callSid' in entry) || entry.callSid === null || entry.kind === 'webhook') continue
    found.set(entry.callSid, [...(found.get(entry.callSid) ?? []), entry.kind])
  }
  return found
}

test('the same seed tells the same stories in virtual and in real time', async () => {
  const play = async (time?: VirtualTime) => {
    const made = await network({ seed: 11, ...(time ? { time } : {}) })
    const client = twilioClient(made.url, made.account)
    for (const to of ['+15002102002', '+15004000001', '+15002102501', '+15004200001', '+15003000001']) {
      await client.calls.create({ to, from: FROM, url: `${app.url}/talk`, timeout: 3, timeLimit: 6 })
    }
    const over = () =>
      stories(made.control.log()).size === 5 &&
      [...stories(made.control.log()).values()].every(one => one.includes('call-ended'))
    if (time) await made.pass(60_000)
    else await made.control.until(over, 15_000)
    const told = stories(made.control.log())
    await made.close()
    return told
  }
  expect(await play(new VirtualTime())).toEqual(await play())
})

test('the price of a call is there a minute after its end, for each minute that has begun; one that nobody answered has none', async () => {
  const time = new VirtualTime()
  const made = await network({ seed: 3, time })
  const client = twilioClient(made.url, made.account)
  const place = (to: string, seconds: number) =>
    client.calls.create({ to, from: FROM, url: `${app.url}/stay`, timeLimit: seconds })
  const calls = [await place('+15002002001', 75), await place('+15002002002', 20), await place('+15004000002', 20)]
  const prices = () => Promise.all(calls.map(async ({ sid }) => (await client.calls(sid).fetch()).price))
  await made.pass(30_000)
  expect(await prices()).toEqual([null, null, null])
  await made.pass(60_000)
  expect(await prices()).toEqual([null, '-0.01400', null])
  await made.pass(120_000)
  expect(await prices()).toEqual(['-0.02800', '-0.01400', null])
  expect((await client.calls.list()).map(({ price, priceUnit }) => [price, priceUnit])).toContainEqual([
    '-0.02800',
    'USD',
  ])
  await made.close()
})

test('a day of two thousand calls ends with no open leg, no timer and no webhook under way', async () => {
  const time = new VirtualTime()
  const made = await network({ seed: 5, time })
  const behaviours = ['20', '21', '22', '23', '30', '32', '40', '41', '42', '43']
  const pages = ['/talk', '/room', '/keys']
  let calls = 0
  for (let second = 0; second < 500; second += 1) {
    for (let index = 0; index < 4; index += 1) {
      const n = calls++
      const to = `+1500${behaviours[n % behaviours.length] ?? ''}${String((n * 7) % 90).padStart(3, '0')}${String(n % 100).padStart(2, '0')}`
      made.control.place({ from: FROM, to, url: `${app.url}${pages[n % pages.length] ?? ''}`, timeLimitMs: 60_000 })
    }
    await made.pass(1_000)
  }
  await made.pass(100_000)
  expect(calls).toBe(2_000)
  expect(made.control.census()).toEqual({ live: 0, timers: 0, conferences: 0, queued: 0 })
  expect(time.timers).toBe(0)
  await made.close()
}, 60_000)
