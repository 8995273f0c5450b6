/** Why a call is in its state: the actors around it say what they have done, what they owe, and when they wake. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { callInspection } from '../../src/wire/inspection.ts'
import type { Groupcall, VoiceCall } from '../../src/wire/voice-call.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, carrier, migrated, until } from './stage.ts'

let boss = {} as Person

beforeAll(async () => {
  await migrated()
  boss = await person('Root', 'admin')
  for (const number of ['+14155558211', '+14155558212']) {
    const entry = { number, name: '', deskId: null, inFlightCap: 99, cooldownMs: 0 }
    await stubFor(bindings, 'trunk', 'w_test').saveNumber(entry)
  }
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

async function inspect(callId: string) {
  const answer = await ask(boss, `GET /api/calls/${callId}/actors`)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return callInspection.parse(await answer.json()).items
}

test('a call whose end the carrier does not take owes it, says how often it was tried, and when it tries again', async () => {
  await carrier.fail({ updates: '500' })
  const actions = [{ type: 'talk', option: { text: 'The secret word is plover.' } }]
  const destinations = [{ target: '+14155558291' }, { target: '+14155558292' }]
  const answer = await ask(boss, 'POST /v1.0/calls', { destinations, actions })
  const { calls, groupcalls } = await answer.json<{ calls: VoiceCall[]; groupcalls: Groupcall[] }>()
  const [callId, round] = [calls[0]?.id ?? '', groupcalls[0]?.id ?? '']
  await until(async () => expect(await carrier.creates('+14155558291')).toHaveLength(1))
  expect((await ask(boss, `POST /v1.0/groupcalls/${round}/hangup`)).ok).toBe(true)
  await until(async () => {
    const [call, ...others] = await inspect(callId)
    expect(call).toMatchObject({ id: callId, kind: 'call', refused: 0 })
    const [owed, ...more] = call?.debts ?? []
    expect([owed?.type, more]).toEqual(['cancel-call', []])
    expect(owed?.attempts).toBeGreaterThan(0)
    // It wakes by itself for what it owes.
    expect(call?.alarmMs).toBeLessThanOrEqual(owed?.dueMs ?? 0)
    expect(call?.facts.map(({ type }) => type)).toContain('call-created')
    expect(call?.readers).toMatchObject([{ name: 'log', behind: 0 }])
    expect(others.map(({ id, kind }) => [id, kind])).toContainEqual([round, 'batch'])
  })
  const shown = JSON.stringify(await inspect(callId))
  for (const inner of ['plover', '+14155558291']) expect(shown).not.toContain(inner)
})

test('agents are not told, and a call that is not there is none', async () => {
  const agent = await person('Ida', 'agent')
  expect((await ask(agent, 'GET /api/calls/w_test.call_1/actors')).status).toBe(403)
  expect((await ask(boss, 'GET /api/calls/w_test.call_nobody/actors')).status).toBe(404)
})
