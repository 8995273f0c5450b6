import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { createBrowserGateway } from '../signalling/gateway.ts'
import { silentPlane } from '../testing/silent-plane.ts'
import { makeCertificate } from './certificate.ts'

/** Runs an unchanged program in a process of its own, with environment variables only. */

const run = promisify(execFile)
const SIM = path.resolve(import.meta.dirname, '..')
let network: PhoneNetwork

beforeAll(async () => {
  const plane = silentPlane()
  network = await startPhoneNetwork({
    port: 0,
    tlsPort: 0,
    numbers: [{ number: '+14155550000', voiceUrl: 'http://127.0.0.1:1/' }],
    gatewayFactory: ({ events }) => createBrowserGateway({ events, plane }),
  })
})

afterAll(() => network.close())

function environment(target: string): NodeJS.ProcessEnv {
  const { accountSid, authToken, apiKeySid, apiKeySecret } = network.account
  return {
    PATH: process.env.PATH,
    NODE_OPTIONS: `--require ${path.join(SIM, 'redirect.cjs')}`,
    PHONE_NETWORK: target,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_API_KEY: apiKeySid,
    TWILIO_API_SECRET: apiKeySecret,
  }
}

const program = path.join(SIM, 'testing', 'foreign-program.cjs')

test("the twilio package, fetch and ws reach the network under Twilio's names", async () => {
  const { stdout } = await run(process.execPath, [program], { env: environment(`127.0.0.1:${network.tlsPort}`) })
  const said = JSON.parse(stdout) as Record<string, unknown>
  expect(said).toEqual({
    sid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
    listed: [said.sid],
    country: 'US',
    alerts: 0,
    refused: 20404,
    account: network.account.accountSid,
    elsewhere: 20404,
    sound: 'audio/wav',
    insights: 200,
    frame: 'error',
  })
}, 30_000)

test('without a network on this machine the program does not start, so that nothing reaches the real Twilio', async () => {
  for (const target of ['', 'api.twilio.com:443', '127.0.0.1']) {
    await expect(run(process.execPath, [program], { env: environment(target) })).rejects.toThrow(
      'PHONE_NETWORK must be like',
    )
  }
}, 30_000)

test('the certificate is sound and names the hosts', () => {
  const certificate = new X509Certificate(makeCertificate(Date.UTC(2026, 0, 5)).cert)
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  for (const host of [
    'api.twilio.com',
    'voice-js.roaming.twilio.com',
    'eventgw.us1.twilio.com',
    'media.twiliocdn.com',
  ]) {
    expect(certificate.checkHost(host)).toBeTruthy()
  }
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(certificate.validTo).toBe('Jan  5 00:00:00 2027 GMT')
})
