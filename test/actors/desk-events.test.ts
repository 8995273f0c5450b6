/** What a desk tells of itself: its event list after a reload, refused passes, the sound of a call, the row of a call before it rings. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { logOf } from '../../src/actors/stubs.ts'
import { deskId, deskName } from '../../src/core/ids.ts'
import type { DeskFact } from '../../src/wire/desk.ts'
import { deskWithLine, say } from './sitting.ts'
import { bindings, carrier, cookieOf, migrated, plainStage, request, until } from './stage.ts'

beforeAll(migrated)
beforeEach(async () => {
  await carrier.reset()
})

interface View {
  type: string
  facts: DeskFact[]
}

/** The first view that a page gets which knows nothing. */
async function reloaded(cookie: string): Promise<View> {
  const open = await request('/api/desk', { headers: { Upgrade: 'websocket', Cookie: cookie } })
  const socket = (open as unknown as { webSocket: WebSocket | null }).webSocket
  if (!socket) throw new Error('no socket')
  const first = new Promise<View>(resolve =>
    socket.addEventListener('message', ({ data }) => resolve(JSON.parse(String(data)) as View)),
  )
  socket.accept()
  socket.send(say({ type: 'hello', protocol: 1, tabId: 'tab', since: 0 }))
  const view = await first
  socket.close()
  return view
}

test('a page that is reloaded gets the newest hundred events, also behind more than a hundred [S4-17] [S4-31]', async () => {
  const cookie = await cookieOf('ada')
  const { userId } = await (await request('/api/me', { headers: { Cookie: cookie } })).json<{ userId: string }>()
  await request('/api/desk/view', { headers: { Cookie: cookie } })
  const desk = plainStage.stub('desk', deskId('w_test', deskName(userId)))
  for (let n = 0; n < 130; n += 1)
    await desk.deliver({ type: 'mute.changed', at: Date.now(), muted: n % 2 === 0 }, null)
  await desk.command(say({ type: 'phone.refused', tabId: 'tab', reason: 'token-refused' }))
  const { type, facts } = await reloaded(cookie)
  expect(type).toBe('view')
  expect(facts).toHaveLength(100)
  expect(facts.at(-1)?.type).toBe('phone-refused')
  expect(facts.map(fact => fact.seq)).toEqual(facts.map((_, index) => (facts[0]?.seq ?? 0) + index))
})

test('the sound of a call stands with its row, and passing the threshold is one event [S4-14] [S4-36]', async () => {
  const id = 'w_test.d_sound'
  const { desk } = await deskWithLine(plainStage, id)
  await plainStage
    .stub('trunk', 'w_test')
    .saveNumber({ number: '+14155550301', name: '', deskId: null, inFlightCap: 9, cooldownMs: 0 })
  await desk.command(say({ type: 'single.dial', phone: '+14155550302' }))
  const callId = (await desk.view())?.lanes[0]?.callId ?? ''
  await until(async () => expect((await desk.view())?.lanes[0]?.providerId).toMatch(/^CA/))
  const sid = (await desk.view())?.lanes[0]?.providerId ?? ''
  await plainStage.stub('batch', callId.replace(/\.1$/, '')).claim(callId, sid, null)
  await until(async () => expect((await desk.view())?.conversation?.callId).toBe(callId))
  for (const level of ['fair', 'bad', 'good'] as const)
    await desk.command(say({ type: 'quality.reported', callId, level, cause: level === 'good' ? null : 'The network' }))
  await until(async () => {
    const detail = JSON.parse((await logOf(bindings, 'w_test').detail(callId)) ?? 'null')
    expect(detail.call.quality).toBe('bad')
    const types = detail.timeline.map((line: { type: string }) => line.type)
    expect(types.filter((one: string) => one === 'quality-changed')).toHaveLength(3)
    expect(types.filter((one: string) => one === 'quality-alerted')).toHaveLength(1)
  })
  const alerts = JSON.parse(
    (await logOf(bindings, 'w_test').events({ cursor: null, limit: 200, types: ['quality-alerted'] })) ?? 'null',
  )
  expect(alerts.items).toMatchObject([{ about: { call: callId }, data: { level: 'bad', cause: 'The network' } }])
})

test('a call has its row while the carrier has not taken it, and its end completes the row [S4-29] [S4-33]', async () => {
  const id = 'w_test.d_pending'
  const { desk } = await deskWithLine(plainStage, id)
  await plainStage
    .stub('trunk', 'w_test')
    .saveNumber({ number: '+14155550303', name: '', deskId: null, inFlightCap: 9, cooldownMs: 0 })
  await carrier.silent('/Calls.json')
  await desk.command(say({ type: 'single.dial', phone: '+14155550304' }))
  const callId = (await desk.view())?.lanes[0]?.callId ?? ''
  const read = async () => JSON.parse((await logOf(bindings, 'w_test').detail(callId)) ?? 'null')
  await until(async () => expect((await read())?.call).toMatchObject({ status: 'dialing', providerStatus: null }))
  // The carrier has the request and has not answered it: the row was there before.
  expect((await plainStage.peek('call', callId).read()).call).toMatchObject({ phase: 'live', providerId: null })
  const { timeline } = await read()
  const at = (type: string) => timeline.find((line: { type: string }) => line.type === type)?.at ?? Number.NaN
  expect(at('call-created')).toBeLessThanOrEqual(at('call-attempted'))
  const failed = { type: 'call.reported' as const, at: Date.now(), providerId: 'CA-late', status: 'failed' as const }
  await plainStage.stub('call', callId).deliver(failed, 'status:failed')
  await until(async () =>
    expect((await read()).call).toMatchObject({ status: 'hangup', providerStatus: 'failed', hangupReason: 'failed' }),
  )
})
