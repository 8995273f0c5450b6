/** What a caller leaves behind who reaches nobody: once, for whom they wanted, whatever the carrier's callbacks do. */
import { describe, expect, test } from 'vitest'
import { checkFlow } from '../../flow/check.ts'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import type { CallEffect, CallFact, CallInput, CallState } from '../state.ts'
import { boxNamed, GENERAL_BOX, LOOKS_AFTER_MS, MESSAGES_MAX } from './state.ts'

const QUEUE = 'w_a.q_1'
const T0 = 1_000_000
const PARTY = { to: '+14155550010', from: '+14155551234', name: 'Ben' }
const LINKS = { kind: 'inbound' as const, batchId: null, campaignId: null, contactId: null, agentName: null }
type Untimed = { type: CallInput['type']; [field: string]: unknown }

class Told {
  state: CallState = call.initial
  facts: CallFact[] = []
  effects: CallEffect[] = []
  now = T0

  tell(input: Untimed, afterMs = 1_000): this {
    this.now += afterMs
    const done = step(call, this.state, { ...input, at: this.now } as CallInput)
    this.state = done.state
    this.facts.push(...done.facts)
    this.effects.push(...done.effects)
    return this
  }
  get filed() {
    return this.effects.flatMap(one => (one.type === 'file-message' || one.type === 'file-missed' ? [one] : []))
  }
  count(type: CallFact['type']): number {
    return this.facts.filter(one => one.type === type).length
  }
}

/** Somebody calls a number that rings a desk; null: nobody has it. */
function rung(deskId: string | null): Told {
  const links = { ...LINKS, deskId }
  return new Told().tell({ type: 'call.received', links, party: PARTY, providerId: 'CA1', talk: null })
}
const unanswered = { type: 'call.dial-ended' as const, providerId: 'CA1', end: { status: 'no-answer', talkedMs: null } }
const hungUp = { type: 'call.reported' as const, providerId: 'CA1', status: 'completed' }
const recorded = (recordingId: string, seconds: number, more: object = {}) => ({
  type: 'recording.reported' as const,
  recordingId,
  status: 'completed',
  seconds,
  message: true,
  ...more,
})

function flowing(steps: unknown[]): Told {
  const { errors, actions } = checkFlow(steps, { call: true })
  if (errors[0]) throw new Error(JSON.stringify(errors[0]))
  const links = { ...LINKS, deskId: null }
  const order = {
    ...{ activeflowId: 'w_a.call_1', flowId: 'f', version: 1, actions, variables: {}, system: {} },
    ...{ apology: 'sorry', language: 'en-US', soundsUrl: '' },
  }
  return new Told()
    .tell({ type: 'call.received', links, party: PARTY, providerId: 'CA1', talk: null, flow: true })
    .tell({ type: 'flow.begin', order })
}

describe('who called and reached nobody', () => {
  test('an agent who does not answer has the message, in their own box, and the call is not missed as well [S4-4]', () => {
    const told = rung('w_a.d_ada').tell(unanswered).tell(recorded('RE1', 12)).tell(hungUp)
    const box = { kind: 'person', id: 'ada' }
    expect(told.filed).toMatchObject([
      { type: 'file-message', box, number: '+14155551234', recordingId: 'RE1', seconds: 12, place: 1 },
    ])
    expect(told.count('voicemail-began')).toBe(1)
  })

  test('who hangs up while it rings has called that agent, and a number that nobody has belongs to the workspace', () => {
    expect(rung('w_a.d_ada').tell(hungUp).filed).toMatchObject([
      { type: 'file-missed', box: { kind: 'person', id: 'ada' } },
    ])
    expect(rung(null).tell(hungUp).filed).toMatchObject([{ type: 'file-missed', box: GENERAL_BOX }])
  })

  test('a call that an agent, or an AI agent, has answered is not missed', () => {
    expect(rung('w_a.d_ada').tell({ type: 'call.answer-seen', providerId: null }).tell(hungUp).filed).toEqual([])
    const talk = { agentId: 'ai_1', version: 1, record: false, driver: 'stream', language: 'en-US' }
    const links = { ...LINKS, deskId: null }
    const byAgent = new Told()
      .tell({ type: 'call.received', links, party: PARTY, providerId: 'CA1', talk })
      .tell(hungUp)
    expect(byAgent.filed).toEqual([])
  })

  test('a caller who gives up in a queue has called the queue; one who talks with its agent has not been missed', () => {
    const join = [{ id: 'q', type: 'queue_join', option: { queue_id: QUEUE } }]
    const waits = { is: 'steps', actions: [{ type: 'sleep', option: { duration: 60_000 } }] }
    const queued = () => flowing(join).tell({ type: 'flow.answered', ask: 1, answer: waits })
    expect(queued().tell(hungUp).filed).toMatchObject([{ type: 'file-missed', box: { kind: 'queue', id: QUEUE } }])
    const joined = { type: 'call.agent-joined' as const, deskId: 'w_a.d_ada', agentName: 'Ada' }
    expect(queued().tell(joined).tell(hungUp).filed).toEqual([])
  })

  test('the step of a flow names the box; without a name it is that of the queue before it', () => {
    const asks = (box: string) => flowing([{ id: 'v', type: 'voicemail', option: { box } }]).tell(recorded('RE1', 5))
    expect(asks(QUEUE).filed).toMatchObject([{ box: { kind: 'queue', id: QUEUE } }])
    expect(asks('user-ada').filed).toMatchObject([{ box: { kind: 'person', id: 'user_ada' } }])
    expect(asks('').filed).toMatchObject([{ box: GENERAL_BOX }])
    const after = flowing([
      { id: 'q', type: 'queue_join', option: { queue_id: QUEUE } },
      { id: 'v', type: 'voicemail', option: {} },
    ])
      .tell({ type: 'flow.answered', ask: 1, answer: { is: 'result', result: 'timed-out' } })
      .tell(recorded('RE1', 5))
    expect(after.filed).toMatchObject([{ type: 'file-message', box: { kind: 'queue', id: QUEUE } }])
  })

  test('names of boxes', () => {
    expect([boxNamed(''), boxNamed(' workspace '), boxNamed(QUEUE), boxNamed('7f-1')]).toEqual([
      null,
      GENERAL_BOX,
      { kind: 'queue', id: QUEUE },
      { kind: 'person', id: '7f_1' },
    ])
  })
})

describe('the message comes once', () => {
  test('however often the recording is told, before or after the end of the call', () => {
    const told = rung('w_a.d_ada').tell(unanswered).tell(recorded('RE1', 12)).tell(recorded('RE1', 12)).tell(hungUp)
    told.tell(recorded('RE1', 12)).tell({ type: 'voicemail.looked', found: [{ recordingId: 'RE1', seconds: 12 }] })
    expect(told.filed.length).toBe(1)
  })

  test('a lost callback: the call is missed at once, the carrier is asked, and the message takes its place', () => {
    const told = rung('w_a.d_ada').tell(unanswered).tell(hungUp)
    expect(told.filed.map(one => one.type)).toEqual(['file-missed'])
    expect(call.deadline(told.state)).toBe(told.now + (LOOKS_AFTER_MS[0] ?? 0))
    told.tell({ type: 'clock.struck' }, LOOKS_AFTER_MS[0])
    expect(told.effects.filter(one => one.type === 'find-message')).toMatchObject([{ providerId: 'CA1' }])
    told.tell({ type: 'voicemail.looked', found: [{ recordingId: 'RE1', seconds: 12 }] })
    // The callback was late and not lost.
    told.tell(recorded('RE1', 12))
    expect(told.filed.map(one => one.type)).toEqual(['file-missed', 'file-message'])
    expect(call.deadline(told.state)).toBeNull()
  })

  test('nothing was recorded: the carrier is asked a few times, and then no more', () => {
    const told = rung(null).tell(hungUp)
    for (const [at, afterMs] of LOOKS_AFTER_MS.entries()) {
      told.tell({ type: 'clock.struck' }, afterMs)
      told.tell({ type: 'voicemail.looked', found: [] }, 0)
      expect(told.count('voicemail-sought')).toBe(at + 1)
    }
    expect(call.deadline(told.state)).toBeNull()
    expect(told.filed.map(one => one.type)).toEqual(['file-missed'])
  })

  test('less than a second is a missed call, and the carrier is not asked for more', () => {
    const told = rung('w_a.d_ada').tell(unanswered).tell(recorded('RE1', 0)).tell(hungUp)
    expect(told.filed.map(one => one.type)).toEqual(['file-missed'])
    expect(call.deadline(told.state)).toBeNull()
    const absent = rung(null)
      .tell(recorded('RE1', 0, { status: 'absent' }))
      .tell(hungUp)
    expect(call.deadline(absent.state)).toBeNull()
  })

  test('a recording of both sides is no message', () => {
    const told = rung('w_a.d_ada').tell({ type: 'call.answer-seen', providerId: null })
    expect(told.tell(recorded('RE1', 60, { message: undefined })).tell(hungUp).filed).toEqual([])
  })

  test('a flow that loops fills no box', () => {
    const told = rung(null)
    for (let at = 0; at < MESSAGES_MAX + 3; at += 1) told.tell(recorded(`RE${at}`, 5))
    expect(told.filed.map(one => (one.type === 'file-message' ? one.place : 0))).toEqual([1, 2, 3, 4, 5])
  })
})
