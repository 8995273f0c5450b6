import { expect, test } from 'vitest'
import type { TalkOrder } from '../call/talk/talk.ts'
import { step } from '../machine.ts'
import { batch, destinationOf, SOLO_POLICY } from './batch.ts'
import type { BatchInput, BatchState } from './state.ts'

const HOST: TalkOrder = { agentId: 'ai_1', version: 1, record: false, driver: 'stream', language: 'en-US' }

function after(host: TalkOrder | undefined, ...inputs: BatchInput[]): BatchState {
  const policy = { ...SOLO_POLICY, release: 'ring-out' as const, ...(host === undefined ? {} : { host }) }
  const seats = [{ seatId: 's1', deskId: 'd1', place: { kind: 'room' as const, room: 'd1.1' } }]
  const opened: BatchInput = { type: 'batch.opened', at: 0, policy, legIds: ['a', 'b'], seats }
  return [opened, ...inputs].reduce((state, input) => step(batch, state, input).state, batch.initial)
}
const answered = (legId: string, at: number): BatchInput => ({
  type: 'leg.answered',
  at,
  legId,
  providerId: `CA${legId}`,
  verdict: 'human',
})

test('a person without a free seat talks with the host, and is no longer a leg of the round', () => {
  const state = after(HOST, answered('a', 1), answered('b', 2))
  expect(destinationOf(state, 'a', 'CAa')).toEqual({ kind: 'room', room: 'd1.1' })
  expect(destinationOf(state, 'b', 'CAb')).toEqual({ kind: 'agent', order: HOST })
  const over = step(batch, state, { type: 'leg.ended', at: 9, legId: 'a', cause: 'completed' }).state
  expect(over.phase).toBe('closed')
  expect(destinationOf(over, 'b', 'CAb')).toEqual({ kind: 'agent', order: HOST })
  expect(step(batch, over, { type: 'leg.ended', at: 99, legId: 'b', cause: 'completed' }).facts).toEqual([])
})

test('without a host that person hears the message, and the round waits for the end of it', () => {
  const state = after(undefined, answered('a', 1), answered('b', 2))
  expect(destinationOf(state, 'b', 'CAb')).toEqual({ kind: 'message' })
  const over = step(batch, state, { type: 'leg.ended', at: 9, legId: 'a', cause: 'completed' }).state
  expect(over.phase).not.toBe('closed')
})
