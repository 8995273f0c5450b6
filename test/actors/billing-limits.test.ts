/** Calls that go on while credit is limited: another minute is set aside, or the call hears words and ends. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { BillingActor } from '../../src/actors/billing/actor.ts'
import { DEFAULT_SETTINGS } from '../../src/actors/billing/prices.ts'
import type { FlowToRun } from '../../src/actors/books.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { bindings, carrier, migrated, until } from './stage.ts'

const LEDGER = () => stubFor(bindings, 'billing', 'w_test')
const LIMITED = { ...DEFAULT_SETTINGS, mode: 'limited' as const }
let topUps = 0

beforeAll(async () => {
  await migrated()
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
  await LEDGER().setSettings(DEFAULT_SETTINGS)
})

test('a leg that the ledger does not hear of is refused where calls need credit, and only there', async () => {
  const trunk = stubFor(bindings, 'trunk', 'w_test')
  const nothing = { callId: null, agent: null, campaignId: null, timeZone: null, postcode: null, hours: null }
  const ask = { ...nothing, to: '+14155550199', purpose: 'transfer' as const }
  const verdicts = () => trunk.judge([ask, { ...ask, uncharged: true }])
  expect((await verdicts()).map(one => one.cleared)).toEqual([true, true])
  await LEDGER().setSettings(LIMITED)
  await until(async () =>
    expect(await verdicts()).toMatchObject([{ cleared: true }, { cleared: false, rule: 'credit', untilMs: null }]),
  )
})

async function creditOf(micros: number): Promise<void> {
  const { creditMicros, heldMicros } = await LEDGER().account()
  expect(heldMicros).toBe(0)
  topUps += 1
  const more = { type: 'adjustment' as const, micros: micros - creditMicros, reason: 'a test', by: 'test' }
  await LEDGER().correct({ id: `t${topUps}`, ...more })
}

interface Talking {
  callId: string
  providerId: string
  at: number
}
let calls = 0
/** A call that has been answered. */
async function answered(flow: FlowToRun | null = null): Promise<Talking> {
  calls += 1
  const callId = `w_test.call_limit${calls}`
  const links = { batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
  const clearance = { purpose: 'transfer' as const, agent: null, hours: null }
  const call = stubFor(bindings, 'call', callId)
  await call.request(
    { ...links, kind: flow === null ? 'single' : 'api' },
    { to: `+1415555${7_000 + calls}`, from: '+14155558802', name: '' },
    { ringLimitMs: 30_000, amd: 'off', record: false, clearance },
    null,
    flow,
  )
  const providerId = await until(async () => {
    const { call: state } = await call.read()
    if (state.phase !== 'live' || state.providerId === null) throw new Error(JSON.stringify(state))
    return state.providerId
  })
  const at = Date.now()
  await call.deliver({ type: 'call.answer-seen', at, providerId }, null)
  return { callId, providerId, at }
}
/** The ledger knows that it was answered. */
async function talking(flow: FlowToRun | null = null): Promise<Talking> {
  const call = await answered(flow)
  await until(async () => expect((await holdOf(call.callId))?.answered).toBe(call.at))
  return call
}
/** We end it, and the carrier says so at once. */
async function hangUp({ callId }: Talking): Promise<void> {
  await stubFor(bindings, 'call', callId).deliver({ type: 'call.complete-wanted', at: Date.now() }, null)
}
function inLedger<T>(work: (actor: BillingActor, sql: SqlStorage) => T | Promise<T>): Promise<T> {
  return runInDurableObject(LEDGER() as never, (actor: BillingActor, state: DurableObjectState) =>
    work(actor, state.storage.sql),
  )
}
function holdOf(callId: string) {
  return inLedger((_, sql) => sql.exec('SELECT * FROM holds WHERE call_id = ?', callId).toArray()[0])
}
/** What the call holds runs out now, and the ledger wakes. */
async function runOut(callId: string): Promise<void> {
  await inLedger(async (actor, sql) => {
    sql.exec('UPDATE holds SET due = ? WHERE call_id = ? AND due IS NOT NULL', Date.now() - 1, callId)
    // The first one may join what is under way already, which has looked before the change.
    await actor.alarm()
    await actor.alarm()
  })
}
async function over({ callId, providerId, at }: Talking, talkedMs: number): Promise<void> {
  const input = { type: 'call.reported' as const, at: at + talkedMs, providerId, status: 'completed' as const }
  await stubFor(bindings, 'call', callId).deliver(input, null)
}
async function ends(providerId: string): Promise<number> {
  const sent = await carrier.requests()
  return sent.filter(one => one.path.includes(providerId) && one.form.Status === 'completed').length
}

test('a minute more is set aside while a call goes on; when there is none, the call is ended, and credit stays at its floor', async () => {
  await creditOf(20_000)
  await LEDGER().setSettings(LIMITED)
  const call = await talking()
  expect(await LEDGER().account()).toMatchObject({ creditMicros: 10_000, heldMicros: 10_000 })
  await runOut(call.callId)
  expect(await LEDGER().account()).toMatchObject({ creditMicros: 0, heldMicros: 20_000 })
  expect((await holdOf(call.callId))?.covered).toBe(120)
  await runOut(call.callId)
  expect((await holdOf(call.callId))?.ending).not.toBeNull()
  // The words are said first.
  expect(await ends(call.providerId)).toBe(0)
  await runOut(call.callId)
  await until(async () => expect(await ends(call.providerId)).toBe(1))
  await until(async () => expect(await LEDGER().account()).toMatchObject({ creditMicros: 10_000, heldMicros: 0 }))
  expect((await LEDGER().account()).uncoveredMicros).toBe(0)
  const query = { cursor: null, limit: 1_000, types: ['call-unpaid'] }
  await until(async () =>
    expect(JSON.parse((await logOf(bindings, 'w_test').events(query)) ?? '').items).toMatchObject([
      { about: { call: call.callId, ledger: 'w_test.ledger' }, data: { because: 'out-of-money' } },
    ]),
  )
})

test('a call that ended later than it could be paid: credit stays at its floor, and what is missing is written down', async () => {
  await creditOf(10_000)
  await LEDGER().setSettings(LIMITED)
  await over(await answered(), 130_000)
  await until(async () =>
    expect(await LEDGER().account()).toMatchObject({ creditMicros: 0, heldMicros: 0, uncoveredMicros: 20_000 }),
  )
  const [entry] = await LEDGER().entries({ before: null, limit: 1, type: 'usage', callId: null })
  expect(entry).toMatchObject({ amountMicros: -10_000, uncoveredMicros: 20_000, units: 3 })
  expect(await LEDGER().audit()).toMatchObject({ sum: 0, differing: [] })
})

test('the limit of a call ends it as well, and a workspace may let calls go on', async () => {
  await creditOf(1_000_000)
  await LEDGER().setSettings({ ...LIMITED, perCallMicros: 10_000 })
  const call = await talking()
  await runOut(call.callId)
  expect((await holdOf(call.callId))?.ending).not.toBeNull()
  await runOut(call.callId)
  await until(async () => expect((await LEDGER().account()).heldMicros).toBe(0))
  await LEDGER().setSettings({ ...LIMITED, perCallMicros: 10_000, outOfMoney: { ...LIMITED.outOfMoney, end: false } })
  const another = await talking()
  await runOut(another.callId)
  expect(await holdOf(another.callId)).toMatchObject({ ending: null, covered: 60 })
  await runOut(another.callId)
  expect(await ends(another.providerId)).toBe(0)
  await hangUp(another)
  await until(async () => expect(await LEDGER().account()).toMatchObject({ creditMicros: 980_000, heldMicros: 0 }))
})

test('whom a flow has hears the words before the end', async () => {
  await creditOf(10_000)
  const words = 'Your credit is used up.'
  await LEDGER().setSettings({ ...LIMITED, outOfMoney: { end: true, words, language: 'en-US' } })
  const actions = [{ id: 'a', type: 'talk', option: { text: 'Please stay on the line.', language: 'en-US' } }]
  const flow = { flowId: null, version: 0, actionsJson: JSON.stringify(actions), variables: {} }
  const { callId, providerId } = await talking(flow)
  await stubFor(bindings, 'call', callId).answer(providerId)
  await runOut(callId)
  expect(JSON.stringify(await stubFor(bindings, 'call', callId).answer(providerId))).toContain(words)
  expect(await ends(providerId)).toBe(0)
  await runOut(callId)
  await until(async () => expect(await ends(providerId)).toBe(1))
  await until(async () => expect(await LEDGER().account()).toMatchObject({ creditMicros: 0, heldMicros: 0 }))
})

test('the limit of a day refuses the next dial', async () => {
  await creditOf(1_000_000)
  const { spentTodayMicros } = await LEDGER().account()
  await LEDGER().setSettings({ ...LIMITED, perDayMicros: spentTodayMicros + 10_000 })
  const ask = { to: '+14155557900', purpose: 'transfer' as const }
  expect(await LEDGER().hold({ ...ask, callId: 'w_test.call_day1' })).toBeNull()
  expect(await LEDGER().hold({ ...ask, callId: 'w_test.call_day1' })).toBeNull()
  expect(await LEDGER().hold({ ...ask, callId: 'w_test.call_day2' })).toBe('day-limit')
  await LEDGER().release('w_test.call_day1')
  await LEDGER().release('w_test.call_day1')
  expect(await LEDGER().account()).toMatchObject({ creditMicros: 1_000_000, heldMicros: 0 })
})

test('a call that was never placed gives its money back by itself', async () => {
  await creditOf(50_000)
  await LEDGER().setSettings(LIMITED)
  const callId = 'w_test.call_never'
  expect(await LEDGER().hold({ callId, to: '+14155557901', purpose: 'ai' })).toBeNull()
  // The leg, and the AI agent who would talk on it.
  expect((await LEDGER().account()).heldMicros).toBe(40_000)
  await runOut(callId)
  expect(await LEDGER().account()).toMatchObject({ creditMicros: 50_000, heldMicros: 0 })
})
