/// <reference types="node" />
/** The unmodified @twilio/voice-sdk in a real Chromium against our gateway and audio plane. */
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import { findChromium } from './chromium.ts'
import { type Harness, newCallSid, startHarness } from './phone-harness.ts'

declare global {
  interface Window {
    // biome-ignore lint/suspicious/noExplicitAny: the page's own untyped hands, see phone-page.js
    phone: any
  }
}

const CALLER = '+14155550101'
let browser: Browser
let network: Harness
let page: Page

test.beforeAll(async () => {
  const { executablePath, args, env } = await findChromium()
  browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } as Record<string, string> })
})
test.afterAll(() => browser.close())

test.beforeEach(async () => {
  network = await startHarness()
  page = await newPage()
})
test.afterEach(async () => {
  await Promise.all(browser.contexts().map(context => context.close()))
  await network.close()
})

async function newPage(): Promise<Page> {
  const fresh = await (await browser.newContext()).newPage()
  await fresh.goto(network.url)
  await fresh.waitForFunction(() => window.phone !== undefined)
  return fresh
}

const register = (on: Page, token = 'good:ada', options = {}) =>
  on.evaluate(([given, more]) => window.phone.register(given, more), [token, options] as const)

/** Events of the page by name, e.g. "incoming accept". */
async function pageHeard(on: Page): Promise<string[]> {
  return (await on.evaluate(() => window.phone.heard)).map(([name]: [string]) => name)
}

const kinds = () => network.recorded.map(event => event.kind)

/** The loudest that the plane has heard the leg within a time. The fake microphone beeps once a second. */
async function loudest(callSid: string, ms = 1400): Promise<number> {
  const end = performance.now() + ms
  let level = 0
  await expect
    .poll(
      () => {
        level = Math.max(level, network.sound.plane.levels(callSid).says)
        return performance.now() > end
      },
      { intervals: [50] },
    )
    .toBe(true)
  return level
}

function playTone(callSid: string): void {
  network.sound.plane.play(callSid, network.sound.voices.sound('beep', 30_000))
}

const ear = (on: Page, name: string) => on.evaluate(of => window.phone.ear(of), name)

async function expectTone(on: Page, name: string): Promise<void> {
  await expect.poll(async () => (await ear(on, name)).rms).toBeGreaterThan(0.1)
  expect(Math.abs((await ear(on, name)).hz - 1000)).toBeLessThan(30)
}

/** Place a call that the network answers; the CallSid. */
async function openOutgoing(on = page, options = {}): Promise<string> {
  network.onPlaced = callSid => {
    network.gateway.ringing(callSid)
    network.gateway.answered(callSid)
  }
  await register(on, 'good:ada', options)
  await on.evaluate(() => window.phone.dial({ To: '+14155550101', note: 'a & b = ü' }))
  await expect.poll(() => pageHeard(on)).toContain('outgoing accept')
  return network.recorded.find(event => event.kind === 'invite')?.callSid ?? ''
}

/** Ring ada's devices. */
function ring(number: number, identity = 'ada'): string {
  const callSid = newCallSid(0x1000 + number)
  network.gateway.ring(identity, {
    callSid,
    from: CALLER,
    to: `client:${identity}`,
    parameters: { callId: 'c_1', note: 'x & y=1' },
  })
  return callSid
}

async function openIncoming(): Promise<string> {
  await register(page)
  const callSid = ring(1)
  await expect.poll(() => pageHeard(page)).toContain('incoming')
  await page.evaluate(() => window.phone.calls.incoming.accept())
  await expect.poll(() => pageHeard(page)).toContain('incoming accept')
  return callSid
}

test('registering makes a device reachable, unregistering unreachable, merely listening does neither', async () => {
  await register(page)
  expect(network.gateway.devices('ada')).toHaveLength(1)
  const caller = await newPage()
  await caller.evaluate(() => window.phone.open('good:ada').connect())
  await expect.poll(kinds).toEqual(['invite'])
  expect(network.gateway.devices('ada')).toHaveLength(1)
  await page.evaluate(() => window.phone.device.unregister())
  expect(network.gateway.devices('ada')).toHaveLength(0)
})

test('a token without the incoming grant registers but is not rung', async () => {
  await register(page, 'mute:ada')
  expect(network.gateway.devices('ada')).toHaveLength(0)
})

for (const codec of ['pcmu', 'opus']) {
  test(`an outgoing call has sound both ways in ${codec}, and mute is silence [S1-22]`, async () => {
    const callSid = await openOutgoing(page, { codecPreferences: [codec] })
    expect(network.recorded[0]?.detail).toEqual({
      identity: 'ada',
      parameters: { To: '+14155550101', note: 'a & b = ü' },
    })
    expect(await page.evaluate(() => window.phone.calls.outgoing.parameters.CallSid)).toBe(callSid)
    playTone(callSid)
    await expectTone(page, 'outgoing')
    expect(await loudest(callSid)).toBeGreaterThan(0.05)
    await page.evaluate(() => window.phone.calls.outgoing.mute(true))
    // A moment of silence proves nothing: it is also there between two beeps.
    await expect.poll(() => loudest(callSid)).toBeLessThan(0.001)
    await page.evaluate(() => window.phone.calls.outgoing.mute(false))
    expect(await loudest(callSid)).toBeGreaterThan(0.05)
    await expect.poll(() => page.evaluate(() => window.phone.calls.outgoing.codec?.toLowerCase())).toBe(codec)
  })
}

test('early media: the caller hears ringback before the answer', async () => {
  network.onPlaced = callSid => {
    network.gateway.ringing(callSid)
    playTone(callSid)
  }
  await register(page)
  await page.evaluate(() => window.phone.dial())
  await expectTone(page, 'outgoing')
  expect(await pageHeard(page)).not.toContain('outgoing accept')
  network.gateway.answered(network.recorded[0]?.callSid ?? '')
  await expect.poll(() => pageHeard(page)).toContain('outgoing accept')
})

test('digits arrive by RTP events in both codecs, and by signalling', async () => {
  const digits = () => network.recorded.filter(event => event.kind === 'dtmf').map(event => event.detail)
  // Before its media stands the SDK sends digits by signalling.
  playTone(await openOutgoing(page, { codecPreferences: ['pcmu'] }))
  await expectTone(page, 'outgoing')
  await page.evaluate(() => window.phone.calls.outgoing.sendDigits('1*#'))
  await expect.poll(digits).toEqual(['1', '*', '#'])
  await page.evaluate(() => {
    window.phone.calls.outgoing._mediaHandler.getOrCreateDTMFSender = () => null
    window.phone.calls.outgoing.sendDigits('42')
  })
  await expect.poll(digits).toEqual(['1', '*', '#', '42'])
  const other = await newPage()
  await openOutgoing(other, { codecPreferences: ['opus'] })
  playTone(network.recorded.at(-1)?.callSid ?? '')
  await expectTone(other, 'outgoing')
  await other.evaluate(() => window.phone.calls.outgoing.sendDigits('907'))
  await expect.poll(digits).toEqual(['1', '*', '#', '42', '9', '0', '7'])
})

test('the browser hangs up', async () => {
  const callSid = await openOutgoing()
  await page.evaluate(() => window.phone.calls.outgoing.disconnect())
  await expect.poll(kinds).toEqual(['invite', 'hangup'])
  expect(network.recorded[1]?.callSid).toBe(callSid)
})

test('the network hangs up, also with an error, also before the answer', async () => {
  const callSid = await openOutgoing()
  network.gateway.hangup(callSid)
  await expect.poll(() => pageHeard(page)).toContain('outgoing disconnect')
  expect(await pageHeard(page)).not.toContain('outgoing error')
  network.onPlaced = placed => network.gateway.hangup(placed, { code: 31005, message: 'no route' })
  await page.evaluate(() => window.phone.dial())
  await expect.poll(() => pageHeard(page)).toContain('outgoing error')
  expect(kinds()).toEqual(['invite', 'invite'])
})

test('an incoming call carries its parameters and has sound both ways', async () => {
  const callSid = await openIncoming()
  const [, details] = await page.evaluate(() => window.phone.heard.find(([name]: [string]) => name === 'incoming'))
  expect(details).toMatchObject({ CallSid: callSid, From: CALLER, To: 'client:ada' })
  expect(details.custom).toEqual({ callId: 'c_1', note: 'x & y=1' })
  expect(kinds()).toEqual(['answered'])
  playTone(callSid)
  await expectTone(page, 'incoming')
  expect(await loudest(callSid)).toBeGreaterThan(0.05)
  network.gateway.hangup(callSid)
  await expect.poll(() => pageHeard(page)).toContain('incoming disconnect')
})

test('rejecting is reported, cancelling is seen', async () => {
  await register(page)
  ring(1)
  await expect.poll(() => pageHeard(page)).toContain('incoming')
  await page.evaluate(() => window.phone.calls.incoming.reject())
  await expect.poll(kinds).toEqual(['rejected'])
  const second = ring(2)
  await expect.poll(async () => (await pageHeard(page)).filter(name => name === 'incoming')).toHaveLength(2)
  network.gateway.cancel(second)
  await expect.poll(() => pageHeard(page)).toContain('incoming cancel')
  expect(kinds()).toEqual(['rejected'])
})

test('every device of the identity rings; the first to answer has the call, the other is cancelled', async () => {
  const other = await newPage()
  await Promise.all([register(page), register(other)])
  const callSid = ring(1)
  await expect.poll(() => pageHeard(page)).toContain('incoming')
  await expect.poll(() => pageHeard(other)).toContain('incoming')
  await other.evaluate(() => window.phone.calls.incoming.accept())
  await expect.poll(() => pageHeard(page)).toContain('incoming cancel')
  await expect.poll(kinds).toEqual(['answered'])
  playTone(callSid)
  await expectTone(other, 'incoming')
})

test('one device rejects, the other still rings and can answer', async () => {
  const other = await newPage()
  await Promise.all([register(page), register(other)])
  ring(1)
  for (const each of [page, other]) await expect.poll(() => pageHeard(each)).toContain('incoming')
  await page.evaluate(() => window.phone.calls.incoming.reject())
  await other.evaluate(() => window.phone.calls.incoming.accept())
  await expect.poll(kinds).toEqual(['answered'])
})

test('another device takes a ringing call over with its connect token', async () => {
  await register(page)
  const callSid = ring(1)
  await expect.poll(() => pageHeard(page)).toContain('incoming')
  const connectToken = await page.evaluate(() => window.phone.calls.incoming.connectToken)
  const other = await newPage()
  await other.evaluate(async token => {
    window.phone.calls.outgoing = await window.phone.open('good:ada').connect({ connectToken: token })
  }, connectToken)
  await expect.poll(() => pageHeard(page)).toContain('incoming cancel')
  await expect.poll(kinds).toEqual(['answered'])
  playTone(callSid)
  await expectTone(other, 'outgoing')
})

test('a busy device says nothing; the call that it did not take can be cancelled', async () => {
  const first = await openIncoming()
  const second = ring(2)
  network.gateway.sendMessage(first, {
    sid: 'KX1',
    content: 1,
    contentType: 'application/json',
    messageType: 'user-defined-message',
  })
  // The message was sent after the second invite: when it has arrived, the invite has too.
  await expect.poll(() => pageHeard(page)).toContain('incoming message')
  network.gateway.cancel(second)
  await page.evaluate(() => window.phone.calls.incoming.disconnect())
  await expect.poll(kinds).toEqual(['answered', 'hangup'])
  expect((await pageHeard(page)).filter(name => name === 'incoming')).toHaveLength(1)
})

test('a lost signalling socket in mid-call: sound goes on, the SDK comes back, and the call can be ended', async () => {
  const callSid = await openIncoming()
  playTone(callSid)
  await expectTone(page, 'incoming')
  network.gateway.dropSockets('ada')
  await expect.poll(() => pageHeard(page)).toContain('incoming reconnecting')
  await expectTone(page, 'incoming')
  expect(await loudest(callSid)).toBeGreaterThan(0.05)
  await expect.poll(() => pageHeard(page)).toContain('incoming reconnected')
  await expect.poll(() => network.gateway.devices('ada').length).toBe(1)
  await expectTone(page, 'incoming')
  network.gateway.hangup(callSid)
  await expect.poll(() => pageHeard(page)).toContain('incoming disconnect')
  expect(kinds()).toEqual(['answered'])
})

test('an outgoing call survives a lost socket too', async () => {
  const callSid = await openOutgoing()
  network.gateway.dropSockets('ada')
  await expect.poll(() => pageHeard(page)).toContain('outgoing reconnected')
  playTone(callSid)
  await expectTone(page, 'outgoing')
  await page.evaluate(() => window.phone.calls.outgoing.disconnect())
  await expect.poll(kinds).toEqual(['invite', 'hangup'])
})

test('a closed page is a hang-up', async () => {
  await openIncoming()
  await page.close({ runBeforeUnload: false })
  await expect.poll(kinds).toEqual(['answered', 'hangup'])
})

test('an ICE restart gives the call a new path and its sound goes on', async () => {
  const callSid = await openIncoming()
  playTone(callSid)
  await expectTone(page, 'incoming')
  await page.evaluate(() => window.phone.calls.incoming._mediaHandler.iceRestart())
  await expect
    .poll(() => page.evaluate(() => window.phone.calls.incoming._mediaHandler.version.pc.signalingState))
    .toBe('stable')
  await expectTone(page, 'incoming')
  expect(await loudest(callSid)).toBeGreaterThan(0.05)
  expect(kinds()).toEqual(['answered'])
})

test('bad and expired tokens give their own errors; a new token makes it good [S1-21]', async () => {
  const errors = () => page.evaluate(() => window.phone.heard.filter(([name]: [string]) => name === 'device error'))
  // register() never settles with a bad token, so it is not waited for.
  await page.evaluate(() => void window.phone.register('bad').catch(() => {}))
  await expect.poll(errors).toContainEqual(['device error', 20101])
  await page.evaluate(() => window.phone.device.updateToken('expired:ada'))
  await expect.poll(errors).toContainEqual(['device error', 20104])
  await page.evaluate(() => window.phone.device.updateToken('good:ada'))
  await expect.poll(() => pageHeard(page)).toContain('registered')
  await page.evaluate(() => window.phone.device.updateToken('good:ada'))
  expect(network.gateway.devices('ada')).toHaveLength(1)
})

test('messages go both ways and are acknowledged', async () => {
  const callSid = await openIncoming()
  await page.evaluate(() =>
    window.phone.calls.incoming.sendMessage({ content: { hello: 1 }, messageType: 'user-defined-message' }),
  )
  await expect.poll(() => pageHeard(page)).toContain('incoming message sent')
  expect(network.recorded.at(-1)).toMatchObject({ kind: 'message', callSid, detail: { content: { hello: 1 } } })
})

test('two browsers talk to each other over a bridge', async () => {
  const other = await newPage()
  await register(other, 'good:grace')
  const caller = await openOutgoing()
  const callee = ring(1, 'grace')
  await expect.poll(() => pageHeard(other)).toContain('incoming')
  await other.evaluate(() => window.phone.calls.incoming.accept())
  await expect.poll(() => pageHeard(other)).toContain('incoming accept')
  network.sound.plane.bridge(caller, callee)
  await expect.poll(async () => (await ear(other, 'incoming')).rms, { intervals: [50] }).toBeGreaterThan(0.03)
  await expect.poll(async () => (await ear(page, 'outgoing')).rms, { intervals: [50] }).toBeGreaterThan(0.03)
})
