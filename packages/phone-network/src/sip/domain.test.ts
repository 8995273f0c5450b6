import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DOMAIN, type SipStage, startSipStage } from '../testing/sip-stage.ts'
import { header, readSequence, requestOf, tagOf } from './message.ts'

/** SIP phones at a domain, over real sockets of this machine: who may register and call, and what becomes of a call. */

let stage: SipStage
const STAY = '<Response><Pause length="1"/><Say>Hello phone</Say><Pause length="60"/></Response>'

beforeAll(async () => {
  stage = await startSipStage()
})
beforeEach(() => stage.clear())
afterAll(() => stage.stop())

const said = (text: string) => stage.until(entry => entry.kind === 'network-said' && entry.text === text)
const ended = (callSid: string) => stage.until(entry => entry.kind === 'call-ended' && entry.callSid === callSid)
const callSid = () => stage.app.at('/voice')[0]?.fields.CallSid ?? ''

describe('registering', () => {
  test.each(['UDP', 'TCP'] as const)(
    'over %s: challenged, then accepted with its contact and its time',
    async transport => {
      const phone = await stage.phone('ada', { transport })
      const answer = await phone.register(300)
      expect(phone.got.map(one => one.status)).toEqual([401, 200])
      expect(header(answer, 'Contact')).toBe(`${phone.contact};expires=300`)
      const { sip } = stage.network.control.world()
      expect(sip).toMatchObject({ port: stage.network.sipPort, registrations: [{ domain: DOMAIN, user: 'ada' }] })
      const gone = await phone.register(0)
      expect([gone.status, header(gone, 'Contact')]).toEqual([200, null])
      expect(stage.entries('sip-registered').map(({ user, how }) => `${user} ${how}`)).toEqual([
        'ada added',
        'ada removed',
      ])
    },
  )

  test('is refused for a wrong password, for the name of another user, and at a domain that does not exist', async () => {
    const wrong = await stage.phone('ada', { password: 'wrong' })
    expect((await wrong.register()).status).toBe(403)
    expect(stage.alerts(32202)).toBe(1)
    const bo = await stage.phone('bo')
    const other = `<sip:ada@${DOMAIN}>`
    const taken = await bo.ask('REGISTER', `sip:${DOMAIN}`, [
      ['From', `${other};tag=1`],
      ['To', other],
      ['Contact', bo.contact],
    ])
    expect(taken.status).toBe(403)
    expect(stage.alerts(32106)).toBe(1)
    expect((await (await stage.phone('ada', { domain: 'other.sip.twilio.com' })).register()).status).toBe(404)
  })

  test('needs registration to be on and a list of credentials to be mapped for it', async () => {
    const { client, domainSid, listSid } = stage
    const domain = client.sip.domains(domainSid)
    const phone = await stage.phone('ada')
    await domain.update({ sipRegistration: false })
    expect((await phone.register()).status).toBe(403)
    expect(stage.alerts(32210)).toBe(1)
    await domain.update({ sipRegistration: true })
    await domain.auth.registrations.credentialListMappings(listSid).remove()
    expect((await phone.register()).status).toBe(403)
    expect(stage.alerts(32212)).toBe(1)
    await domain.auth.registrations.credentialListMappings.create({ credentialListSid: listSid })
    expect((await phone.register()).status).toBe(200)
  })

  test('an answer to a challenge is good once: sent again, it is stale', async () => {
    const phone = await stage.phone('ada')
    const sent: Parameters<typeof phone.send>[0][] = []
    const send = phone.send.bind(phone)
    phone.send = message => {
      sent.push(message)
      send(message)
    }
    await phone.register()
    const used = header(sent[1] as (typeof sent)[0], 'Authorization') ?? ''
    const own = `<sip:ada@${DOMAIN}>`
    const again: [string, string][] = [
      ['From', `${own};tag=1`],
      ['To', own],
      ['Contact', phone.contact],
      ['Authorization', used],
    ]
    const answer = await phone.ask('REGISTER', `sip:${DOMAIN}`, again, '', false)
    expect([answer.status, header(answer, 'WWW-Authenticate')]).toEqual([401, expect.stringContaining('stale=true')])
  })

  test('ends with the connection by which a phone was reached', async () => {
    const phone = await stage.phone('ada', { transport: 'TCP' })
    await phone.register()
    phone.close()
    await stage.until(entry => entry.kind === 'sip-registered' && entry.how === 'removed')
    expect(stage.entries('sip-registered').map(one => one.how)).toEqual(['added', 'removed'])
  })
})

describe('a call of a phone', () => {
  test('asks the domain’s voice URL with the fields of SIP, is answered, and ends with BYE', async () => {
    stage.app.pages.set('/voice', STAY)
    const ada = await stage.phone('ada')
    const { response, call } = await ada.dial('100', [['X-Crm', '77']])
    expect(response.status).toBe(200)
    expect(ada.got.map(one => one.status)).toEqual([407, 100, 180, 200])
    const asked = stage.app.at('/voice')[0]?.fields
    expect(asked).toMatchObject({
      From: `sip:ada@${DOMAIN}`,
      To: `sip:100@${DOMAIN}`,
      SipDomain: DOMAIN,
      SipDomainSid: stage.domainSid,
      SipCallId: call.callId,
      SipSourceIp: '127.0.0.1',
      SipUsername: 'ada',
      'SipHeader_X-Crm': '77',
      Direction: 'inbound',
      CallStatus: 'ringing',
    })
    expect(asked).not.toHaveProperty('StirVerstat')
    await said('Hello phone')
    ada.send(ada.within(call, 'BYE'))
    await stage.app.until(() => stage.app.at('/status').length === 1)
    expect(stage.app.at('/status')[0]?.fields).toMatchObject({ CallSid: asked?.CallSid, CallStatus: 'completed' })
  })

  test('an INVITE that comes twice is one call with one answer', async () => {
    stage.app.pages.set('/voice', STAY)
    const ada = await stage.phone('ada')
    const send = ada.send.bind(ada)
    ada.send = message => {
      send(message)
      if (message.method === 'INVITE') send(message)
    }
    const { response } = await ada.dial('100')
    expect(response.status).toBe(200)
    expect(stage.app.at('/voice')).toHaveLength(1)
    expect(new Set(ada.got.filter(one => one.status === 200).map(one => tagOf(one, 'To'))).size).toBe(1)
  })

  test('is refused with a wrong password, and without anything that lets it in', async () => {
    const { client, domainSid, listSid } = stage
    const calls = client.sip.domains(domainSid).auth.calls
    expect((await (await stage.phone('ada', { password: 'wrong' })).dial('100')).response.status).toBe(403)
    expect(stage.alerts(32202)).toBe(1)
    await calls.credentialListMappings(listSid).remove()
    expect((await (await stage.phone('ada')).dial('100')).response.status).toBe(403)
    expect(stage.alerts(32200)).toBe(1)
    await calls.credentialListMappings.create({ credentialListSid: listSid })
    expect((await (await stage.phone('ada', { domain: 'other.sip.twilio.com' })).dial('100')).response.status).toBe(404)
    expect(stage.app.heard).toEqual([])
  })

  test('a list of addresses lets in whoever calls from one of them, and refuses others before any password', async () => {
    stage.app.pages.set('/voice', STAY)
    const { client } = stage
    const domain = await client.sip.domains.create({
      domainName: 'trunk.sip.twilio.com',
      voiceUrl: `${stage.app.url}/voice`,
    })
    const list = await client.sip.ipAccessControlLists.create({ friendlyName: 'office' })
    const addresses = client.sip.ipAccessControlLists(list.sid).ipAddresses
    const entry = await addresses.create({ friendlyName: 'elsewhere', ipAddress: '10.0.0.0', cidrPrefixLength: 8 })
    const { auth } = client.sip.domains(domain.sid)
    await auth.calls.ipAccessControlListMappings.create({ ipAccessControlListSid: list.sid })
    const caller = await stage.phone('anybody', { domain: 'trunk.sip.twilio.com' })
    expect((await caller.dial('100')).response.status).toBe(403)
    expect(stage.alerts(32201)).toBe(1)
    await addresses(entry.sid).update({ ipAddress: '127.0.0.0', cidrPrefixLength: 30 })
    const { response } = await caller.dial('100')
    expect([response.status, caller.got.some(one => one.status === 407)]).toEqual([200, false])
    expect(stage.app.at('/voice')[0]?.fields).not.toHaveProperty('SipUsername')
    await auth.calls.credentialListMappings.create({ credentialListSid: stage.listSid })
    expect((await caller.dial('100')).response.status).toBe(403)
  })

  test.each([
    ['<Reject/>', 603, 'no-answer'],
    ['<Reject reason="busy"/>', 486, 'busy'],
  ])('%s refuses it with %i', async (verb, status, callStatus) => {
    stage.app.pages.set('/voice', `<Response>${verb}</Response>`)
    const { response } = await (await stage.phone('ada')).dial('100')
    expect(response.status).toBe(status)
    await ended(callSid())
    expect(stage.entries('call-ended')).toMatchObject([{ status: callStatus, sipCode: status }])
  })

  test('is refused when its sound is not ours to speak, when it has gone too far, and when the domain has no voice URL', async () => {
    const ada = await stage.phone('ada')
    const own = `<sip:ada@${DOMAIN}>`
    const uri = `sip:100@${DOMAIN}`
    const parts: [string, string][] = [
      ['From', `${own};tag=1`],
      ['To', `<${uri}>`],
      ['Contact', ada.contact],
      ['Content-Type', 'application/sdp'],
    ]
    const g729 = ada.describe().replace('RTP/AVP 0 101', 'RTP/AVP 18')
    expect((await ada.ask('INVITE', uri, parts, g729)).status).toBe(488)
    const far = requestOf('INVITE', uri, [
      ada.via(),
      ...parts,
      ['Call-ID', 'far'],
      ['CSeq', '1 INVITE'],
      ['Max-Forwards', '0'],
    ])
    ada.send(far)
    expect(header(await ada.next(483), 'Call-ID')).toBe('far')
    await stage.client.sip.domains(stage.domainSid).update({ voiceUrl: '' })
    expect((await ada.ask('INVITE', uri, parts, ada.describe())).status).toBe(404)
    expect(stage.alerts(21404)).toBe(1)
    await stage.client.sip.domains(stage.domainSid).update({ voiceUrl: `${stage.app.url}/voice` })
  })

  test('CANCEL before the answer: 487, and the call has no answer', async () => {
    stage.app.pages.set(
      '/voice',
      (_heard, response) => void setTimeout(() => response.end('<Response/>'), 2_000).unref(),
    )
    const ada = await stage.phone('ada')
    const dialled = ada.dial('100')
    const ringing = await ada.next(180)
    await stage.app.until(() => stage.app.at('/voice').length === 1)
    const number = readSequence(ringing)?.number
    const names = ['Via', 'From', 'Call-ID'].map((name): [string, string] => [
      name,
      (header(ringing, name) ?? '').replace(/;rport=\d+;received=[\d.]+|;received=[\d.]+/, ''),
    ])
    ada.send(
      requestOf('CANCEL', `sip:100@${DOMAIN}`, [...names, ['To', `<sip:100@${DOMAIN}>`], ['CSeq', `${number} CANCEL`]]),
    )
    expect((await dialled).response.status).toBe(487)
    await ended(callSid())
    expect(stage.entries('call-ended')).toMatchObject([{ status: 'no-answer', sipCode: 487 }])
  })

  test('the end of the TwiML hangs the phone up, and so does REST', async () => {
    stage.app.pages.set('/voice', '<Response><Say>Bye</Say></Response>')
    const ada = await stage.phone('ada', { transport: 'TCP' })
    const { call } = await ada.dial('100')
    const bye = await ada.next('BYE')
    expect(header(bye, 'Call-ID')).toBe(call.callId)
    ada.reply(bye, 200)
    stage.app.pages.set('/voice', STAY)
    const since = ada.got.length
    await ada.dial('100')
    await stage.client.calls(stage.app.at('/voice')[1]?.fields.CallSid ?? '').update({ status: 'completed' })
    await ada.next('BYE', since)
    expect(stage.entries('call-ended').map(one => one.status)).toEqual(['completed', 'completed'])
  })

  test('a phone without an offer gets ours, and its ACK says where it listens', async () => {
    stage.app.pages.set('/voice', STAY)
    const ada = await stage.phone('ada')
    const own = `<sip:ada@${DOMAIN}>`
    const uri = `sip:100@${DOMAIN}`
    const answer = await ada.ask('INVITE', uri, [
      ['From', `${own};tag=1`],
      ['To', `<${uri}>`],
      ['Contact', ada.contact],
      ['Call-ID', 'late'],
    ])
    expect([answer.status, answer.body.includes('m=audio')]).toEqual([200, true])
    const contact = (header(answer, 'Contact') ?? '').slice(1, -1)
    const call = { callId: 'late', from: `${own};tag=1`, to: header(answer, 'To') ?? '', uri: contact, sequence: 2 }
    ada.send(ada.within(call, 'ACK', [['Content-Type', 'application/sdp']], ada.describe()))
    const before = ada.got.length
    ada.send(ada.within(call, 'OPTIONS'))
    expect((await ada.next(200, before)).status).toBe(200)
  })
})

describe('what is no message', () => {
  test('is answered with 400 where an answer can be sent, ends a stream that lost its place, and harms nobody', async () => {
    const ada = await stage.phone('ada')
    ada.raw('hello\r\n\r\n')
    ada.raw('\0'.repeat(2_000))
    ada.send(
      requestOf('INVITE', `sip:1@${DOMAIN}`, [
        ada.via(),
        ['From', '<sip:a@b>'],
        ['To', '<sip:b@c>'],
        ['Call-ID', 'x'],
        ['CSeq', '1 INVITE'],
      ]),
    )
    expect(header(await ada.next(400), 'Warning')).toContain('From')
    ada.send(
      requestOf('INVITE', `sip:1@${DOMAIN}`, [
        ada.via(),
        ['From', '<sip:a@b>;tag=1'],
        ['To', '<sip:b@c>'],
        ['Call-ID', 'y'],
        ['CSeq', '1 BYE'],
      ]),
    )
    await ada.until(() => ada.got.filter(one => one.status === 400).length === 2)
    ada.send(
      requestOf('INVITE', `sip:1@${DOMAIN}`, [
        ada.via(),
        ['Require', '100rel'],
        ['From', '<sip:a@b>;tag=1'],
        ['To', '<sip:b@c>'],
        ['Call-ID', 'z'],
        ['CSeq', '1 INVITE'],
      ]),
    )
    expect(header(await ada.next(420), 'Unsupported')).toBe('100rel')
    const stream = await stage.phone('bo', { transport: 'TCP' })
    stream.raw('REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1\r\n\r\n')
    expect((await ada.register()).status).toBe(200)
  })
})
