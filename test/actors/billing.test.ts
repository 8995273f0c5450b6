/** The ledger over real calls: charged once from the workspace's events, held for before the dial, kept to the micro. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { BillingActor } from '../../src/actors/billing/actor.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Billing, BillingAccountRow, RateCardRow } from '../../src/wire/billing.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, carrier, migrated, signed, until } from './stage.ts'

const OURS = '+14155558801'
const LIMITED = {
  ...{ mode: 'limited', credit_limit: 0, limit_per_day: null, limit_per_call: null },
  out_of_money: { end: true, words: 'Your credit is used up.', language: 'en-US' },
}

beforeAll(async () => {
  await migrated()
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

interface Till {
  workspaceId: string
  admin: Person
  account(): Promise<BillingAccountRow>
  bills(query?: string): Promise<Billing[]>
  ledger(): ReturnType<typeof stubFor<'billing'>>
}
let admin: Person | null = null
/** The workspace that has a carrier, with so much credit, where every use is charged and nothing is limited. */
async function till(micros: number): Promise<Till> {
  const workspaceId = 'w_test'
  admin ??= await person('Bill', 'admin', workspaceId)
  const by = admin
  const get = async <T>(path: string) => {
    const answer = await ask(by, `GET ${path}`)
    expect(answer.status, await answer.clone().text()).toBe(200)
    return answer.json<T>()
  }
  const here: Till = {
    ...{ workspaceId, admin: by, ledger: () => stubFor(bindings, 'billing', workspaceId) },
    async account() {
      const [found] = (await get<{ items: BillingAccountRow[] }>('/v1.0/billing_accounts')).items
      if (found === undefined) throw new Error('no account')
      return found
    },
    bills: async (query = '') => (await get<{ items: Billing[] }>(`/v1.0/billings${query}`)).items,
  }
  const { balance_credit: before, held_credit: held } = await here.account()
  expect(held).toBe(0)
  const path = `/v1.0/billing_accounts/ba_${workspaceId}`
  expect((await ask(by, `PUT ${path}`, { ...LIMITED, mode: 'shown' })).status).toBe(200)
  const book = async (type: string, amount: number) => {
    const answer = await ask(by, `POST ${path}/entries`, { type, amount, reason: 'the beginning of a test' })
    expect(answer.status, await answer.clone().text()).toBe(201)
  }
  await book('top_up', 1)
  await book('adjustment', micros - before - 1)
  return here
}
async function limited({ admin: by, workspaceId }: Till, more: object = {}): Promise<void> {
  const answer = await ask(by, `PUT /v1.0/billing_accounts/ba_${workspaceId}`, { ...LIMITED, ...more })
  expect(answer.status, await answer.clone().text()).toBe(200)
}
async function billsOf(here: Till, placed: readonly Placed[], count: number): Promise<Billing[]> {
  return until(async () => {
    const found = await Promise.all(placed.map(({ callId }) => here.bills(`?reference_id=${callId}`)))
    expect(found.flat()).toHaveLength(count)
    return found.flat()
  })
}

const CHOSEN = {
  ...{ callId: null, purpose: 'transfer' as const, agent: null, campaignId: null },
  ...{ timeZone: null, postcode: null, hours: null },
}
let calls = 0
interface Placed {
  callId: string
  providerId: string
  at: number
}
const ASKED = { clearance: { purpose: 'transfer' as const, agent: null, hours: null } }
/** A call of ours to a number, which the carrier has taken, and somebody has answered. */
async function answered({ workspaceId }: Till): Promise<Placed> {
  const callId = await requested(workspaceId)
  const call = stubFor(bindings, 'call', callId)
  const providerId = await until(async () => {
    const { call: state } = await call.read()
    if (state.phase !== 'live' || state.providerId === null) throw new Error(JSON.stringify(state))
    return state.providerId
  })
  const at = Date.now()
  await call.deliver({ type: 'call.answer-seen', at, providerId }, null)
  return { callId, providerId, at }
}
async function requested(workspaceId: string): Promise<string> {
  calls += 1
  const callId = `${workspaceId}.call_${calls}`
  const links = { batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
  const party = { to: `+1415555${9_000 + calls}`, from: OURS, name: '' }
  const options = { ringLimitMs: 30_000, amd: 'off' as const, record: false, ...ASKED }
  await stubFor(bindings, 'call', callId).request({ ...links, kind: 'single' }, party, options)
  return callId
}
async function hangUp({ callId, providerId, at }: Placed, talkedMs: number): Promise<void> {
  const over = { type: 'call.reported' as const, at: at + talkedMs, providerId, status: 'completed' as const }
  await stubFor(bindings, 'call', callId).deliver(over, null)
}
async function callOf(here: Till, talkedMs: number): Promise<Placed> {
  const placed = await answered(here)
  await hangUp(placed, talkedMs)
  return placed
}

test('balance 10.00 and a call of 61 s: one entry, and the balance is less by exactly that; a second callback is no second entry [S1-53]', async () => {
  const here = await till(10_000_000)
  const call = await callOf(here, 61_000)
  const [bill] = await billsOf(here, [call], 1)
  expect(bill).toMatchObject({
    ...{ reference_type: 'call', reference_id: call.callId, cost_type: 'call_pstn_outgoing', usage_duration: 61 },
    ...{ billable_units: 2, rate_credit_per_unit: 10_000, amount_credit: -20_000, rate_id: '0.1' },
    balance_credit_snapshot: 9_980_000,
  })
  expect((await here.account()).balance_credit).toBe(9_980_000)
  await hangUp(call, 61_000)
  await hangUp(call, 90_000)
  // What is told after it has been read as well, and charged nothing.
  const later = await callOf(here, 1_000)
  await billsOf(here, [later], 1)
  await billsOf(here, [call], 1)
  expect((await here.account()).balance_credit).toBe(9_970_000)
  expect(await here.ledger().audit()).toMatchObject({ sum: 0, differing: [] })
})

test('a conference of three is three entries; one who was not reached is none [S1-47]', async () => {
  const here = await till(0)
  const placed = await Promise.all([30_000, 60_000, 130_000, 0].map(talkedMs => callOf(here, talkedMs)))
  const bills = await billsOf(here, placed, 3)
  expect(bills.map(one => one.billable_units)).toEqual([1, 1, 3])
  expect((await here.account()).balance_credit).toBe(-50_000)
})

test('a number that the carrier dials for a call is an entry of its own, told once or twice, before or after the end', async () => {
  const here = await till(1_000_000)
  const call = await answered(here)
  const told = (CallSid: string, CallStatus: string, more: object = {}) =>
    signed(`/twilio/w_test/calls/${call.callId}/onward`, {
      ...{ CallSid, ParentCallSid: call.providerId, AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '', CallStatus },
      ...{ To: '+14155557701', ...more },
    })
  const lasted = { CallDuration: '61' }
  for (const _ of ['first', 'again']) expect((await told('CAonward1', 'completed', lasted)).status).toBe(204)
  await hangUp(call, 62_000)
  expect((await told('CAonward2', 'no-answer')).status).toBe(204)
  expect((await told('CAonward3', 'completed', lasted)).status).toBe(204)
  const bills = await billsOf(here, [call], 3)
  // The carrier has a price of each leg under its own id.
  const ledger = here.ledger() as unknown as DurableObjectStub
  await runInDurableObject(ledger, (_, { storage }) => {
    const rows = storage.sql.exec('SELECT provider_id FROM carrier_prices WHERE call_id = ?', call.callId).toArray()
    expect(rows.map(row => row.provider_id).sort()).toEqual([call.providerId, 'CAonward1', 'CAonward3'].sort())
  })
  expect(bills.map(one => [one.cost_type, one.amount_credit])).toEqual(
    Array.from({ length: 3 }, () => ['call_pstn_outgoing', -20_000]),
  )
})

test('the minutes of an AI agent are an entry of their own', async () => {
  const here = await till(1_000_000)
  const call = await answered(here)
  const { callId, at } = call
  const said = (input: object) => stubFor(bindings, 'call', callId).deliver({ at, ...input } as never, null)
  await said({ type: 'talk.ordered', order: { agentId: 'ai_1', version: 1, seatId: null, record: false } })
  await said({ type: 'talk.stream-opened', stream: 1 })
  await said({ type: 'talk.stream-closed', at: at + 61_000, stream: 1, why: 'over' })
  await hangUp(call, 62_000)
  const bills = await billsOf(here, [call], 2)
  expect(bills.map(one => [one.cost_type, one.amount_credit]).sort()).toEqual([
    ['ai', -60_000],
    ['call_pstn_outgoing', -20_000],
  ])
})

test('a hundred dials at once on a balance for one: one goes out, and credit is never below its floor', async () => {
  const here = await till(10_000)
  await limited(here)
  const ids = await Promise.all(Array.from({ length: 100 }, () => requested(here.workspaceId)))
  const states = await until(async () => {
    const found = await Promise.all(ids.map(async callId => (await stubFor(bindings, 'call', callId).read()).call))
    expect(found.filter(one => one.phase === 'over')).toHaveLength(99)
    return found
  })
  const rules = states.flatMap(one => (one.phase === 'over' ? [one.held?.rule] : []))
  expect(rules).toEqual(Array(99).fill('credit'))
  const dialled = (await carrier.requests()).filter(one => one.path.endsWith('/Calls.json'))
  expect(dialled).toHaveLength(1)
  expect(await here.account()).toMatchObject({ balance_credit: 10_000, held_credit: 10_000, uncovered_credit: 0 })
  // Whoever would be chosen next is not dialled in vain.
  const [verdict] = await stubFor(bindings, 'trunk', 'w_test').judge([{ ...CHOSEN, to: '+14155558999' }])
  expect(verdict).toMatchObject({ cleared: false, rule: 'credit' })
  const callId = ids[states.findIndex(one => one.phase === 'live')] ?? ''
  await stubFor(bindings, 'call', callId).deliver({ type: 'call.missing', at: Date.now() }, null)
  await until(async () => expect((await here.account()).held_credit).toBe(0))
  expect(await here.ledger().audit()).toMatchObject({ sum: 0, differing: [] })
})

test('what a call has held is paid at its end, and what was not used comes back', async () => {
  const here = await till(1_000_000)
  await limited(here)
  const [talked, missed] = await Promise.all([answered(here), answered(here)])
  expect((await here.account()).held_credit).toBe(20_000)
  await hangUp(talked, 61_000)
  await hangUp(missed, 0)
  await until(async () =>
    expect(await here.account()).toMatchObject({ balance_credit: 980_000, held_credit: 0, uncovered_credit: 0 }),
  )
})

test('a rate card is saved whole, with the field of what is wrong; a call is charged by the card of its time', async () => {
  const here = await till(0)
  const card = await (await ask(here.admin, 'GET /v1.0/rate_card')).json<RateCardRow>()
  expect(card).toMatchObject({ version: 0, currency: 'USD' })
  const put = async (change: (rates: RateCardRow['rates']) => unknown, currency = 'USD') => {
    const answer = await ask(here.admin, 'PUT /v1.0/rate_card', { currency, rates: change(card.rates) })
    const body = await answer.json<{ version?: number; fields?: { field: string }[] }>()
    return [answer.status, body.version ?? body.fields?.map(one => one.field).join()]
  }
  const first = (more: object) => (rates: RateCardRow['rates']) =>
    rates.map((one, at) => (at === 0 ? { ...one, ...more } : one))
  expect(await put(first({ rate_micros: -1 }))).toEqual([400, 'rates.0.rate_micros'])
  expect(await put(first({ currency: 'EUR' }))).toEqual([400, 'rates.0.currency'])
  expect(await put(first({ valid_to: '2027-01-01T00:00:00Z' }))).toEqual([400, 'rates'])
  expect(await put(rates => [...rates, rates[0]])).toEqual([400, 'rates.9.valid_from'])
  expect(await put(first({ rate_micros: 'free' }))).toEqual([400, 'rates.0.rate_micros'])
  const peak = { prefix: '1415', rate_micros: 700, increment: 6, minimum: 30, connect_micros: 50 }
  expect(await put(rates => [...rates, { ...rates[0], ...peak }])).toEqual([200, 1])
  const [bill] = await billsOf(here, [await callOf(here, 31_000)], 1)
  expect(bill).toMatchObject({ rate_id: '1.10', billable_units: 6, amount_credit: -4_250 })
})

test('corrections have a reason and are booked once under their key; a table for a spreadsheet has the same entries', async () => {
  const here = await till(0)
  const before = (await here.bills()).length
  const path = `POST /v1.0/billing_accounts/ba_${here.workspaceId}/entries`
  const once = { 'Idempotency-Key': 'invoice-7' }
  const body = { type: 'top_up', amount: 5_000_000, reason: '=cash, "paid"' }
  const both = await Promise.all([1, 2].map(() => ask(here.admin, path, body, once)))
  expect(both.map(answer => answer.status)).toEqual([201, 201])
  const wrong = async (more: object) => {
    const answer = await ask(here.admin, path, { ...body, ...more })
    return [answer.status, (await answer.json<{ fields: { field: string }[] }>()).fields[0]?.field]
  }
  expect(await wrong({ amount: -1 })).toEqual([400, 'amount'])
  expect(await wrong({ amount: 0.5 })).toEqual([400, 'amount'])
  expect(await wrong({ type: 'adjustment', amount: 0 })).toEqual([400, 'amount'])
  expect(await wrong({ reason: ' ' })).toEqual([400, 'reason'])
  expect(await wrong({ type: 'adjustment', amount: 1_000_000_000_000_000 })).toEqual([422, 'amount'])
  expect((await ask(here.admin, path.replace(here.workspaceId, 'w_other'), body)).status).toBe(404)
  expect((await ask(here.admin, path, { type: 'adjustment', amount: -1_000_000, reason: 'a mistake' })).status).toBe(
    201,
  )
  expect((await here.account()).balance_credit).toBe(4_000_000)
  const csv = await (await ask(here.admin, 'GET /v1.0/billings.csv')).text()
  const [head = '', ...lines] = csv.trim().split('\r\n')
  expect(head.split(',')[0]).toBe('id')
  expect(lines).toHaveLength(Math.max(2, before + 2))
  expect(lines[1]).toContain(`"'=cash, ""paid"""`)
  expect((await ask(here.admin, 'GET /v1.0/billings?cursor=garbage')).status).toBe(400)
})

test('the price of the carrier comes late, as an entry of its own that moves no credit; nothing is asked after it', async () => {
  const here = await till(1_000_000)
  const call = await callOf(here, 61_000)
  await billsOf(here, [call], 1)
  const { balance_credit: charged } = await here.account()
  expect(charged).toBeLessThan(1_000_000)
  const asks = async () => (await carrier.requests()).filter(one => one.method === 'GET').length
  const look = () =>
    runInDurableObject(here.ledger() as never, async (actor: BillingActor, { storage }: DurableObjectState) => {
      storage.sql.exec('UPDATE carrier_prices SET due = 0 WHERE call_id = ?', call.callId)
      await actor.alarm()
    })
  await look()
  expect(await asks()).toBe(1)
  expect(await here.bills(`?reference_id=${call.callId}`)).toHaveLength(1)
  await carrier.prices({ [call.providerId]: '-0.01705' })
  await look()
  await look()
  expect(await asks()).toBe(2)
  const [cost] = await here.bills(`?reference_id=${call.callId}&transaction_type=carrier_cost`)
  expect(cost).toMatchObject({ carrier_amount: 17_050, amount_credit: 0, balance_credit_snapshot: charged })
  expect((await here.account()).balance_credit).toBe(charged)
  const path = `/v1.0/billing_accounts/ba_${here.workspaceId}/days`
  const { items } = await (await ask(here.admin, `GET ${path}?days=2`)).json<{
    items: { cost_type: string; amount: number }[]
  }>()
  expect(items.find(one => one.cost_type === 'carrier')?.amount).toBe(17_050)
  expect(await here.ledger().audit()).toMatchObject({ sum: 0, differing: [] })
})
