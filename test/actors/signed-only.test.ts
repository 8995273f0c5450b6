/** The addresses that a carrier asks: without its signature nothing happens. */
import { beforeAll, expect, test } from 'vitest'
import { carrier, migrated, request } from './stage.ts'

beforeAll(migrated)

const CALL = '/twilio/w_test/calls/w_test.c_x.b1.1'
const LEG = '/twilio/w_test/batches/w_test.c_x.b1/legs/w_test.c_x.b1.1'
const OF_CALL = ['answer', 'status', 'recording', 'client', 'onward', 'dial-action', 'dialed-on', 'summary']
const OF_WORKSPACE = [
  'voice',
  'inbound',
  'inbound-status',
  'hold',
  'rooms/w_test.d_x.1/conference',
  'rooms/w_test.cf_x/recording',
  'sip/phones',
  'anything-else',
]
const OF_SEED = ['voice', 'inbound', 'status', 'recording', 'status-callback?userId=ada&contactId=p1']

/** Every address that we give to the carrier, and those that the seeds' programs give it. */
const PATHS = [
  ...OF_CALL.map(path => `${CALL}/${path}`),
  ...['answer', 'amd'].map(path => `${LEG}/${path}`),
  ...OF_WORKSPACE.map(path => `/twilio/w_test/${path}`),
  '/twilio/voice?message=Hello',
  '/twilio/status',
  ...OF_SEED.map(path => `/api/twilio/${path}`),
]

test.each(PATHS)('%s is refused without a signature, and with a wrong one [S1-57 S3-63]', async path => {
  await carrier.reset()
  const body = 'CallSid=CA1&CallStatus=completed&userId=ada&contactId=p1'
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  for (const headers of [form, { ...form, 'X-Twilio-Signature': 'wrong' }]) {
    const answer = await request(path, { method: 'POST', body, headers })
    expect(answer.status, await answer.text()).toBe(403)
  }
  expect(await carrier.requests()).toEqual([])
})
