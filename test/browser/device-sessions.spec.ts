/// <reference types="node" />
/** A device's session with the network: edges, tokens, lost sockets, refusals, preflight. The SDK is unchanged. */
import { expect, type Page, test } from '@playwright/test'
import { ear, hears, noted, register, type Stage, startStage, UNCHANGED } from './devices-harness.ts'

let stage: Stage
let ada: Page
let grace: Page

test.beforeAll(async () => {
  stage = await startStage()
  ;[ada, grace] = await Promise.all([stage.newPage(), stage.newPage()])
})
test.afterAll(() => stage.close())
test.beforeEach(() => {
  stage.twiml = '<Response><Dial timeout="5"><Client>grace</Client></Dial></Response>'
})
test.afterEach(() => Promise.all([ada, grace].map(page => page.evaluate(() => window.phone.reset()))))

const dial = () => ada.evaluate(() => window.phone.dial({ To: 'grace' }).then(() => undefined))
const disturb = (identity: string, what: string, fields = {}) =>
  fetch(`${stage.network.url}/_/browsers/${identity}/${what}`, { method: 'POST', body: JSON.stringify(fields) })

async function talk(): Promise<void> {
  await Promise.all([register(ada, stage.token('ada')), register(grace, stage.token('grace'))])
  await dial()
  await hears(grace, 'incoming')
  await grace.evaluate(() => window.phone.calls.incoming.accept())
  await hears(ada, 'outgoing accept')
}

test('edges: roaming is a concrete one, a named one is echoed, one that does not exist is passed over', async () => {
  const edges: string[] = []
  for (const edge of [undefined, 'sydney', ['nowhere', 'dublin']]) {
    await register(ada, stage.token('ada'), edge === undefined ? {} : { edge })
    edges.push(await ada.evaluate(() => `${window.phone.device.edge} ${window.phone.device.home}`))
    await ada.evaluate(() => window.phone.reset())
  }
  expect(edges).toEqual(['ashburn us1', 'sydney us1', 'dublin us1'])
})

test('bad tokens have errors of their own; a good one makes the device usable', async () => {
  const errors = () => noted(ada, 'device error')
  // register() never settles with a bad token, so it is not waited for.
  await ada.evaluate(more => void window.phone.register('nonsense', more).catch(() => {}), UNCHANGED)
  await expect.poll(errors).toEqual([['device error', 20101]])
  await ada.evaluate(given => window.phone.device.updateToken(given), stage.token('ada'))
  await hears(ada, 'registered')
  expect(await ada.evaluate(() => window.phone.device.identity)).toBe('ada')
})

test('a token that runs out on a registered device, in mid-call: the call goes on, a new token rings again', async () => {
  await register(ada, stage.token('ada'))
  await register(grace, stage.token('grace', 2), { tokenRefreshMs: 1500 })
  await dial()
  await hears(grace, 'incoming')
  await grace.evaluate(() => window.phone.calls.incoming.accept())
  await hears(grace, 'token will expire')
  await expect.poll(() => noted(grace, 'device error')).toEqual([['device error', 20104]])
  await expect.poll(async () => (await ear(ada, 'outgoing')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
  // Also the hang-up still works.
  await grace.evaluate(() => window.phone.calls.incoming.disconnect())
  await hears(ada, 'outgoing disconnect')
  await ada.evaluate(() => (window.phone.heard.length = 0))
  await dial()
  await hears(ada, 'outgoing disconnect')
  await grace.evaluate(async given => {
    window.phone.heard.length = 0
    const connected = new Promise(resolve => window.phone.device._stream.once('connected', resolve))
    window.phone.device.updateToken(given)
    await connected
  }, stage.token('grace'))
  await dial()
  await hears(grace, 'incoming')
})

test('lost sockets on both sides in mid-call: both come back, voices go on, the call is ended by signalling', async () => {
  await talk()
  await expect.poll(async () => (await ear(grace, 'incoming')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
  for (const identity of ['ada', 'grace']) expect((await disturb(identity, 'drop')).status).toBe(200)
  await Promise.all([hears(ada, 'outgoing reconnected'), hears(grace, 'incoming reconnected')])
  await expect.poll(async () => (await ear(grace, 'incoming')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
  await expect.poll(async () => (await ear(ada, 'outgoing')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
  await ada.evaluate(() => window.phone.calls.outgoing.disconnect())
  await hears(grace, 'incoming disconnect')
  expect([...(await noted(ada, 'outgoing error')), ...(await noted(grace, 'incoming error'))]).toEqual([])
})

test('an ICE restart of one side in a call of two', async () => {
  await talk()
  await ada.evaluate(() => window.phone.calls.outgoing._mediaHandler.iceRestart())
  const state = () => ada.evaluate(() => window.phone.calls.outgoing._mediaHandler.version.pc.signalingState)
  await expect.poll(state).toBe('stable')
  await expect.poll(async () => (await ear(grace, 'incoming')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
})

for (const [precise, code] of [
  [true, 31603],
  [false, 31005],
] as const) {
  test(`a call that the program rejects is error ${code}, precise errors: ${precise}`, async () => {
    stage.twiml = '<Response><Reject/></Response>'
    await register(ada, stage.token('ada'), { enableImprovedSignalingErrorPrecision: precise })
    await dial()
    await hears(ada, 'outgoing disconnect')
    expect(await noted(ada, 'outgoing error')).toEqual([['outgoing error', code]])
  })
}

test('disturbances on demand: an error with retryAfter, offline, the end of the session', async () => {
  await register(ada, stage.token('ada'))
  expect((await disturb('nobody', 'drop')).status).toBe(404)
  expect((await disturb('ada', 'dance')).status).toBe(400)
  await disturb('ada', 'error', { code: 31005, message: 'maintenance', retryAfter: 1 })
  await hears(ada, 'unregistered')
  await expect.poll(() => ada.evaluate(() => window.phone.device.state)).toBe('registered')
  await disturb('ada', 'offline')
  await expect.poll(() => ada.evaluate(() => window.phone.device.state)).toBe('unregistered')
  await disturb('ada', 'close')
  await expect.poll(async () => (await disturb('ada', 'offline')).status).toBe(404)
})

// twiml: Echo
test('a page that is echoed hears its own microphone', async () => {
  stage.twiml = '<Response><Echo/></Response>'
  await register(ada, stage.token('ada'))
  await dial()
  await hears(ada, 'outgoing accept')
  await expect.poll(async () => (await ear(ada, 'outgoing')).rms, { intervals: [30] }).toBeGreaterThan(0.03)
})

test('preflight: the app plays and hangs up, and the report is complete', async () => {
  stage.twiml = '<Response><Play digits="12ww"/></Response>'
  const report = await ada.evaluate(
    given =>
      new Promise<Record<string, unknown>>(resolve => {
        // biome-ignore lint/suspicious/noExplicitAny: the page's own global
        const { Device } = (window as any).Twilio
        const preflight = Device.runPreflight(given, { fakeMicInput: true })
        preflight.on('completed', resolve)
        preflight.on('failed', (error: { code: number }) => resolve({ failed: error.code }))
      }),
    stage.token('ada'),
  )
  expect(report).toMatchObject({
    callSid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
    edge: 'ashburn',
    selectedEdge: 'roaming',
    networkTiming: { signaling: {}, ice: {}, dtls: {}, peerConnection: {} },
    isTurnRequired: false,
  })
  expect((report.samples as unknown[]).length).toBeGreaterThan(0)
  expect((report.warnings as { name: string }[]).map(warning => warning.name)).not.toContain(
    'insights-connection-error',
  )
})
