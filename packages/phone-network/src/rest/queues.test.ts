import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** Queues over REST, with the unmodified `twilio` package. */

const OURS = '+14155550000'

let app: SmallApp
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>

beforeAll(async () => {
  app = await new SmallApp().start()
  app.pages.set('/inbound', '<Response><Enqueue waitUrl="" action="/after">help</Enqueue></Response>')
  app.pages.set('/taken', '<Response><Pause length="600"/></Response>')
  network = await startPhoneNetwork({ port: 0, numbers: [{ number: OURS, voiceUrl: `${app.url}/inbound` }] })
  client = twilioClient(network.url, network.account)
})

afterAll(async () => {
  await network.close()
  await app.stop()
})

test('create, list, fetch, change and delete', async () => {
  const made = await client.queues.create({ friendlyName: 'sales', maxSize: 3 })
  expect(made).toMatchObject({ friendlyName: 'sales', maxSize: 3, currentSize: 0, averageWaitTime: 0 })
  expect((await client.queues(made.sid).update({ maxSize: 9 })).maxSize).toBe(9)
  expect((await client.queues.list()).map(queue => queue.sid)).toContain(made.sid)
  await expect(client.queues.create({ friendlyName: 'sales' })).rejects.toMatchObject({ status: 400, code: 22003 })
  expect(await client.queues(made.sid).remove()).toBe(true)
  await expect(client.queues(made.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
})

test('members wait in order; the front one is taken to other TwiML, and the queue cannot be deleted before', async () => {
  const first = network.control.dial('+14155551001', OURS)
  await network.control.until(entry => entry.kind === 'enqueued' && entry.callSid === first)
  const second = network.control.dial('+14155551002', OURS)
  await network.control.until(entry => entry.kind === 'enqueued' && entry.callSid === second)
  const queue = (await client.queues.list()).find(one => one.friendlyName === 'help')
  if (!queue) throw new Error('no queue')
  expect(queue.currentSize).toBe(2)
  expect((await client.queues(queue.sid).members.list()).map(member => [member.callSid, member.position])).toEqual([
    [first, 1],
    [second, 2],
  ])
  await expect(client.queues(queue.sid).remove()).rejects.toMatchObject({ code: 22001 })
  const taken = await client
    .queues(queue.sid)
    .members('Front')
    .update({ url: `${app.url}/taken` })
  expect(taken.callSid).toBe(first)
  await network.control.until(entry => entry.kind === 'webhook' && entry.url.endsWith('/taken'))
  expect((await client.queues(queue.sid).members(second).fetch()).position).toBe(1)
})
