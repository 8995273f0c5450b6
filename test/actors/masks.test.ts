/** Two people behind one number of ours: who reaches whom, and that nothing shows either of them to the other. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { ShownInteraction, ShownMask, ShownMaskSession } from '../../src/wire/mask.ts'
import { bindings, carrier, migrated, until } from './stage.ts'
import { type Floor, floorOf, rings } from './switchboard.ts'

const MASK = '+14155558800'
const [RIDER, DRIVER, OTHER] = ['+14155559111', '+14155559222', '+14155559333']
let floor = {} as Floor
let mask = {} as ShownMask

beforeAll(async () => {
  await migrated()
  floor = await floorOf(MASK)
  mask = await made<ShownMask>('POST /v1.0/masks', { number: MASK, name: 'Rides', cool_off: 0 })
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
  const { items } = await json<{ items: ShownMaskSession[] }>('GET /v1.0/masksessions')
  for (const { id, status } of items) if (status === 'open') await floor.ask(`DELETE /v1.0/masksessions/${id}`)
})

async function json<T>(endpoint: string, body?: object): Promise<T> {
  const answer = await floor.ask(endpoint, body)
  expect(answer.status, `${endpoint} ${await answer.clone().text()}`).toBeLessThan(300)
  return answer.json<T>()
}
async function made<T>(endpoint: string, body: object): Promise<T> {
  const answer = await floor.ask(endpoint, body)
  expect(answer.status, await answer.clone().text()).toBe(201)
  return answer.json<T>()
}
const session = (a: string, b: string, more: object = {}) =>
  made<ShownMaskSession>('POST /v1.0/masksessions', {
    participants: [
      { number: a, name: 'Rider' },
      { number: b, name: 'Driver' },
    ],
    ...more,
  })
const interactions = async () =>
  (await json<{ items: ShownInteraction[] }>(`GET /v1.0/masks/${mask.id}/interactions`)).items

test('each of the two calls the virtual number and reaches the other, who sees that number [S0-4 S0-5 S0-7]', async () => {
  await session(RIDER, DRIVER, { max_minutes: 30 })
  for (const [from, to] of [
    [RIDER, DRIVER],
    [DRIVER, RIDER],
  ] as const) {
    const caller = await rings(floor, from)
    const page = await caller.hears('<Dial')
    expect(page).toContain('>Please wait while we connect your call.<')
    expect(page).toContain(`callerId="${MASK}"`)
    expect(page).toContain(`>${to}</Number>`)
    expect(page).toContain('timeLimit="1800"')
    expect(page).not.toContain(from)
    await caller.dialEnds(page, 'completed')
    await until(async () =>
      expect((await interactions())[0]).toMatchObject({ call_id: caller.callId, status: 'ended', result: 'answered' }),
    )
  }
})

test('a stranger hears that they cannot be connected, and nobody is rung', async () => {
  await session(RIDER, DRIVER)
  const caller = await rings(floor, OTHER)
  const page = await caller.hears('>This number cannot connect your call now. Goodbye.<')
  expect(page).toContain('<Hangup')
  expect(page).not.toContain('<Dial')
  expect((await interactions())[0]).toMatchObject({ status: 'refused', result: 'unknown-caller', session_id: null })
})

test('a session that is closed connects nobody any more', async () => {
  const { id } = await session(RIDER, DRIVER)
  expect(await json(`DELETE /v1.0/masksessions/${id}`)).toMatchObject({ status: 'closed', closed_reason: 'closed' })
  const caller = await rings(floor, RIDER)
  expect(await caller.hears('<Hangup')).not.toContain('<Dial')
})

test('a stranger reaches the owner of the number, where it has one [S0-11]', async () => {
  await json(`PUT /v1.0/masks/${mask.id}`, { forward_to: OTHER })
  const caller = await rings(floor, '+14155559444')
  expect(await caller.hears('<Dial')).toContain(`>${OTHER}</Number>`)
  const owner = await rings(floor, OTHER)
  expect(await owner.hears('<Hangup')).not.toContain('<Dial')
  await json(`PUT /v1.0/masks/${mask.id}`, { forward_to: null })
})

test('a person is in one session at a number; 409 says that none is free, and one name is one session', async () => {
  const first = await session(RIDER, DRIVER, { unique_name: 'ride-7' })
  const listed = async (maskId: string) =>
    (await json<{ items: ShownMaskSession[] }>(`GET /v1.0/masksessions?mask_id=${maskId}`)).items.map(one => one.id)
  expect(await listed(mask.id)).toContain(first.id)
  expect(await listed('w_test.m_14155550000')).toEqual([])
  expect((await session(RIDER, DRIVER, { unique_name: 'ride-7' })).id).toBe(first.id)
  const taken = await floor.ask('POST /v1.0/masksessions', {
    participants: [{ number: RIDER }, { number: OTHER }],
  })
  expect([taken.status, await taken.json()]).toMatchObject([409, { fields: [{ field: 'participants' }] }])
  const named = await floor.ask('POST /v1.0/masksessions', {
    unique_name: 'ride-7',
    participants: [{ number: OTHER }, { number: '+14155559555' }],
  })
  expect([named.status, await named.json()]).toMatchObject([409, { fields: [{ field: 'unique_name' }] }])
})

test('fifty who ask for one person at once: one gets them', async () => {
  const asks = Array.from({ length: 50 }, (_, n) =>
    floor.ask('POST /v1.0/masksessions', {
      participants: [{ number: DRIVER }, { number: `+1415555${String(6000 + n)}` }],
    }),
  )
  const statuses = (await Promise.all(asks)).map(answer => answer.status)
  expect(statuses.filter(status => status === 201)).toHaveLength(1)
  expect(statuses.filter(status => status === 409)).toHaveLength(49)
})

test('whoever calls from another phone keys their PIN; three wrong ones are too many', async () => {
  await made('POST /v1.0/masksessions', {
    participants: [{ number: RIDER, pin: '471147' }, { number: DRIVER }],
  })
  const right = await rings(floor, OTHER)
  await right.hears('>Please enter your PIN, and then the hash key.<')
  const wrong = await right.keys('111111')
  expect(wrong).toContain('>This PIN is not right. Please try again.<')
  await right.keys('471147')
  expect(await right.hears('<Dial')).toContain(`>${DRIVER}</Number>`)

  const guess = await rings(floor, OTHER)
  await guess.hears('>Please enter your PIN')
  for (const digits of ['000000', '000001', '000002']) await guess.keys(digits)
  expect(await guess.hears('<Hangup')).not.toContain('<Dial')
  expect((await interactions())[0]).toMatchObject({ status: 'refused', result: 'wrong-pin' })
})

test('the rules of dialing hold for the other side', async () => {
  await session(RIDER, '+14155559777')
  await floor.ask('POST /api/do-not-call', { number: '+14155559777' })
  const caller = await rings(floor, RIDER)
  expect(await caller.hears('>This call cannot be connected now. Goodbye.<')).not.toContain('<Dial')
  expect((await interactions())[0]).toMatchObject({ status: 'refused' })
})

test('a number with a mask leads to nothing else, and an open session keeps it', async () => {
  const open = await session(RIDER, DRIVER)
  const path = encodeURIComponent(MASK)
  expect(await json(`GET /v1.0/numbers/${path}`)).toMatchObject({ mask_id: mask.id, flow_id: null })
  expect((await floor.ask(`PUT /v1.0/numbers/${path}`, { queue_id: 'w_test.q_none' })).status).toBe(409)
  expect((await floor.ask(`DELETE /v1.0/masks/${mask.id}`)).status).toBe(409)
  expect((await floor.ask(`DELETE /api/numbers/${path}`)).status).toBe(409)
  await floor.ask(`DELETE /v1.0/masksessions/${open.id}`)
})

test('nothing that leaves the workspace has the number of either person, in any form [S0-10]', async () => {
  const { id } = await session(RIDER, DRIVER)
  // A contact with the rider's number is not looked up, or everybody who reads calls would find them.
  await json('POST /api/contacts', { contacts: [{ name: 'Secret Rider', phone: RIDER }] })
  const caller = await rings(floor, RIDER)
  const page = await caller.hears('<Dial')
  await caller.report('in-progress')
  const live = await (await floor.ask(`GET /v1.0/calls/${caller.callId}`)).text()
  for (const form of [...formsOf(RIDER), ...formsOf(DRIVER), 'Secret Rider'])
    expect(live.includes(form) ? `a live call has ${form}` : '').toBe('')
  await caller.dialEnds(page, 'completed')
  await caller.report('completed')
  await until(async () => {
    const call = await json<{ status: string }>(`GET /v1.0/calls/${caller.callId}`)
    expect(call.status).toBe('hangup')
  })
  const seen: Record<string, string> = {}
  for (const endpoint of [
    'GET /v1.0/masks',
    `GET /v1.0/masks/${mask.id}`,
    `GET /v1.0/masks/${mask.id}/interactions`,
    'GET /v1.0/masksessions',
    `GET /v1.0/masksessions/${id}`,
    `GET /v1.0/masksessions/${id}/interactions`,
    'GET /v1.0/calls?limit=50',
    `GET /v1.0/calls/${caller.callId}`,
    'GET /v1.0/events?limit=200',
    'GET /api/events?limit=200',
    'GET /api/calls?limit=50',
    'GET /api/calls.csv',
    `GET /api/calls/${caller.callId}`,
    `GET /api/calls/${caller.callId}/actors`,
    `GET /v1.0/activeflows/${caller.callId}`,
    'GET /v1.0/billings',
    'GET /active-calls',
  ]) {
    const answer = await floor.ask(endpoint)
    expect(answer.status, endpoint).toBe(200)
    seen[endpoint] = await answer.text()
  }
  expect(Object.keys(seen).length).toBeGreaterThan(12)
  for (const [endpoint, text] of Object.entries(seen))
    for (const number of [RIDER, DRIVER])
      for (const form of [...formsOf(number), 'Secret Rider'])
        expect(text.includes(form) ? `${endpoint} has ${form}` : '').toBe('')
  // Of the one answer that may have them, the search finds them: it is no blind search.
  const both = await (await floor.ask(`GET /v1.0/masksessions/${id}/participants`)).text()
  expect(both).toContain(RIDER)
  expect(await stubFor(bindings, 'mask', mask.id).session(id)).toMatchObject({ a: { number: RIDER } })
})

test('whoever hangs up between two questions has left, and a session lasts as long as its call', async () => {
  await made('POST /v1.0/masksessions', {
    participants: [{ number: RIDER, pin: '815815' }, { number: DRIVER }],
    ttl: 60,
  })
  const asked = await rings(floor, OTHER)
  await asked.hears('>Please enter your PIN')
  await asked.report('completed')
  await until(async () =>
    expect((await interactions()).find(one => one.call_id === asked.callId)).toMatchObject({
      status: 'ended',
      result: 'abandoned',
    }),
  )
  const caller = await rings(floor, RIDER)
  await caller.hears('<Dial')
  const { items } = await json<{ items: ShownMaskSession[] }>('GET /v1.0/masksessions')
  const known = await stubFor(bindings, 'mask', mask.id).session(items[0]?.id ?? '')
  // An hour of talk is longer than the minute after the last call.
  expect((known?.lastMs ?? 0) - Date.now()).toBeGreaterThan(3_600_000)
})

test('a session whose answer was lost is the same when it is asked for again', async () => {
  const wanted = { maskId: mask.id as never, uniqueName: 'ride-lost', expiresMs: null, idleMs: null, maxMs: 60_000 }
  const party = (number: string) => ({ number, name: '', pin: null })
  const book = stubFor(bindings, 'mask', 'w_test')
  const ask = { ...wanted, a: party(RIDER), b: party(DRIVER) }
  const all = await Promise.all([book.assign(ask), book.assign(ask), book.assign(ask), book.assign(ask)])
  const ids = all.map(one => (one.is === 'open' ? one.session.sessionId : one.because))
  expect(new Set(ids).size).toBe(1)
})

function formsOf(number: string): string[] {
  const digits = number.slice(2)
  const [area, three, four] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)]
  return [
    ...[number, digits, `${three}${four}`, encodeURIComponent(number)],
    ...[
      `(${area}) ${three}-${four}`,
      `${area}-${three}-${four}`,
      `${area} ${three} ${four}`,
      `${area}.${three}.${four}`,
    ],
    ...[`${three}-${four}`, `${three} ${four}`, [...digits].join(' ')],
  ]
}
