/** Verbs that ask the outside: for steps that connect the caller, for data, for a deed. */
import type { Option } from '../../../flow/flow.ts'
import type { LiveVerb } from '../../../flow/verbs/table.ts'
import { verbOf } from '../../../flow/verbs/table.ts'
import type { Party, RoomManner } from '../../../instruction/instruction.ts'
import type { Role } from '../../../room/state.ts'
import type { Driver } from '../../talk/talk.ts'
import { keys, numberOf, type Outcome, over, type Runner, type Step, say, stepIn, textOf, urlsOf } from './runner.ts'

/** Fields that are for the flow and not for whoever is asked. */
const OURS = [
  ...['error_target_id', 'no_answer_target_id', 'refused_target_id', 'relay_reason', 'taken_target_id'],
  ...['pin_text', 'pin_wrong_text', 'pin_timeout', 'language'],
]

function asks({ action, option, now }: Step, music: readonly string[] = []): Outcome {
  const untilMs = now + (verbOf(action.type as LiveVerb).answerMs ?? 5_000)
  const asked: Option = Object.fromEntries(Object.entries(option).filter(([name]) => !OURS.includes(name)))
  return { do: 'ask', untilMs, option: asked, ...(music.length === 0 ? {} : { music }) }
}

/** Results with which nobody has talked with the caller. */
const UNANSWERED = [
  ...['busy', 'no-answer', 'failed', 'canceled', 'abandoned', 'full', 'timed-out', 'unavailable'],
  ...['declined', 'taken-back'],
]
/** An agent who was not asked in time is not asked any more; their answer needs a moment longer than they are rung. */
const AGENT_SLACK_MS = 10_000

/** Our music is a bar of 0.36 s. So many of them last as long as the silence of other asks (`HOLDING_MS`). */
const HOLD_TIMES = 6

/**
 * A person of ours is asked first, and the caller hears music meanwhile; everybody else rings at the carrier. A queue answers quickly, but
 * its answer may be lost on the way or slow: whoever is on the line already hears no silence then.
 */
const CONNECTS: Runner = {
  begin: step => {
    const asked = asks(step, Array<string>(HOLD_TIMES).fill(`${step.flow.soundsUrl}/hold.wav`))
    if (step.action.type === 'queue_join') return step.call.answeredAt === null ? asks(step) : asked
    if (asked.do !== 'ask' || firstType(step.option) !== 'agent') return asks(step)
    return { ...asked, untilMs: step.now + numberOf(step.option, 'timeout') + AGENT_SLACK_MS }
  },
  after: ({ option }, answer) => {
    const ended = over(answer)
    const to = stepIn(option, 'no_answer_target_id')
    if (ended.do !== 'next' || !UNANSWERED.includes(ended.result)) return ended
    if (to !== undefined) return { do: 'jump', to, result: ended.result }
    return option.relay_reason === true ? { do: 'end', reason: 'hung-up', because: ended.result } : ended
  },
}
const ASKS: Runner = { begin: step => asks(step) }
const OWES: Runner = { begin: ({ option }) => ({ do: 'owe', option, result: 'done' }) }

/** More keys of a PIN are not taken. */
const PIN_DIGITS_MAX = 20
/** Results with which nobody was let in. */
const SHUT: readonly string[] = ['closed', 'full', 'locked', 'pin-refused']

/** The conference asks for the PIN as often as it likes. */
const CONFERENCE: Runner = {
  begin: step => asks(step),
  after: (step, answer) => {
    const { option } = step
    if (answer.of === 'carrier') return asksAgain(step, answer.digits)
    const ended = over(answer)
    if (ended.do !== 'next') return ended
    const wrong = ended.result === 'pin-wrong'
    if (answer.of === 'outside' && (wrong || ended.result === 'pin-wanted')) return wantsPin(step, wrong)
    const to = stepIn(option, 'refused_target_id')
    return to !== undefined && SHUT.includes(ended.result) ? { do: 'jump', to, result: ended.result } : ended
  },
}

/** Whoever calls a mask from another phone says by a PIN who they are; the mask counts how often. */
const MASK: Runner = {
  begin: step => asks(step),
  after: (step, answer) => {
    const { option, inside } = step
    if (answer.of === 'carrier' && inside.half === 2) return asksAgain(step, answer.digits)
    const ended = over(answer)
    if (ended.do !== 'next') return ended
    const wrong = ended.result === 'pin-wrong'
    if (answer.of === 'outside' && (wrong || ended.result === 'pin-wanted')) return wantsPin(step, wrong)
    const to = stepIn(option, 'no_answer_target_id')
    return to !== undefined && UNANSWERED.includes(ended.result) ? { do: 'jump', to, result: ended.result } : ended
  },
}

/** What was keyed is asked about, and is no variable, because whoever reads those has no need of it. */
function asksAgain(step: Step, digits: string): Outcome {
  const want = asks({ ...step, option: { ...step.option, pin: digits.slice(0, PIN_DIGITS_MAX) } })
  return { do: 'again', inside: { ...step.inside, half: 1 }, want }
}

function wantsPin({ option, inside }: Step, wrong: boolean): Outcome {
  const prompt = [
    ...(wrong ? [say(textOf(option, 'pin_wrong_text'), option)] : []),
    say(textOf(option, 'pin_text'), option),
  ]
  const want = keys(PIN_DIGITS_MAX, prompt, numberOf(option, 'pin_timeout'), '#')
  return { do: 'again', inside: { tries: inside.tries + 1, half: 2 }, want }
}

export const CONNECTING_RUN = {
  connect: CONNECTS,
  transfer: CONNECTS,
  mask_connect: MASK,
  queue_join: CONNECTS,
  confbridge_join: CONFERENCE,
  conference_join: CONFERENCE,
  ai_talk: ASKS,
  ai_agent: ASKS,
  fetch: ASKS,
  fetch_flow: ASKS,
  webhook_fetch: ASKS,
  recording_start: ASKS,
  recording_stop: OWES,
  transcribe_recording: OWES,
  call: OWES,
  webhook_send: {
    begin: step => (step.option.sync === true ? asks(step) : { do: 'owe', option: step.option, result: 'done' }),
  },
  block: {
    begin: step => {
      const music = urlsOf(step.option, 'stream_urls')
      const asked = { do: 'ask' as const, untilMs: step.now + numberOf(step.option, 'duration'), option: {} }
      return music.length === 0 ? asked : { ...asked, music }
    },
  },
  amd: {
    begin: step => {
      const { verdict } = step.flow
      // Without detection nothing will ever be said, and whoever answers is taken for a person.
      if (verdict === null && step.call.options.amd !== 'off') return asks(step)
      return judged(step, verdict ?? 'unknown')
    },
    after: (step, answer) => judged(step, answer.of === 'outside' ? (step.flow.verdict ?? 'unknown') : 'unknown'),
  },
  dial: {
    begin: ({ option }) => ({
      do: 'listen',
      expects: 'dial',
      listen: () => [
        {
          kind: 'dial',
          parties: partiesOf(option),
          from: textOf(option, 'from'),
          ringMs: numberOf(option, 'ring_ms'),
          record: option.record === true,
          ...(typeof option.most_ms === 'number' ? { atMostMs: option.most_ms } : {}),
        },
      ],
    }),
  },
  join_room: {
    begin: ({ option }) => ({
      do: 'listen',
      expects: 'nothing',
      listen: token => [
        {
          kind: 'join-room',
          room: textOf(option, 'room'),
          callId: textOf(option, 'call_id'),
          role: textOf(option, 'role') as Role,
          ...mannerOf(option),
        },
        { kind: 'continue', token },
      ],
    }),
  },
  hold_music: {
    begin: ({ option }) => {
      const urls = urlsOf(option, 'stream_urls')
      if (urls.length === 0) return { do: 'fail', because: 'no-address' }
      return {
        do: 'listen',
        expects: 'nothing',
        listen: token => [
          { kind: 'play', urls, forever: true },
          { kind: 'continue', token },
        ],
      }
    },
  },
  agent_talk: {
    begin: ({ option, now }) => {
      const duration = numberOf(option, 'duration')
      return {
        do: 'engage',
        untilMs: duration === 0 ? null : now + duration,
        order: {
          agentId: textOf(option, 'agent_id'),
          version: numberOf(option, 'version'),
          record: option.record === true,
          driver: textOf(option, 'driver') as Driver,
          language: textOf(option, 'language'),
        },
      }
    },
    after: (_, answer) => (answer.of === 'time' ? { do: 'next', result: 'time-over' } : over(answer)),
  },
} as const satisfies Record<string, Runner>

function judged({ option }: Step, verdict: string): Outcome {
  const machine = verdict === 'machine' || verdict === 'fax'
  if (machine && textOf(option, 'machine_handle') === 'hangup') return { do: 'end', reason: 'hung-up', because: 'amd' }
  return { do: 'next', result: machine ? 'machine' : 'human' }
}

/** Of whom a step connects the caller with; those who are no numbers are named alone. */
function firstType({ destinations, to }: Option): unknown {
  const [first = to] = Array.isArray(destinations) ? destinations : []
  return typeof first === 'object' && first !== null ? (first as { type?: unknown }).type : undefined
}

/** The room of a desk has none. */
function mannerOf(option: Option): { manner?: RoomManner } {
  if (option.conference !== true) return {}
  const { muted, starts, music, announced, recorded } = option
  const manner = {
    muted: muted === true,
    starts: starts !== false,
    music: music === true,
    announced: announced === true,
  }
  return { manner: { ...manner, ...(recorded === true ? { recorded } : {}) } }
}

function partiesOf(option: Option): Party[] {
  const { list } = option.parties as unknown as { list?: readonly Party[] }
  return [...(list ?? [])]
}
