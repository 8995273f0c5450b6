/** What numbers of the pool cost, over virtual months. */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import type { BillingActor } from '../../src/actors/billing/actor.ts'
import { DEFAULT_SETTINGS } from '../../src/actors/billing/prices.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { DEFAULT_CARD } from '../../src/core/billing/default-card.ts'
import { bindings } from './stage.ts'

const NUMBER = DEFAULT_CARD.rates.find(({ costType }) => costType === 'number')
if (NUMBER === undefined) throw new Error('the default card has no row for numbers')
const MONTHLY = { ...NUMBER, rateMicros: 1_150_000 }
const CARD = {
  ...DEFAULT_CARD,
  rates: [
    ...DEFAULT_CARD.rates.filter(one => one !== NUMBER),
    MONTHLY,
    { ...MONTHLY, prefix: '44', rateMicros: 2_000_000 },
  ],
}

afterEach(() => void vi.useRealTimers())

const keep = (workspaceId: string, number: string) =>
  stubFor(bindings, 'trunk', workspaceId).saveNumber({ number, name: '', deskId: null, inFlightCap: 4, cooldownMs: 0 })
const ledgerOf = (workspaceId: string) => stubFor(bindings, 'billing', workspaceId)
/** The ledger wakes as its alarm wakes it, at this moment. */
async function wake(workspaceId: string, at: string): Promise<void> {
  vi.setSystemTime(Date.parse(at))
  await runInDurableObject(ledgerOf(workspaceId) as never, (actor: BillingActor) => actor.alarm())
}
/** What was charged for numbers, the oldest first. */
async function rents(workspaceId: string): Promise<[string, number][]> {
  const entries = await ledgerOf(workspaceId).entries({ before: null, limit: 100, type: 'usage', callId: null })
  return entries.map(({ id, amountMicros }): [string, number] => [id, amountMicros]).reverse()
}

test('each number of the pool is charged on the first of a month, once; one that came later from the next on, one that went no more', async () => {
  const workspaceId = 'w_rent'
  vi.setSystemTime(Date.parse('2027-01-15T10:00:00Z'))
  await ledgerOf(workspaceId).saveCard(CARD, 'test')
  await keep(workspaceId, '+14155550100')
  await keep(workspaceId, '+442055550100')
  await wake(workspaceId, '2027-01-31T23:59:59Z')
  expect(await rents(workspaceId)).toEqual([])
  // The alarm is set for the first of the month, without any call.
  const armed = await runInDurableObject(ledgerOf(workspaceId) as never, (_: BillingActor, state: DurableObjectState) =>
    state.storage.getAlarm(),
  )
  expect(armed).toBe(Date.parse('2027-02-01T00:00:00Z'))

  await wake(workspaceId, '2027-02-01T00:00:00Z')
  await wake(workspaceId, '2027-02-01T00:00:05Z')
  const february: [string, number][] = [
    ['number:+14155550100:2027-02', -1_150_000],
    ['number:+442055550100:2027-02', -2_000_000],
  ]
  expect(await rents(workspaceId)).toEqual(february)

  await stubFor(bindings, 'trunk', workspaceId).removeNumber('+442055550100')
  await keep(workspaceId, '+14155550101')
  await wake(workspaceId, '2027-02-20T00:00:00Z')
  expect(await rents(workspaceId)).toEqual(february)
  await wake(workspaceId, '2027-03-02T07:00:00Z')
  expect(await rents(workspaceId)).toEqual([
    ...february,
    ['number:+14155550100:2027-03', -1_150_000],
    ['number:+14155550101:2027-03', -1_150_000],
  ])

  // A ledger that lost its place charges nothing twice.
  await runInDurableObject(ledgerOf(workspaceId) as never, (_: BillingActor, state: DurableObjectState) => {
    state.storage.sql.exec("UPDATE rent SET month = '2027-02'")
  })
  await wake(workspaceId, '2027-03-03T00:00:00Z')
  expect(await rents(workspaceId)).toHaveLength(4)
  expect(await ledgerOf(workspaceId).account()).toMatchObject({ creditMicros: -5_450_000 })
  expect(await ledgerOf(workspaceId).audit()).toMatchObject({ entries: 4, sum: 0, differing: [] })
})

test('where nothing is charged, and where the card says nothing of numbers, a month is no entry', async () => {
  const workspaceId = 'w_rentoff'
  vi.setSystemTime(Date.parse('2027-01-15T10:00:00Z'))
  const ledger = ledgerOf(workspaceId)
  await ledger.saveCard(CARD, 'test')
  await keep(workspaceId, '+14155550100')
  await ledger.setSettings({ ...DEFAULT_SETTINGS, mode: 'off' })
  await wake(workspaceId, '2027-02-01T00:00:00Z')
  await ledger.setSettings(DEFAULT_SETTINGS)
  await wake(workspaceId, '2027-02-02T00:00:00Z')
  expect(await rents(workspaceId)).toEqual([])
  await ledger.saveCard(DEFAULT_CARD, 'test')
  await wake(workspaceId, '2027-03-01T00:00:00Z')
  await ledger.saveCard({ ...CARD, rates: CARD.rates.filter(({ costType }) => costType !== 'number') }, 'test')
  await wake(workspaceId, '2027-04-01T00:00:00Z')
  expect(await rents(workspaceId)).toEqual([])
})
