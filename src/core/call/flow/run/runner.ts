/** How a verb runs: what it makes of its option, and what it makes of the answer that it waited for. */
import type { Action, Option } from '../../../flow/flow.ts'
import { TEXT_CHARS_MAX, URL_CHARS_MAX } from '../../../flow/flow.ts'
import type { Variables } from '../../../flow/variables.ts'
import type { Instruction } from '../../../instruction/instruction.ts'
import { lawfulText } from '../../../instruction/lawful-text.ts'
import type { DialEnd, LiveCall } from '../../life/state.ts'
import type { TalkOrder } from '../../talk/talk.ts'
import type { EndReason, Expects, Inside, LiveFlow, OutsideAnswer } from '../state.ts'

export type Sound = Extract<Instruction, { kind: 'say' | 'play' }>

/** A step that runs. */
export interface Step {
  action: Action
  /** with defaults, and with its variables put in */
  option: Option
  /** with defaults, as it was written */
  raw: Option
  /** its place in its frame, and what it remembers */
  at: number
  inside: Inside
  /** put together when they are asked for, because most steps name none */
  variables(): Variables
  flow: LiveFlow
  call: LiveCall
  now: number
}

export type Answer =
  | { of: 'carrier'; digits: string; recordedMs: number }
  | { of: 'dial'; end: DialEnd }
  | { of: 'outside'; answer: Exclude<OutsideAnswer, { is: 'steps' }> }
  /** the stack that it had fetched is over; the result is that of its last step */
  | { of: 'stack'; result: string }
  | { of: 'time' }

/** What a step wants; `sets`: variables that it changes first. */
export type Outcome = {
  sets?: readonly (readonly [name: string, value: string])[]
} /** heard with what comes before and after it; a key ends it where it is `bargeable` */ & (
  | { do: 'play'; instructions: readonly Instruction[]; bargeable?: boolean; result: string }
  /** heard, and then the carrier comes back with what it has got. `take`: the sounds before it that a key may end are its prompt */
  | {
      do: 'listen'
      expects: Expects
      box?: string
      take?: true
      listen: (token: string, prompt: Sound[]) => Instruction[]
    }
  /** as `listen`, for another time or in the second half */
  | { do: 'again'; inside: Inside; want: Outcome }
  /** an answer of the outside is waited for; the caller hears `music`, or nothing */
  | { do: 'ask'; untilMs: number; option: Option; music?: readonly string[] }
  | { do: 'next'; result: string }
  /** to a step of this stack or one below it; undefined: to the next */
  | { do: 'jump'; to: string | undefined; result: string; count?: number }
  | { do: 'owe'; option: Option; result: string }
  | { do: 'engage'; order: TalkOrder; untilMs: number | null }
  | { do: 'end'; reason: EndReason; because?: string }
  | { do: 'fail'; because: string }
)

export interface Runner {
  begin(step: Step): Outcome
  /** absent: an answer ends it with the result that came, and what failed fails it */
  after?(step: Step, answer: Answer): Outcome
}

export function textOf(option: Option, name: string): string {
  const value = option[name]
  return typeof value === 'string' ? value : ''
}
export function numberOf(option: Option, name: string): number {
  const value = option[name]
  return typeof value === 'number' ? value : 0
}
export function listOf(option: Option, name: string): readonly unknown[] {
  const value = option[name]
  return Array.isArray(value) ? value : []
}
/** The addresses of a list that a carrier can fetch. A variable may have made one that is none. */
export function urlsOf(option: Option, name: string): string[] {
  return listOf(option, name)
    .map(String)
    .filter(url => url.length <= URL_CHARS_MAX && /^https?:\/\/[\x21-\x7e]+$/.test(url))
}
export function stepIn(option: Option, name: string): string | undefined {
  const value = option[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
/** The step that a map leads to from this value. */
export function leadsTo(option: Option, name: string, value: string): string | undefined {
  const map = option[name]
  if (typeof map !== 'object' || map === null || !Object.hasOwn(map, value)) return undefined
  const id = (map as Record<string, unknown>)[value]
  return typeof id === 'string' ? id : undefined
}

export function say(text: string, option: Option): Sound {
  const voice = textOf(option, 'voice_id')
  const language = textOf(option, 'language')
  return {
    kind: 'say',
    text: lawfulText(text.slice(0, TEXT_CHARS_MAX)),
    ...(language === '' ? {} : { language }),
    ...(voice === '' ? {} : { voice }),
  }
}

/** Waits for keys; what was said before is their prompt. */
export function keys(most: number, own: Sound[], untilMs: number, endKey: string | null = null): Outcome {
  return {
    do: 'listen',
    expects: 'keys',
    take: true,
    listen: (token, before) => {
      const prompt = [...before, ...own].filter(one => one.kind !== 'say' || one.text !== '')
      return [{ kind: 'gather', digits: { most, endKey }, speech: null, untilMs, token, prompt }]
    },
  }
}

/** What an answer is to a step that only wants it over. */
export function over(answer: Answer): Outcome {
  switch (answer.of) {
    case 'carrier':
      return { do: 'next', result: 'done' }
    case 'dial':
      return { do: 'next', result: answer.end.status === 'completed' ? 'answered' : answer.end.status }
    case 'stack':
      return { do: 'next', result: answer.result }
    case 'time':
      return { do: 'fail', because: 'timed-out' }
    case 'outside':
      return answer.answer.is === 'failed'
        ? { do: 'fail', because: answer.answer.because }
        : { do: 'next', result: answer.answer.result }
  }
}
