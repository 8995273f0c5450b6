import { describe, expect, test } from 'vitest'
import { APP, callRequest, OUR_NUMBER, VirtualNetwork } from '../../testing/virtual-network.ts'

/** Calls to SIP URIs as the engine knows them, in virtual time: what it tells the SIP side, and what the program is told. */

const URI = 'sip:ada@127.0.0.1:5062'
const NONE = { url: '', method: 'POST' } as const
const DOMAIN = {
  domainName: 'd.sip.twilio.com',
  friendlyName: '',
  voice: { url: `${APP}/voice`, method: 'POST' as const },
  fallback: NONE,
  statusCallback: NONE,
  registration: true,
  secure: false,
  emergencyCalling: false,
}

function stage(dial: string) {
  const network = new VirtualNetwork()
  network.world.sip.listens = true
  network.pages.set('/inbound', `<Response>${dial}</Response>`)
  network.pages.set('/after', '<Response><Pause length="60"/></Response>')
  const caller = network.dial('+14155559001')
  const [phone] = network.ofKind('call-created').filter(one => one.direction === 'outbound-dial')
  const callSid = phone?.callSid ?? ''
  const outcome = { callId: 'c1', headers: {} }
  return { network, caller, callSid, answer: () => network.take({ kind: 'sip.answered', callSid, outcome }) }
}

describe('<Dial><Sip>', () => {
  test('asks the SIP side for an INVITE with who we are, and gives up what answers nothing after the timeout', () => {
    const { network, callSid } = stage(
      `<Dial timeout="7" callerId="client:front desk" action="/after"><Sip username="u" password="p">${URI}</Sip></Dial>`,
    )
    expect(network.did('invite-sip')).toMatchObject([
      { callSid, uri: URI, from: 'sip:front%20desk@sip.twilio.com', username: 'u', password: 'p' },
    ])
    network.pass(6_999)
    expect(network.did('end-sip')).toEqual([])
    network.pass(1)
    expect(network.did('end-sip')).toMatchObject([{ callSid, code: 487 }])
    expect(network.fetches().at(-1)?.fields).toMatchObject({ DialCallStatus: 'no-answer', DialSipResponseCode: '487' })
  })

  // twiml: Sip.machineDetection Sip.machineDetectionTimeout Sip.machineDetectionSilenceTimeout
  // twiml: Sip.machineDetectionSpeechThreshold Sip.machineDetectionSpeechEndThreshold
  test('listens for a machine with the limits of its attributes', () => {
    const limits =
      'machineDetectionTimeout="5" machineDetectionSilenceTimeout="3000" machineDetectionSpeechThreshold="1500"'
    const end = 'machineDetectionSpeechEndThreshold="700"'
    const { network, callSid, answer } = stage(
      `<Dial><Sip machineDetection="DetectMessageEnd" ${limits} ${end}>${URI}</Sip></Dial>`,
    )
    network.world.hears = true
    answer()
    expect(network.did('detect')).toMatchObject([
      { callSid, settings: { messageEnd: true, limitMs: 5_000, silenceMs: 3_000, speechMs: 1_500, speechEndMs: 700 } },
    ])
  })

  // twiml: Sip.statusCallbackMethod Sip.amdStatusCallback Sip.amdStatusCallbackMethod
  test('tells its status and the verdict where and how its attributes say', () => {
    const status = 'statusCallback="/sip" statusCallbackMethod="GET"'
    const amd = 'machineDetection="Enable" amdStatusCallback="/amd" amdStatusCallbackMethod="GET"'
    const { network, callSid, answer } = stage(`<Dial><Sip ${status} ${amd}>${URI}</Sip></Dial>`)
    answer()
    network.take({ kind: 'answerer.heard', callSid, answeredBy: 'machine_start' })
    network.take({ kind: 'sip.hung-up', callSid })
    const told = (webhook: 'amd' | 'status') => network.notices(webhook).map(one => [one.target.method, one.target.url])
    expect(told('amd')).toEqual([['GET', `${APP}/amd`]])
    expect(told('status')).toEqual([['GET', `${APP}/sip`]])
  })

  test('a caller id that would break a header is escaped', () => {
    const { network } = stage(`<Dial callerId="sip:a&gt; b@c"><Sip>${URI}</Sip></Dial>`)
    expect(network.did('invite-sip')).toMatchObject([{ from: 'sip:sip%3Aa%3E%20b%40c@sip.twilio.com' }])
  })

  test('a phone that rings after its caller has left changes nothing', () => {
    const { network, caller, callSid, answer } = stage(`<Dial action="/after"><Sip>${URI}</Sip></Dial>`)
    network.take({ kind: 'call.cut', callSid: caller.sid })
    expect(network.did('end-sip')).toMatchObject([{ callSid }])
    const before = network.facts.length
    network.take({ kind: 'sip.rang', callSid })
    answer()
    network.take({ kind: 'sip.refused', callSid, code: 486, outcome: null })
    expect(network.facts.length).toBe(before)
  })

  test('a network without a SIP side cannot dial out to it', () => {
    const network = new VirtualNetwork()
    network.pages.set('/inbound', `<Response><Dial><Sip>${URI}</Sip></Dial></Response>`)
    network.dial('+14155559001')
    expect(network.ofKind('alert')).toMatchObject([{ code: 13201 }])
  })
})

test('POST Calls to a SIP URI is paced, is told each status, and hears its TwiML', () => {
  const network = new VirtualNetwork()
  network.world.sip.listens = true
  network.pages.set('/answer', '<Response><Say>Hi</Say></Response>')
  network.take({ kind: 'call.requested', request: callRequest(URI, { sipAuth: { username: 'u', password: 'p' } }) })
  network.pass(0)
  const [invite] = network.did('invite-sip')
  expect(invite).toMatchObject({ uri: URI, from: `sip:${OUR_NUMBER}@sip.twilio.com`, username: 'u', password: 'p' })
  const callSid = invite && 'callSid' in invite ? (invite.callSid ?? '') : ''
  network.take({ kind: 'sip.rang', callSid })
  network.take({ kind: 'sip.answered', callSid, outcome: { callId: 'c', headers: {} } })
  network.pass(10_000)
  expect(network.notices('status').map(one => one.fields.CallStatus)).toEqual([
    'initiated',
    'ringing',
    'in-progress',
    'completed',
  ])
  expect(network.ofKind('network-said').map(one => one.text)).toEqual(['Hi'])
})

describe('a <Refer> on the leg of a real phone', () => {
  function referred() {
    const network = new VirtualNetwork()
    network.take({ kind: 'sip-book.kept', change: { of: 'sip-domain', sid: null, settings: DOMAIN } })
    const [domainSid = ''] = network.world.sip.domains.keys()
    network.pages.set('/voice', '<Response><Refer action="/after"><Sip>sip:bo@127.0.0.1</Sip></Refer></Response>')
    network.pages.set('/after', '<Response><Pause length="60"/></Response>')
    network.take({
      kind: 'sip.dialed',
      domainSid,
      from: 'sip:ada@d.sip.twilio.com',
      to: 'sip:1@d.sip.twilio.com',
      fields: {},
    })
    const [call] = network.world.calls.values()
    const token = call?.doing.what === 'referring' ? call.doing.token : 0
    const tell = (kind: 'sip.referred' | 'sip.notified', code: number) =>
      network.take({ kind, callSid: call?.sid ?? '', token, code })
    const told = () => network.fetches().find(one => one.target.url === `${APP}/after`)?.fields
    return { network, call, token, tell, told }
  }

  test('goes on with its action when the phone says that its new call was answered, and the phone hangs up by itself', () => {
    const { network, call, token, tell, told } = referred()
    expect(network.did('refer-sip')).toMatchObject([{ uri: 'sip:bo@127.0.0.1', token }])
    tell('sip.referred', 202)
    tell('sip.notified', 180)
    expect(told()).toBeUndefined()
    tell('sip.notified', 200)
    expect(told()).toMatchObject({
      ReferCallStatus: 'in-progress',
      ReferSipResponseCode: '202',
      NotifySipResponseCode: '200',
    })
    network.pass(10_000)
    expect(call?.status).toBe('in-progress')
  })

  test.each([
    ['a phone that refuses', ['sip.referred', 603], { ReferCallStatus: 'failed', ReferSipResponseCode: '603' }],
    ['a new call that is busy', ['sip.notified', 486], { ReferCallStatus: 'busy', NotifySipResponseCode: '486' }],
  ] as const)('%s: the call goes on with what was said', (_, [kind, code], fields) => {
    const { tell, told } = referred()
    tell(kind, code)
    expect(told()).toMatchObject(fields)
  })
})
