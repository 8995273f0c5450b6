/// <reference types="node" />
/** Devices that call one another through the whole network, with nothing changed in the SDK or its page. */
import { expect, type Page, test } from '@playwright/test'
import { ear, entriesOf, hears, noted, register, type Stage, startStage } from './devices-harness.ts'

const DIAL = (attributes = '') =>
  `<Response><Dial ${attributes}><Client><Identity>grace</Identity><Parameter name="note" value="x &amp; y=1"/></Client></Dial></Response>`

let stage: Stage
let ada: Page
let grace: Page
let second: Page
let since: number

test.beforeAll(async () => {
  stage = await startStage()
  ;[ada, grace, second] = await Promise.all([stage.newPage(), stage.newPage(), stage.newPage()])
})
test.afterAll(() => stage.close())
test.beforeEach(async () => {
  since = stage.network.control.log().at(-1)?.seq ?? 0
  stage.told.length = 0
  stage.twiml = DIAL()
  await Promise.all([
    register(ada, stage.token('ada'), { enableImprovedSignalingErrorPrecision: true }),
    register(grace, stage.token('grace')),
  ])
})
test.afterEach(async () => {
  await Promise.all([ada, grace, second].map(page => page.evaluate(() => window.phone.reset())))
  await expect.poll(() => stage.network.control.world().calls.filter(call => !call.endedAt).length).toBe(0)
})

const dial = (page = ada, params = {}) =>
  page.evaluate(given => window.phone.dial(given).then(() => undefined), { To: 'grace', ...params })
const act = (page: Page, what: string) => page.evaluate(name => window.phone.calls.incoming[name](), what)

async function talk(): Promise<{ parent: string; child: string }> {
  await dial()
  await hears(grace, 'incoming')
  await act(grace, 'accept')
  await hears(ada, 'outgoing accept')
  const sid = (page: Page, name: string) =>
    page.evaluate(of => window.phone.calls[of].parameters.CallSid as string, name)
  return { parent: await sid(ada, 'outgoing'), child: await sid(grace, 'incoming') }
}

test('parameters, the order of events, and voices both ways', async () => {
  await dial(ada, { colour: 'blue & ü' })
  await hears(grace, 'incoming')
  expect(await noted(ada, 'outgoing ringing')).toEqual([['outgoing ringing', true]])
  expect(await noted(ada, 'outgoing accept')).toEqual([])
  expect(stage.told[0]?.fields).toMatchObject({
    From: 'client:ada',
    To: 'grace',
    colour: 'blue & ü',
    Direction: 'inbound',
  })
  const [, details] = (await noted(grace, 'incoming'))[0] as [string, Record<string, unknown>]
  expect(details).toMatchObject({ From: 'client:ada', To: 'client:grace', custom: { note: 'x & y=1' } })
  expect(details).not.toHaveProperty('StirStatus')
  await act(grace, 'accept')
  await hears(ada, 'outgoing accept')
  await expect.poll(async () => (await ear(grace, 'incoming')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
  await expect.poll(async () => (await ear(ada, 'outgoing')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
  await ada.evaluate(() => window.phone.calls.outgoing.disconnect())
  await hears(grace, 'incoming disconnect')
  expect([...(await noted(ada, 'outgoing error')), ...(await noted(grace, 'incoming error'))]).toEqual([])
})

test('keys are heard as tones at the other side', async () => {
  await talk()
  for (const page of [ada, grace]) {
    await page.evaluate(() => (window.phone.calls.incoming ?? window.phone.calls.outgoing).mute(true))
  }
  await expect.poll(async () => (await ear(grace, 'incoming')).rms, { intervals: [30] }).toBeLessThan(0.003)
  await ada.evaluate(() => window.phone.calls.outgoing.sendDigits('5'))
  // 5 is 770 and 1336 Hz (ITU-T Q.23).
  const hz = async () => {
    const { rms, hz: loudest } = await ear(grace, 'incoming')
    return rms > 0.02 && [770, 1336].some(tone => Math.abs(tone - loudest) < 30)
  }
  await expect.poll(hz, { intervals: [30] }).toBe(true)
  expect(entriesOf(stage.network, 'digits-pressed', since)).toMatchObject([{ digits: '5' }])
})

test('messages: the program to the page, the page to the program, and what is refused', async () => {
  const { parent, child } = await talk()
  const path = `Calls/${child}/UserDefinedMessages.json`
  expect(await stage.rest('POST', path, { Content: '{"hello":1}' })).toMatchObject({ status: 201, call_sid: child })
  await hears(grace, 'incoming message')
  expect((await noted(grace, 'incoming message'))[0]?.[1]).toMatchObject({
    content: { hello: 1 },
    contentType: 'application/json',
    messageType: 'user-defined-message',
    voiceEventSid: expect.stringMatching(/^KX[0-9a-f]{32}$/),
  })
  const subscribed = { Callback: `${stage.appUrl}/message` }
  expect(await stage.rest('POST', `Calls/${parent}/UserDefinedMessageSubscriptions.json`, subscribed)).toMatchObject({
    status: 201,
  })
  const send = (message: object) => ada.evaluate(given => window.phone.calls.outgoing.sendMessage(given), message)
  const sid = await send({
    content: { key: 'ü' },
    messageType: 'user-defined-message',
    contentType: 'application/json',
  })
  await hears(ada, 'outgoing message sent')
  await expect
    .poll(() => stage.told.find(({ path: to }) => to === '/message')?.fields)
    .toMatchObject({
      CallSid: parent,
      Sid: sid,
      Content: '{"key":"ü"}',
      SequenceNumber: '1',
    })
  await send({ content: 1, messageType: 'something-else' })
  await send({ content: 'x'.repeat(11_000), messageType: 'user-defined-message' })
  await expect
    .poll(() => noted(ada, 'outgoing error'))
    .toEqual([
      ['outgoing error', 31210],
      ['outgoing error', 31212],
    ])
})

for (const how of ['answerOnBridge="false"', 'answerOnBridge="true"']) {
  test(`rejecting ends the caller's call without an error, ${how}`, async () => {
    stage.twiml = DIAL(how)
    await dial()
    await hears(grace, 'incoming')
    await act(grace, 'reject')
    await hears(ada, 'outgoing disconnect')
    expect(await noted(ada, 'outgoing error')).toEqual([])
    expect(entriesOf(stage.network, 'dial-ended', since)).toMatchObject([{ status: 'busy' }])
  })
}

test('ignoring rings on until the time is over; hanging up while it rings is a cancel', async () => {
  stage.twiml = DIAL('timeout="1"')
  await dial()
  await hears(grace, 'incoming')
  await act(grace, 'ignore')
  await hears(ada, 'outgoing disconnect')
  expect(entriesOf(stage.network, 'dial-ended', since)).toMatchObject([{ status: 'no-answer' }])
  stage.twiml = DIAL()
  await grace.evaluate(() => (window.phone.heard.length = 0))
  await dial()
  await hears(grace, 'incoming')
  await ada.evaluate(() => window.phone.calls.outgoing.disconnect())
  await hears(grace, 'incoming cancel')
})

test('a busy device says nothing to a second call, unless it allows it', async () => {
  await talk()
  await register(second, stage.token('hedy'))
  stage.twiml = DIAL('timeout="1"')
  await dial(second)
  await hears(second, 'outgoing disconnect')
  expect(await noted(grace, 'incoming')).toHaveLength(1)
  await grace.evaluate(() => window.phone.device.updateOptions({ allowIncomingWhileBusy: true }))
  await dial(second)
  await expect.poll(() => noted(grace, 'incoming')).toHaveLength(2)
  expect(await grace.evaluate(() => window.phone.device.calls.length)).toBe(1)
  await act(grace, 'accept')
  await hears(ada, 'outgoing disconnect')
  await expect.poll(async () => (await noted(second, 'outgoing accept')).length).toBe(1)
})

test('two devices of one identity: the first to accept has the call', async () => {
  await register(second, stage.token('grace'))
  await dial()
  await Promise.all([hears(grace, 'incoming'), hears(second, 'incoming')])
  await act(second, 'accept')
  await Promise.all([hears(grace, 'incoming cancel'), hears(ada, 'outgoing accept')])
  await expect.poll(async () => (await ear(second, 'incoming')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
})

test('a ringing call is forwarded to another device by its connect token; an open one is not', async () => {
  await dial()
  await hears(grace, 'incoming')
  const connect = (page: Page, connectToken: string) =>
    page.evaluate(
      async token => {
        window.phone.device ??= window.phone.open(token[1], { sounds: {} })
        const call = await window.phone.device.connect({ connectToken: token[0] })
        window.phone.calls.outgoing = call
        call.on('error', (error: { code: number }) => window.phone.heard.push(['forward error', error.code]))
        call.on('disconnect', () => window.phone.heard.push(['forward disconnect']))
      },
      [connectToken, stage.token('grace')] as const,
    )
  const token = await grace.evaluate(() => window.phone.calls.incoming.connectToken as string)
  await connect(second, token)
  await Promise.all([hears(grace, 'incoming cancel'), hears(ada, 'outgoing accept')])
  await expect.poll(async () => (await ear(second, 'outgoing')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
  const open = await ada.evaluate(() => window.phone.calls.outgoing.connectToken as string)
  await connect(grace, open)
  await hears(grace, 'forward disconnect')
  expect(await noted(grace, 'forward error')).toEqual([['forward error', 31209]])
  await expect.poll(async () => (await ear(ada, 'outgoing')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
})
