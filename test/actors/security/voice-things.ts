/** Things of the voice API that a path may name, made for the authorisation matrix. */
import { runInDurableObject } from 'cloudflare:test'
import { expect } from 'vitest'
import { logOf, stubFor } from '../../../src/actors/stubs.ts'
import { uniqueWith } from '../../../src/actors/unique.ts'
import { SOLO_POLICY } from '../../../src/core/batch/batch.ts'
import { deskName, legId, maskId, queueCallId } from '../../../src/core/ids.ts'
import { recordingUrl } from '../../../src/worker/signed-recording.ts'
import { bindings, carrier, request, until } from '../stage.ts'
import { ask, callOf, type Person } from './people.ts'

/** Stands in everything of the workspace that another workspace must never read. */
export const MARK = 'Hidden-from-others'

let flows = 0
/** A call of this agent's own with a flow on it. */
export async function flowing(agent: Person): Promise<string> {
  flows += 1
  const callId = `w_test.call_flow${flows}`
  const actionsJson = '[{"id":"a","type":"answer","option":{}}]'
  const flow = { flowId: null, version: 0, actionsJson, variables: {} }
  await callOf(callId, { agentName: MARK, agentId: agent.userId }, flow)
  await until(async () => expect(await logOf(bindings, 'w_test').knows(callId)).toBe(true))
  return callId
}

/** A queue in which somebody waits. */
export async function queued(admin: Person, callId: string): Promise<Record<string, string>> {
  const made = await ask(admin, 'POST /v1.0/queues', { name: MARK })
  const { id: queueId } = (await made.json()) as { id: string }
  const entered = {
    ...{
      type: 'caller.entered' as const,
      at: Date.now(),
      entryId: 'e1',
      callId,
      ask: 1,
      priority: 0,
      skills: null,
    },
    personal: { from: '+14155550142', to: '+14155550100' },
  }
  await stubFor(bindings, 'queue', queueId).deliver(entered, null)
  return { queueId, queuecallId: queueCallId(queueId, 'e1') }
}

let extensions = 0
/** An extension, and a call that it has made to nobody. */
export async function extended(): Promise<{ extensionId: string; callId: string }> {
  extensions += 1
  const extensionId = `ex_${extensions}`
  const registrar = stubFor(bindings, 'registrar', 'w_test')
  await registrar.create(extensionId, `9${1_000 + extensions}`, { name: MARK, detail: MARK })
  const callId = `w_test.sip_${extensions}`
  await runInDurableObject(registrar as unknown as DurableObjectStub, (_, { storage }) => {
    const call = 'INSERT INTO calls (call_id, caller, callee, began_ms) VALUES (?, ?, ?, ?)'
    storage.sql.exec(call, callId, MARK, MARK, Date.now())
  })
  return { extensionId, callId }
}

/** A list whose rows have their verdicts. */
export async function listedPeople(supervisor: Person): Promise<{ importId: string; row: string }> {
  const made = await ask(supervisor, 'POST /api/imports', { name: MARK })
  const { importId } = await made.json<{ importId: string }>()
  const headers = { Cookie: supervisor.cookie }
  const file = `name,phone\n${MARK},+14155550146\n`
  expect((await request(`/api/imports/${importId}/file`, { method: 'PUT', headers, body: file })).status).toBe(200)
  return { importId, row: '2' }
}

/** A report that is sent by itself. */
export async function scheduledReport(supervisor: Person): Promise<string> {
  const body = { name: MARK, report: 'calls', every: 'day', hour: 8, time_zone: 'UTC' }
  const made = await ask(supervisor, 'POST /v1.0/report_schedules', body)
  return (await made.json<{ id: string }>()).id
}

let masks = 0
/** A virtual number behind which two people may meet. */
export async function masked(): Promise<{ maskId: string; maskSessionId: string }> {
  masks += 1
  const mask = maskId('w_test', `+65300${10_000 + masks}`)
  await stubFor(bindings, 'mask', 'w_test').enlist(mask)
  await stubFor(bindings, 'mask', mask).configure({
    ...{ name: MARK, forwardTo: null, waitingMessage: '', unknownMessage: 'No.', language: 'en-US', record: false },
    ...{ carrier: '8x8', voice: 'v', ringMs: 30_000, coolOffMs: 0 },
  })
  const party = (number: string) => ({ number, name: MARK, pin: null })
  const parties = { a: party(`+65910${10_000 + masks}`), b: party(`+65920${10_000 + masks}`) }
  const times = { expiresMs: null, idleMs: null, maxMs: 60_000 }
  const opened = await stubFor(bindings, 'mask', 'w_test').assign({
    ...parties,
    ...times,
    maskId: mask,
    uniqueName: null,
  })
  if (opened.is !== 'open') throw new Error(opened.because)
  return { maskId: mask, maskSessionId: opened.session.sessionId }
}

let messages = 0
/** A message in this person's own box. */
export async function left({ userId }: Person): Promise<string> {
  messages += 1
  const callId = `w_test.call_message${messages}`
  const recordingId = `REmatrix${messages}`
  await carrier.recordings({ [recordingId]: { call: callId, seconds: 3, loud: true } })
  const box = { kind: 'person' as const, id: deskName(userId) }
  const message = { box, number: '+14155550142', atMs: Date.now(), callId, recordingId, seconds: 3, place: 1 }
  await stubFor(bindings, 'inbox', 'w_test').file({ kind: 'voicemail', ...message })
  return callId
}

let recordings = 0
/** A recording of this call that can be heard, and the signature of its address. */
export async function stored(callId: string): Promise<{ recordingId: string; signature: string }> {
  recordings += 1
  const recordingId = `REstored${recordings}`
  await carrier.recordings({ [recordingId]: { call: callId, seconds: 1, loud: true, channels: 2 } })
  const kept = stubFor(bindings, 'recording', 'w_test')
  await kept.file({ callId, agentId: null, atMs: Date.now(), recordingId, word: 'completed', seconds: 1 })
  await until(async () => expect((await kept.read(recordingId))?.status).toBe('available'))
  const url = await recordingUrl(bindings, 'w_test', recordingId, Date.now())
  return { recordingId, signature: new URL(url).search.slice(1) }
}

/** A group call that has begun. */
export async function grouped(): Promise<string> {
  flows += 1
  const groupcallId = `w_test.g_matrix${flows}`
  const callId = legId(groupcallId, 1)
  await stubFor(bindings, 'batch', groupcallId).open({
    policy: { ...SOLO_POLICY, amd: 'off' },
    legs: [{ callId, contactId: null, name: MARK, to: `+1415558${1000 + flows}`, from: '+14155550100' }],
    seats: [{ seatId: groupcallId, deskId: groupcallId, place: { kind: 'flow' } }],
    campaignId: null,
    agentName: MARK,
    record: false,
    clearance: { purpose: 'ai', agent: null, hours: null },
    flow: { flowId: null, version: 0, actionsJson: '[{"id":"a","type":"answer","option":{}}]', variables: {} },
  })
  await until(async () => expect(await logOf(bindings, 'w_test').knows(callId)).toBe(true))
  return groupcallId
}

let endpoints = 0
/** An endpoint that gets events. */
export async function endpointOfWebhook(): Promise<string> {
  endpoints += 1
  const id = `w_test.wh_matrix${endpoints}`
  const settings = { url: 'https://example.com/hooks', name: MARK, types: ['webhook_disabled'] }
  const secret = `whsec_${btoa('matrix'.repeat(4))}`
  await stubFor(bindings, 'subscriber', id).create({ ...settings, vocabulary: 'seed', retries: 'short' }, secret)
  return id
}

/** Another exchange that calls in by its password. */
export async function trunked(): Promise<string> {
  const id = uniqueWith('tr_')
  const settings = { name: MARK, detail: MARK }
  await stubFor(bindings, 'registrar', 'w_test').trunks({ do: 'make', id, settings, credentials: true, networks: [] })
  return id
}
