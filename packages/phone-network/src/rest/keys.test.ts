import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'

/** Every property that the `twilio` package reads from a resource is in our JSON, null where there is no value. */

const OURS = '+14155550000'
let app: SmallApp
let network: PhoneNetwork

beforeAll(async () => {
  app = await new SmallApp().start()
  app.pages.set('/room', '<Response><Dial><Conference waitUrl="">room</Conference></Dial></Response>')
  app.pages.set('/queue', '<Response><Enqueue waitUrl="">help</Enqueue></Response>')
  network = await startPhoneNetwork({ port: 0, cps: 50, numbers: [{ number: OURS, voiceUrl: `${app.url}/queue` }] })
})
afterAll(async () => {
  await network.close()
  await app.stop()
})

type Json = Record<string, unknown>

/** `resource` as the package's files are called, e.g. `conference/participant`. */
function keysOf(resource: string): string[] {
  const root = path.dirname(createRequire(import.meta.url).resolve('twilio/package.json'))
  const text = readFileSync(path.join(root, 'lib/rest/api/v2010/account', `${resource}.js`), 'utf8')
  return [...new Set([...text.matchAll(/payload\.(\w+)/g)].map(([, key = '']) => key))].sort()
}

async function ask(method: 'GET' | 'POST', where: string, form: Record<string, string> = {}): Promise<Json> {
  const { accountSid, authToken } = network.account
  const response = await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/${where}.json`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    ...(method === 'POST' ? { body: new URLSearchParams(form) } : {}),
  })
  expect(response.ok, `${where}: ${response.status}`).toBe(true)
  return (await response.json()) as Json
}

/** The first item of a list. */
async function firstOf(where: string): Promise<Json> {
  const body = await ask('GET', where)
  const items = Object.values(body).find(Array.isArray) as Json[]
  expect(items.length, where).toBeGreaterThan(0)
  return items[0] as Json
}

function expectKeys(resource: string, body: Json): void {
  expect(keysOf(resource).filter(key => !(key in body))).toEqual([])
}

test('calls, conferences and participants', async () => {
  const call = await ask('POST', 'Calls', { To: '+15002000101', From: OURS, Url: `${app.url}/room` })
  expectKeys('call', call)
  await network.control.until(entry => entry.kind === 'participant-joined')
  const conference = await firstOf('Conferences')
  expectKeys('conference', conference)
  expectKeys('conference/participant', await firstOf(`Conferences/${conference.sid}/Participants`))
})

test('queues and members', async () => {
  network.control.dial('+14155551001', OURS)
  await network.control.until(entry => entry.kind === 'enqueued')
  const queue = await firstOf('Queues')
  expectKeys('queue', queue)
  expectKeys('queue/member', await firstOf(`Queues/${queue.sid}/Members`))
})

test('numbers, applications, keys, tokens', async () => {
  expectKeys('incomingPhoneNumber', await firstOf('IncomingPhoneNumbers'))
  expectKeys('availablePhoneNumberCountry/local', await firstOf('AvailablePhoneNumbers/US/Local'))
  expectKeys('application', await firstOf('Applications'))
  expectKeys('newKey', await ask('POST', 'Keys', { FriendlyName: 'k' }))
  expectKeys('key', await firstOf('Keys'))
  expectKeys('newSigningKey', await ask('POST', 'SigningKeys', { FriendlyName: 'k' }))
  expectKeys('token', await ask('POST', 'Tokens'))
  expectKeys('validationRequest', await ask('POST', 'OutgoingCallerIds', { PhoneNumber: '+15002000102' }))
})

test('notifications', async () => {
  app.pages.set('/broken', '<Response><Broken')
  await ask('POST', 'Calls', { To: '+15002000103', From: OURS, Url: `${app.url}/broken` })
  await network.control.until(entry => entry.kind === 'alert' && entry.code === 12100)
  expectKeys('notification', await firstOf('Notifications'))
})
