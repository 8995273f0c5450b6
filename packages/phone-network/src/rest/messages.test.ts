import twilio from 'twilio'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import type { GatewayEvents } from '../signalling/contract.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** User-defined messages with the unmodified `twilio` package; the page is played by the test. */

let app: SmallApp
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>
let page: GatewayEvents
const sendMessage = vi.fn()

beforeAll(async () => {
  app = await new SmallApp().start()
  app.pages.set('/voice', '<Response><Pause length="600"/></Response>')
  app.pages.set('/gone', (_heard, response) => response.writeHead(500).end())
  network = await startPhoneNetwork({
    port: 0,
    account: { voiceUrl: `${app.url}/voice` },
    numbers: [{ number: '+14155550000', voiceUrl: `${app.url}/voice` }],
    gatewayFactory({ events }) {
      page = events
      const nothing = () => undefined
      const none = { ring: nothing, cancel: nothing, hangup: nothing, ringing: nothing, answered: nothing }
      return { ...none, devices: () => [], sendMessage }
    },
  })
  client = twilioClient(network.url, network.account)
})

afterAll(async () => {
  await network.close()
  await app.stop()
})

const place = () => page.onInvite({ identity: 'ada', accountSid: 'AC1', applicationSid: null }, {})

test('a message goes to the page once for each key', async () => {
  const callSid = place()
  const messages = client.calls(callSid).userDefinedMessages
  const made = await messages.create({ content: '{"a":[1,"ü"]}', idempotencyKey: 'one' })
  expect(made).toMatchObject({ callSid, accountSid: network.account.accountSid, dateCreated: expect.any(Date) })
  expect(made.sid).toMatch(/^KX[0-9a-f]{32}$/)
  expect((await messages.create({ content: '{}', idempotencyKey: 'one' })).sid).toBe(made.sid)
  expect(sendMessage.mock.calls).toEqual([
    [
      callSid,
      { sid: made.sid, content: { a: [1, 'ü'] }, contentType: 'application/json', messageType: 'user-defined-message' },
    ],
  ])
})

test('what cannot be sent is refused', async () => {
  const callSid = place()
  const messages = client.calls(callSid).userDefinedMessages
  await expect(messages.create({ content: '{' })).rejects.toMatchObject({ status: 400, code: 20001 })
  await expect(messages.create({ content: '' })).rejects.toMatchObject({ status: 400, code: 20001 })
  await expect(messages.create({ content: `"${'x'.repeat(10_240)}"` })).rejects.toMatchObject({ code: 31212 })
  const unknown = client.calls(`CA${'0'.repeat(32)}`).userDefinedMessages
  await expect(unknown.create({ content: '1' })).rejects.toMatchObject({ status: 404, code: 20404 })
  const phone = network.control.dial('+14155551001', '+14155550000')
  await expect(client.calls(phone).userDefinedMessages.create({ content: '1' })).rejects.toMatchObject({ code: 20001 })
  await client.calls(callSid).update({ status: 'completed' })
  await expect(messages.create({ content: '1' })).rejects.toMatchObject({ status: 400, code: 21220 })
})

test("the page's messages are posted, signed and numbered from 1, until the subscription is deleted [C14]", async () => {
  const callSid = place()
  const subscriptions = client.calls(callSid).userDefinedMessageSubscriptions
  await expect(subscriptions.create({ callback: 'nowhere' })).rejects.toMatchObject({ status: 400, code: 21205 })
  const made = await subscriptions.create({ callback: `${app.url}/message`, idempotencyKey: 'k' })
  expect(made.sid).toMatch(/^ZY[0-9a-f]{32}$/)
  expect(made.uri).toContain(`/Calls/${callSid}/UserDefinedMessageSubscriptions/${made.sid}.json`)
  expect((await subscriptions.create({ callback: `${app.url}/message`, idempotencyKey: 'k' })).sid).toBe(made.sid)
  const get = await subscriptions.create({ callback: `${app.url}/get`, method: 'GET' })
  const message = {
    sid: 'KX1',
    content: { b: 'ü' },
    contentType: 'application/json',
    messageType: 'user-defined-message',
  }
  page.onMessage?.(callSid, message)
  await app.until(() => app.at('/message').length === 1 && app.at('/get').length === 1)
  const heard = app.at('/message')[0]
  expect(heard?.fields).toEqual({
    AccountSid: network.account.accountSid,
    CallSid: callSid,
    Sid: 'KX1',
    ContentType: 'application/json',
    Content: '{"b":"ü"}',
    SequenceNumber: '1',
    Timestamp: expect.stringMatching(/^\w{3}, \d{2} \w{3} \d{4} [\d:]{8} \+0000$/),
  })
  const signature = String(heard?.headers['x-twilio-signature'])
  const { authToken } = network.account
  expect(twilio.validateRequest(authToken, signature, `${app.url}/message`, heard?.fields ?? {})).toBe(true)
  expect(await subscriptions(made.sid).remove()).toBe(true)
  await expect(subscriptions(made.sid).remove()).rejects.toMatchObject({ status: 404, code: 20404 })
  page.onMessage?.(callSid, { ...message, sid: 'KX2' })
  await app.until(() => app.at('/get').length === 2)
  expect(app.at('/message')).toHaveLength(1)
  expect(await subscriptions(get.sid).remove()).toBe(true)
})
