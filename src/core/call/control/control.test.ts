/** A program interrupts what a person hears: it comes back to exactly where it was, whatever happens meanwhile. */
import { describe, expect, test } from 'vitest'
import { checkFlow } from '../../flow/check.ts'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import { instructionsFor } from '../instruction.ts'
import type { CallEffect, CallFact, CallInput, CallState } from '../state.ts'
import { whyNoPause, whyNoRecording, whyNoRecordingPause } from './control.ts'

const SPOKEN = { safeHarbour: [], voicemail: [], apology: 'sorry', music: 'https://s.test/hold.wav' }
const MUSIC = [{ kind: 'play', urls: [SPOKEN.music], forever: true }]
const MENU = { id: 'm', type: 'menu', option: { text: 'Press 1.', target_ids: { 1: 'one' }, timeout: 5_000 } }
const STEPS = [MENU, { id: 'one', type: 'talk', option: { text: 'One.' } }]

class Told {
  state: CallState = call.initial
  facts: CallFact[] = []
  effects: CallEffect[] = []
  #now = 1_000_000_000

  tell(input: { type: CallInput['type']; [field: string]: unknown }): this {
    this.#now += 1_000
    const done = step(call, this.state, { ...input, at: this.#now } as CallInput)
    this.state = done.state
    this.facts = done.facts
    this.effects = done.effects
    return this
  }
  pause(pause: string, on = true): this {
    return this.tell({ type: 'control.pause-wanted', pause, on })
  }
  get hears() {
    return instructionsFor(this.state, 'w_a.call_1', SPOKEN)
  }
  get does() {
    return this.effects.map(({ type }) => type)
  }
}

function running(steps: unknown[] = STEPS, answered = true): Told {
  const links = { kind: 'api', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
  const { errors, actions } = checkFlow(steps, { call: true })
  expect(errors).toEqual([])
  const known = { activeflowId: 'af', flowId: 'f', version: 1, apology: 'Sorry.', language: 'en-US' }
  const order = { ...known, soundsUrl: 'https://s.test', actions, variables: {}, system: {} }
  const told = new Told()
    .tell({
      ...{ type: 'call.requested', links, party: { to: '+1', from: '+2', name: '' } },
      options: { ringLimitMs: 30_000, amd: 'off', record: false },
    })
    .tell({ type: 'flow.begin', order })
    .tell({ type: 'call.slot-granted', notBefore: 0, profile: 'custom' })
    .tell({ type: 'call.create-answered', providerId: 'CA1', status: 'queued' })
  return answered ? told.tell({ type: 'call.answer-seen', providerId: 'CA1' }) : told
}

describe('a pause', () => {
  test('is heard instead of the flow, which is then at the same step with the same page', () => {
    const told = running()
    const page = told.hears
    told.pause('hold')
    expect(told.does).toEqual(['redirect-call'])
    expect(told.hears).toEqual(MUSIC)
    expect(told.pause('hold').facts).toEqual([])
    told.pause('hold', false)
    expect(told.does).toEqual(['redirect-call'])
    expect(told.hears).toEqual(page)
  })

  test('of another kind takes its place, and the end of the first changes nothing then', () => {
    const told = running().pause('hold').pause('silence')
    expect(told.does).toEqual(['redirect-call'])
    expect(told.hears[0]).toEqual({ kind: 'wait', ms: 600_000 })
    expect(told.pause('hold', false).facts).toEqual([])
    expect(told.pause('silence', false).does).toEqual(['redirect-call'])
  })

  test('does not lose a key that was pressed as it began: the flow has gone on below it', () => {
    const told = running().pause('moh')
    told.tell({ type: 'flow.asked', token: 'flow-1', digits: '1' })
    expect(told.hears).toEqual(MUSIC)
    expect(JSON.stringify(told.pause('moh', false).hears)).toContain('One.')
  })

  test('is over when somebody else has the person, or the call has ended, and the carrier is not asked twice', () => {
    const queued = [{ id: 'q', type: 'queue_join', option: { queue_id: 'q1' } }]
    const told = running(queued).pause('hold')
    expect(told.hears).toEqual(MUSIC)
    const room = [{ type: 'join_room', option: { room: 'w_a.d_1', call_id: 'w_a.call_1', role: 'customer' } }]
    told.tell({ type: 'flow.answered', ask: 1, answer: { is: 'steps', actions: room } })
    expect(told.hears.map(({ kind }) => kind)).toContain('join-room')
    expect(told.facts.map(({ type }) => type)).toContain('control-ended')
    expect(told.does.filter(type => type === 'redirect-call')).toHaveLength(1)

    const gone = running().pause('silence')
    gone.tell({ type: 'call.reported', providerId: 'CA1', status: 'completed', remote: true })
    expect(gone.does).not.toContain('redirect-call')
    expect(gone.state.control.instead).toBeNull()
  })

  test('cannot be where nobody has answered, and where the person is connected', () => {
    const ringing = running(STEPS, false)
    expect(whyNoPause(ringing.state)).toBe('not-answered')
    expect(ringing.pause('hold').facts).toEqual([])
    const dials = [{ id: 'c', type: 'connect', option: { destinations: [{ type: 'tel', target: '+15002009001' }] } }]
    const told = running(dials)
    const dial = { parties: { list: [{ kind: 'number', number: '+15002009001' }] }, from: '+2', ring_ms: 30_000 }
    told.tell({ type: 'flow.answered', ask: 1, answer: { is: 'steps', actions: [{ type: 'dial', option: dial }] } })
    expect(told.hears.map(({ kind }) => kind)).toContain('dial')
    expect(whyNoPause(told.state)).toBe('with-somebody')
    expect(told.pause('hold').facts).toEqual([])
  })
})

describe('words', () => {
  const talk = { type: 'control.talk-wanted', text: 'Your car is here.', language: 'en-US' } as const

  test('are said once, and the carrier that comes back hears the flow again', () => {
    const told = running()
    const page = told.hears
    told.tell(talk)
    expect(told.hears).toEqual([
      { kind: 'say', text: 'Your car is here.', language: 'en-US' },
      { kind: 'continue', token: 'instead-1' },
    ])
    told.tell({ type: 'control.said', turn: 1 })
    expect(told.does).toEqual([])
    expect(told.hears).toEqual(page)
    expect(told.tell({ type: 'control.said', turn: 1 }).facts).toEqual([])
  })

  test('that come while others are said take their place, and the end of the first ones does not end them', () => {
    const told = running()
      .tell(talk)
      .tell({ ...talk, text: 'Gate two.' })
    expect(told.tell({ type: 'control.said', turn: 1 }).facts).toEqual([])
    expect(JSON.stringify(told.hears)).toContain('Gate two.')
  })
})

describe('a recording', () => {
  test('is asked for once, ends once, and is known when somebody else has begun it', () => {
    const told = running().tell({ type: 'control.record-wanted', on: true })
    expect(told.effects).toMatchObject([{ type: 'control-record', delivery: 'once' }, { type: 'expect-recording' }])
    expect(whyNoRecording(told.state, true)).toBe('recorded-already')
    told.tell({ type: 'control.record-answered', recording: 1, answer: 'running' })
    expect(told.tell({ type: 'control.record-wanted', on: false }).does).toEqual(['control-stop-recording'])
    expect(whyNoRecording(told.state, false)).toBe('not-recorded')
    told.tell({ type: 'recording.reported', recordingId: 'RE1', status: 'in-progress', seconds: null })
    expect(whyNoRecording(told.state, true)).toBe('recorded-already')
    expect(whyNoRecording(told.state, false)).toBeNull()
  })

  test('is paused for a card number: it counts as paused when the carrier has said so, and it goes on when it is wanted', () => {
    const told = running().tell({ type: 'control.record-wanted', on: true })
    expect(whyNoRecordingPause(running().state, true)).toBe('not-recorded')
    told.tell({ type: 'control.record-answered', recording: 1, answer: 'running' })
    expect(whyNoRecordingPause(told.state, false)).toBe('not-paused')
    told.tell({ type: 'control.record-pause-wanted', on: true })
    expect([told.does, told.state.control.recording]).toEqual([['control-pause-recording'], 'pausing'])
    expect(told.tell({ type: 'control.record-pause-wanted', on: true }).facts).toEqual([])
    told.tell({ type: 'control.record-pause-answered', answer: 'paused' })
    expect([told.state.control.recording, whyNoRecordingPause(told.state, true)]).toEqual(['paused', 'paused-already'])
    expect(whyNoRecording(told.state, true)).toBe('recorded-already')
    expect(told.tell({ type: 'control.record-pause-wanted', on: false }).does).toEqual(['control-resume-recording'])
    expect(told.state.control.recording).toBe('running')
    // A late word of the carrier does not pause what goes on again.
    expect(told.tell({ type: 'control.record-pause-answered', answer: 'paused' }).facts).toEqual([])
  })

  test('that somebody else has begun is paused as well; one that the carrier does not pause runs on', () => {
    const told = running()
    told.tell({ type: 'recording.reported', recordingId: 'RE1', status: 'in-progress', seconds: null })
    told.tell({ type: 'control.record-pause-wanted', on: true })
    told.tell({ type: 'control.record-pause-answered', answer: 'refused' })
    expect([told.state.control.recording, whyNoRecordingPause(told.state, true)]).toEqual(['running', null])
    told.tell({ type: 'control.record-pause-wanted', on: true })
    told.tell({ type: 'delivery.given-up', effect: 'control-pause-recording', attempts: 9 })
    expect(told.state.control.recording).toBe('running')
  })

  test('that the carrier refuses does not run', () => {
    const told = running().tell({ type: 'control.record-wanted', on: true })
    told.tell({ type: 'control.record-answered', recording: 1, answer: 'refused' })
    expect(whyNoRecording(told.state, true)).toBeNull()
  })
})
