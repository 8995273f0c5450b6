/** The desk that a number rings does not take the call, and the number has a queue for such callers. */
import { describe, expect, test } from 'vitest'
import { unansweredFlow } from '../../flow/unnamed.ts'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import { instructionsFor } from '../instruction.ts'
import type { CallEffect, CallFact, CallInput, CallState, DialEnd } from '../state.ts'
import { queueInstead } from './decide.ts'

const QUEUE = 'w_a.q_1'
const SPOKEN = { safeHarbour: [], voicemail: [{ kind: 'say' as const, text: 'voicemail' }], apology: '', music: 'm' }
const LINKS = {
  ...{ kind: 'inbound' as const, batchId: null, campaignId: null, contactId: null },
  ...{ deskId: 'w_a.d_ada', agentName: null },
}
const order = {
  ...{ activeflowId: 'w_a.call_1', flowId: null, version: 0, actions: unansweredFlow(QUEUE, 'ada'), variables: {} },
  ...{ system: {}, apology: 'sorry', language: 'en-US', soundsUrl: '' },
}
type Untimed = { type: CallInput['type']; [field: string]: unknown }

class Told {
  state: CallState = call.initial
  facts: CallFact[] = []
  effects: CallEffect[] = []

  tell(...inputs: Untimed[]): this {
    for (const input of inputs) {
      const done = step(call, this.state, { at: 1_000 + this.facts.length, ...input } as CallInput)
      this.state = done.state
      this.facts.push(...done.facts)
      this.effects.push(...done.effects)
    }
    return this
  }
  get types() {
    return this.facts.map(one => one.type)
  }
}

function rung(unanswered: string | undefined): Told {
  const party = { to: '+14155550010', from: '+14155551234', name: 'Ben' }
  const more = unanswered === undefined ? {} : { unanswered }
  return new Told().tell({ type: 'call.received', links: LINKS, party, providerId: 'CA1', talk: null, ...more })
}
const ended = (status: DialEnd['status'], providerId = 'CA1') => ({
  type: 'call.dial-ended' as const,
  providerId,
  end: { status, talkedMs: null },
})
const FULL = { is: 'result', result: 'full' }
const NOT_THERE = { is: 'failed', because: 'no-such-queue' }

describe('a number with a queue for callers whom its agent does not take', () => {
  test.each(['no-answer', 'busy', 'failed', 'canceled'] as const)(
    'an end by %s: the caller stays, the desk is told that the call is not theirs, and the queue is asked [S4-4]',
    status => {
      const told = rung(QUEUE).tell(ended(status), { type: 'flow.begin', order })
      expect(told.types).toContain('call-unanswered')
      expect(told.types).not.toContain('call-voicemail-began')
      expect(told.state.call).toMatchObject({ phase: 'live', links: { deskId: null } })
      expect(told.effects).toContainEqual(
        expect.objectContaining({ type: 'tell-desk', word: 'ended', deskId: 'w_a.d_ada' }),
      )
      expect(told.effects).toContainEqual(
        expect.objectContaining({ type: 'flow-ask-neighbour', verb: 'queue_join', option: expect.anything() }),
      )
    },
  )

  test('without a queue the caller is asked for a message, as before', () => {
    const told = rung(undefined).tell(ended('no-answer'))
    expect(told.types).toContain('call-voicemail-began')
    expect(told.types).not.toContain('call-unanswered')
  })

  test('a repeat of the carrier’s word changes nothing, and neither does the word of another leg', () => {
    const told = rung(QUEUE).tell(ended('no-answer', 'CA-other'))
    expect(told.types).not.toContain('call-unanswered')
    const again = rung(QUEUE).tell(ended('no-answer'), { type: 'flow.begin', order })
    const before = instructionsFor(again.state, 'w_a.call_1', SPOKEN)
    again.tell(ended('no-answer'))
    expect(again.types.filter(one => one === 'call-unanswered')).toHaveLength(1)
    expect(again.types).not.toContain('call-voicemail-began')
    expect(instructionsFor(again.state, 'w_a.call_1', SPOKEN)).toEqual(before)
    expect(again.state.call.phase).toBe('live')
  })

  test('a conversation that was had goes nowhere after it', () => {
    const told = rung(QUEUE).tell({ type: 'call.answer-seen', providerId: 'CA1' }, ended('completed'))
    expect(told.types).not.toContain('call-unanswered')
    expect(told.state.call.phase).toBe('over')
    const answered = rung(QUEUE).tell({ type: 'call.answer-seen', providerId: 'CA1' }).state.call
    expect(answered.phase === 'live' && queueInstead(answered, 'CA1', 'no-answer')).toBeNull()
  })

  test.each([
    ['is full', 'its members', { kind: 'queue', id: QUEUE }, FULL],
    ['is not there any more', 'the agent', { kind: 'person', id: 'ada' }, NOT_THERE],
  ])('a queue that %s: the message is for %s', (_is, _whom, box, answer) => {
    const told = rung(QUEUE).tell(ended('no-answer'), { type: 'flow.begin', order })
    told.tell({ type: 'flow.answered', ask: 1, answer })
    expect(told.facts.filter(one => one.type === 'voicemail-began')).toMatchObject([{ box }])
  })
})
