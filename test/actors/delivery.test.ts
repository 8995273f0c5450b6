/** What must happen once at the carrier happens once, also when the object dies after the carrier did it. */
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { bindings, carrier, until } from './stage.ts'

beforeEach(async () => {
  await carrier.reset()
})

const PARTY = { to: '+14155551001', from: '+14155550001', name: 'Amara Osei' }
const LINKS = {
  kind: 'inbound' as const,
  batchId: null,
  campaignId: null,
  contactId: null,
  deskId: null,
  agentName: null,
}
const ORDER = { agentId: 'ai_1', version: 1, record: true }

async function asked(part: string): Promise<number> {
  return (await carrier.requests()).filter(one => one.method === 'POST' && one.path.includes(part)).length
}

/** The object has died with the request in the air; it wakes again, and all that is due is looked at. */
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
  const callId = 'w_test.i_recorded'
  const call = stubFor(bindings, 'call', callId)
  await call.receive(LINKS, PARTY, `CA${'1'.repeat(32)}`, ORDER)
  await carrier.silent('/Recordings')
  await call.deliver({ type: 'talk.line-opened', at: Date.now(), stream: 1 }, null)
  await until(async () => expect(await asked('/Recordings')).toBe(1))
  await diesAndWakes('call', callId)
  expect(await asked('/Recordings')).toBe(1)
})

test('a summary whose answer was lost with the object is not whispered a second time', async () => {
  const room = 'w_test.d_whisper.1'
  const stub = stubFor(bindings, 'room', room)
  const at = Date.now()
  const conferenceSid = `CF${'1'.repeat(32)}`
  const agent = `CA${'2'.repeat(32)}`
  await stub.deliver({ type: 'participant.joined', at, label: 'line', callSid: agent, conferenceSid }, 'join')
  await carrier.silent('/Participants')
  await stub.deliver({ type: 'whisper.wanted', at, callId: 'w_test.i_whispered' }, 'whisper')
  await until(async () => expect(await asked('/Participants')).toBe(1))
  await diesAndWakes('room', room)
  expect(await asked('/Participants')).toBe(1)
})
