import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSound, type Sound } from '../media/start-sound.ts'
import { DOMAIN, NUMBER, type SipStage, startSipStage } from '../testing/sip-stage.ts'

/** The sound of SIP phones through the mixer, in real time: what they say is heard, what they hear is what others say. */

const LOUD = 0.05
const QUIET = 0.01
let stage: SipStage
let sound: Sound

beforeAll(async () => {
  sound = createSound({ seed: 7 })
  stage = await startSipStage({ sound })
})
beforeEach(() => stage.clear())
afterAll(() => stage.stop())

/** Two phones that speak with each other: bo is registered and called by ada. */
async function pair() {
  stage.app.pages.set('/voice', `<Response><Dial><Sip>sip:bo@${DOMAIN}</Sip></Dial></Response>`)
  const [ada, bo] = [await stage.phone('ada'), await stage.phone('bo', { transport: 'TCP' })]
  await bo.register()
  const dialled = ada.dial('bo')
  const invite = await bo.next('INVITE')
  bo.reply(invite, 180)
  bo.reply(invite, 200)
  const { call } = await dialled
  await stage.until(entry => entry.kind === 'bridged')
  return { ada, bo, call }
}

test('two phones hear each other, with a packet every 20 ms', async () => {
  const { ada, bo } = await pair()
  const stop = ada.talk(440)
  bo.talk(null)
  await bo.until(() => bo.loudness > LOUD)
  stop()
  ada.talk(null)
  await bo.until(() => bo.loudness < QUIET)
  bo.talk(700)
  await ada.until(() => ada.loudness > LOUD)
  const [before, at] = [ada.sound.received, performance.now()]
  await ada.until(() => ada.sound.received >= before + 50)
  const msEach = (performance.now() - at) / 50
  expect(msEach).toBeGreaterThan(15)
  expect(msEach).toBeLessThan(40)
})

test('a phone that holds hears nothing, and hears again afterwards', async () => {
  const { ada, bo, call } = await pair()
  bo.talk(700)
  await ada.until(() => ada.loudness > LOUD)
  const offer = async (direction: string): Promise<void> => {
    const before = ada.got.length
    ada.send(ada.within(call, 'INVITE', [['Content-Type', 'application/sdp']], ada.describe(direction)))
    await ada.next(200, before)
    ada.send(ada.within(call, 'ACK'))
  }
  await offer('sendonly')
  const held = ada.sound.received
  // Meanwhile the other phone speaks on, which the network's clock shows.
  const spoken = bo.sound.sent
  await bo.until(() => bo.sound.sent >= spoken + 25)
  expect(ada.sound.received).toBeLessThan(held + 3)
  await offer('sendrecv')
  await ada.until(() => ada.sound.received > held + 10 && ada.loudness > LOUD)
})

test('keys in the sound reach a <Gather>, and another phone as keys', async () => {
  stage.app.pages.set('/voice', '<Response><Gather numDigits="2" action="/keys" timeout="60"/></Response>')
  stage.app.pages.set('/keys', '<Response><Play digits="9"/><Pause length="60"/></Response>')
  const cy = await stage.phone('cy')
  await cy.dial('100')
  cy.talk(null)
  cy.sound.press('4#')
  await stage.app.until(() => stage.app.at('/keys').length === 1)
  expect(stage.app.at('/keys')[0]?.fields.Digits).toBe('4')
  await cy.until(() => cy.keys === '9')
  const { ada, bo } = await pair()
  ada.talk(null)
  bo.talk(null)
  ada.sound.press('7')
  await bo.until(() => bo.keys === '7')
})

test('a phone that is called by REST hears the voice of the TwiML, and a person in a conference hears the phone', async () => {
  const { client, app, network } = stage
  const pbx = await stage.phone('pbx')
  app.pages.set(
    '/answer',
    `<Response>${'<Say>This is said to a phone.</Say>'.repeat(3)}<Dial><Conference waitUrl="">room</Conference></Dial></Response>`,
  )
  const { sid } = await client.calls.create({
    to: `sip:pbx@127.0.0.1:${pbx.port}`,
    from: NUMBER,
    url: `${app.url}/answer`,
  })
  pbx.reply(await pbx.next('INVITE'), 200)
  await pbx.until(() => pbx.loudness > QUIET)
  await stage.until(entry => entry.kind === 'participant-joined' && entry.callSid === sid)
  app.pages.set('/number', '<Response><Dial><Conference waitUrl="" beep="false">room</Conference></Dial></Response>')
  const person = network.control.dial('+14155559001', NUMBER, { kind: 'human', acts: [{ listen: true }] })
  await stage.until(entry => entry.kind === 'participant-joined' && entry.callSid === person)
  pbx.talk(440)
  const level = () => network.control.world().calls.find(call => call.sid === person)?.levels?.hears ?? 0
  await pbx.until(() => level() > LOUD)
  expect(level()).toBeGreaterThan(LOUD)
})
