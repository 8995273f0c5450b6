/** The voice profile: who may read and change it, and what it does to every call of its agent. */
import { createHmac } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { readProfile, writeProfile } from '../../src/actors/profile/profile-of.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { DEFAULT_PROFILE, type VoiceProfile } from '../../src/core/desk/voice-profile.ts'
import { deskId, deskName } from '../../src/core/ids.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, carrier, cookieOf, migrated, request, signed, twice, until } from './stage.ts'

const json = { 'Content-Type': 'application/json' }
const WHOLE: VoiceProfile = {
  allowOutbound: false,
  allowInbound: false,
  recordCalls: true,
  callerId: '+14155550742',
  identityAlias: 'Zoë at the desk',
}

beforeAll(async () => {
  await migrated()
  await stubFor(bindings, 'trunk', 'w_test').saveNumber({
    number: '+14155550742',
    name: '',
    deskId: null,
    inFlightCap: 9,
    cooldownMs: 0,
  })
})
beforeEach(async () => {
  await carrier.reset()
})

async function as(key: string) {
  const cookie = await cookieOf(key)
  const me = await request('/api/me', { headers: { Cookie: cookie } })
  const { userId } = await me.json<{ userId: string }>()
  const send = (method: string, path: string, body?: object) =>
    request(path, {
      method,
      headers: { ...json, Cookie: cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return { userId, desk: deskId('w_test', deskName(userId)), send }
}

/** The voice grant inside an access token, after its signature was checked. */
function grantOf(token: string): { incoming?: { allow: boolean }; outgoing?: { application_sid: string } } {
  const [head = '', body = '', mark = ''] = token.split('.')
  const expected = createHmac('sha256', bindings.TWILIO_API_KEY_SECRET ?? '').update(`${head}.${body}`)
  expect(mark).toBe(expected.digest('base64url'))
  return JSON.parse(Buffer.from(body, 'base64url').toString()).grants.voice
}

const voice = (desk: string, callSid: string, to: string) =>
  signed('/twilio/w_test/voice', {
    CallSid: callSid,
    AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
    From: `client:agent_${desk.slice(desk.indexOf('.d_') + 3)}`,
    To: to,
    CallStatus: 'ringing',
  })

test('an agent reads and writes their own profile, and nobody else’s [S4-24]', async () => {
  const [ada, sam] = [await as('ada'), await as('sam')]
  expect(await (await ada.send('GET', '/api/voice-profile')).json()).toMatchObject(DEFAULT_PROFILE)
  const written = await ada.send('PUT', '/api/voice-profile', { ...WHOLE, callerId: '(415) 555-0742' })
  expect(written.status).toBe(200)
  expect(await (await ada.send('GET', '/api/voice-profile')).json()).toMatchObject({ ...WHOLE, userId: ada.userId })
  for (const path of [`/api/voice-profile?userId=${ada.userId}`]) {
    expect((await sam.send('GET', path)).status).toBe(403)
    expect((await sam.send('PUT', path, DEFAULT_PROFILE)).status).toBe(403)
  }
  expect(await (await sam.send('GET', '/api/voice-profile')).json()).toMatchObject(DEFAULT_PROFILE)
  expect(await readProfile(bindings, ada.desk)).toEqual(WHOLE)
})

test('an administrator reads and changes everybody’s profile in the workspace [S4-26] [S4-37]', async () => {
  const [root, ada] = [await as('root'), await as('ada')]
  const path = `/api/voice-profile?userId=${ada.userId}`
  expect((await root.send('PUT', path, WHOLE)).status).toBe(200)
  expect(await (await root.send('GET', path)).json()).toMatchObject({ ...WHOLE, userId: ada.userId })
  expect(await (await root.send('GET', '/api/voice-profile')).json()).toMatchObject(DEFAULT_PROFILE)
  expect((await root.send('GET', '/api/voice-profile?userId=nobody')).status).toBe(404)
})

test('a caller id that is none of our numbers is refused by its field [S4-26]', async () => {
  const ada = await as('ada')
  const answer = await ada.send('PUT', '/api/voice-profile', { ...DEFAULT_PROFILE, callerId: '+14155559999' })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ fields: [{ field: 'callerId' }] })
})

test('the next token follows the profile: no outgoing grant, no incoming calls, then both again [S4-27] [S4-28]', async () => {
  const ada = await as('ada')
  await writeProfile(bindings, ada.desk, WHOLE)
  const closed = await (await ada.send('GET', '/api/twilio/token')).json<{ token: string; outgoing: boolean }>()
  expect(closed.outgoing).toBe(false)
  expect(grantOf(closed.token).outgoing).toBeUndefined()
  expect(grantOf(closed.token).incoming?.allow ?? false).toBe(false)
  await writeProfile(bindings, ada.desk, DEFAULT_PROFILE)
  const open = await (await ada.send('GET', '/api/twilio/token')).json<{ token: string; outgoing: boolean }>()
  expect(open.outgoing).toBe(true)
  expect(grantOf(open.token)).toMatchObject({
    incoming: { allow: true },
    outgoing: { application_sid: bindings.TWILIO_TWIML_APP_SID },
  })
})

twice('who may not place calls starts nothing: no number, no session, no browser call [S4-27]', async (stage, tag) => {
  const id = `w_test.d_mute${tag}`
  const { desk } = await deskWithLine(stage, id)
  await writeProfile(bindings, id, { ...DEFAULT_PROFILE, allowOutbound: false })
  const campaignId = `w_test.c_mute${tag}`
  await stubFor(bindings, 'workspace', 'w_test').saveCampaign(campaignId, 'Mute', 1)
  for (const command of [
    { type: 'single.dial', phone: '+14155550188' },
    { type: 'session.start', campaignId, lines: 1 },
  ])
    expect(await desk.command(say(command))).toMatchObject({ type: 'refused', reason: 'outbound-not-allowed' })
  // The carrier's webhook serves only people who are signed in.
  const bo = await as('bo')
  await writeProfile(bindings, bo.desk, { ...DEFAULT_PROFILE, allowOutbound: false })
  const twiml = await (await voice(bo.desk, `CA-mute-${tag}`, '+14155550188')).text()
  expect(twiml).toContain('does not let you place calls')
  expect(twiml).not.toContain('<Dial')
  expect(await carrier.creates('+14155550188')).toEqual([])
})

test('a permission that is taken away in mid-session ends the dialling with the round [S4-27]', async () => {
  const plain = { stub: (kind: never, id: string) => stubFor(bindings, kind, id), peek: stubFor.bind(null, bindings) }
  const [id, campaignId] = ['w_test.d_withdrawn', 'w_test.c_withdrawn']
  const { desk } = await deskWithLine(plain as never, id)
  const campaign = stubFor(bindings, 'campaign', campaignId)
  await campaign.configure(SETTINGS)
  await campaign.addContacts([
    { contactId: 'p1', name: 'One', company: '', number: '+14155550189', numberShown: '', timeZone: null },
  ])
  await writeProfile(bindings, id, { ...DEFAULT_PROFILE, allowOutbound: false })
  const asked = { type: 'agent.asked', at: Date.now(), deskId: id, agentName: 'Ada', word: 'start', lines: 1 } as const
  await campaign.deliver(asked, 'asked-before')
  await until(async () => expect((await desk.view())?.session?.state).toBe('waiting'))
  expect(await carrier.creates('+14155550189')).toEqual([])
})

test('an agent who takes no calls is not rung: the caller hears the message [S4-27]', async () => {
  const id = 'w_test.d_deaf'
  const trunk = stubFor(bindings, 'trunk', 'w_test')
  await trunk.saveNumber({ number: '+14155550743', name: '', deskId: id, inFlightCap: 9, cooldownMs: 0 })
  const call = (callSid: string) =>
    signed('/twilio/w_test/inbound', {
      CallSid: callSid,
      AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
      From: '+14155551234',
      To: '+14155550743',
      CallStatus: 'ringing',
    })
  expect(await (await call('CA-deaf-1')).text()).toContain('<Client')
  await writeProfile(bindings, id, { ...DEFAULT_PROFILE, allowInbound: false })
  const twiml = await (await call('CA-deaf-2')).text()
  expect(twiml).not.toContain('<Client')
  expect(twiml).toContain('<Say')
})

test('a browser call of a recorded agent is recorded and shows the agent’s caller id [S4-12] [S4-27]', async () => {
  const { desk: id } = await as('sam')
  await writeProfile(bindings, id, DEFAULT_PROFILE)
  const plain = await (await voice(id, 'CA-plain-1', '+14155550190')).text()
  expect(plain).not.toContain('record=')
  await writeProfile(bindings, id, { ...DEFAULT_PROFILE, recordCalls: true, callerId: '+14155550742' })
  const twiml = await (await voice(id, 'CA-recorded-1', '+14155550191')).text()
  expect(twiml).toContain('record="record-from-answer"')
  expect(twiml).toContain('callerId="+14155550742"')
  // Twilio asks again after a lost answer and gets the same.
  expect(await (await voice(id, 'CA-recorded-1', '+14155550191')).text()).toBe(twiml)
})

twice('dial pad and campaign of a recorded agent are recorded [S4-12] [S4-27]', async (stage, tag) => {
  const [id, campaignId] = [`w_test.d_tape${tag}`, `w_test.c_tape${tag}`]
  const { desk } = await deskWithLine(stage, id)
  await writeProfile(bindings, id, { ...DEFAULT_PROFILE, recordCalls: true, callerId: '+14155550742' })
  const campaign = stage.stub('campaign', campaignId)
  await stubFor(bindings, 'workspace', 'w_test').saveCampaign(campaignId, 'Tape', 1)
  await campaign.configure({ ...SETTINGS, record: false })
  const number = `+1415555${tag === 'plain' ? '0192' : '0193'}`
  await campaign.addContacts([{ contactId: 'p1', name: 'One', company: '', number, numberShown: '', timeZone: null }])
  expect(await desk.command(say({ type: 'session.start', campaignId, lines: 1 }))).toMatchObject({ type: 'accepted' })
  const [create] = await until(async () => {
    const creates = await carrier.creates(number)
    expect(creates).toHaveLength(1)
    return creates
  })
  expect(create?.form.Record).toBe('true')
  const other = `w_test.d_pad${tag}`
  const pad = await deskWithLine(stage, other)
  await writeProfile(bindings, other, { ...DEFAULT_PROFILE, recordCalls: true, callerId: '+14155550742' })
  const dialled = `+1415555${tag === 'plain' ? '0194' : '0195'}`
  expect(await pad.desk.command(say({ type: 'single.dial', phone: dialled }))).toMatchObject({ type: 'accepted' })
  await until(async () => {
    const [single] = await carrier.creates(dialled)
    expect(single?.form).toMatchObject({ Record: 'true', From: '+14155550742' })
  })
})

test('what an administrator has set the agent does not change back, and no AI agent calls for them meanwhile [S4-26] [S4-27]', async () => {
  const [root, bo] = [await as('root'), await as('bo')]
  await stubFor(bindings, 'workspace', 'w_test').saveAiAgent(
    'ai_profile',
    aiAgentBody.parse({ name: 'Robin', prompt: 'Help.' }),
    'Root',
  )
  const path = `/api/voice-profile?userId=${bo.userId}`
  expect((await root.send('PUT', path, { ...DEFAULT_PROFILE, allowOutbound: false })).status).toBe(200)
  const back = await bo.send('PUT', '/api/voice-profile', DEFAULT_PROFILE)
  expect(back.status).toBe(403)
  expect((await back.json<{ fields: { field: string }[] }>()).fields.map(one => one.field)).toEqual(['allowOutbound'])
  // Everything else is still theirs.
  const alias = { ...DEFAULT_PROFILE, allowOutbound: false, identityAlias: 'Bo' }
  expect((await bo.send('PUT', '/api/voice-profile', alias)).status).toBe(200)
  const order = { toNumber: '+14155550791', consent: 'agreed on our page' }
  for (const [route, body] of [
    ['/api/ai/agents/ai_profile/calls', order],
    ['/twilio/outbound/call', { ...order, agentId: 'ai_profile' }],
  ] as const)
    expect((await bo.send('POST', route, body)).status, route).toBe(422)
  expect(await carrier.creates('+14155550791')).toEqual([])
  expect((await root.send('PUT', path, DEFAULT_PROFILE)).status).toBe(200)
  expect((await bo.send('PUT', '/api/voice-profile', { ...DEFAULT_PROFILE, recordCalls: true })).status).toBe(200)
})
