import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SipPhone } from '../testing/sip-phone.ts'
import { DOMAIN, NUMBER, type SipStage, startSipStage } from '../testing/sip-stage.ts'
import { Challenger, ha1Of, readDigest } from './digest.ts'
import { header, readUri } from './message.ts'

/** Calls to SIP phones: `<Dial><Sip>` and REST, to phones that are registered and to any SIP URI of this machine. */

let stage: SipStage

beforeAll(async () => {
  stage = await startSipStage()
})
beforeEach(() => stage.clear())
afterAll(() => stage.stop())

/** A person calls our number, whose TwiML dials. Resolves with what the action is told. */
function dialled(dial: string): { sid: string; told: Promise<Record<string, string>> } {
  const { app, network } = stage
  app.pages.set('/number', `<Response>${dial}</Response>`)
  app.pages.set('/after', '<Response><Pause length="60"/></Response>')
  const sid = network.control.dial('+14155559001', NUMBER)
  const told = app.until(() => app.at('/after').length === 1).then(() => app.at('/after')[0]?.fields ?? {})
  return { sid, told }
}
const registered = async (user: string, transport: 'UDP' | 'TCP' = 'UDP'): Promise<SipPhone> => {
  const phone = await stage.phone(user, { transport })
  await phone.register()
  return phone
}
const dialTo = (...users: string[]): string =>
  `<Dial action="/after" timeout="20">${users.map(user => `<Sip>sip:${user}@${DOMAIN}</Sip>`).join('')}</Dial>`
const statuses = () => stage.app.at('/sip').map(heard => heard.fields.CallStatus)

describe('<Dial><Sip> to a registered phone', () => {
  // twiml: Sip Sip.statusCallback Sip.statusCallbackEvent
  test.each(['UDP', 'TCP'] as const)(
    'over %s: it rings, is bridged, and its BYE ends the <Dial> with what SIP has said',
    async transport => {
      const ada = await registered('ada', transport)
      const callback = `statusCallback="${stage.app.url}/sip" statusCallbackEvent="initiated ringing answered completed"`
      const { sid, told } = dialled(
        `<Dial action="/after"><Sip ${callback}>sip:ada@${DOMAIN}?X-Crm=77&amp;Evil=1</Sip></Dial>`,
      )
      const invite = await ada.next('INVITE')
      expect(readUri(invite.uri)).toMatchObject({ user: 'ada', port: ada.port })
      expect(header(invite, 'From')).toContain('sip:+14155559001@')
      expect([header(invite, 'X-Crm'), header(invite, 'Evil')]).toEqual(['77', null])
      expect(header(invite, 'X-Twilio-AccountSid')).toBe(stage.network.account.accountSid)
      ada.reply(invite, 180)
      await stage.app.until(() => statuses().length === 2)
      ada.reply(invite, 200, [['X-Agent', 'ada']])
      await ada.next('ACK')
      const bridged = await stage.until(entry => entry.kind === 'bridged' && entry.callSid === sid)
      expect(header(invite, 'X-Twilio-CallSid')).toBe(bridged.kind === 'bridged' ? bridged.with : '')
      ada.back(invite, 'BYE')
      expect(await told).toMatchObject({
        DialCallStatus: 'completed',
        DialSipResponseCode: '200',
        DialSipCallId: header(invite, 'Call-ID'),
        'DialSipHeader_X-Agent': 'ada',
      })
      await stage.app.until(() => statuses().length === 4)
      expect(statuses()).toEqual(['initiated', 'ringing', 'in-progress', 'completed'])
      expect(stage.app.at('/sip')[3]?.fields.SipResponseCode).toBe('200')
    },
  )

  test('a phone that answers without ringing has rung all the same', async () => {
    const ada = await registered('ada')
    dialled(dialTo('ada'))
    ada.reply(await ada.next('INVITE'), 200)
    await stage.until(entry => entry.kind === 'bridged')
    expect(stage.entries('call-ringing')).toHaveLength(2)
  })

  test('all phones of a user ring; the first that answers has the call, the others are cancelled', async () => {
    const [desk, mobile] = [await registered('ada'), await registered('ada', 'TCP')]
    const { told } = dialled(dialTo('ada'))
    const [atDesk, atMobile] = [await desk.next('INVITE'), await mobile.next('INVITE')]
    desk.reply(atDesk, 180)
    mobile.reply(atMobile, 180)
    await stage.until(entry => entry.kind === 'call-ringing' && stage.entries('call-ringing').length === 2)
    mobile.reply(atMobile, 200)
    const cancel = await desk.next('CANCEL')
    expect(header(cancel, 'Call-ID')).toBe(header(atDesk, 'Call-ID'))
    desk.reply(cancel, 200)
    desk.reply(atDesk, 487)
    await desk.next('ACK')
    mobile.back(atMobile, 'BYE')
    expect(await told).toMatchObject({ DialCallStatus: 'completed' })
  })

  test('a phone that answers too late is acknowledged and hung up', async () => {
    const [desk, mobile] = [await registered('ada'), await registered('ada', 'TCP')]
    dialled(dialTo('ada'))
    const [atDesk, atMobile] = [await desk.next('INVITE'), await mobile.next('INVITE')]
    desk.reply(atDesk, 200)
    await desk.next('ACK')
    mobile.reply(atMobile, 200)
    await mobile.next('ACK')
    await mobile.next('BYE')
    expect(desk.got.some(one => one.method === 'BYE')).toBe(false)
  })

  test('several <Sip> ring together, and the caller who leaves cancels them all', async () => {
    const [ada, bo] = [await registered('ada'), await registered('bo')]
    const { sid } = dialled(dialTo('ada', 'bo'))
    for (const phone of [ada, bo]) phone.reply(await phone.next('INVITE'), 180)
    await stage.until(() => stage.entries('call-ringing').length === 3)
    stage.network.control.hangUpCall(sid)
    for (const phone of [ada, bo]) phone.reply(await phone.next('CANCEL'), 200)
    await stage.until(() => stage.entries('call-ended').length === 3)
    expect(
      stage
        .entries('call-ended')
        .map(one => one.status)
        .sort(),
    ).toEqual(['canceled', 'canceled', 'completed'])
  })

  test.each([
    [486, 'busy'],
    [603, 'busy'],
    [480, 'no-answer'],
    [404, 'failed'],
    [500, 'failed'],
  ])('a phone that says %i: %s', async (code, status) => {
    const ada = await registered('ada')
    const { told } = dialled(dialTo('ada'))
    ada.reply(await ada.next('INVITE'), code)
    expect(await told).toMatchObject({ DialCallStatus: status, DialSipResponseCode: String(code) })
  })

  test('of several refusals the one that says most is told; one for all phones cancels the others', async () => {
    const [desk, mobile] = [await registered('ada'), await registered('ada', 'TCP')]
    const first = dialled(dialTo('ada'))
    desk.reply(await desk.next('INVITE'), 480)
    mobile.reply(await mobile.next('INVITE'), 486)
    expect(await first.told).toMatchObject({ DialCallStatus: 'busy', DialSipResponseCode: '486' })
    stage.network.control.hangUpCall(first.sid)
    stage.app.heard.length = 0
    const [since, mobileSince] = [desk.got.length, mobile.got.length]
    const second = dialled(dialTo('ada'))
    const ringing = await desk.next('INVITE', since)
    desk.reply(ringing, 180)
    await stage.until(() => stage.entries('call-ringing').length === 3)
    mobile.reply(await mobile.next('INVITE', mobileSince), 603)
    desk.reply(await desk.next('CANCEL', since), 200)
    desk.reply(ringing, 487)
    expect(await second.told).toMatchObject({ DialCallStatus: 'busy', DialSipResponseCode: '603' })
  })

  test('a phone that never answers is given up after the timeout', async () => {
    const ada = await registered('ada')
    const { told } = dialled(`<Dial action="/after" timeout="1"><Sip>sip:ada@${DOMAIN}</Sip></Dial>`)
    const invite = await ada.next('INVITE')
    ada.reply(invite, 180)
    ada.reply(await ada.next('CANCEL'), 200)
    expect(await told).toMatchObject({ DialCallStatus: 'no-answer' })
  })

  test('nobody is registered, the URI names no user, an edge, or a domain of somebody else', async () => {
    const refused = async (uri: string): Promise<string | undefined> => {
      stage.app.heard.length = 0
      const { sid, told } = dialled(`<Dial action="/after"><Sip>${uri}</Sip></Dial>`)
      const { DialCallStatus } = await told
      stage.network.control.hangUpCall(sid)
      return DialCallStatus
    }
    expect([await refused(`sip:cy@${DOMAIN}`), stage.alerts(32009)]).toEqual(['no-answer', 1])
    expect([await refused(`sip:${DOMAIN}`), stage.alerts(32223)]).toEqual(['failed', 1])
    expect([await refused('sip:ada@desk.sip.dublin.twilio.com'), stage.alerts(32220)]).toEqual(['failed', 1])
    expect([await refused('sip:ada@other.sip.twilio.com'), stage.alerts(32214)]).toEqual(['failed', 1])
    expect([await refused('sip:ada@pbx.example.test'), stage.alerts(0)]).toEqual(['failed', 1])
    expect([await refused('not a uri'), stage.alerts(13243)]).toEqual(['failed', 1])
  })
})

describe('any SIP URI of this machine', () => {
  const uri = (phone: SipPhone): string => `sip:desk@127.0.0.1:${phone.port}`

  // twiml: Sip.username Sip.password
  test('its challenge is answered with the name and the password of the <Sip>, once', async () => {
    const pbx = await stage.phone('pbx')
    const challenger = new Challenger('pbx', () => Date.now())
    const { told } = dialled(`<Dial action="/after"><Sip username="trunk" password="secret-1">${uri(pbx)}</Sip></Dial>`)
    const first = await pbx.next('INVITE')
    expect(header(first, 'Proxy-Authorization')).toBeNull()
    pbx.reply(first, 407, [['Proxy-Authenticate', challenger.challenge()]])
    await pbx.next('ACK')
    const invites = () => pbx.got.filter(one => one.method === 'INVITE')
    await pbx.until(() => invites().length === 2)
    const second = invites()[1] as typeof first
    const answer = readDigest(header(second, 'Proxy-Authorization') ?? '') ?? {}
    expect(challenger.judge(answer, 'INVITE', ha1Of('trunk', 'secret-1'))).toBe('good')
    pbx.reply(second, 407, [['Proxy-Authenticate', challenger.challenge()]])
    expect(await told).toMatchObject({ DialCallStatus: 'failed', DialSipResponseCode: '407' })
    expect(invites()).toHaveLength(2)
  })

  // twiml: Sip.url Sip.method
  test('hears the document of its url before it is bridged', async () => {
    const pbx = await stage.phone('pbx')
    stage.app.pages.set('/whisper', '<Response><Say>For you</Say></Response>')
    dialled(`<Dial><Sip url="/whisper" method="GET">${uri(pbx)}</Sip></Dial>`)
    pbx.reply(await pbx.next('INVITE'), 200)
    await stage.until(entry => entry.kind === 'bridged')
    expect(stage.app.at('/whisper').map(heard => heard.method)).toEqual(['GET'])
    expect(stage.entries('network-said').map(one => one.text)).toEqual(['For you'])
  })

  test('nobody is there: a call over TCP fails at once', async () => {
    const pbx = await stage.phone('pbx', { transport: 'TCP' })
    const { told } = dialled(`<Dial action="/after"><Sip>${uri(pbx)};transport=tcp</Sip></Dial>`)
    expect(await told).toMatchObject({ DialCallStatus: 'failed', DialSipResponseCode: '503' })
  })

  test('POST Calls rings it with its headers, proves who we are, and performs the TwiML', async () => {
    const pbx = await stage.phone('pbx')
    const { client, app } = stage
    app.pages.set('/answer', '<Response><Play digits="12"/><Pause length="60"/></Response>')
    const call = await client.calls.create({
      to: `${uri(pbx)}?X-Order=9`,
      from: 'Front.desk',
      url: `${app.url}/answer`,
      sipAuthUsername: 'trunk',
      sipAuthPassword: 'secret-1',
    })
    const first = await pbx.next('INVITE')
    expect(header(first, 'From')).toContain('sip:Front.desk@')
    expect(header(first, 'X-Order')).toBe('9')
    pbx.reply(first, 401, [['WWW-Authenticate', 'Digest realm="pbx", nonce="n1"']])
    await pbx.until(() => pbx.got.filter(one => one.method === 'INVITE').length === 2)
    const second = pbx.got.filter(one => one.method === 'INVITE')[1] as typeof first
    expect(readDigest(header(second, 'Authorization') ?? '')).toMatchObject({
      username: 'trunk',
      realm: 'pbx',
      nonce: 'n1',
    })
    pbx.reply(second, 200)
    await app.until(() => app.at('/answer').length === 1)
    expect(app.at('/answer')[0]?.fields).toMatchObject({
      CallSid: call.sid,
      Direction: 'outbound-api',
      CallStatus: 'in-progress',
    })
    await client.calls(call.sid).update({ status: 'completed' })
    pbx.reply(await pbx.next('BYE'), 200)
    expect(stage.entries('rest').map(one => one.fields.SipAuthPassword)).toContainEqual(['***'])
  })

  test.each([
    ['21211', { to: 'sip:' }],
    ['21212', { to: 'sip:a@127.0.0.1', from: 'no blanks' }],
    ['21221', { to: 'sip:a@127.0.0.1', from: 'me', sipAuthUsername: 'x'.repeat(256) }],
    ['21222', { to: 'sip:a@127.0.0.1', from: 'me', sipAuthUsername: 'a b' }],
    ['21223', { to: 'sip:a@127.0.0.1', from: 'me', sipAuthUsername: 'a', sipAuthPassword: 'x'.repeat(256) }],
    ['21224', { to: 'sip:a@127.0.0.1', from: 'me', sipAuthUsername: 'a', sipAuthPassword: 'a\tb' }],
  ])('what cannot be called is refused with %s', async (code, request) => {
    const wanted = { from: 'me', twiml: '<Response/>', ...request }
    await expect(stage.client.calls.create(wanted)).rejects.toMatchObject({ status: 400, code: Number(code) })
  })
})
