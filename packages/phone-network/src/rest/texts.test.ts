import twilio from 'twilio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** Messages over REST, with the unmodified `twilio` package, and texts that people send. */

const OURS = '+14155550000'
const PAT = '+14155551001'
let app: SmallApp
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>

beforeAll(async () => {
  app = await new SmallApp().start()
  const voiceUrl = `${app.url}/voice`
  network = await startPhoneNetwork({ port: 0, numbers: [{ number: OURS, voiceUrl, smsUrl: `${app.url}/sms?a=1` }] })
  client = twilioClient(network.url, network.account)
})
afterAll(async () => {
  await network.close()
  await app.stop()
})

function isSigned(path: string): boolean {
  const heard = app.at(path).at(-1)
  const signature = String(heard?.headers['x-twilio-signature'])
  return twilio.validateRequest(network.account.authToken, signature, app.url + heard?.path, heard?.fields ?? {})
}

test('create, callbacks, fetch, list, redact, delete [C14]', async () => {
  const body = 'Your code is 1234 — ok?'
  const made = await client.messages.create({
    to: '1 (415) 555-1001',
    from: OURS,
    body,
    statusCallback: `${app.url}/told`,
  })
  expect(made).toMatchObject({
    sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    accountSid: network.account.accountSid,
    to: PAT,
    from: OURS,
    body,
    status: 'queued',
    direction: 'outbound-api',
    numSegments: '1',
    numMedia: '0',
    errorCode: null,
    dateSent: null,
    dateCreated: expect.any(Date),
  })
  await app.until(() => app.at('/told').length === 3)
  expect(app.at('/told').map(({ fields }) => fields.MessageStatus)).toEqual(['queued', 'sent', 'delivered'])
  expect(isSigned('/told')).toBe(true)
  expect(await client.messages(made.sid).fetch()).toMatchObject({ status: 'delivered', dateSent: expect.any(Date) })
  expect((await client.messages.list({ to: PAT })).map(({ sid }) => sid)).toEqual([made.sid])
  expect(await client.messages.list({ from: PAT })).toEqual([])
  expect((await client.messages(made.sid).update({ body: '' })).body).toBe('')
  await expect(client.messages(made.sid).update({ body: 'other' })).rejects.toMatchObject({ code: 20001 })
  expect(await client.messages(made.sid).remove()).toBe(true)
  await expect(client.messages(made.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
})

test.each([
  [{ from: OURS, body: 'x' }, 21604],
  [{ to: PAT, body: 'x' }, 21603],
  [{ to: PAT, from: OURS }, 21602],
  [{ to: 'Pat', from: OURS, body: 'x' }, 21211],
  [{ to: '+1415555', from: OURS, body: 'x' }, 21211],
  [{ to: PAT, from: 'us', body: 'x' }, 21212],
  [{ to: PAT, from: '+14155559999', body: 'x' }, 21606],
  [{ to: OURS, from: OURS, body: 'x' }, 21266],
  [{ to: PAT, from: OURS, body: 'x'.repeat(1_601) }, 21617],
  [{ to: PAT, from: OURS, mediaUrl: ['nowhere'] }, 21620],
  [{ to: PAT, from: OURS, body: 'x', statusCallback: 'nowhere' }, 21609],
  [{ to: PAT, messagingServiceSid: `MG${'0'.repeat(32)}`, body: 'x' }, 21701],
])('a bad create is refused with Twilio’s code (%#) [C14]', async (fields, code) => {
  const { accountSid, authToken } = network.account
  const names = Object.entries(fields).map(([name, value]) => [name[0]?.toUpperCase() + name.slice(1), String(value)])
  const response = await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams(names as string[][]),
  })
  expect([response.status, ((await response.json()) as { code: number }).code]).toEqual([400, code])
})

test('a blocked region is 21408, and a person who said STOP is 21610 [C14]', async () => {
  network.control.setAccount({ blockedPrefixes: ['+882'] })
  const create = (to: string) => client.messages.create({ to, from: OURS, body: 'x' })
  await expect(create('+882123456789')).rejects.toMatchObject({ code: 21408 })
  network.control.text('+14155551002', OURS, 'STOP')
  await expect(create('+14155551002')).rejects.toMatchObject({ code: 21610 })
  network.control.text('+14155551002', OURS, 'START')
  expect((await create('+14155551002')).status).toBe('queued')
})

test('a text of a person is posted, signed, and what the program answers is sent back [C14]', async () => {
  app.pages.set('/sms', '<Response><Message>We have your text</Message></Response>')
  const response = await fetch(`${network.url}/_/texts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: PAT, to: OURS, body: 'Are you open?' }),
  })
  const { messageSid } = (await response.json()) as { messageSid: string }
  await app.until(() => app.at('/sms').at(-1)?.fields.MessageSid === messageSid)
  expect(app.at('/sms').at(-1)?.fields).toMatchObject({
    MessageSid: messageSid,
    From: PAT,
    To: OURS,
    Body: 'Are you open?',
  })
  expect(isSigned('/sms')).toBe(true)
  await network.control.until(entry => entry.kind === 'text-created' && entry.body === 'We have your text')
  const [reply] = await client.messages.list({ to: PAT })
  expect(reply).toMatchObject({ direction: 'outbound-reply', from: OURS, body: 'We have your text' })
  expect(await client.messages(messageSid).fetch()).toMatchObject({ status: 'received', direction: 'inbound' })
  expect(network.control.world().texts.map(({ body }) => body)).toContain('Are you open?')
})

test('a status callback that fails is an alert, and a lost answer is a fault that can be asked for [C14]', async () => {
  app.pages.set('/bad', (_heard, response) => response.writeHead(500).end())
  await client.messages.create({ to: PAT, from: OURS, body: 'x', statusCallback: `${app.url}/bad` })
  await network.control.until(entry => entry.kind === 'alert' && entry.code === 11200 && entry.message.includes('/bad'))
  network.control.addFault({ on: 'text', what: '5xx', next: 1 })
  network.control.text(PAT, OURS, 'hello')
  await network.control.until(entry => entry.kind === 'alert' && entry.message.includes('503'))
  const alerts = network.control.log().filter(entry => entry.kind === 'alert')
  expect(alerts.map(entry => 'code' in entry && entry.code)).toContain(11200)
})

test.each([
  [{ from: 'Pat', to: OURS, body: 'x' }, 400],
  [{ from: PAT, to: '+14155559999', body: 'x' }, 409],
  [{ from: PAT, to: OURS, body: '' }, 400],
  [{ from: PAT, to: OURS }, 400],
])('a text that nobody could send is refused (%#) [C14]', async (body, status) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${network.url}/_/texts`, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(response.status).toBe(status)
})
