/** A person is handed to a queue: the flow that waits there is the second one of their call. */
import { expect, test } from 'vitest'
import { queueFlow } from '../../flow/unnamed.ts'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import type { CallEffect, CallInput, CallState } from '../state.ts'
import { tokenOf } from './state.ts'

const QUEUE = 'w_a.q_1'
const LINKS = { kind: 'inbound', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
const order = {
  ...{ activeflowId: 'w_a.call_1', flowId: null, version: 0, actions: queueFlow(QUEUE), variables: {}, system: {} },
  ...{ apology: 'sorry', language: 'en-US', soundsUrl: '' },
}
const join = { type: 'join_room', option: { room: 'w_a.d_ada.1', call_id: 'w_a.call_1', role: 'customer' } }
const origin = { deskId: 'w_a.d_ada', agentName: 'Ada', room: 'w_a.d_ada.1' }

type Untimed = { type: CallInput['type']; [field: string]: unknown }
function told(...inputs: Untimed[]): { state: CallState; asks: number[]; left: number[] } {
  let state = call.initial
  const effects: CallEffect[] = []
  for (const [at, input] of inputs.entries()) {
    const done = step(call, state, { ...input, at } as CallInput)
    state = done.state
    effects.push(...done.effects)
  }
  const asks = effects.flatMap(one => (one.type === 'flow-ask-neighbour' ? [one.ask] : []))
  const left = effects.flatMap(one => (one.type === 'flow-leave' ? [one.ask] : []))
  return { state, asks, left }
}

const handedToQueue: Untimed[] = [
  { type: 'call.received', links: LINKS, party: { to: '+1', from: '+2', name: '' }, providerId: 'CA1', flow: true },
  { type: 'flow.begin', order },
  { type: 'call.agent-joined', deskId: 'w_a.d_ada', agentName: 'Ada' },
  { type: 'flow.answered', ask: 1, answer: { is: 'steps', actions: [join] } },
  { type: 'transfer.wanted', transferId: 'x1', origin, target: { to: 'queue', queueId: QUEUE } },
  { type: 'transfer.fetched' },
  { type: 'flow.begin', order },
]

test('it goes on counting, so that the queue knows the second stay from the first', () => {
  const { asks, left } = told(...handedToQueue)
  expect(asks).toEqual([1, 2])
  expect(left).toEqual([1])
})

test('a late word of the queue about the first stay does not end the second', () => {
  const late = { type: 'flow.answered' as const, ask: 1, answer: { is: 'result', result: 'served' } }
  const { state } = told(...handedToQueue, late)
  expect(state.flow).toMatchObject({ phase: 'running', waiting: { for: 'outside', ask: 2 } })
})

test('a late word of the carrier about a page of the first does not end a page of the second', () => {
  const begun = told(...handedToQueue, { type: 'flow.asked', token: null, holdsMs: 0 })
  const { flow } = begun.state
  expect(flow?.page).toBeGreaterThan(1)
  const late = { type: 'flow.asked' as const, token: tokenOf(1), holdsMs: 0 }
  expect(told(...handedToQueue, { type: 'flow.asked', token: null, holdsMs: 0 }, late).state.flow).toEqual(flow)
})
