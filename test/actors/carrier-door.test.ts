import { beforeAll, expect, test } from 'vitest'
import { logging } from './logging.ts'
import { bindings, migrated, request, signed } from './stage.ts'

beforeAll(migrated)
const account = { AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '' }
const path = '/twilio/w_test/calls/w_test.c_x.b1.1/status'
const form = { ...account, CallSid: 'CA1', CallStatus: 'ringing', SequenceNumber: '1' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': 'x' }

test('a callback without, or with a wrong, signature is refused', async () => {
  const body = new URLSearchParams(form).toString()
  expect(
    (await request(path, { method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }))
      .status,
  ).toBe(403)
  expect((await request(path, { method: 'POST', body, headers: FORM })).status).toBe(403)
  expect((await signed(path, form, 'another token')).status).toBe(403)
  expect((await signed('/twilio/w_other/calls/w_other.c_x.b1.1/status', form)).status).toBe(403)
})

test('a true one for a call that we do not know is taken and changes nothing', () =>
  logging('warn', 'callback for an unknown call', async () => {
    expect((await signed(path, form)).status).toBe(204)
  }))

test('an id of another workspace is not found, another account is refused', async () => {
  expect((await signed('/twilio/w_test/calls/w_other.c_x.b1.1/status', form)).status).toBe(404)
  expect((await signed(path, { ...form, AccountSid: 'AC0' })).status).toBe(403)
})

test('malformed bodies are a 4xx, never a 5xx [S2-35 S3-62]', async () => {
  const send = (body: BodyInit, headers: Record<string, string> = FORM) =>
    request(path, { method: 'POST', body, headers })
  expect((await send('--x\r\nbroken', { 'Content-Type': 'multipart/form-data; boundary=x' })).status).toBe(415)
  expect((await send('{', { 'Content-Type': 'application/json' })).status).toBe(415)
  expect((await send('CallSid=%E0%A4%A&x=1')).status).toBe(400)
  expect((await send('CallSid=1&CallSid=2')).status).toBe(400)
  expect((await send(`CallSid=${'x'.repeat(1024 * 1024)}`)).status).toBe(413)
  expect((await send('')).status).toBe(403)
})

test('a missing field is named', async () => {
  const answer = await signed(path, { ...account, CallSid: 'CA1' })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ fields: [{ field: 'CallStatus' }] })
})

test('an answer for an unknown leg hears who called, and nothing is bridged', async () => {
  const answer = await signed('/twilio/w_test/batches/w_test.c_x.b9/legs/w_test.c_x.b9.1/answer', {
    ...account,
    CallSid: 'CA9',
  })
  const twiml = await answer.text()
  expect(twiml).toContain('<Say>')
  expect(twiml).not.toContain('Conference')
})

test('the fallback speaks only for a mark that we made', async () => {
  expect((await request('/twilio/w_test/fallback?name=X&number=%2B1&mark=00')).status).toBe(403)
})
