import { describe, expect, test } from 'vitest'
import { APP, OUR_NUMBER, VirtualNetwork } from '../testing/virtual-network.ts'

/** Tests of calls that run TwiML: verbs, `<Dial>`, browsers, failures and redirects, in virtual time. */

const HUMAN = '+15002002001'
const CALLER = '+14155551001'

describe('inbound', () => {
  test('a person who calls us rings until TwiML makes a sound, then talks', () => {
    const network = new VirtualNetwork()
    network.pages.set('/inbound', '<Response><Pause length="2"/><Say>Welcome</Say></Response>')
    const call = network.dial(CALLER)
    expect(network.fetches()[0]?.fields).toMatchObject({
      CallStatus: 'ringing',
      Direction: 'inbound',
      From: CALLER,
      To: OUR_NUMBER,
      Caller: CALLER,
      FromCountry: 'US',
      StirVerstat: 'TN-Validation-Passed-A',
    })
    network.pass(1_000)
    expect(call.status).toBe('ringing')
    network.pass(1_100)
    expect(call.answeredAt).toBe(call.createdAt + 2_000)
    network.pass(5_000)
    expect(call.status).toBe('completed')
  })

  test.each([
    ['<Reject/>', 'no-answer'],
    ['<Reject reason="busy"/>', 'busy'],
    ['<Hangup/>', 'completed'],
  ])('%s ends an inbound call %s', (verb, status) => {
    const network = new VirtualNetwork()
    network.pages.set('/inbound', `<Response>${verb}</Response>`)
    const call = network.dial(CALLER)
    expect(call.status).toBe(status)
    expect(call.answeredAt === null).toBe(status !== 'completed')
  })

  test('a number without a voice URL refuses, loudly', () => {
    const network = new VirtualNetwork()
    network.take({ kind: 'number.dialed', from: CALLER, to: '+14155559999' })
    expect(network.kinds()).toEqual(['alert'])
  })
})

describe('dialling a number', () => {
  const dial = (attributes: string): string =>
    `<Response><Dial callerId="${OUR_NUMBER}" ${attributes}><Number statusCallback="${APP}/child" statusCallbackEvent="initiated ringing answered completed">${HUMAN}</Number></Dial></Response>`

  test('the child is bridged, tells its own status, and its end asks the action', () => {
    const network = new VirtualNetwork()
    network.pages.set('/inbound', dial('action="/after"'))
    network.pages.set('/after', '<Response><Hangup/></Response>')
    const call = network.dial(CALLER)
    network.pass(3_000)
    const [bridged] = network.ofKind('bridged')
    const child = network.world.calls.get(bridged?.with ?? '')
    expect(child).toMatchObject({ parentSid: call.sid, direction: 'outbound-dial', from: OUR_NUMBER, to: HUMAN })
    network.take({ kind: 'phone.hung-up', number: HUMAN })
    const after = network.fetches().at(-1)
    expect(after?.target.url).toBe(`${APP}/after`)
    expect(after?.fields).toMatchObject({
      DialCallStatus: 'completed',
      DialCallSid: child?.sid,
      DialCallDuration: '1',
      DialBridged: 'true',
    })
    expect(network.notices('status').map(notice => notice.fields.CallStatus)).toEqual([
      'initiated',
      'ringing',
      'in-progress',
      'completed',
    ])
    expect(network.notices('status')[0]?.fields.ParentCallSid).toBe(call.sid)
    expect(call.status).toBe('completed')
  })

  test('answerOnBridge keeps the caller ringing until the child answers', () => {
    const network = new VirtualNetwork()
    network.pages.set('/inbound', dial('answerOnBridge="true"'))
    const call = network.dial(CALLER)
    network.pass(1_000)
    expect(call.status).toBe('ringing')
    network.pass(2_000)
    expect(call.answeredAt).toBe(network.ofKind('bridged')[0]?.at)
  })

  test('nobody answers within the timeout: the next verb runs', () => {
    const network = new VirtualNetwork()
    network.pages.set('/inbound', '<Response><Dial timeout="5">+15004100001</Dial><Say>Nobody there</Say></Response>')
    network.dial(CALLER)
    network.pass(6_000)
    expect(network.ofKind('dial-ended')[0]?.status).toBe('no-answer')
    expect(network.ofKind('network-said').map(fact => fact.text)).toEqual(['Nobody there'])
  })

  test('of two numbers the first to answer wins and the other stops ringing', () => {
    const network = new VirtualNetwork()
    network.pages.set(
      '/inbound',
      '<Response><Dial><Number>+15002003001</Number><Number>+15002001001</Number></Dial></Response>',
    )
    network.dial(CALLER)
    network.pass(2_000)
    const statuses = [...network.world.calls.values()].slice(1).map(child => child.status)
    expect(statuses).toEqual(['canceled', 'in-progress'])
  })

  test('when the parent hangs up, its children end', () => {
    const network = new VirtualNetwork()
    network.pages.set('/inbound', dial(''))
    const call = network.dial(CALLER)
    network.pass(500)
    network.take({ kind: 'phone.hung-up', number: CALLER })
    expect([...network.world.calls.values()].map(each => each.status)).toEqual(['completed', 'canceled'])
    expect(call.status).toBe('completed')
  })
})

describe('browsers', () => {
  test('a browser call asks the TwiML App with its parameters as fields', () => {
    const network = new VirtualNetwork()
    network.pages.set('/voice', '<Response><Dial><Conference waitUrl="">desk</Conference></Dial></Response>')
    const call = network.browser('ada', { To: '+14155551001', campaign: 'spring' })
    expect(network.fetches()[0]?.fields).toMatchObject({
      From: 'client:ada',
      Caller: 'client:ada',
      To: '+14155551001',
      campaign: 'spring',
      CallStatus: 'ringing',
      ApplicationSid: network.world.account.twimlAppSid,
    })
    expect(call.status).toBe('in-progress')
    expect(network.did('tell-client-answered')).toHaveLength(1)
    network.take({ kind: 'client.hung-up', callSid: call.sid })
    expect(call.status).toBe('completed')
    expect(network.ofKind('conference-ended')).toHaveLength(1)
  })

  test('a browser that dials hears ringing, and is open when the other side answers', () => {
    const network = new VirtualNetwork()
    network.pages.set('/voice', `<Response><Dial callerId="${OUR_NUMBER}">${HUMAN}</Dial></Response>`)
    network.browser('ada')
    network.pass(1_000)
    expect(network.did('tell-client-ringing')).toHaveLength(1)
    expect(network.did('tell-client-answered')).toEqual([])
    network.pass(2_000)
    expect(network.did('tell-client-answered')).toHaveLength(1)
  })

  test('<Client> rings the identity with its parameters', () => {
    const network = new VirtualNetwork()
    network.pages.set(
      '/inbound',
      '<Response><Dial><Client><Identity>ada</Identity><Parameter name="lead" value="7"/></Client></Dial></Response>',
    )
    network.dial(CALLER)
    network.pass(100)
    const [ring] = network.did('ring-client')
    expect(ring).toMatchObject({ identity: 'ada', from: CALLER, to: 'client:ada', parameters: { lead: '7' } })
    network.take({ kind: 'client.answered', callSid: ring && 'callSid' in ring ? (ring.callSid ?? '') : '' })
    expect(network.did('bridge')).toHaveLength(1)
  })

  test('<Client> with no devices ends no-answer; one that talks already is rung all the same', () => {
    for (const devices of [0, 1]) {
      const network = new VirtualNetwork()
      network.pages.set('/voice', '<Response><Dial><Conference>desk</Conference></Dial></Response>')
      network.pages.set('/inbound', '<Response><Dial><Client>ada</Client></Dial></Response>')
      network.browser('ada')
      network.devices = devices
      network.dial(CALLER)
      network.pass(100)
      expect(network.ofKind('dial-ended')[0]?.status).toBe(devices === 0 ? 'no-answer' : undefined)
      expect(network.did('ring-client')).toHaveLength(devices)
    }
  })
})
