import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { verifyWebhook, WebhookError, type WebhookEvent, type WebhookHeaders } from './index.ts'

const SECRET = `whsec_${btoa('one secret of these tests')}`
const OTHER = `whsec_${btoa('another secret of these t')}`
const EVENT = {
  ...{ id: 'w_demo.call_1f:7', type: 'call_ringing', timestamp: '2026-11-30T09:00:00.000Z' },
  data: { id: 'w_demo.call_1f', status: 'ringing' },
}
const BODY = JSON.stringify(EVENT)
const seconds = () => Math.floor(Date.now() / 1_000)

function signed(secret: string, body: string, at = seconds()): Record<string, string> {
  const signature = new Webhook(secret).sign('m1', new Date(at * 1_000), body)
  return { 'webhook-id': 'm1', 'webhook-timestamp': String(at), 'webhook-signature': signature }
}
/** Why a message is not accepted; null: it is. */
async function reasonOf(secrets: string | string[], headers: WebhookHeaders, body: string | Uint8Array = BODY) {
  try {
    await verifyWebhook(secrets, headers, body)
    return null
  } catch (error) {
    return error instanceof WebhookError ? error.reason : error
  }
}

/** Draws numbers in [0, 1) from a seed. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test('it accepts and refuses what the package `standardwebhooks` accepts and refuses, on two thousand random messages [S1-50]', async () => {
  const random = dice(58)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const verdicts: { id: number; ours: boolean; theirs: boolean }[] = []
  for (let id = 0; id < 2_000; id += 1) {
    const bytes = Uint8Array.from({ length: 1 + Math.floor(random() * 60) }, () => Math.floor(random() * 256))
    const secret = `${pick(['whsec_', ''])}${btoa(String.fromCharCode(...bytes))}`
    const text = Array.from({ length: Math.floor(random() * 40) }, () =>
      pick(['a', 'ß', '😀', '.', ' ', '"', '\u0000', ',']),
    ).join('')
    const body = JSON.stringify({ ...EVENT, data: { id: text } })
    const at = seconds() + Math.round((random() - 0.5) * 900)
    const headers = signed(secret, body, at)
    if (random() < 0.3)
      headers['webhook-signature'] =
        `v1a,x v1,${btoa(text.slice(0, 3).replaceAll(/[^a]/gu, 'b'))} ${headers['webhook-signature']}`
    const changed = pick([
      'nothing',
      'nothing',
      'nothing',
      'id',
      'time',
      'body',
      'signature',
      'version',
      'missing',
      'case',
    ] as const)
    if (changed === 'id') headers['webhook-id'] = 'm2'
    if (changed === 'time') headers['webhook-timestamp'] = String(at + 1)
    if (changed === 'signature')
      headers['webhook-signature'] = String(headers['webhook-signature']).replace(/.(?==?$)/, 'A')
    if (changed === 'version')
      headers['webhook-signature'] = String(headers['webhook-signature']).replaceAll('v1,', 'v2,')
    if (changed === 'missing') delete headers[pick(['webhook-id', 'webhook-timestamp', 'webhook-signature'])]
    const sent =
      changed === 'case'
        ? Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toUpperCase(), value]))
        : headers
    const given = changed === 'body' ? body.replace('ringing', 'hungup') : body
    const theirs = await Promise.resolve()
      .then(() => new Webhook(secret).verify(given, sent))
      .then(
        () => true,
        () => false,
      )
    verdicts.push({ id, ours: (await reasonOf(secret, sent, given)) === null, theirs })
  }
  expect(verdicts.filter(({ ours, theirs }) => ours !== theirs)).toEqual([])
  const accepted = verdicts.filter(({ ours }) => ours).length
  expect(accepted).toBeGreaterThan(500)
  expect(accepted).toBeLessThan(1_500)
})

test('the event comes back with the type that its name has', async () => {
  const event: WebhookEvent = await verifyWebhook(
    SECRET,
    new Headers(signed(SECRET, BODY)),
    new TextEncoder().encode(BODY),
  )
  expect(event).toEqual(EVENT)
  const status = event.type === 'call_ringing' ? event.data.status : undefined
  expect(status).toBe('ringing')
})

test('one of several secrets is enough, and one of several signatures', async () => {
  expect(await reasonOf([OTHER, SECRET], signed(SECRET, BODY))).toBeNull()
  expect(await reasonOf([SECRET], signed(OTHER, BODY))).toBe('wrong-signature')
  const both = signed(OTHER, BODY)
  both['webhook-signature'] += ` ${signed(SECRET, BODY)['webhook-signature']}`
  expect(await reasonOf(SECRET, both)).toBeNull()
})

test('each mistake has its reason, and a header that is missing is named', async () => {
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    const { [name]: _, ...rest } = signed(SECRET, BODY)
    await expect(verifyWebhook(SECRET, rest, BODY)).rejects.toMatchObject({ reason: 'missing-header', header: name })
    expect(await reasonOf(SECRET, { ...rest, [name]: '' })).toBe('missing-header')
  }
  expect(await reasonOf(SECRET, signed(SECRET, BODY, seconds() - 310))).toBe('too-old')
  expect(await reasonOf(SECRET, signed(SECRET, BODY, seconds() + 310))).toBe('too-new')
  expect(await reasonOf(SECRET, { ...signed(SECRET, BODY), 'webhook-timestamp': 'now' })).toBe('bad-timestamp')
  expect(await reasonOf(SECRET, signed(SECRET, BODY), `${BODY} `)).toBe('wrong-signature')
  for (const secret of ['', 'whsec_', 'whsec_not base64!', 'whsec_abc'])
    expect(await reasonOf(secret, signed(SECRET, BODY)), secret).toBe('bad-secret')
  expect(await reasonOf([], signed(SECRET, BODY))).toBe('bad-secret')
  for (const body of ['no JSON', '[]', 'null', '{"id":1}'])
    expect(await reasonOf(SECRET, signed(SECRET, body), body)).toBe('bad-body')
})

test('the tolerance is the receiver’s: a message of an hour ago is new enough for who says so', async () => {
  const old = signed(SECRET, BODY, seconds() - 3_600)
  expect(await reasonOf(SECRET, old)).toBe('too-old')
  expect(await verifyWebhook(SECRET, old, BODY, { toleranceSeconds: 4_000 })).toEqual(EVENT)
})

test('a signature of the wrong length, of another script or without a version is refused', async () => {
  const right = createHmac('sha256', 'one secret of these tests').update(`m1.${seconds()}.${BODY}`).digest('base64')
  for (const signature of [
    right,
    `v1,${right}=`,
    `v1,${right.slice(1)}`,
    'v1,',
    `v1,${'ä'.repeat(44)}`,
    `v1a,${right}`,
  ])
    expect(await reasonOf(SECRET, { ...signed(SECRET, BODY), 'webhook-signature': signature }), signature).toBe(
      'wrong-signature',
    )
})
