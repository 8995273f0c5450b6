import { createHash } from 'node:crypto'
import { validateRequestWithBody } from 'twilio/lib/webhooks/webhooks.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../engine/random.ts'
import { createFaults } from '../faults.ts'
import { createLog } from '../network-log.ts'
import { SmallApp } from '../testing/small-app.ts'
import { realTime } from '../time.ts'
import { COOKIES_PER_HOST_MAX, Cookies } from './cookies.ts'
import { Courier } from './courier.ts'
import { fetchRules } from './overrides.ts'

/** Tests details of Twilio's requests: cookies, passwords in URLs, JSON bodies. */

const TOKEN = 'a token of the test'
let app: SmallApp
let courier: Courier

beforeEach(async () => {
  app = await new SmallApp().start()
  const random = seededRandom('courier')
  const faults = createFaults(random)
  const time = realTime()
  const now = () => time.now()
  courier = new Courier({ authToken: TOKEN, tunnels: new Map(), log: createLog(), faults, random, now, time })
})

afterEach(async () => {
  courier.close()
  await app.stop()
})

function ask(url: string, callSid = 'CA1') {
  const target = { url, method: 'POST' as const }
  return courier.fetchTwiml({ do: 'fetch', callSid, token: 1, target, fields: { CallSid: callSid } })
}

const cookiesOf = (path: string) => app.at(path).map(heard => heard.headers.cookie)

describe('cookies', () => {
  test('come back within the call, to the same host, until they are taken away', async () => {
    app.pages.set('/set', (_, response) => {
      response.setHeader('set-cookie', ['step=1; Path=/; HttpOnly', 'name=a=b'])
      response.end('<Response/>')
    })
    app.pages.set('/end', (_, response) => response.setHeader('set-cookie', 'step=; Max-Age=0').end('<Response/>'))
    for (const path of ['/ask', '/set', '/ask', '/end', '/ask']) await ask(app.url + path)
    await ask(`${app.url}/other`, 'CA2')
    await ask(`${app.url.replace('127.0.0.1', 'localhost')}/elsewhere`)
    expect(cookiesOf('/ask')).toEqual([undefined, 'step=1; name=a=b', 'name=a=b'])
    expect(cookiesOf('/other')).toEqual([undefined])
    expect(cookiesOf('/elsewhere')).toEqual([undefined])
  })

  test('are limited', () => {
    const cookies = new Cookies()
    const many = Array.from({ length: COOKIES_PER_HOST_MAX + 5 }, (_, index) => `c${index}=1`)
    cookies.keep('CA1', 'host', [...many, 'nonsense', `big=${'x'.repeat(5_000)}`], 0)
    expect(cookies.header('CA1', 'host')?.split('; ')).toHaveLength(COOKIES_PER_HOST_MAX)
    expect(cookies.header(null, 'host')).toBeNull()
  })
})

describe('a password in the URL', () => {
  const locked = (status: number): void => {
    app.pages.set('/locked', (heard, response) => {
      const open = heard.headers.authorization === `Basic ${Buffer.from('ada:s p%').toString('base64')}`
      response.writeHead(open ? 200 : status, { 'content-type': 'text/xml' }).end('<Response/>')
    })
  }

  test('is sent when the program asks for it, and the answer then counts', async () => {
    locked(401)
    expect(await ask(`${app.url.replace('//', '//ada:s%20p%@')}/locked`)).toMatchObject({ ok: true })
    expect(app.at('/locked').map(heard => heard.headers.authorization !== undefined)).toEqual([false, true])
    const [first, second] = app.at('/locked').map(heard => heard.headers['i-twilio-idempotency-token'])
    expect(second).toBe(first)
  })

  test('is sent once only, and not for another refusal', async () => {
    locked(401)
    expect(await ask(`${app.url.replace('//', '//ada:wrong@')}/locked`)).toMatchObject({ ok: false, code: 11200 })
    expect(app.heard).toHaveLength(2)
    locked(403)
    await ask(`${app.url.replace('//', '//ada:s%20p%@')}/locked`)
    expect(app.heard).toHaveLength(3)
  })
})

test('a JSON body is signed by its hash in the query', async () => {
  const json = '{"said":"Zoë"}'
  const url = `${app.url}/json?x=1`
  const target = { url, method: 'POST' as const }
  courier.notify({ do: 'notify', webhook: 'status', lane: 'CA1', callSid: 'CA1', target, fields: {}, json })
  await courier.idle()
  const [heard] = app.heard
  expect(heard?.path).toBe(`/json?x=1&bodySHA256=${createHash('sha256').update(json).digest('hex')}`)
  expect(heard?.headers['content-type']).toBe('application/json')
  const signature = String(heard?.headers['x-twilio-signature'])
  expect(validateRequestWithBody(TOKEN, signature, app.url + heard?.path, json)).toBe(true)
})

test('overrides: the host name in the TLS greeting may be left out', () => {
  expect(fetchRules('https://a.test/#sni=n').sni).toBe(false)
  expect(fetchRules('https://a.test/#e=ashburn').sni).toBe(true)
})
