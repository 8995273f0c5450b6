/** Tests that a delivery of `once` reaches the carrier once, even when the object dies after the carrier has performed it. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, test } from 'vitest'
import type { Incoming } from '../../src/actors/contracts.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { bindings, carrier, until } from './stage.ts'

beforeEach(async () => {
  await carrier.reset()
})

const INCOMING: Incoming = {
  kind: 'inbound',
  providerId: `CA${'1'.repeat(32)}`,
  from: '+14155551001',
  to: '+14155550001',
  name: null,
  deskId: null,
  agentName: null,
  message: null,
  trialContactId: null,
}
const ORDER = { agentId: 'ai_1', version: 1, record: true, driver: 'stream' as const, language: 'en-US' }

async function asked(part: string): Promise<number> {
  return (await carrier.requests()).filter(one => one.method === 'POST' && one.path.includes(part)).length
}

/** Ends the object while its request is under way, wakes it, and runs its alarm until nothing is owed. */
async function diesAndWakes(kind: 'call' | 'room', id: string): Promise<void> {
  await abortAllDurableObjects()
  await carrier.silent('nothing')
  await stubFor(bindings, kind, id).read()
  const object = () => stubFor(bindings, kind, id) as unknown as DurableObjectStub
  await until(async () => {
    await runDurableObjectAlarm(object())
    const owed = await runInDurableObject(object(), (_, ctx) => [...ctx.storage.sql.exec('SELECT type FROM outbox')])
    expect(owed).toEqual([])
  })
}

test('a recording whose answer was lost with the object is not begun a second time', async () => {
  const callId = 'w_test.call_recorded'
  const call = stubFor(bindings, 'call', callId)
  await call.ring(INCOMING, { to: 'agent', order: ORDER })
  await carrier.silent('/Recordings')
  await call.deliver({ type: 'talk.stream-opened', at: Date.now(), stream: 1 }, null)
  await until(async () => expect(await asked('/Recordings')).toBe(1))
  await diesAndWakes('call', callId)
  expect(await asked('/Recordings')).toBe(1)
})

test('a summary whose answer was lost with the object is not whispered a second time', async () => {
  const room = 'w_test.d_whisper.1'
  const stub = stubFor(bindings, 'room', room)
  const at = Date.now()
  const conferenceId = `CF${'1'.repeat(32)}`
  const providerId = `CA${'2'.repeat(32)}`
  const line = { callId: 'w_test.d_whisper.l1', role: 'agent' as const, providerId, conferenceId }
  await stub.deliver({ type: 'participant.joined', at, ...line }, 'join')
  await carrier.silent('/Participants')
  await stub.deliver({ type: 'whisper.wanted', at, callId: 'w_test.call_whispered' }, 'whisper')
  await until(async () => expect(await asked('/Participants')).toBe(1))
  await diesAndWakes('room', room)
  expect(await asked('/Participants')).toBe(1)
})
