/** Facts of every release: today's machines fold them to a state that they can go on with. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { batch } from '../../src/core/batch/batch.ts'
import { call } from '../../src/core/call/call.ts'
import { instructionsFor } from '../../src/core/call/instruction.ts'
import { campaign } from '../../src/core/campaign/campaign.ts'
import { desk, viewOf } from '../../src/core/desk/desk.ts'
import type { Machine, OldFact, Timed } from '../../src/core/machine.ts'
import { room } from '../../src/core/room/room.ts'

const RELEASES = readdirSync(import.meta.dirname).filter(name => /^\d+\.\d+\.\d+$/.test(name))

function factsOf(release: string): Record<string, OldFact[][]> {
  const file = path.join(import.meta.dirname, release, 'facts.json.gz')
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Record<string, OldFact[][]>
}

function fold<State, Fact extends Timed>(machine: Machine<State, never, Fact, never>, facts: OldFact[]): State {
  return facts.reduce(
    (state, fact) => machine.evolve(state, machine.upcast?.(fact) ?? (fact as never)),
    machine.initial,
  )
}

const folded = <State>(machine: unknown, logs: OldFact[][] | undefined): State[] =>
  (logs ?? []).map(facts => fold(machine as Machine<State, never, Timed, never>, facts))

describe.each(RELEASES)('%s', release => {
  const facts = factsOf(release)

  test('every machine has a log here', () => {
    expect(Object.keys(facts).sort()).toEqual(['batch', 'call', 'campaign', 'desk', 'room'])
  })

  test('every round is over, and each leg has its outcome', () => {
    const states = folded<typeof batch.initial>(batch, facts.batch)
    for (const state of states) expect(state.phase).toBe('closed')
    const legs = states.flatMap(state => (state.phase === 'closed' ? state.legs : []))
    expect(legs.every(leg => leg.phase === 'ended')).toBe(true)
    expect(legs.length).toBeGreaterThan(40)
  })

  test('every call is over or lives, and can be asked what the caller hears', () => {
    const states = folded<typeof call.initial>(call, facts.call)
    for (const state of states) {
      expect(state.call.phase).not.toBe('empty')
      expect(
        instructionsFor(state, 'w_demo.call_1', { safeHarbour: [], voicemail: [], apology: '', music: '' }),
      ).toBeDefined()
      expect(call.deadline(state)).toBeDefined()
    }
    expect(states.some(state => state.talk !== null)).toBe(true)
    expect(states.some(state => Object.keys(state.recording).length > 0)).toBe(true)
    expect(states.some(state => state.crm?.state === 'nobody')).toBe(true)
  })

  test('the campaign knows its session, its settings and its counts', () => {
    const [state] = folded<typeof campaign.initial>(campaign, facts.campaign)
    expect(state?.settings).toMatchObject({ name: 'Spring renewals', hostAgentId: null })
    expect(state?.sessions[0]).toMatchObject({ state: 'stopped', counts: { rounds: 13, conversations: 10 } })
  })

  test('the desk has its screen, nothing leased, and no guest in its room', () => {
    const [state] = folded<typeof desk.initial>(desk, facts.desk)
    if (state === undefined) throw new Error('there is no desk')
    expect(viewOf(state, 0, true)).toMatchObject({ agent: { name: 'Ada' }, conversation: null, pendingOutcomes: [] })
    expect([state.lease, state.leaving, state.guests, state.asked]).toEqual([null, null, [], null])
  })

  test('the room has its owner and knows the agent’s line by its role', () => {
    const [state] = folded<typeof room.initial>(room, facts.room)
    expect(state?.owner).toEqual({ kind: 'desk', id: state?.room.slice(0, state.room.lastIndexOf('.')) })
    for (const { role, callId } of state?.participants ?? []) expect(role === 'agent').toBe(callId === 'line')
  })
})
