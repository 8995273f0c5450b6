import { afterEach, beforeEach, expect, test } from 'vitest'
import { DOMAIN, NUMBER, type SipStage, startSipStage } from '../testing/sip-stage.ts'
import { VirtualTime } from '../time.ts'
import { header, requestOf } from './message.ts'

/** Messages that are lost, in virtual time: each is sent again, and in the end given up. */

let stage: SipStage
beforeEach(async () => {
  stage = await startSipStage({ time: new VirtualTime() })
})
afterEach(() => stage.stop())

test('an INVITE without any answer is sent again, twice as late each time, and given up after 32 s', async () => {
  const pbx = await stage.phone('pbx')
  stage.app.pages.set(
    '/number',
    `<Response><Dial timeout="60" action="/after"><Sip>sip:pbx@127.0.0.1:${pbx.port}</Sip></Dial></Response>`,
  )
  stage.app.pages.set('/after', '<Response><Pause length="60"/></Response>')
  stage.network.control.dial('+14155559001', NUMBER, { kind: 'human', acts: [{ pauseMs: 300_000 }] })
  const first = await pbx.next('INVITE')
  const invites = () => pbx.got.filter(one => one.method === 'INVITE')
  await stage.network.pass(499)
  expect(invites()).toHaveLength(1)
  await stage.network.pass(1)
  await pbx.until(() => invites().length === 2)
  await stage.network.pass(999)
  expect(invites()).toHaveLength(2)
  await stage.network.pass(1)
  await pbx.until(() => invites().length === 3)
  expect(new Set(invites().map(one => header(one, 'Via')))).toEqual(new Set([header(first, 'Via')]))
  await stage.network.pass(31_000)
  await stage.app.until(() => stage.app.at('/after').length === 1)
  expect(stage.app.at('/after')[0]?.fields).toMatchObject({ DialCallStatus: 'no-answer', DialSipResponseCode: '408' })
})

test('a network that is closed has no timer left', async () => {
  const time = new VirtualTime()
  const other = await startSipStage({ time })
  const ada = await other.phone('ada')
  await ada.register()
  other.app.pages.set('/voice', '<Response><Say>Hello</Say><Pause length="60"/></Response>')
  await ada.dial('100')
  expect(time.timers).toBeGreaterThan(2)
  await other.stop()
  expect(time.timers).toBe(0)
})

test('a refusal is sent again until its ACK', async () => {
  const ada = await stage.phone('ada')
  const uri = `sip:1@${DOMAIN}`
  const via = ada.via()
  const parts: [string, string][] = [
    via,
    ['From', '<sip:ada@h>;tag=1'],
    ['To', `<${uri}>`],
    ['Call-ID', 'c'],
    ['CSeq', '1 INVITE'],
    ['Max-Forwards', '70'],
  ]
  ada.send(requestOf('INVITE', uri, parts))
  const answers = () => ada.got.filter(one => one.status === 407)
  await ada.until(() => answers().length === 1)
  await stage.network.pass(500)
  await ada.until(() => answers().length === 2)
  const ack = parts.map(([name, value]): [string, string] => [name, name === 'CSeq' ? '1 ACK' : value])
  ada.send(requestOf('ACK', uri, ack))
  ada.send(requestOf('OPTIONS', uri, [ada.via(), ...parts.slice(1, 4), ['CSeq', '2 OPTIONS']]))
  await ada.next(200)
  await stage.network.pass(20_000)
  expect(answers()).toHaveLength(2)
})

test('a phone that never acknowledges the answer gets it again, and is hung up after 32 s', async () => {
  stage.app.pages.set('/voice', '<Response><Pause length="1"/><Say>Hello</Say><Pause length="600"/></Response>')
  const ada = await stage.phone('ada')
  const send = ada.send.bind(ada)
  ada.send = message => {
    if (message.method !== 'ACK') send(message)
  }
  const dialled = ada.dial('100')
  await stage.app.until(() => stage.app.at('/voice').length === 1)
  await stage.until(entry => entry.kind === 'twiml-received')
  await stage.network.pass(1_000)
  expect((await dialled).response.status).toBe(200)
  const answers = () => ada.got.filter(one => one.status === 200)
  await stage.network.pass(500)
  await ada.until(() => answers().length === 2)
  await stage.network.pass(40_000)
  await ada.next('BYE')
  await stage.until(entry => entry.kind === 'call-ended')
  expect(stage.entries('call-ended')).toMatchObject([{ status: 'completed' }])
})

test('a phone that did not register again in time is not rung any more', async () => {
  const ada = await stage.phone('ada')
  await ada.register(60)
  await stage.network.pass(60_000)
  stage.app.pages.set('/number', `<Response><Dial action="/after"><Sip>sip:ada@${DOMAIN}</Sip></Dial></Response>`)
  stage.app.pages.set('/after', '<Response><Pause length="60"/></Response>')
  stage.network.control.dial('+14155559001', NUMBER, { kind: 'human', acts: [{ pauseMs: 300_000 }] })
  await stage.app.until(() => stage.app.at('/after').length === 1)
  expect([stage.app.at('/after')[0]?.fields.DialCallStatus, stage.alerts(32009)]).toEqual(['no-answer', 1])
})
