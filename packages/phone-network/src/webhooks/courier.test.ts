import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '../engine/random.ts'
import { createFaults, type FaultBox } from '../faults.ts'
import { createLog, type NetworkLog, type WebhookEntry } from '../network-log.ts'
import { SmallApp } from '../testing/small-app.ts'
import { realTime } from '../time.ts'
import { Courier } from './courier.ts'
import { fetchRules } from './overrides.ts'

const TOKEN = 'a token of the test'

let app: SmallApp
let log: NetworkLog
let faults: FaultBox
let courier: Courier

beforeEach(async () => {
  app = await new SmallApp().start()
  log = createLog()
  faults = createFaults(seededRandom('faults'))
  const tunnels = new Map([['https://demo.example.test', app.url]])
  const random = seededRandom('courier')
  const time = realTime()
  courier = new Courier({ authToken: TOKEN, tunnels, log, faults, random, now: () => time.now(), time })
})

afterEach(async () => {
  courier.close()
  await app.stop()
})

function tell(word: string, url = `${app.url}/status`): void {
  const target = { url, method: 'POST' as const }
  const fields = { CallStatus: word, CallSid: 'CA1' }
  courier.notify({ do: 'notify', webhook: 'status', lane: 'CA1', callSid: 'CA1', target, fields })
}

function fetchTwiml(url: string, method: 'GET' | 'POST' = 'POST') {
  const fields = { CallSid: 'CA1', To: '+14155550101' }
  return courier.fetchTwiml({ do: 'fetch', callSid: 'CA1', token: 1, target: { url, method }, fields })
}

function logged(): WebhookEntry[] {
  return log.since(0).filter(entry => entry.kind === 'webhook')
}

const words = (): string[] => app.at('/status').map(heard => heard.fields.CallStatus ?? '')

describe('delivery', () => {
  test('is signed, named, and logged with the answer', async () => {
    app.pages.set('/voice', '<Response/>')
    const outcome = await fetchTwiml(`${app.url}/voice?x=1#rc=0`)
    expect(outcome).toMatchObject({ ok: true, body: '<Response/>' })
    const [heard] = app.heard
    expect(heard?.path).toBe('/voice?x=1')
    expect(heard?.headers).toMatchObject({
      'user-agent': 'TwilioProxy/1.1',
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'i-twilio-idempotency-token': expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    const signature = String(heard?.headers['x-twilio-signature'])
    expect(validateRequest(TOKEN, signature, `${app.url}/voice?x=1`, heard?.fields ?? {})).toBe(true)
    expect(logged()).toMatchObject([{ webhook: 'voice', status: 200, response: '<Response/>', attempt: 1 }])
  })

  test('by GET carries the fields in the query and signs that URL', async () => {
    app.pages.set('/voice', '<Response/>')
    await fetchTwiml(`${app.url}/voice?x=1`, 'GET')
    const [heard] = app.heard
    expect(heard?.fields).toMatchObject({ x: '1', To: '+14155550101' })
    const signature = String(heard?.headers['x-twilio-signature'])
    expect(validateRequest(TOKEN, signature, app.url + heard?.path, {})).toBe(true)
  })

  test('through a tunnel: plain http, the public host, the https URL signed', async () => {
    app.pages.set('/voice', '<Response/>')
    await fetchTwiml('https://demo.example.test/voice')
    const [heard] = app.heard
    expect(heard?.headers).toMatchObject({ host: 'demo.example.test', 'x-forwarded-proto': 'https' })
    const signature = String(heard?.headers['x-twilio-signature'])
    expect(validateRequest(TOKEN, signature, 'https://demo.example.test/voice', heard?.fields ?? {})).toBe(true)
  })

  test('keeps the order of a lane even when an answer is slow', async () => {
    app.pages.set('/status', (heard, response) => {
      const slow = heard.fields.CallStatus === 'one'
      setTimeout(() => response.writeHead(204).end(), slow ? 80 : 0)
    })
    for (const word of ['one', 'two', 'three']) tell(word)
    await courier.idle()
    expect(words()).toEqual(['one', 'two', 'three'])
    const [first, second] = app.heard
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(75)
  })

  test('follows redirects', async () => {
    app.pages.set('/old', (_heard, response) => response.writeHead(307, { location: '/new' }).end())
    app.pages.set('/new', '<Response/>')
    expect(await fetchTwiml(`${app.url}/old`)).toMatchObject({ ok: true, url: `${app.url}/new` })
  })
})

describe('retries', () => {
  test('a connection that fails is tried once more, with the same idempotency token', async () => {
    const closed = await new SmallApp().start()
    const { url } = closed
    await closed.stop()
    expect(await fetchTwiml(`${url}/voice`)).toMatchObject({ ok: false, code: 11205 })
    expect(logged().map(entry => entry.attempt)).toEqual([1, 2])
  })

  test('an error answer is not tried again unless the URL says so', async () => {
    app.pages.set('/bad', (_heard, response) => response.writeHead(503).end())
    expect(await fetchTwiml(`${app.url}/bad`)).toMatchObject({ ok: false, code: 11200 })
    expect(app.heard).toHaveLength(1)
    await fetchTwiml(`${app.url}/bad#rc=2&rp=5xx`)
    expect(app.heard).toHaveLength(4)
    expect(new Set(app.heard.slice(1).map(heard => heard.headers['i-twilio-idempotency-token'])).size).toBe(1)
  })

  test('an answer that does not come in time fails', async () => {
    app.pages.set('/slow', () => undefined)
    expect(await fetchTwiml(`${app.url}/slow#rt=100&tt=200`)).toMatchObject({ ok: false, code: 11200 })
  })

  test('overrides out of their range do not count', () => {
    expect(fetchRules('http://a/#rc=9&ct=50&rt=2000&rp=4xx,rt')).toMatchObject({
      retries: 1,
      connectMs: 5_000,
      readMs: 2_000,
      retryOn: new Set(['4xx', 'rt']),
    })
  })
})

describe('callbacks that fail', () => {
  const alerts = () => log.since(0).filter(entry => entry.kind === 'alert')

  test.each([404, 500, 302])(
    'a status callback that answers %i is alert 15003, and is not sent again [C14]',
    async status => {
      app.pages.set('/status', (_heard, response) => response.writeHead(status).end())
      tell('ringing')
      tell('completed')
      await courier.idle()
      expect(alerts()).toMatchObject([
        { code: 15003, callSid: 'CA1', message: expect.stringContaining(String(status)) },
        { code: 15003, callSid: 'CA1' },
      ])
      expect(words()).toEqual(['ringing', 'completed'])
    },
  )

  test('2xx is no alert; another callback is 11200, and one that cannot be reached 11205 [C14]', async () => {
    tell('ringing')
    await courier.idle()
    expect(alerts()).toEqual([])
    app.pages.set('/joined', (_heard, response) => response.writeHead(500).end())
    const target = { url: `${app.url}/joined`, method: 'POST' as const }
    courier.notify({ do: 'notify', webhook: 'conference', lane: 'CF1', callSid: null, target, fields: {} })
    await courier.idle()
    faults.add({ on: 'status', what: 'connect', next: 1 })
    tell('completed')
    await courier.idle()
    expect(alerts().map(({ code }) => code)).toEqual([11200, 11205])
  })
})

describe('the encoding of an answer', () => {
  const answer = (bytes: Buffer, type: string) =>
    app.pages.set('/voice', (_heard, response) => response.writeHead(200, { 'content-type': type }).end(bytes))

  test('Latin-1 is read by its charset; a false encoding is 12100 [C14]', async () => {
    const twiml = '<Response><Say>Grüße</Say></Response>'
    answer(Buffer.from(twiml, 'latin1'), 'text/xml; charset=ISO-8859-1')
    expect(await fetchTwiml(`${app.url}/voice`)).toMatchObject({ ok: true, body: twiml })
    answer(Buffer.from(twiml, 'latin1'), 'text/xml; charset=utf-8')
    expect(await fetchTwiml(`${app.url}/voice`)).toMatchObject({ ok: false, code: 12100 })
  })
})

describe('faults', () => {
  test('drop: never sent, but logged', async () => {
    faults.add({ on: 'status', what: 'drop', next: 1 })
    tell('one')
    tell('two')
    await courier.idle()
    expect(words()).toEqual(['two'])
    expect(logged()[0]).toMatchObject({ attempt: 0, status: null, error: expect.stringMatching(/drop/) })
  })

  test('duplicate: the same event twice, with one token', async () => {
    faults.add({ on: 'status', what: 'duplicate', next: 1, ms: 0 })
    tell('one')
    await courier.idle()
    expect(words()).toEqual(['one', 'one'])
    expect(new Set(app.heard.map(heard => heard.headers['i-twilio-idempotency-token'])).size).toBe(1)
  })

  test('reorder: the next one overtakes; delay: the order stays', async () => {
    faults.add({ on: 'status', what: 'reorder', next: 1, ms: 50 })
    for (const word of ['one', 'two']) tell(word)
    await courier.idle()
    expect(words()).toEqual(['two', 'one'])
    faults.add({ on: 'status', what: 'delay', next: 1, ms: 50 })
    for (const word of ['three', 'four']) tell(word)
    await courier.idle()
    expect(words().slice(2)).toEqual(['three', 'four'])
  })

  test('reset and 5xx: the program was told, the network believes it failed', async () => {
    app.pages.set('/voice', '<Response/>')
    faults.add({ on: 'voice', what: 'reset', next: 1 })
    expect(await fetchTwiml(`${app.url}/voice`)).toMatchObject({ ok: false })
    faults.add({ on: 'voice', what: '5xx', next: 1 })
    expect(await fetchTwiml(`${app.url}/voice`)).toMatchObject({ ok: false })
    expect(app.heard).toHaveLength(2)
    expect(await fetchTwiml(`${app.url}/voice`)).toMatchObject({ ok: true })
  })

  test('only where the fields match', async () => {
    faults.add({ on: 'status', what: 'drop', match: { CallStatus: 'completed' } })
    for (const word of ['ringing', 'completed']) tell(word)
    await courier.idle()
    expect(words()).toEqual(['ringing'])
  })

  test('by probability, the same ones for the same seed', () => {
    const draw = (seed: string): string => {
      const box = createFaults(seededRandom(seed))
      box.add({ on: 'status', what: 'drop', probability: 0.5 })
      return Array.from({ length: 40 }, () => (box.take('status', {}) ? 'x' : '.')).join('')
    }
    expect(draw('a')).toBe(draw('a'))
    expect(draw('a')).not.toBe(draw('b'))
    expect(draw('a')).toMatch(/x/)
    expect(draw('a')).toMatch(/\./)
  })

  test.each([
    [{ on: 'nowhere', what: 'drop' }, /on must be/],
    [{ on: 'rest', what: 'drop' }, /does not exist on rest/],
    [{ on: 'status', what: 'drop', ms: -1 }, /ms must be/],
    [null, /must be an object/],
  ])('a bad fault is refused: %j', (fault, message) => {
    expect(() => faults.add(fault)).toThrow(message)
  })
})

test('a skewed clock dates a webhook too early, and nothing else changes', async () => {
  app.pages.set('/status', '')
  faults.add({ on: 'status', what: 'skew', ms: 90_000, next: 1 })
  const fields = { CallStatus: 'completed', CallSid: 'CA1', Timestamp: 'Mon, 05 Jan 2026 17:00:00 +0000' }
  courier.notify({
    do: 'notify',
    webhook: 'status',
    lane: 'CA1',
    callSid: 'CA1',
    target: { url: `${app.url}/status`, method: 'POST' },
    fields,
  })
  await courier.idle()
  expect(app.heard[0]?.fields).toEqual({ ...fields, Timestamp: 'Mon, 05 Jan 2026 16:58:30 +0000' })
})
