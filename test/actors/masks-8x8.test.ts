/** The call masking service of seed 000, to the letter: 8x8's webhooks in, a callflow out, and the calls that are on. */
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { ShownMask } from '../../src/wire/mask.ts'
import { makeKey } from '../../src/worker/api-keys.ts'
import { JSON_TYPE, person } from './security/people.ts'
import { bindings, migrated, request } from './stage.ts'

const VIRTUAL = '+6531234567'
const [CALLER, FORWARD, STRANGER] = ['+6591234567', '+6598765432', '+6590000001']
let header = ''
let manager = ''

beforeAll(async () => {
  await migrated()
  await person('Root', 'admin')
  const wanted = { workspaceId: 'w_test', addresses: [], madeBy: 'Root', endsMs: null }
  const keyOf = async (name: string, scopes: ('masks:carrier' | 'masks:read' | 'masks:write')[]) =>
    (await makeKey(bindings, { ...wanted, name, scopes }, Date.now()))?.key ?? ''
  header = `Bearer ${await keyOf('8x8', ['masks:carrier'])}`
  manager = `Bearer ${await keyOf('Shop', ['masks:read', 'masks:write'])}`
  const mask = await by(manager, 'POST', '/v1.0/masks', {
    ...{ number: VIRTUAL, carrier: '8x8', name: 'Shop', cool_off: 0 },
    waiting_message: 'Please hold.',
  })
  expect(mask.status, await mask.clone().text()).toBe(201)
  expect(await mask.json<ShownMask>()).toMatchObject({ carrier: '8x8', number: VIRTUAL })
  await pair(CALLER, FORWARD)
  // Calls to another country are allowed by setting only.
  const trunk = stubFor(bindings, 'trunk', 'w_test')
  await trunk.clearanceRules({ ...(await trunk.clearanceRules()), countries: ['US', 'SG'] })
}, 60_000)

function by(given: string, method: string, path: string, body?: unknown): Promise<Response> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return request(path, { method, headers: { ...JSON_TYPE, Authorization: given }, ...sent })
}
async function pair(one: string, other: string): Promise<void> {
  const made = await by(manager, 'POST', '/v1.0/masksessions', { participants: [{ number: one }, { number: other }] })
  expect(made.status, await made.clone().text()).toBe(201)
}
const event = (eventType: string, payload: object) => ({ namespace: 'VOICE', eventType, description: '', payload })
const received = (sessionId: string, more: object = {}) =>
  event('CALL_ACTION', {
    ...{ eventId: 'e-1', callId: `${sessionId}-a`, sessionId, subAccountId: 'shop_sg', callStatus: 'CALL_RECEIVED' },
    ...{ callDirection: 'INBOUND', callType: 'PSTN', source: CALLER, destination: VIRTUAL },
    ...{ sourceFormat: 'MSISDN', destinationFormat: 'MSISDN', callDuration: 0, sipCode: 0, ...more },
  })
const vca = (body: unknown, given = header) => by(given, 'POST', '/api/webhooks/vca', body)
const active = async () =>
  (await (await by(manager, 'GET', '/active-calls')).json<{ active_calls: { session_id: string; status: string }[] }>())
    .active_calls

test('a received call is answered with words and a call to the other party from the virtual number [S0-1 S0-3 S0-13]', async () => {
  const answer = await vca(received('s-1'))
  expect([answer.status, await answer.json()]).toEqual([
    200,
    {
      clientActionId: 'mask-call',
      callflow: [
        {
          action: 'say',
          params: { text: 'Please hold.', voiceProfile: 'en-US-JennyNeural', repetition: 1, speed: 1 },
        },
        { action: 'makeCall', params: { source: '6531234567', destination: '6598765432' } },
      ],
    },
  ])
  // A repeat gets the same answer.
  expect(await (await vca(received('s-1'))).json()).toMatchObject({ callflow: [{}, { action: 'makeCall' }] })
})

test('the call is listed from receipt to its summary [S0-8 S0-9 S0-14]', async () => {
  await vca(received('s-2'))
  expect(await active()).toContainEqual(expect.objectContaining({ session_id: 's-2', status: 'connecting' }))
  const leg = { sessionId: 's-2', callId: 's-2-b', callDirection: 'OUTBOUND', source: VIRTUAL, destination: FORWARD }
  const connected = event('CALL_STATUS', { ...leg, callStatus: 'CALL_CONNECTED' })
  expect((await by(header, 'POST', '/api/webhooks/vcs', connected)).status).toBe(200)
  expect(await active()).toContainEqual(expect.objectContaining({ session_id: 's-2', status: 'connected' }))
  // A status that nobody knows is taken, and changes nothing.
  const later = event('CALL_STATUS', { ...leg, callStatus: 'CALL_RECORDED_SOMEHOW' })
  expect((await by(header, 'POST', '/api/webhooks/vcs', later)).status).toBe(200)
  // One of the documents writes `CallA`, and numbers may come without their plus.
  const CallA = { callId: 's-2-a', source: '6591234567', destination: '6531234567' }
  const summary = event('SESSION_SUMMARY', { sessionId: 's-2', sessionStatus: 'COMPLETED', details: { CallA } })
  expect((await by(header, 'POST', '/api/webhooks/vss', summary)).status).toBe(200)
  expect((await active()).map(one => one.session_id)).not.toContain('s-2')
  // Out of order: the question again, after the end, opens nothing.
  await vca(received('s-2'))
  expect((await active()).map(one => one.session_id)).not.toContain('s-2')
})

test.each([
  [
    'without its session',
    { ...received('s-3'), payload: { ...received('s-3').payload, sessionId: undefined } },
    'payload.sessionId',
  ],
  ['of another namespace', { ...received('s-3'), namespace: 'CHAT' }, 'namespace'],
  ['of another type', { ...received('s-3'), eventType: 'CALL_STATUS' }, 'eventType'],
  ['without a payload', { namespace: 'VOICE', eventType: 'CALL_ACTION' }, 'payload'],
])('a webhook %s is refused with the field, and leaves no entry [S0-2 S0-15]', async (_, body, field) => {
  const answer = await vca(body)
  expect(answer.status).toBe(400)
  expect(JSON.stringify((await answer.json<{ fields: unknown }>()).fields)).toContain(`"field":"${field}`)
  expect((await active()).map(one => one.session_id)).not.toContain('s-3')
})

test('a wrong header is 401, and so is a key of something else [S0-15]', async () => {
  expect((await vca(received('s-4'), 'Bearer tk_wrong')).status).toBe(401)
  expect((await vca(received('s-4'), '')).status).toBe(401)
  expect((await vca(received('s-4'), manager)).status).toBe(403)
  expect((await active()).map(one => one.session_id)).not.toContain('s-4')
})

test('a stranger, a withheld number and a number that is no mask hear words and reach nobody', async () => {
  for (const more of [{ source: STRANGER }, { source: 'anonymous' }, { destination: '+6530000000' }]) {
    const { callflow } = await (await vca(received(`s-5${Object.values(more)[0]}`, more))).json<{
      callflow: object[]
    }>()
    expect(callflow).toMatchObject([{ action: 'say' }, { action: 'hangup' }])
  }
})

test('where the rules of dialing forbid the other side the caller hears so, and the interaction says why', async () => {
  await pair('+6590000021', '+61491570156')
  const { callflow } = await (await vca(received('s-7', { source: '+6590000021' }))).json<{ callflow: object[] }>()
  expect(callflow).toMatchObject([{ action: 'say' }, { action: 'hangup' }])
  const listed = await by(manager, 'GET', '/v1.0/masks/w_test.m_6531234567/interactions')
  const { items } = await listed.json<{ items: { call_id: string; status: string; result: string }[] }>()
  expect(items.find(one => one.call_id === 's-7')).toMatchObject({
    status: 'refused',
    result: expect.stringMatching(/country|AU/i),
  })
})

test('keys of a PIN lead to its session, and each wrong one is asked again [S0-1]', async () => {
  const made = await by(manager, 'POST', '/v1.0/masksessions', {
    participants: [{ number: '+6590000011', pin: '471147' }, { number: '+6590000012' }],
  })
  expect(made.status).toBe(201)
  const asks = async (more: object) =>
    (await (await vca(received('s-6', { source: STRANGER, ...more }))).json<{ callflow: { action: string }[] }>())
      .callflow
  expect(await asks({})).toMatchObject([{ action: 'sayAndCapture', params: { noOfTries: 1, completeOnHash: true } }])
  const keyed = (dtmf: string) =>
    asks({ callStatus: 'ACTION_COMPLETED', eventId: `keys-${dtmf}`, eventData: { dtmf }, clientActionId: 'mask-call' })
  expect(await keyed('000000')).toMatchObject([{ action: 'sayAndCapture' }])
  expect(await keyed('471147')).toMatchObject([
    { action: 'say' },
    { action: 'makeCall', params: { source: '6531234567', destination: '6590000012' } },
  ])
})

test('anybody may ask whether the service is there', async () => {
  const answer = await request('/health')
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }])
})
