/// <reference types="node" />
/** The whole phone network with a browser on it: the SDK, the engine, a conference, and a pretend person who speaks. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import AccessToken from 'twilio/lib/jwt/AccessToken.js'
import type { PhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { startWholeNetwork } from '../../packages/phone-network/src/whole-network.ts'
import { findChromium } from './chromium.ts'
import { answerPhonePage, listen } from './phone-harness.ts'

/** Magic number: a human who speaks from the first frame, without end, and answers after 0.1 s. */
const TALKER = '+15002200101'
const OUR_NUMBER = '+14155550000'
const CONFERENCE =
  '<Response><Dial><Conference beep="false" waitUrl="" endConferenceOnExit="false">desk</Conference></Dial></Response>'

let browser: Browser
let app: Server
let appUrl: string
let network: PhoneNetwork
let page: Page

test.beforeAll(async () => {
  const { executablePath, args, env } = await findChromium()
  browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } as Record<string, string> })
})
test.afterAll(() => browser.close())

test.beforeEach(async () => {
  app = createServer((request, response) => {
    if (request.method === 'GET') answerPhonePage(request, response, `127.0.0.1:${network.port}`)
    else response.writeHead(200, { 'content-type': 'text/xml' }).end(answerTo(request.url ?? ''))
  })
  appUrl = `http://127.0.0.1:${await listen(app)}`
  network = await startWholeNetwork({
    port: 0,
    cps: 4,
    account: { voiceUrl: `${appUrl}/voice` },
    numbers: [{ number: OUR_NUMBER, voiceUrl: `${appUrl}/client` }],
  })
  page = await browser.newPage()
  await page.goto(appUrl)
  await page.waitForFunction(() => window.phone !== undefined)
})
test.afterEach(async () => {
  await page.close()
  await network.close()
  app.closeAllConnections()
  await new Promise(resolve => app.close(resolve))
})

function answerTo(path: string): string {
  if (path !== '/client') return CONFERENCE
  return '<Response><Dial><Client><Identity>ada</Identity><Parameter name="callId" value="c_7"/></Client></Dial></Response>'
}

function token(identity: string): string {
  const { accountSid, apiKeySid, apiKeySecret, twimlAppSid } = network.account
  const made = new AccessToken(accountSid, apiKeySid, apiKeySecret, { identity, ttl: 3600 })
  made.addGrant(new AccessToken.VoiceGrant({ outgoingApplicationSid: twimlAppSid, incomingAllow: true }))
  return made.toJwt()
}

async function rest(path: string, fields: Record<string, string>): Promise<{ sid: string }> {
  const { accountSid, authToken } = network.account
  const response = await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams(fields),
  })
  expect(response.ok).toBe(true)
  return (await response.json()) as { sid: string }
}

const ear = (name: string) => page.evaluate(of => window.phone.ear(of).rms as number, name)

test('the line is open in a conference; a person who is called into it is heard, held, and gone', async () => {
  await page.evaluate(given => window.phone.register(given), token('ada'))
  await page.evaluate(() => window.phone.dial({ To: 'desk' }))
  await network.control.until(entry => entry.kind === 'participant-joined')
  await expect.poll(() => ear('outgoing')).toBeLessThan(0.001)
  const { sid } = await rest('Calls.json', { To: TALKER, From: OUR_NUMBER, Url: `${appUrl}/voice` })
  await network.control.until(entry => entry.kind === 'participant-joined' && entry.callSid === sid)
  await expect.poll(() => ear('outgoing'), { intervals: [50] }).toBeGreaterThan(0.03)
  const conference = network.control.world().conferences[0]?.sid
  await rest(`Conferences/${conference}/Participants/${sid}.json`, { Hold: 'true' })
  await expect.poll(() => ear('outgoing')).toBeLessThan(0.001)
  await rest(`Conferences/${conference}/Participants/${sid}.json`, { Hold: 'false' })
  await expect.poll(() => ear('outgoing'), { intervals: [50] }).toBeGreaterThan(0.03)
  await rest(`Calls/${sid}.json`, { Status: 'completed' })
  await expect.poll(() => ear('outgoing')).toBeLessThan(0.001)
  await page.evaluate(() => window.phone.calls.outgoing.disconnect())
  await network.control.until(entry => entry.kind === 'conference-ended')
})

test('a person calls our number, the browser rings with its parameters, answers, and hears the person', async () => {
  await page.evaluate(given => window.phone.register(given), token('ada'))
  await page.evaluate(() => {
    window.phone.device.on('incoming', (call: { accept(): void }) => call.accept())
  })
  const talks = { kind: 'human', acts: [{ say: 'Hello, I have a question about my order.' }], repeat: true }
  const callSid = network.control.dial('+14155559009', OUR_NUMBER, talks)
  await expect.poll(() => ear('incoming'), { intervals: [50] }).toBeGreaterThan(0.03)
  const incoming = await page.evaluate(() => window.phone.heard.find(([name]: [string]) => name === 'incoming'))
  expect(incoming?.[1].custom).toEqual({ callId: 'c_7' })
  network.control.hangUpCall(callSid)
  await expect.poll(() => page.evaluate(() => window.phone.calls.incoming.status())).toBe('closed')
})

test('the page of the phone network is served beside it', async () => {
  const other = await browser.newPage()
  await other.goto(`${network.url}/`)
  await expect(other.getByRole('heading', { name: 'Phone network' })).toBeVisible()
  await expect(other.getByText('Amara Osei').first()).toBeVisible()
  await other.close()
  expect((app.address() as AddressInfo).port).not.toBe(network.port)
})
