/** What programs hear of masks and of the ledger, which have no machine and tell the log by themselves. */
import { beforeAll, expect, test } from 'vitest'
import type { ShownMask, ShownMaskSession } from '../../src/wire/mask.ts'
import { migrated, until } from './stage.ts'
import { type Floor, floorOf, rings } from './switchboard.ts'

const MASK = '+14155558801'
const [RIDER, DRIVER, OTHER] = ['+14155559111', '+14155559222', '+14155559333']
interface Told {
  id: string
  type: string
  data: Record<string, unknown>
}
let floor = {} as Floor

beforeAll(async () => {
  await migrated()
  floor = await floorOf(MASK)
}, 60_000)

async function json<T>(endpoint: string, body?: object): Promise<T> {
  const answer = await floor.ask(endpoint, body)
  expect(answer.status, `${endpoint} ${await answer.clone().text()}`).toBeLessThan(300)
  return answer.json<T>()
}
async function told(field: string, id: string): Promise<Told[]> {
  const { items } = await json<{ items: Told[] }>('GET /v1.0/events?limit=200')
  return items.filter(({ data }) => data[field] === id)
}

test('a program hears of masks, their sessions and calls, each once and in order, without a number of anybody', async () => {
  const make = () => json<ShownMask>('POST /v1.0/masks', { number: MASK, name: 'Told', cool_off: 0 })
  const { id } = await make()
  const participants = [{ number: RIDER }, { number: DRIVER }]
  const opened = await json<ShownMaskSession>('POST /v1.0/masksessions', { participants })
  const led = await rings(floor, RIDER)
  await led.dialEnds(await led.hears('<Dial'), 'completed')
  // The mask hears of the end a moment later.
  await until(async () => expect((await told('mask_id', id)).map(one => one.type)).toContain('mask_call_ended'))
  await (await rings(floor, OTHER)).hears('<Hangup')
  await json(`DELETE /v1.0/masksessions/${opened.id}`)
  await json(`DELETE /v1.0/masks/${id}`)
  await make()
  const heard = await until(async () => {
    const items = await told('mask_id', id)
    expect(items.map(({ type }) => type)).toEqual([
      ...['mask_updated', 'masksession_created', 'mask_call_started', 'mask_call_ended', 'mask_call_ended'],
      ...['masksession_closed', 'mask_deleted', 'mask_updated'],
    ])
    return items
  })
  expect(new Set(heard.map(one => one.id)).size).toBe(heard.length)
  expect(heard[2]?.data).toMatchObject({ session_id: opened.id, side: 'a', call_id: led.callId })
  expect(heard[3]?.data).toMatchObject({ session_id: opened.id, outcome: 'answered', call_id: led.callId })
  expect(heard[4]?.data).toMatchObject({ session_id: null, outcome: 'unknown-caller' })
  expect(heard[5]?.data).toMatchObject({ session_id: opened.id, because: 'closed' })
  expect(JSON.stringify(heard.slice(0, 3))).not.toContain(DRIVER.slice(1))
})

test('a program hears of money given and taken, of limits and of the card; a repeat books nothing and tells nothing', async () => {
  const { items } = await json<{ items: { id: string; balance_credit: number }[] }>('GET /v1.0/billing_accounts')
  const [{ id, balance_credit: before } = { id: '', balance_credit: 0 }] = items
  const booked = { type: 'top_up', amount: 5_000_000, reason: 'cash' }
  for (const key of ['once', 'once', 'twice'])
    expect(
      (await floor.ask(`POST /v1.0/billing_accounts/${id}/entries`, booked, { 'Idempotency-Key': key })).status,
    ).toBe(201)
  const heard = await until(async () => {
    const found = (await told('billing_account_id', id)).filter(({ data }) => data.because === 'top_up')
    expect(found).toHaveLength(2)
    return found
  })
  expect(heard.map(({ type, data }) => [type, data.amount_micros, data.balance_micros])).toEqual([
    ['billing_account_updated', 5_000_000, before + 5_000_000],
    ['billing_account_updated', 5_000_000, before + 10_000_000],
  ])
})

test('what a mask still has to tell when it is deleted is told: sessions that ran out, and calls of no session', async () => {
  const number = '+14155558802'
  const floorHere = await floorOf(number)
  const { id } = await json<ShownMask>('POST /v1.0/masks', { number, name: 'Owned', cool_off: 0, forward_to: OTHER })
  const { id: sessionId } = await json<ShownMaskSession>('POST /v1.0/masksessions', {
    ...{ mask_id: id, participants: [{ number: RIDER }, { number: DRIVER }] },
    expires_at: new Date(Date.now() + 1_500).toISOString(),
  })
  const stranger = await rings(floorHere, '+14155559444')
  await stranger.hears('<Dial')
  await until(async () =>
    expect((await json<ShownMaskSession>(`GET /v1.0/masksessions/${sessionId}`)).status).not.toBe('open'),
  )
  await json(`DELETE /v1.0/masks/${id}`)
  await until(async () => {
    const types = (await told('mask_id', id)).map(({ type, data }) => [type, data.because ?? data.outcome])
    expect(types).toEqual([
      ['mask_updated', undefined],
      ['masksession_created', undefined],
      ['masksession_closed', 'expired'],
      ['mask_call_ended', 'failed'],
      ['mask_deleted', undefined],
    ])
  })
})
