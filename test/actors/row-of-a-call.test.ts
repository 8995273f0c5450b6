/** What the log says of a call: pending before anybody is dialled, then what the carrier's callbacks tell, newest first. */
import { beforeEach, expect, test } from 'vitest'
import type { LogContract } from '../../src/actors/log/contract.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { logId } from '../../src/core/ids.ts'
import { monthOf } from '../../src/core/month.ts'
import type { CallDetail } from '../../src/wire/api.ts'
import { deskWithLine, say } from './sitting.ts'
import { bindings, carrier, migrated, signed, twice, until } from './stage.ts'

const account = { AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '' }

beforeEach(async () => {
  await migrated()
  await carrier.reset()
})

const rowOf = async (log: LogContract, q: string) => (await log.list({ cursor: null, limit: 5, q })).items[0]

/** Facts of one call, as its actor sends them. */
function facts(callId: string, at: number, deskId: string) {
  const links = { kind: 'campaign', batchId: 'b', campaignId: 'c', contactId: 'p', deskId, agentName: 'Ada' }
  const personal = { to: '+15005550111', from: '+14155550001', name: 'Person' }
  const ended = { reason: 'normal', providerStatus: 'completed', talkedMs: 4_500, code: null }
  return [
    { type: 'call-created', at, links, options: {}, personal },
    { type: 'call-ringing', at: at + 1_000 },
    { type: 'call-answered', at: at + 2_000 },
    { type: 'call-judged', at: at + 2_500, verdict: 'human' },
    { type: 'call-hungup', at: at + 7_000, ...ended },
  ].map((fact, index) => ({ seq: index + 1, about: { call: callId }, fact }))
}

test('a row has when it was answered and by whom, how long it took and how it ended [S3-3 S4-13]', async () => {
  const log = logOf(bindings, 'w_row')
  const callId = 'w_row.c_1.b1.1'
  await log.hear(callId, JSON.stringify(facts(callId, 1_000, 'w_row.d_ada').slice(0, 4)))
  expect((await log.list({ cursor: null, limit: 5 })).items[0]).toMatchObject({
    status: 'progressing',
    answeredMs: 3_000,
    answeredBy: 'human',
    endedMs: null,
  })
  await log.hear(callId, JSON.stringify(facts(callId, 1_000, 'w_row.d_ada')))
  expect((await log.list({ cursor: null, limit: 5 })).items[0]).toMatchObject({
    status: 'hangup',
    providerStatus: 'completed',
    answeredMs: 3_000,
    endedMs: 8_000,
    talkedMs: 4_500,
  })
})

test('the calls of one agent are listed without those of another, the newest first [S4-32]', async () => {
  const log = logOf(bindings, 'w_newest')
  const calls = [
    ['w_newest.c_1.b1.1', 1_000, 'w_newest.d_ada'],
    ['w_newest.c_1.b1.2', 3_000, 'w_newest.d_ada'],
    ['w_newest.c_1.b1.3', 2_000, 'w_newest.d_ada'],
    ['w_newest.c_1.b1.4', 4_000, 'w_newest.d_bo'],
  ] as const
  for (const [callId, at, deskId] of calls) await log.hear(callId, JSON.stringify(facts(callId, at, deskId)))
  const own = await log.list({ cursor: null, limit: 10, agentId: 'ada' })
  expect(own.items.map(row => row.createdMs)).toEqual([3_000, 2_000, 1_000])
  const first = await log.list({ cursor: null, limit: 2, agentId: 'ada' })
  const rest = await log.list({ cursor: first.next, limit: 2, agentId: 'ada' })
  expect([...first.items, ...rest.items]).toEqual(own.items)
})

test('a call by hand stands in the log as pending while the carrier has not answered, and is closed by its end [S4-29]', async () => {
  const deskId = 'w_test.d_pending'
  const { desk } = await deskWithLine(
    { stub: (kind, id) => stubFor(bindings, kind, id), peek: (kind, id) => stubFor(bindings, kind, id) },
    deskId,
  )
  await stubFor(bindings, 'trunk', 'w_test').saveNumber({
    number: '+14155550171',
    name: '',
    deskId,
    inFlightCap: 9,
    cooldownMs: 0,
  })
  const [to, log] = ['+14155550172', logOf(bindings, 'w_test')]
  // The carrier takes the create and says nothing.
  await carrier.silent('/Calls.json')
  expect(await desk.command(say({ type: 'single.dial', phone: to }))).toMatchObject({ type: 'accepted' })
  await until(async () => expect(await carrier.creates(to)).toHaveLength(1))
  const pending = await until(async () => {
    const row = await rowOf(log, to)
    expect(row).toMatchObject({ status: 'dialing', answeredMs: null, endedMs: null, agentId: 'pending' })
    return row
  })
  const path = `/twilio/w_test/calls/${pending?.callId}/status`
  const told = { ...account, CallSid: `CA${'5'.repeat(32)}` }
  expect((await signed(path, { ...told, CallStatus: 'ringing', SequenceNumber: '1' })).status).toBe(204)
  expect((await signed(path, { ...told, CallStatus: 'busy', SequenceNumber: '2' })).status).toBe(204)
  await until(async () =>
    expect(await rowOf(log, to)).toMatchObject({ status: 'hangup', providerStatus: 'busy', talkedMs: 0 }),
  )
})

test('the carrier’s word that a recording is ready stands on the call, once [S3-48 S3-64 S4-13]', async () => {
  const callId = (await stubFor(bindings, 'trunk', 'w_test').callFor(`CA${'6'.repeat(32)}`)) ?? ''
  const caller = { name: null, deskId: null, agentName: null, message: null, trialContactId: null }
  const numbers = { from: '+15005550161', to: '+14155550001' }
  const incoming = { ...caller, ...numbers, providerId: `CA${'6'.repeat(32)}`, kind: 'inbound' as const }
  await stubFor(bindings, 'call', callId).ring(incoming, { to: 'nobody' })
  const form = {
    ...account,
    CallSid: `CA${'6'.repeat(32)}`,
    RecordingSid: `RE${'6'.repeat(32)}`,
    RecordingStatus: 'completed',
    RecordingDuration: '12',
  }
  for (const _ of [1, 2]) expect((await signed(`/twilio/w_test/calls/${callId}/recording`, form)).status).toBe(204)
  const log = logOf(bindings, 'w_test')
  const timeline = await until(async () => {
    const detail = JSON.parse((await log.detail(callId)) ?? '{}') as CallDetail
    const lines = detail.timeline.filter(line => line.type === 'recording-reported')
    expect(lines).toHaveLength(1)
    return lines
  })
  expect(JSON.stringify(timeline)).toContain('completed')
})

twice(
  'a call, a number with its use and a contact with its result are records, not memory [S3-5]',
  async (stage, tag) => {
    const workspaceId = `w_kept${tag}`
    const [trunk, book] = [stage.stub('trunk', workspaceId), stage.stub('workspace', workspaceId)]
    await trunk.saveNumber({ number: '+14155550181', name: '', deskId: null, inFlightCap: 9, cooldownMs: 0 })
    expect((await trunk.leaseNumbers('ask-1', 1)).numbers).toEqual(['+14155550181'])
    const contact = { contactId: 'p', firstName: 'Ida', lastName: 'Berg', company: '', timeZone: null, postcode: null }
    await book.saveContacts([{ ...contact, phone: '+15005550111', extension: null }])
    const saved = { contactId: 'p', result: 'interested', note: 'call on Friday', at: 5_000, by: 'Ada' }
    expect(await book.noteContact({ ...saved, callId: '', number: null })).toBe(true)
    const callId = `${workspaceId}.c_1.b1.1`
    const log = stage.stub('log', logId(workspaceId, monthOf(Date.now())))
    await log.hear(callId, JSON.stringify(facts(callId, 1_000, `${workspaceId}.d_ada`)))
    expect(await trunk.numbers()).toMatchObject([{ number: '+14155550181', usage_count: 1 }])
    expect(await book.contacts(['p'])).toMatchObject([{ status: 'done', result: 'interested', note: 'call on Friday' }])
    expect((await log.list({ cursor: null, limit: 5 })).items).toMatchObject([
      { callId, contactId: 'p', talkedMs: 4_500 },
    ])
  },
)
