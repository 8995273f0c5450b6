/// <reference types="node" />
/**
 * The whole phone network, a TwiML program of a few lines, and one Chromium whose resolver knows Twilio's names as ours:
 * the SDK and its page are as they would be on the open network.
 */
import { createServer } from 'node:http'
import { type Browser, chromium, expect, type Page } from '@playwright/test'
import AccessToken from 'twilio/lib/jwt/AccessToken.js'
import type { Entry } from '../../packages/phone-network/src/network-log.ts'
import type { PhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { startWholeNetwork } from '../../packages/phone-network/src/whole-network.ts'
import { findChromium } from './chromium.ts'
import { answerPhonePage, listen } from './phone-harness.ts'

export interface Stage {
  network: PhoneNetwork
  /** The program's TwiML for the next calls. */
  twiml: string
  /** The requests that the program got: path and fields. */
  told: { path: string; fields: Record<string, string> }[]
  appUrl: string
  newPage(): Promise<Page>
  token(identity: string, ttlSeconds?: number): string
  rest(method: string, path: string, fields?: Record<string, string>): Promise<{ status: number; sid: string }>
  close(): Promise<void>
}

/** Nothing answers for more than one page at a time: the stage is shared by all tests of a file. */
export async function startStage(): Promise<Stage> {
  const told: Stage['told'] = []
  const app = createServer(async (request, response) => {
    if (request.method === 'GET') return answerPhonePage(request, response, '')
    let body = ''
    for await (const chunk of request) body += chunk
    told.push({ path: request.url ?? '', fields: Object.fromEntries(new URLSearchParams(body)) })
    response.writeHead(200, { 'content-type': 'text/xml' }).end(stage.twiml)
  })
  const appUrl = `http://127.0.0.1:${await listen(app)}`
  const network = await startWholeNetwork({ port: 0, tlsPort: 0, account: { voiceUrl: `${appUrl}/voice` } })
  const browser = await launch(network.tlsPort ?? 0)
  const { accountSid, authToken, apiKeySid, apiKeySecret, twimlAppSid } = network.account
  const stage: Stage = {
    network,
    twiml: '<Response/>',
    told,
    appUrl,
    async newPage() {
      const page = await (await browser.newContext()).newPage()
      await page.goto(`${appUrl}/plain`)
      await page.waitForFunction(() => window.phone !== undefined)
      return page
    },
    token(identity, ttl = 3600) {
      const made = new AccessToken(accountSid, apiKeySid, apiKeySecret, { identity, ttl })
      made.addGrant(new AccessToken.VoiceGrant({ outgoingApplicationSid: twimlAppSid, incomingAllow: true }))
      return made.toJwt()
    },
    async rest(method, path, fields) {
      const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
      const answer = await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/${path}`, {
        method,
        headers: { authorization },
        ...(fields ? { body: new URLSearchParams(fields) } : {}),
      })
      const text = await answer.text()
      return { ...(text === '' ? {} : JSON.parse(text)), status: answer.status }
    },
    async close() {
      await browser.close()
      await network.close()
      app.closeAllConnections()
      await new Promise(resolve => app.close(resolve))
    },
  }
  return stage
}

async function launch(tlsPort: number): Promise<Browser> {
  const { executablePath, args, env } = await findChromium()
  const rules = `--host-resolver-rules=MAP *.twilio.com 127.0.0.1:${tlsPort}`
  return chromium.launch({
    executablePath,
    args: [...args, rules, '--ignore-certificate-errors'],
    env: { ...process.env, ...env } as Record<string, string>,
  })
}

/** The SDK's own sounds and insights, from Twilio's addresses. */
export const UNCHANGED = { sounds: {}, publishEvents: true }

export function register(page: Page, token: string, options = {}): Promise<number> {
  return page.evaluate(([given, more]) => window.phone.register(given, more), [
    token,
    { ...UNCHANGED, ...options },
  ] as const)
}

/** The events that the page has noted under a name, e.g. "incoming accept". */
export async function noted(page: Page, name: string): Promise<unknown[][]> {
  return (await page.evaluate(() => window.phone.heard as unknown[][])).filter(([first]) => first === name)
}

export async function hears(page: Page, name: string): Promise<void> {
  await expect.poll(async () => (await noted(page, name)).length, { message: name, intervals: [30] }).toBeGreaterThan(0)
}

/** Entries of one kind since an entry of the log. */
export function entriesOf(network: PhoneNetwork, kind: Entry['kind'], since: number): Entry[] {
  return network.control.log(since).filter(entry => entry.kind === kind)
}

export const ear = (page: Page, name: string) =>
  page.evaluate(of => window.phone.ear(of) as { rms: number; hz: number }, name)
