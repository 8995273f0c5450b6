import { expect, test } from 'vitest'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import type { CallInput, CallState } from '../state.ts'
import type { CallLinks } from './state.ts'

/** Facts, effects and statuses of a placed call that gets these inputs, one per millisecond. */
function told(batchId: string | null, inputs: Record<string, unknown>[]) {
  const links: CallLinks = {
    ...{ kind: batchId === null ? 'api' : 'campaign', batchId, campaignId: null, contactId: null, deskId: null },
    agentName: null,
  }
  const party = { to: '+15002000105', from: '+14155550001', name: 'Ida' }
  const options = { ringLimitMs: 30_000, amd: 'off', record: false }
  const begun = [
    { type: 'call.requested', links, party, options },
    { type: 'call.slot-granted', notBefore: 0, profile: 'custom' },
    { type: 'call.create-answered', providerId: 'CA1', status: 'queued' },
  ]
  let state: CallState = call.initial
  const seen = { facts: [] as string[], effects: [] as string[], statuses: [] as string[] }
  for (const [at, input] of [...begun, ...inputs].entries()) {
    const { facts, effects, state: next } = step(call, state, { at, ...input } as CallInput)
    seen.facts.push(...facts.map(one => one.type))
    seen.effects.push(...effects.map(one => one.type))
    state = next
    if (state.call.phase !== 'empty') seen.statuses.push(state.call.phase === 'live' ? state.call.status : 'hangup')
  }
  return seen
}
const ANSWER = { type: 'call.answer-seen', providerId: 'CA1' }

test('a call that is answered while its cancel is on the way is ended all the same, and its status never goes back [S1-9]', () => {
  const { facts, effects, statuses } = told(null, [{ type: 'call.cancel-wanted' }, ANSWER])
  expect(facts.slice(-2)).toEqual(['call-answered', 'call-terminating'])
  expect(effects.slice(-1)).toEqual(['complete-call'])
  expect(statuses.slice(-2)).toEqual(['canceling', 'terminating'])
})

test('an answer that comes after the wish to end the call does not make it a conversation', () => {
  expect(told(null, [{ type: 'call.complete-wanted' }, ANSWER]).statuses.slice(-2)).toEqual([
    'terminating',
    'terminating',
  ])
})

test('a leg of a round that is answered too late keeps the line for its message', () => {
  const { effects } = told('w_a.c_1.b1', [{ type: 'call.cancel-wanted' }, ANSWER])
  expect(effects).not.toContain('complete-call')
})
