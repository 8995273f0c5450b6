/// <reference types="node" />
/** The developers' page in a real Chromium, on a real phone network with a small program that answers its webhooks. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContextOptions, chromium, expect, type Page, test } from '@playwright/test'
import { createSound, type Sound } from '../../packages/phone-network/src/media/start-sound.ts'
import { createPage } from '../../packages/phone-network/src/page/page-server.ts'
import { type PhoneNetwork, startPhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { findChromium } from './chromium.ts'
import { listen } from './phone-harness.ts'

const OUR_NUMBER = '+14155550000'
const AMARA = { number: '+14155559001', name: 'Amara <b>Diallo</b>', company: 'Acme', script: { kind: 'manual' } }
const BEN = { number: '+14155559002', name: 'Ben Ortiz', company: '', script: { kind: 'manual' } }
const CARA = {
  number: '+14155559003',
  name: 'Cara Voicemail',
  script: { kind: 'voicemail', answerMs: 100, acts: [{ say: 'Leave a message.' }] },
}
const TWIML = '<Response><Dial><Conference>desk &lt;1&gt;</Conference></Dial></Response>'

let browser: Browser
let network: PhoneNetwork
let sound: Sound
let app: Server
let page: Page

test.beforeAll(async () => {
  const { executablePath, args, env } = await findChromium()
  browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } as Record<string, string> })
})
test.afterAll(() => browser.close())

test.beforeEach(async () => {
  app = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/xml' }).end(request.url?.startsWith('/status') ? '' : TWIML)
  })
  const appUrl = `http://127.0.0.1:${await listen(app)}`
  sound = createSound({ seed: 1 })
  const developersPage = createPage({ plane: sound.plane })
  network = await startPhoneNetwork({
    port: 0,
    sound,
    pages: (request, response) => developersPage.handleRequest(request, response),
    upgrades: (request, socket, head) => developersPage.upgrade(request, socket, head),
    numbers: [{ number: OUR_NUMBER, voiceUrl: `${appUrl}/voice`, statusCallback: `${appUrl}/status` }],
  })
  network.control.definePeople([AMARA, BEN, CARA])
  page = await open()
})
test.afterEach(async () => {
  await Promise.all(browser.contexts().map(context => context.close()))
  await network.close()
  app.closeAllConnections()
  await new Promise(resolve => app.close(resolve))
})

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const fresh = await (await browser.newContext({ permissions: ['microphone'], ...options })).newPage()
  await fresh.goto(`${network.url}/`)
  await expect(fresh.getByText('Connected')).toBeVisible()
  return fresh
}

/** The program calls a phone over REST. */
async function callPhone(to: string): Promise<string> {
  const { accountSid, authToken } = network.account
  const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
  const response = await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/Calls.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams({ To: to, From: OUR_NUMBER, Url: `${appUrl}/voice`, StatusCallback: `${appUrl}/status` }),
  })
  return ((await response.json()) as { sid: string }).sid
}

const row = ({ number }: { number: string }) => page.locator('.phone', { hasText: number })
const callOf = (number: string) => network.control.world().phones.find(phone => phone.number === number)?.callSid ?? ''

test('a phone rings, is answered, talks, and hangs up; markup in names stays text', async () => {
  await expect(row(AMARA).locator('.name')).toHaveText('Amara <b>Diallo</b>, Acme')
  await callPhone(AMARA.number)
  await expect(row(AMARA)).toContainText('Ringing')
  await row(AMARA)
    .getByRole('button', { name: /^Answer:/ })
    .click()
  await expect(row(AMARA)).toContainText('Talking')
  await expect(page.locator('#gatherings')).toContainText('desk <1>')
  await row(AMARA).getByRole('button', { name: 'Hang up:' }).click()
  await expect(row(AMARA)).toContainText('Idle')
})

test('busy and no answer end the ringing; voicemail is shown as such', async () => {
  for (const [name, number] of [
    ['Busy:', AMARA.number],
    ['No answer:', BEN.number],
  ] as const) {
    const sid = await callPhone(number)
    await row({ number }).getByRole('button', { name }).click()
    await expect
      .poll(() => network.control.world().calls.find(call => call.sid === sid)?.status)
      .toBe(name === 'Busy:' ? 'busy' : 'no-answer')
  }
  await callPhone(CARA.number)
  await expect(row(CARA)).toContainText('▣ Voicemail')
})

test('every webhook stands in the list with its fields and its answer', async () => {
  await callPhone(AMARA.number)
  await row(AMARA)
    .getByRole('button', { name: /^Answer:/ })
    .click()
  const voice = page.locator('#happenings li', { hasText: 'POST voice' })
  await expect(voice).toContainText('200')
  await voice.locator('summary').press('Enter')
  await expect(voice.locator('pre')).toHaveText(TWIML)
  await expect(voice.locator('dd', { hasText: AMARA.number }).first()).toBeVisible()
  await expect(page.locator('#happenings li', { hasText: 'REST' })).toBeHidden()
  await page.getByLabel('with REST requests').check()
  await expect(page.locator('#happenings li', { hasText: 'POST REST' })).toContainText('201')
  await page.locator('#happenings-find').fill('nothing like this')
  await expect(voice).toBeHidden()
})

test('the race: two ringing phones answer in the same instant', async () => {
  await expect(page.getByRole('button', { name: /^Race/ })).toBeDisabled()
  await Promise.all([callPhone(AMARA.number), callPhone(BEN.number)])
  await page.getByRole('button', { name: /^Race/ }).click()
  await expect(row(AMARA)).toContainText('Talking')
  await expect(row(BEN)).toContainText('Talking')
  const [first, second] = network.control.log().filter(entry => entry.kind === 'call-answered')
  expect(second?.at).toBe(first?.at)
})

test('a phone calls our number, presses keys and hangs up', async () => {
  await page.getByLabel('From').selectOption(BEN.number)
  await page.getByLabel('To', { exact: true }).selectOption(OUR_NUMBER)
  await page.getByRole('button', { name: 'Call', exact: true }).click()
  await expect(page.locator('#dial')).toContainText('in-progress')
  await page.getByRole('group', { name: 'Keypad' }).getByRole('button', { name: '7' }).click()
  await expect
    .poll(() => network.control.log().find(entry => entry.kind === 'digits-pressed'))
    .toMatchObject({ digits: '7' })
  await page.locator('#dial').getByRole('button', { name: 'Hang up' }).click()
  await expect(page.locator('#dial')).toContainText('completed')
})

test('pace and faults are switched, shown, and ended', async () => {
  await page.getByLabel('1 per second').check()
  await expect.poll(() => network.control.world().cps).toBe(1)
  await page.getByRole('button', { name: 'Delay webhooks 800 ms' }).click()
  await page.getByRole('button', { name: 'Next answer pulls a second along' }).click()
  await expect(page.locator('#switches li')).toHaveText([
    'status: delay, 800 ms',
    'the next 1 answers pull a second along',
  ])
  await page.getByRole('button', { name: 'End all faults' }).click()
  await expect(page.locator('#switches li')).toHaveCount(0)
  await expect.poll(() => network.control.world().faults).toEqual([])
})

test('the developer answers with the microphone: is heard, hears, and keeps the call', async () => {
  await callPhone(AMARA.number)
  await row(AMARA).getByRole('button', { name: 'Microphone:' }).click()
  await expect(row(AMARA)).toContainText('Talking')
  const callSid = callOf(AMARA.number)
  await expect.poll(() => sound.plane.levels(callSid).says, { intervals: [50] }).toBeGreaterThan(0.03)
  await expect(row(AMARA).getByRole('button', { name: 'Microphone:' })).toHaveAttribute('aria-pressed', 'true')
  await row(AMARA).getByRole('button', { name: 'Microphone:' }).click()
  await expect.poll(() => sound.plane.levels(callSid).says).toBe(0)
  await expect(row(AMARA)).toContainText('Talking')
})

test('frames for the microphone socket: both ways, and only for pages of this machine', async () => {
  await callPhone(AMARA.number)
  await network.control.until(entry => entry.kind === 'call-ringing')
  network.control.answer(AMARA.number)
  const callSid = callOf(AMARA.number)
  sound.plane.play(callSid, sound.voices.sound('beep', 20_000))
  const frames = await page.evaluate(async sid => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/_/mic/${sid}`)
    socket.binaryType = 'arraybuffer'
    const lengths: number[] = []
    await new Promise<void>(resolve => {
      socket.onmessage = ({ data }) => {
        if (lengths.push(data.byteLength) === 25) resolve()
      }
    })
    socket.close()
    return lengths
  }, callSid)
  expect(new Set(frames)).toEqual(new Set([160]))
  for (const [path, origin, status] of [
    [`/_/mic/${callSid}`, 'https://elsewhere.example', 403],
    ['/_/mic/nonsense', network.url, 400],
  ] as const) {
    expect(await refusedWith(path, origin)).toBe(status)
  }
})

async function refusedWith(path: string, origin: string): Promise<number> {
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(`ws://127.0.0.1:${network.port}${path}`, { origin })
  return new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('open', () => reject(new Error('it was let in')))
    socket.on('error', () => {})
  })
}

test('the keyboard alone answers and hangs up, and never loses its place', async () => {
  await callPhone(AMARA.number)
  await row(AMARA)
    .getByRole('button', { name: /^Answer:/ })
    .focus()
  await page.keyboard.press('Enter')
  await expect(row(AMARA)).toContainText('Talking')
  await expect(row(AMARA).locator('button:focus')).toHaveCount(1)
  await row(AMARA).getByRole('button', { name: 'Hang up:' }).focus()
  await page.keyboard.press('Space')
  await expect(row(AMARA)).toContainText('Idle')
  await expect(row(AMARA)).toBeFocused()
})

test('what cannot be done is said in words', async () => {
  await page.getByLabel('From').selectOption(BEN.number)
  await callPhone(BEN.number)
  await expect(row(BEN)).toContainText('Ringing')
  await page.getByRole('button', { name: 'Call', exact: true }).click()
  await expect(page.locator('#message')).toContainText('is on a call already')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in ${colorScheme}, wide and narrow, and nothing scrolls sideways`, async () => {
    page = await open({ colorScheme })
    await Promise.all([callPhone(AMARA.number), callPhone(BEN.number), callPhone(CARA.number)])
    await row(AMARA)
      .getByRole('button', { name: /^Answer:/ })
      .click()
    await page.getByRole('button', { name: 'Delay webhooks 800 ms' }).click()
    await expect(row(CARA)).toContainText('Voicemail')
    await page.locator('#happenings li', { hasText: 'voice' }).first().locator('summary').click()
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      if (process.env.SCREENSHOTS) {
        await page.screenshot({ path: `${process.env.SCREENSHOTS}/page-${colorScheme}-${width}.png`, fullPage: true })
      }
    }
  })
}

test('texts are shown, and a pretend phone sends one to our number [C14]', async () => {
  const { accountSid, authToken } = network.account
  await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams({ From: OUR_NUMBER, To: BEN.number, Body: 'Your table is <b>ready</b>' }),
  })
  const texts = page.getByRole('list', { name: 'Newest texts' })
  await expect(texts.getByRole('listitem')).toHaveText(/delivered.*Your table is <b>ready<\/b>/)
  await page.locator('#text-from').selectOption(BEN.number)
  await page.locator('#text-body').fill('On my way')
  await page.locator('#text-body').press('Enter')
  await expect(texts.getByRole('listitem').first()).toHaveText(/received.*On my way/)
  await expect(page.locator('#text-body')).toHaveValue('')
  expect(network.control.world().texts[0]).toMatchObject({ direction: 'inbound', from: BEN.number, to: OUR_NUMBER })
})
