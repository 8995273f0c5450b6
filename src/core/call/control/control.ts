/** The part `control` of a call: a program holds the person, says something to them, or records them. */
import type { Instructions } from '../../instruction/instruction.ts'
import { once, repeat, unreachable } from '../../machine.ts'
import { type FactOf, type InputOf, isOf, type Making, type Part } from '../../parts.ts'
import { pageFor, speakingFlow } from '../flow/pages.ts'
import type { CallEffect, CallState, PartFact, PartInput } from '../state.ts'
import { type Control, type ControlFact, type Instead, NO_CONTROL, type NoControl, turnToken } from './state.ts'

type Input = InputOf<'control', PartInput>
type Fact = FactOf<'control', PartFact>

/** A pause is heard in pieces, because a carrier has a longest one. */
const SILENCE_MS = 600_000

/** Null: a program may decide what this person hears now. */
export function whyNoPause({ call, flow, talk, transfer }: CallState): NoControl | null {
  if (call.phase !== 'live' || call.status === 'terminating') return 'call-over'
  if (call.answeredAt === null) return 'not-answered'
  const place = transfer?.place ?? null
  if (place !== null && place.at !== 'queue') return 'with-somebody'
  const speaking = speakingFlow(flow)
  if (speaking === null) return talk?.next.to === 'agent' ? 'with-ai' : 'with-somebody'
  return pageFor(speaking, null).some(one => LEADS_AWAY.includes(one.kind)) ? 'with-somebody' : null
}
const LEADS_AWAY = ['join-room', 'enqueue', 'dial', 'stream']

type Recorded = Pick<CallState, 'call' | 'control' | 'recording'>

/** A campaign, a flow or an agent may record as well; the carrier tells of it. */
export function isRecorded({ control, recording }: Omit<Recorded, 'call'>): boolean {
  return control.recording !== 'none' || Object.values(recording).includes('in-progress')
}

/** Null: the recording may be begun, or ended. */
export function whyNoRecording(state: Recorded, on: boolean): NoControl | null {
  const { call } = state
  if (call.phase !== 'live' || call.status === 'terminating') return 'call-over'
  if (call.answeredAt === null) return 'not-answered'
  const runs = isRecorded(state)
  if (on) return runs ? 'recorded-already' : null
  return runs ? null : 'not-recorded'
}

/** Null: the recording that runs may be paused, or resumed. */
export function whyNoRecordingPause(state: Recorded, on: boolean): NoControl | null {
  const why = whyNoRecording(state, false)
  if (why !== null) return why
  const { recording } = state.control
  if (on) return recording === 'paused' || recording === 'pausing' ? 'paused-already' : null
  return recording === 'paused' || recording === 'pausing' ? null : 'not-paused'
}

/** What whoever is on the call sees of its recording. `none`: nothing is recorded now, or the call is not on */
export function shownRecording(state: Recorded): 'none' | 'recording' | 'pausing' | 'paused' {
  if (whyNoRecording(state, false) !== null) return 'none'
  const { recording } = state.control
  return recording === 'pausing' || recording === 'paused' ? recording : 'recording'
}

/** What is heard instead of everything else; null: nothing is. */
export function insteadOf(state: CallState, music: string): Instructions | null {
  const { instead } = state.control
  if (instead === null || whyNoPause(state) !== null) return null
  switch (instead.is) {
    case 'hold':
    case 'moh':
      return [{ kind: 'play', urls: [music], forever: true }]
    case 'silence':
      return [
        { kind: 'wait', ms: SILENCE_MS },
        { kind: 'continue', token: turnToken(0) },
      ]
    case 'talk':
      return [
        { kind: 'say', text: instead.text, language: instead.language },
        { kind: 'continue', token: turnToken(instead.turn) },
      ]
    default:
      return unreachable(instead)
  }
}

export const control: Part<'control', CallState, Control, PartInput, PartFact, CallEffect> = {
  initial: NO_CONTROL,
  decide,
  settle: making => {
    const { instead } = making.state.control
    // Somebody else has the person now: a queue has found an agent, a flow has ended, the call is over.
    if (instead !== null && whyNoPause(making.state) !== null) end(making, instead, 'taken-over', true)
  },
  gaveUp: (making, { effect }) => {
    const given: string = effect
    const { recording, recordings } = making.state.control
    if (given === 'control-pause-recording' && recording === 'pausing')
      making.add({ type: 'control-record-pause-answered', at: making.at, answer: 'refused' })
    if (given !== 'control-record' || recording !== 'asked') return
    making.add({ type: 'control-record-answered', at: making.at, recording: recordings, answer: 'refused' })
  },
  evolve: (slice, fact) => (isOf('control', fact) ? evolve(slice, fact) : slice),
  react: (fact, state) => (isOf('control', fact) ? [...react(fact), ...redirected(fact, state)] : []),
  deadline: () => null,
  about: {
    'control-began': 'self',
    'control-ended': 'self',
    'control-record-wanted': 'self',
    'control-record-answered': 'self',
    'control-record-ended': 'self',
    'control-record-pause-wanted': 'self',
    'control-record-pause-answered': 'self',
    'control-record-resumed': 'self',
  },
}

function decide(making: Making<CallState, Fact>, input: Input): void {
  const { at } = making
  const { instead, turns, recording, recordings } = making.state.control
  switch (input.type) {
    case 'control.pause-wanted': {
      if (!input.on) return instead?.is === input.pause ? end(making, instead, 'wanted') : undefined
      if (instead?.is === input.pause || whyNoPause(making.state) !== null) return
      if (instead !== null) end(making, instead, 'replaced', true)
      const words = { language: '', personal: { text: '' } }
      return making.add({ type: 'control-began', at, instead: input.pause, turn: turns + 1, ...words })
    }
    case 'control.talk-wanted': {
      if (whyNoPause(making.state) !== null) return
      if (instead !== null) end(making, instead, 'replaced', true)
      const { language, text } = input
      return making.add({ type: 'control-began', at, instead: 'talk', turn: turns + 1, language, personal: { text } })
    }
    case 'control.said':
      return instead?.is === 'talk' && instead.turn === input.turn ? end(making, instead, 'said', true) : undefined
    case 'control.record-wanted': {
      if (whyNoRecording(making.state, input.on) !== null) return
      if (input.on)
        return making.add({ type: 'control-record-wanted', at, recording: recordings + 1, ...flowOf(input) })
      return making.add({ type: 'control-record-ended', at, recording: recordings })
    }
    case 'control.record-answered':
      if (recording !== 'asked' || input.recording !== recordings) return
      return making.add({ type: 'control-record-answered', at, recording: recordings, answer: input.answer })
    case 'control.record-pause-wanted':
      if (whyNoRecordingPause(making.state, input.on) !== null) return
      return making.add({ type: input.on ? 'control-record-pause-wanted' : 'control-record-resumed', at })
    case 'control.record-pause-answered':
      // It was resumed meanwhile, or has ended.
      if (recording !== 'pausing') return
      return making.add({ type: 'control-record-pause-answered', at, answer: input.answer })
    default:
      return unreachable(input)
  }
}

function end(
  making: Making<CallState, Fact>,
  { turn }: Instead,
  because: Extract<ControlFact, { type: 'control-ended' }>['because'],
  asking = false,
): void {
  making.add({ type: 'control-ended', at: making.at, turn, because, asking })
}

function evolve(slice: Control, fact: ControlFact): Control {
  switch (fact.type) {
    case 'control-began': {
      const { turn, language, instead: is, personal } = fact
      const instead = is === 'talk' ? { is, turn, language, text: personal.text } : { is, turn }
      return { ...slice, turns: turn, instead }
    }
    case 'control-ended':
      return { ...slice, instead: null }
    case 'control-record-wanted':
      return { ...slice, recording: 'asked', recordings: fact.recording }
    case 'control-record-answered':
      return { ...slice, recording: fact.answer === 'refused' ? 'none' : 'running' }
    case 'control-record-ended':
      return { ...slice, recording: 'none' }
    case 'control-record-pause-wanted':
      return { ...slice, recording: 'pausing' }
    case 'control-record-pause-answered':
      return { ...slice, recording: fact.answer === 'paused' ? 'paused' : 'running' }
    case 'control-record-resumed':
      return { ...slice, recording: 'running' }
    default:
      return unreachable(fact)
  }
}

function flowOf({ onEndFlowId }: { onEndFlowId?: string }): { onEndFlowId?: string } {
  return onEndFlowId === undefined ? {} : { onEndFlowId }
}

function react(fact: ControlFact): CallEffect[] {
  if (fact.type === 'control-record-wanted')
    return [once('carrier', { type: 'control-record', recording: fact.recording, ...flowOf(fact) })]
  if (fact.type === 'control-record-ended')
    return [repeat('carrier', { type: 'control-stop-recording', recording: fact.recording })]
  if (fact.type === 'control-record-pause-wanted') return [repeat('carrier', { type: 'control-pause-recording' })]
  if (fact.type === 'control-record-resumed') return [repeat('carrier', { type: 'control-resume-recording' })]
  return []
}

/** The carrier performs something else, and must ask again. */
function redirected(fact: ControlFact, { call }: CallState): CallEffect[] {
  const asks = fact.type === 'control-began' || (fact.type === 'control-ended' && !fact.asking)
  const providerId = call.phase === 'live' ? call.providerId : null
  return asks && providerId !== null ? [repeat('carrier', { type: 'redirect-call', providerId })] : []
}
