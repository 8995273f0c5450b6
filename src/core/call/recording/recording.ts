/**
 * The part `recording`: the recordings that the carrier makes of a call, with their status and length as it reports them. Those that we have begun have
 * a name of ours, all others the carrier's. The workspace's
 * recordings are told of each, and that there may be one, because a report can be lost. They
 * tell the call what was said, when they write it down.
 */
import { type Repeat, tell } from '../../machine.ts'
import type { Making, Part } from '../../parts.ts'
import { isRecorded } from '../control/control.ts'
import { isRecordedAtDesk } from '../instruction.ts'
import type { CallEffect, CallState, PartFact, PartInput } from '../state.ts'

/** A call has one or two; more are not the carrier's. */
export const RECORDINGS_MAX = 20

/** After these nothing of a recording runs any more. */
const OVER: readonly string[] = ['completed', 'absent', 'failed']

/** A sentence is shorter; a carrier's may be a paragraph. */
const SENTENCE_CHARS_MAX = 4_000

/** Lines of one input; a piece of a recording has fewer. */
const LINES_MAX = 200

/** The status of each recording, by its id; a call has few. */
export type Recordings = Record<string, string>

/** Something was said on one channel; the words are in the transcript alone, and go with it: the first one has the leg that is recorded, the second one whoever it speaks with. */
export interface SaidLine {
  side: number
  /** ms of the recording */
  startMs: number
}

export type RecordingInput = { at: number } & (
  | {
      type: 'recording.reported'
      recordingId: string
      /** the carrier's own id; absent: it is the recording's */
      carrierId?: string
      status: string
      seconds: number | null
      /** the step that asks for a message has recorded it; absent: both sides of a conversation */
      message?: true
    }
  /** a recording is being written down; `lines`: what is new */
  /** what a flow has the carrier write down, while it is said */
  | { type: 'recording.live'; said: LiveWord }
  /** `seconds`: of the sound, when it is done */
  | {
      type: 'recording.transcribed'
      recordingId: string
      status: TranscriptWord
      lines: SaidLine[]
      seconds?: number
    }
  | FlowMoved
)
/** A flow that begins when the recording is there. `reason` empty: it has begun; else why it is over */
export interface FlowMoved {
  type: 'recording.flow-moved'
  recordingId: string
  flowId: string
  reason: string
  because: string
}
export type LiveWord =
  /** `in`: who the carrier hears on the leg of this call */
  { is: 'sentence'; side: 'in' | 'out'; text: string } | { is: 'moved'; status: TranscriptWord }
/** `progressing`: it begins, or goes on; `done`: all of it is written down; `failed`: nobody tries any more */
export type TranscriptWord = 'progressing' | 'done' | 'failed'

export type RecordingFact = { at: number } & (
  | {
      type: 'recording-reported'
      recordingId: string
      carrierId?: string
      status: string
      seconds: number | null
      message?: true
    }
  /** a transcript that a flow has begun */
  | { type: 'recording-live-moved'; status: TranscriptWord }
  | { type: 'recording-live-said'; who: 'caller' | 'agent'; personal: { text: string } }
  | { type: 'recording-flow-started'; recordingId: string; flowId: string }
  | { type: 'recording-flow-ended'; recordingId: string; flowId: string; reason: string; because: string }
  | { type: 'recording-transcript-moved'; recordingId: string; status: TranscriptWord; seconds?: number }
  | {
      type: 'recording-said'
      recordingId: string
      who: 'caller' | 'agent'
      startMs: number
    }
)
export type RecordingEffect = Repeat<
  'neighbour',
  | {
      type: 'file-recording'
      recordingId: string
      carrierId?: string
      status: string
      seconds: number | null
      at: number
    }
  /** the carrier was asked to record, or will be; `ordered`: with the call itself, so nobody has named the recording yet */
  | { type: 'expect-recording'; ordered?: true; at: number }
>

export const recording: Part<'recording', CallState, Recordings, PartInput, PartFact, CallEffect> = {
  initial: {},
  decide(making, input) {
    // A recording of an unknown call is not ours to show.
    if (making.state.call.phase === 'empty') return
    if (input.type === 'recording.reported') return reported(making, input)
    if (input.type === 'recording.live') return said(making, input)
    if (input.type === 'recording.flow-moved') {
      const { type: _, reason, because, ...which } = input
      if (reason === '') return making.add({ type: 'recording-flow-started', ...which })
      return making.add({ type: 'recording-flow-ended', ...which, reason, because })
    }
    const { at, recordingId, status, lines, seconds } = input
    for (const { side, startMs } of lines.slice(0, LINES_MAX)) {
      const who = whoOf(making.state.call, side)
      making.add({ type: 'recording-said', at, recordingId, who, startMs })
    }
    const length = seconds === undefined ? {} : { seconds }
    if (lines.length === 0) making.add({ type: 'recording-transcript-moved', at, recordingId, status, ...length })
  },
  evolve: (slice, fact) => (fact.type === 'recording-reported' ? { ...slice, [fact.recordingId]: fact.status } : slice),
  react: (fact, state) => react(fact as PartFact, state),
  deadline: () => null,
  about: {
    'recording-flow-started': 'self',
    'recording-flow-ended': 'self',
    'recording-live-moved': 'self',
    'recording-live-said': 'self',
    'recording-reported': 'self',
    'recording-transcript-moved': 'self',
    'recording-said': 'self',
  },
}

/** A call from a browser phone of ours is recorded on the agent's leg, and every other one on that of the person. */
function whoOf({ links }: Exclude<CallState['call'], { phase: 'empty' }>, side: number): 'caller' | 'agent' {
  return (side === 1) === (links.kind === 'browser') ? 'agent' : 'caller'
}

/** A sentence may come a moment after the end of the call. */
function said(
  making: Making<CallState, RecordingFact>,
  { at, said: word }: Extract<RecordingInput, { type: 'recording.live' }>,
): void {
  const { call } = making.state
  if (call.phase === 'empty') return
  if (word.is === 'moved') return making.add({ type: 'recording-live-moved', at, status: word.status })
  const who = whoOf(call, word.side === 'in' ? 1 : 2)
  making.add({ type: 'recording-live-said', at, who, personal: { text: word.text.slice(0, SENTENCE_CHARS_MAX) } })
}

function reported(
  making: Making<CallState, RecordingFact>,
  { at, recordingId, carrierId, status, seconds, message }: Extract<RecordingInput, { type: 'recording.reported' }>,
): void {
  const known = making.state.recording[recordingId]
  // A repeated status is not new, and a late one does not begin again what is over.
  if (known === status || (known !== undefined && OVER.includes(known) && !OVER.includes(status))) return
  if (known === undefined && Object.keys(making.state.recording).length >= RECORDINGS_MAX) return
  const named = carrierId === undefined ? {} : { carrierId }
  const made = { recordingId, ...named, status, seconds, ...(message ? { message } : {}) }
  making.add({ type: 'recording-reported', at, ...made })
}

function react(fact: PartFact, state: CallState): CallEffect[] {
  if (fact.type === 'recording-reported') {
    // A message has its row in the inbox.
    if (fact.message) return []
    const { recordingId, carrierId, status, seconds, at } = fact
    const named = carrierId === undefined ? {} : { carrierId }
    const told = tell({ type: 'file-recording', recordingId, ...named, status, seconds, at })
    return status === 'in-progress' ? [told, tell({ type: 'expect-recording', at })] : [told]
  }
  if (!begins(fact, state)) return []
  const ordered = fact.type === 'call-answered' ? { ordered: true as const } : {}
  return [tell({ type: 'expect-recording', ...ordered, at: fact.at })]
}

/** Has the carrier been asked to record, as this fact says? */
function begins(fact: PartFact, { call, control, recording }: CallState): boolean {
  switch (fact.type) {
    case 'call-answered':
      return call.phase === 'live' && call.options.record
    // What runs has ended with the call. A caller whom a desk took was recorded by the document that connected them.
    case 'call-hungup':
      if (call.phase !== 'over' || call.answeredAt === null) return false
      return isRecorded({ control, recording }) || isRecordedAtDesk(call.links, call.from)
    case 'control-record-wanted':
      return true
    // The carrier has been asked on behalf of an AI agent, and has not refused.
    case 'talk-noted':
      return fact.word === 'recording-began' || fact.word === 'recording-unknown'
    case 'flow-outside-asked':
      return fact.verb === 'recording_start'
    case 'flow-page-made':
      return fact.personal.instructions.some(one => one.kind === 'dial' && one.record)
    default:
      return false
  }
}
