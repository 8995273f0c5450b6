import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** The REST API, used by the unmodified `twilio` package. */

const FROM = '+14155550000'
const CALL_KEYS = [
  'account_sid answered_by api_version caller_name date_created date_updated direction duration end_time forwarded_from',
  'from from_formatted group_sid parent_call_sid phone_number_sid price price_unit queue_time sid start_time status',
  'subresource_uris to to_formatted trunk_sid uri',
]

let app: SmallApp
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>

beforeAll(async () => {
  app = await new SmallApp().start()
  app.pages.set('/stay', '<Response><Pause length="600"/></Response>')
  app.pages.set('/room', '<Response><Dial><Conference waitUrl="">room</Conference></Dial></Response>')
  network = await startPhoneNetwork({
    port: 0,
    cps: 50,
    numbers: [{ number: FROM, voiceUrl: `${app.url}/inbound` }],
    account: { voiceUrl: `${app.url}/stay` },
  })
  client = twilioClient(network.url, network.account)
})

afterAll(async () => {
  await network.close()
  await app.stop()
})

let phones = 0
/** Another phone of the same behaviour each time, because a phone takes one call at a time. */
function phone(behaviour: string, parameter = 0): string {
  phones += 1
  return `+1500${behaviour}${String(parameter).padStart(3, '0')}${String(phones).padStart(2, '0')}`
}

function create(to: string, more: object = {}) {
  return client.calls.create({ to, from: FROM, url: `${app.url}/stay`, ...more })
}

async function answered(to: string, more: object = {}): Promise<string> {
  const { sid } = await create(to, more)
  await network.control.until(entry => entry.kind === 'call-answered' && entry.callSid === sid)
  return sid
}

async function raw(method: string, path: string, body = '', auth = true): Promise<Response> {
  const { accountSid, authToken } = network.account
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64')
  return await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/${path}`, {
    method,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(auth ? { authorization: `Basic ${credentials}` } : {}),
    },
    ...(body === '' ? {} : { body }),
  })
}

describe('creating calls', () => {
  test('answers 201 with every key of a call', async () => {
    const form = new URLSearchParams({ To: phone('41'), From: FROM, Url: `${app.url}/stay` })
    const response = await raw('POST', 'Calls.json', form.toString())
    expect(response.status).toBe(201)
    const body = (await response.json()) as Record<string, unknown>
    expect(Object.keys(body).sort().join(' ')).toBe(CALL_KEYS.join(' '))
    expect(body).toMatchObject({
      status: 'queued',
      direction: 'outbound-api',
      from_formatted: '(415) 555-0000',
      price_unit: 'USD',
      duration: null,
      queue_time: '0',
      date_created: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/),
    })
    expect(Object.values(body.subresource_uris ?? {})).toHaveLength(9)
  })

  test('an API key signs in as well', async () => {
    const withKey = twilioClient(network.url, network.account, true)
    const call = await withKey.calls.create({ to: phone('41'), from: FROM, twiml: '<Response/>' })
    expect(call.sid).toMatch(/^CA[0-9a-f]{32}$/)
  })

  test.each([
    [{ to: '' }, 21201],
    [{ to: '12' }, 21211],
    [{ to: '+15005000001' }, 21211],
    [{ from: '' }, 21213],
    [{ from: 'nobody' }, 21212],
    [{ from: '+14155550009' }, 21210],
    [{ url: '' }, 21205],
    [{ url: 'ftp://example.test/' }, 21205],
    [{ url: '', applicationSid: `AP${'0'.repeat(32)}` }, 21218],
    [{ to: '+1415555' }, 21217],
    [{ timeout: 601 }, 20001],
    [{ machineDetection: 'true' }, 20001],
  ])('%j is refused with %i', async (more, code) => {
    await expect(create(phone('41'), more)).rejects.toMatchObject({
      code,
      status: 400,
      moreInfo: `https://www.twilio.com/docs/errors/${code}`,
    })
  })

  test('a TwiML App lends its voice URL', async () => {
    const call = await client.calls.create({
      to: phone('20'),
      from: FROM,
      applicationSid: network.account.twimlAppSid,
    })
    await app.until(() => app.at('/stay').some(heard => heard.fields.CallSid === call.sid))
    expect(app.at('/stay').map(heard => heard.fields.CallSid)).toContain(call.sid)
  })
})

describe('reading and changing calls', () => {
  test('a live call is completed; after that it is not in progress', async () => {
    const sid = await answered(phone('20'))
    const before = await client.calls(sid).fetch()
    expect(before).toMatchObject({ status: 'in-progress', endTime: null })
    const unchanged = await client.calls(sid).update({ status: 'canceled' })
    expect(unchanged.status).toBe('in-progress')
    const after = await client.calls(sid).update({ status: 'completed' })
    expect(after).toMatchObject({ status: 'completed', duration: expect.stringMatching(/^\d+$/) })
    await expect(client.calls(sid).update({ status: 'completed' })).rejects.toMatchObject({ code: 21220, status: 400 })
  })

  test('a ringing call is canceled, and cannot be redirected', async () => {
    const { sid } = await create(phone('41'))
    await expect(client.calls(sid).update({ twiml: '<Response/>' })).rejects.toMatchObject({ code: 21220 })
    expect((await client.calls(sid).update({ status: 'canceled' })).status).toBe('canceled')
  })

  test('a live call follows new TwiML', async () => {
    const sid = await answered(phone('20'))
    await client.calls(sid).update({ twiml: '<Response><Say>Moved on</Say><Pause length="60"/></Response>' })
    await network.control.until(entry => entry.kind === 'network-said' && entry.callSid === sid)
    const said = network.control.log().filter(entry => entry.kind === 'network-said' && entry.callSid === sid)
    expect(JSON.stringify(said)).toContain('Moved on')
  })

  test('lists filter by number, parent, status and time, newest first, in pages', async () => {
    const to = phone('40')
    const first = await create(to)
    await network.control.until(entry => entry.kind === 'call-ended' && entry.callSid === first.sid)
    const second = await create(to)
    await network.control.until(entry => entry.kind === 'call-ended' && entry.callSid === second.sid)
    const both = await client.calls.list({ to, status: 'busy' })
    expect(both.map(call => call.sid)).toEqual([second.sid, first.sid])
    const paged = await client.calls.list({ to, pageSize: 1 })
    expect(paged.map(call => call.sid)).toEqual([second.sid, first.sid])
    const tomorrow = new Date(Date.now() + 86_400_000)
    expect(await client.calls.list({ to, startTimeAfter: tomorrow })).toEqual([])
    expect(await client.calls.list({ to, startTimeBefore: tomorrow })).toHaveLength(2)
    expect(await client.calls.list({ to, status: 'completed' })).toEqual([])
    expect(await client.calls.list({ parentCallSid: first.sid })).toEqual([])
  })
})

describe('conferences and participants', () => {
  test('muting, holding, kicking, adding and closing', async () => {
    const sid = await answered(phone('22'), { url: `${app.url}/room` })
    await network.control.until(entry => entry.kind === 'participant-joined' && entry.callSid === sid)
    const [conference] = await client.conferences.list({ friendlyName: 'room', status: 'in-progress' })
    const room = client.conferences(conference?.sid ?? '')
    expect(await room.participants(sid).update({ muted: true })).toMatchObject({ muted: true, hold: false })
    expect(await room.participants(sid).update({ hold: true })).toMatchObject({ hold: true, status: 'connected' })

    const added = await client.conferences('room').participants.create({
      from: FROM,
      to: phone('22'),
      label: 'guest',
      beep: 'false',
      waitUrl: '',
    })
    expect(added.conferenceSid).toBe(conference?.sid)
    await network.control.until(entry => entry.kind === 'participant-joined' && entry.callSid === added.callSid)
    expect(await room.participants('guest').fetch()).toMatchObject({ callSid: added.callSid, status: 'connected' })
    expect(await room.participants.list()).toHaveLength(2)
    const coach = { coaching: true, callSidToCoach: sid }
    await expect(room.participants('guest').update(coach)).rejects.toMatchObject({ code: 16027, status: 400 })
    const nobody = { coaching: true, callSidToCoach: `CA${'0'.repeat(32)}` }
    await expect(room.participants('guest').update(nobody)).rejects.toMatchObject({ code: 16028, status: 400 })
    await room.participants(sid).update({ hold: false })
    expect(await room.participants('guest').update(coach)).toMatchObject({ coaching: true, callSidToCoach: sid })
    expect(await room.participants('guest').remove()).toBe(true)
    await expect(room.participants('guest').fetch()).rejects.toMatchObject({ code: 20404, status: 404 })

    expect((await room.update({ status: 'completed' })).reasonConferenceEnded).toBe('conference-ended-via-api')
    expect((await client.calls(sid).fetch()).status).toBe('completed')
  })
})

describe('refusals and troubles', () => {
  test('without credentials, or with wrong ones, 401 and 20003', async () => {
    expect((await raw('GET', 'Calls.json', '', false)).status).toBe(401)
    const stranger = twilioClient(network.url, { ...network.account, authToken: 'wrong' })
    await expect(stranger.calls.list()).rejects.toMatchObject({ code: 20003, status: 401 })
  })

  test('what does not exist is 404 and 20404', async () => {
    const sid = `CA${'0'.repeat(32)}`
    const path = `/2010-04-01/Accounts/${network.account.accountSid}/Calls/${sid}.json`
    await expect(client.calls(sid).fetch()).rejects.toMatchObject({
      code: 20404,
      status: 404,
      message: `The requested resource ${path} was not found`,
    })
    expect((await raw('GET', 'Nothing.json')).status).toBe(404)
    expect((await raw('GET', '%E0%A4%A.json')).status).toBe(404)
    expect((await raw('DELETE', 'Calls.json')).status).toBe(405)
  })

  test('a body that is too long is refused', async () => {
    expect((await raw('POST', 'Calls.json', `To=${'1'.repeat(70_000)}`)).status).toBe(413)
  })

  test('magic numbers make creates fail: 429 twice and then well, 500', async () => {
    const to = phone('51', 2)
    await expect(create(to)).rejects.toMatchObject({ code: 20429, status: 429 })
    await expect(create(to)).rejects.toMatchObject({ status: 429 })
    await expect(create(to)).resolves.toMatchObject({ status: 'queued' })
    await expect(create(phone('52'))).rejects.toMatchObject({ status: 500 })
  })

  test('a lost answer: the call is made all the same', async () => {
    const to = phone('53', 1)
    await expect(create(to)).rejects.toThrow()
    expect(await client.calls.list({ to })).toHaveLength(1)
  })

  test('faults by operation', async () => {
    network.control.addFault({ on: 'rest', what: '429', next: 1, match: { operation: 'update' } })
    const { sid } = await create(phone('41'))
    await expect(client.calls(sid).update({ status: 'canceled' })).rejects.toMatchObject({ status: 429 })
    expect((await client.calls(sid).update({ status: 'canceled' })).status).toBe('canceled')
    network.control.addFault({ on: 'rest', what: '401', next: 1 })
    await expect(client.calls.list()).rejects.toMatchObject({ code: 20003 })
    network.control.addFault({ on: 'rest', what: 'reset', next: 1, match: { operation: 'create' } })
    const to = phone('41')
    await expect(create(to)).rejects.toThrow()
    expect(await client.calls.list({ to })).toEqual([])
  })
})
