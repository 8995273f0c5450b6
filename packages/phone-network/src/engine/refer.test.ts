import { describe, expect, test } from 'vitest'
import { checkPerson, checkScript, type ReferAnswer } from '../people/script.ts'
import { APP, VirtualNetwork } from '../testing/virtual-network.ts'

/** `<Refer>` as Twilio documents it, in virtual time: the four scenarios of its page, legs that are not SIP, and documents that are wrong. */

const DEVICE = 'sip:desk@pbx.example.test'
const TARGET = 'sip:alice@example.test?X-Account=12'
const REFER = `<Refer action="/after"><Sip>${TARGET}</Sip></Refer><Say>next</Say>`

/** A SIP device calls us and is referred. */
function referred(refer: Partial<ReferAnswer> | null, twiml = REFER, from = DEVICE) {
  const network = new VirtualNetwork()
  const script = checkScript({ kind: 'human', refer })
  const device = checkPerson({ number: from, name: 'Desk', script }, new Map())
  network.take({ kind: 'people.defined', people: [device] })
  network.pages.set('/inbound', `<Response>${twiml}</Response>`)
  network.pages.set('/after', '<Response><Say>after</Say><Pause length="60"/></Response>')
  const call = network.dial(from)
  const asked = () => network.fetches().filter(one => one.target.url === `${APP}/after`)
  return { network, call, asked, fields: () => referFields(asked()[0]?.fields ?? {}) }
}
function referFields(all: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => /^(Refer|Notify)/.test(name)))
}
const said = (network: VirtualNetwork) => network.ofKind('network-said').map(({ text }) => text)

describe('a SIP device', () => {
  // twiml: Refer Refer.action Sip
  test('makes the new call: the action is asked when it is answered, and the device leaves', () => {
    const { network, call, asked, fields } = referred(null)
    expect(call.status).toBe('in-progress')
    network.pass(1_000)
    expect(asked()).toEqual([])
    network.pass(200)
    expect(fields()).toEqual({
      ReferCallStatus: 'in-progress',
      ReferSipResponseCode: '202',
      NotifySipResponseCode: '200',
    })
    expect(asked()[0]?.fields).toMatchObject({ CallSid: call.sid, CallStatus: 'in-progress', From: DEVICE })
    expect(network.ofKind('referred')).toMatchObject([{ to: TARGET, status: 'in-progress', sip: 202, notify: 200 }])
    expect(said(network)).toEqual(['after'])
    network.pass(1_000)
    expect(call.status).toBe('completed')
  })

  test.each([
    ['its new call is busy', { final: 486 }, { ReferCallStatus: 'busy', NotifySipResponseCode: '486' }],
    ['its new call reaches nobody', { final: 404 }, { ReferCallStatus: 'failed', NotifySipResponseCode: '404' }],
  ])('%s: the call goes on with the action', (_, refer, told) => {
    const { network, call, fields } = referred(refer)
    network.pass(2_000)
    expect(fields()).toEqual({ ReferSipResponseCode: '202', ...told })
    expect([call.status, said(network)]).toEqual(['in-progress', ['after']])
  })

  test('refuses: there is no NOTIFY', () => {
    const { network, call, fields } = referred({ answer: 405 })
    network.pass(200)
    expect(fields()).toEqual({ ReferCallStatus: 'failed', ReferSipResponseCode: '405' })
    expect(call.status).toBe('in-progress')
  })

  test('accepts and tells nothing more: its status is left out', () => {
    const { network, fields } = referred({ final: null })
    network.pass(200)
    expect(fields()).toEqual({ ReferSipResponseCode: '202' })
  })

  test('hangs up before the new call is answered: canceled, and the answer of the action does not matter', () => {
    const { network, call, asked } = referred({ afterMs: 9_000 })
    network.pass(1_000)
    network.take({ kind: 'phone.hung-up', number: DEVICE })
    network.pass(20_000)
    const told = network.notices('voice').filter(one => one.target.url === `${APP}/after`)
    expect(told.map(one => [one.target.method, referFields(one.fields)])).toEqual([
      ['POST', { ReferCallStatus: 'canceled', ReferSipResponseCode: '202', NotifySipResponseCode: '180' }],
    ])
    expect([call.status, asked()]).toEqual(['completed', []])
  })

  // twiml: Refer.method
  test('by GET, and without an action with the next verb', () => {
    const get = referred(null, `<Refer action="/after" method="GET"><Sip>${TARGET}</Sip></Refer>`)
    get.network.pass(2_000)
    expect(get.asked().map(one => one.target.method)).toEqual(['GET'])
    const next = referred({ final: 486 }, `<Refer><Sip>${TARGET}</Sip></Refer><Say>next</Say>`)
    next.network.pass(2_000)
    expect([said(next.network), next.asked()]).toEqual([['next'], []])
    const none = referred({ final: 486 }, `<Refer><Sip>${TARGET}</Sip></Refer>`)
    none.network.pass(2_000)
    expect(none.call.status).toBe('completed')
  })

  test('gets other TwiML meanwhile: what it tells later changes nothing', () => {
    const { network, call, asked } = referred({ afterMs: 3_000 })
    network.pass(1_000)
    network.pages.set('/other', '<Response><Pause length="60"/></Response>')
    const instructions = { url: `${APP}/other`, method: 'POST' as const, fallback: null }
    const change = { status: null, instructions, statusCallback: null, timeLimitMs: null }
    network.take({ kind: 'call.changed', callSid: call.sid, change })
    network.pass(10_000)
    expect([call.status, asked()]).toEqual(['in-progress', []])
  })
})

describe('what cannot be referred', () => {
  test('a telephone: 13801, nothing is sent, and the call goes on', () => {
    const { network, call, fields } = referred(null, REFER, '+14155551001')
    network.pass(500)
    expect(network.ofKind('alert')).toMatchObject([{ code: 13801, message: 'Refer not allowed on non-SIP call legs' }])
    expect(fields()).toEqual({ ReferCallStatus: 'failed' })
    expect(call.status).toBe('in-progress')
  })

  test.each(['<Refer action="/after"/>', '<Refer action="/after"><Sip>alice</Sip></Refer>'])('%s is 12200', twiml => {
    const { network, fields } = referred(null, twiml)
    network.pass(500)
    expect(network.ofKind('alert').map(({ code }) => code)).toEqual([12200])
    expect(fields()).toEqual({ ReferCallStatus: 'failed' })
  })

  test.each([{ answer: 100 }, { final: 'busy' }, { afterMs: -1 }])('a script with refer %j is refused', refer => {
    expect(() => checkScript({ kind: 'human', refer })).toThrow(/refer\.(answer|final|afterMs)/)
  })
})
