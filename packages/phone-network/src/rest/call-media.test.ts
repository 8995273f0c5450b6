import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** Streams and Transcriptions of a call: the statuses that Twilio's description of the API gives. */

const OURS = '+14155550000'
let app: SmallApp
let network: PhoneNetwork

beforeAll(async () => {
  app = await new SmallApp().start()
  network = await startPhoneNetwork({ port: 0, numbers: [{ number: OURS, voiceUrl: `${app.url}/inbound` }] })
})
afterAll(async () => {
  await network.close()
  await app.stop()
})

async function ask(method: 'GET' | 'POST', path: string, fields: Record<string, string> = {}) {
  const { accountSid, authToken } = network.account
  const response = await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/Calls/${path}.json`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    ...(method === 'POST' ? { body: new URLSearchParams(fields) } : {}),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function answeredCall(): Promise<string> {
  const twiml = '<Response><Pause length="20"/></Response>'
  const client = twilioClient(network.url, network.account)
  const { sid } = await client.calls.create({ to: '+15002000001', from: OURS, twiml })
  await network.control.until(entry => entry.kind === 'call-answered' && entry.callSid === sid, 5_000)
  return sid
}

test.each([
  ['Streams', { Url: 'wss://127.0.0.1:9/media' }, /^MZ[0-9a-f]{32}$/],
  ['Transcriptions', { Track: 'both_tracks' }, /^GT[0-9a-f]{32}$/],
])('%s: start is 201, Status=stopped is 200, by SID and by name, and again [C14]', async (resource, fields, shape) => {
  const call = await answeredCall()
  const made = await ask('POST', `${call}/${resource}`, { ...fields, Name: 'one' })
  expect(made).toMatchObject({ status: 201, body: { call_sid: call, name: 'one', status: 'in-progress' } })
  expect(made.body.sid).toMatch(shape)
  const stopped = await ask('POST', `${call}/${resource}/${made.body.sid}`, { Status: 'stopped' })
  expect(stopped).toMatchObject({ status: 200, body: { sid: made.body.sid, status: 'stopped' } })
  expect((await ask('POST', `${call}/${resource}/one`, { Status: 'stopped' })).status).toBe(200)
  expect((await ask('POST', `${call}/${resource}/one`, { Status: 'paused' })).status).toBe(400)
  expect((await ask('POST', `${call}/${resource}/other`, { Status: 'stopped' })).status).toBe(404)
  expect((await ask('GET', `${call}/${resource}`)).status).toBe(405)
  network.control.hangUpCall(call)
  expect((await ask('POST', `${call}/${resource}`, fields)).status).toBe(400)
})
