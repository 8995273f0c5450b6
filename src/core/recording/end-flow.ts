/**
 * A flow that begins when a recording is there. Nobody is on a line, so it has steps that decide, and steps that ask or tell a server; the
 * runners are those of flows on calls. Pure: whoever runs it writes the state down before anybody outside is asked.
 */
import { type Answer, type Outcome, over, type Runner, stepIn } from '../call/flow/run/runner.ts'
import { RUN } from '../call/flow/run/table.ts'
import type { LiveFlow, OutsideAnswer } from '../call/flow/state.ts'
import type { LiveCall } from '../call/life/state.ts'
import { checkFlow, type Problem } from '../flow/check.ts'
import { type Action, DEPTH_MAX, EXECUTED_MAX, FINISH_ID, NEXT_ID, type Option } from '../flow/flow.ts'
import { isReserved, substituted, type Variables, withSystemVariable, withVariable } from '../flow/variables.ts'
import { type LiveVerb, verbOf, withDefaults } from '../flow/verbs/table.ts'
import { isConference, workspaceOf } from '../ids.ts'

/** The verbs that such a flow may have. */
export const END_FLOW_VERBS: readonly LiveVerb[] = [
  ...([
    'branch',
    'goto',
    'condition_variable',
    'condition_datetime',
    'business_hours',
    'variable_set',
    'stop',
  ] as const),
  ...(['fetch', 'fetch_flow', 'webhook_send', 'webhook_fetch', 'transcribe_recording'] as const),
]
const LAST_RESULT = 'trunkline.step.result'
const RESULT_CHARS_MAX = 100
/** More variables of one answer are not set. */
const ANSWER_VARIABLES_MAX = 50

interface Frame {
  actions: readonly Action[]
  at: number
  counts: Readonly<Record<number, number>>
}
/** As it is stored. */
export interface EndFlow {
  /** the flow itself, and the stacks that its steps have fetched */
  frames: readonly Frame[]
  variables: Variables
  system: Variables
  last: string
  executed: number
}
/** A step that is over. */
export interface Done {
  stepId: string
  verb: string
  result: string
}
/** What comes next: the outside is asked, or told (`waits` false), or it is over. */
export type Next =
  | { is: 'asks'; stepId: string; verb: string; option: Option; waits: boolean }
  | { is: 'over'; reason: 'finished' | 'stopped' | 'failed' | 'too-many-steps'; because: string }

export interface Ran {
  flow: EndFlow
  done: readonly Done[]
  next: Next
}

/** What is wrong with steps for a flow that has no call; empty: nothing. Each names its step and verb. */
export function wrongWithEndFlow(actions: readonly unknown[]): Problem[] {
  const { errors, actions: checked } = checkFlow(actions, { call: false })
  if (errors.length > 0) return errors
  return checked.flatMap(({ id, type }) => {
    const why = whyNot(type)
    return why === null ? [] : [{ stepId: id, field: 'type', message: why }]
  })
}

function whyNot(verb: string): string | null {
  return END_FLOW_VERBS.includes(verb as LiveVerb) ? null : `${verb} needs a call, and this flow has none`
}

/** `seconds`, `type`: of the sound */
export function beginEndFlow(
  actions: readonly Action[],
  of: { recordingId: string; referenceId: string; flowId: string; seconds: number | null; type: string | null },
): EndFlow {
  const isRoom = isConference(of.referenceId)
  const system = {
    'voipbin.activeflow.id': of.recordingId,
    'voipbin.activeflow.reference_type': 'recording',
    'voipbin.activeflow.reference_id': of.recordingId,
    'voipbin.activeflow.flow_id': of.flowId,
    'voipbin.recording.id': of.recordingId,
    'voipbin.recording.reference_type': isRoom ? 'conference' : 'call',
    'voipbin.recording.reference_id': of.referenceId,
    'voipbin.recording.format': of.type === 'audio/mpeg' ? 'mp3' : 'wav',
    'trunkline.recording.seconds': of.seconds === null ? '' : String(of.seconds),
    'trunkline.workspace.id': workspaceOf(of.referenceId),
    ...(isRoom ? {} : { 'voipbin.call.id': of.referenceId }),
  }
  return { frames: [{ actions, at: 0, counts: {} }], variables: {}, system, last: '', executed: 0 }
}

/** Goes on until the outside is asked, or it is over. */
export function runEndFlow(flow: EndFlow, now: number): Ran {
  return new Run(flow, now).on()
}

/** The step that has asked has its answer; null: nobody waited for one. */
export function answeredEndFlow(flow: EndFlow, answer: OutsideAnswer | null, now: number): Ran {
  const run = new Run(flow, now)
  return run.answered(answer) ?? run.on()
}

class Run {
  #flow: EndFlow
  readonly #now: number
  readonly #done: Done[] = []

  constructor(flow: EndFlow, now: number) {
    this.#flow = flow
    this.#now = now
  }

  on(): Ran {
    for (;;) {
      const frame = this.#top()
      if (frame === null) return this.#over('finished')
      const action = frame.actions[frame.at]
      if (action === undefined) {
        const ended = this.#popped()
        if (ended !== null) return ended
        continue
      }
      if (this.#flow.executed >= EXECUTED_MAX) return this.#over('too-many-steps')
      this.#flow = { ...this.#flow, executed: this.#flow.executed + 1 }
      const why = whyNot(action.type)
      const ended = why === null ? this.#does(action, this.#begin(action)) : this.#failed(action, why)
      if (ended !== null) return ended
    }
  }

  /** Null: it goes on. */
  answered(answer: OutsideAnswer | null): Ran | null {
    const action = this.#action()
    if (action === null) return this.#over('finished')
    if (answer === null) return this.#next(action, 'done', action.next_id)
    const variables = answer.is === 'failed' ? {} : (answer.variables ?? {})
    for (const [name, value] of Object.entries(variables).slice(0, ANSWER_VARIABLES_MAX)) this.#set(name, value)
    if (answer.is !== 'steps') return this.#does(action, this.#after(action, { of: 'outside', answer }))
    if (this.#flow.frames.length >= DEPTH_MAX) return this.#failed(action, 'too-deep')
    const fetched = action.type === 'fetch' ? 'by-others' : 'by-us'
    const { errors, actions } = checkFlow(answer.actions, { call: false, fetched })
    const [first] = errors
    if (first !== undefined) return this.#failed(action, `wrong-steps: ${first.message}`)
    this.#flow = { ...this.#flow, frames: [...this.#flow.frames, { actions, at: 0, counts: {} }] }
    return null
  }

  #top(): Frame | null {
    return this.#flow.frames.at(-1) ?? null
  }
  #action(): Action | null {
    const frame = this.#top()
    return frame?.actions[frame.at] ?? null
  }

  #over(reason: Extract<Next, { is: 'over' }>['reason'], because = ''): Ran {
    return { flow: this.#flow, done: this.#done, next: { is: 'over', reason, because } }
  }

  /** A frame is over, and with it the step that had fetched it. */
  #popped(): Ran | null {
    this.#flow = { ...this.#flow, frames: this.#flow.frames.slice(0, -1) }
    const action = this.#action()
    if (action === null) return this.#over('finished')
    return this.#does(action, this.#after(action, { of: 'stack', result: this.#flow.last }))
  }

  #begin(action: Action): Outcome {
    return RUN[action.type as LiveVerb].begin(this.#step(action))
  }
  #after(action: Action, answer: Answer): Outcome {
    const runner: Runner = RUN[action.type as LiveVerb]
    return runner.after ? runner.after(this.#step(action), answer) : over(answer)
  }

  #step(action: Action) {
    const { variables: own, system, last, frames } = this.#flow
    const raw = withDefaults(action.type as LiveVerb, action.option)
    const variables = () => ({ ...own, ...system, [LAST_RESULT]: last })
    const option = substituted(raw, variables)
    // The verbs of this flow look at the counts of the frames and at nothing else of a flow, and not at the call.
    const flow = { frames } as unknown as LiveFlow
    const inside = { tries: 0, half: 1 } as const
    const at = this.#top()?.at ?? 0
    return { action, option, raw, at, inside, variables, flow, call: {} as LiveCall, now: this.#now }
  }

  /** Null: it goes on. */
  #does(action: Action, outcome: Outcome): Ran | null {
    for (const [name, value] of outcome.sets ?? []) this.#set(name, value)
    switch (outcome.do) {
      case 'next':
        return this.#next(action, outcome.result, action.next_id)
      case 'jump':
        if (outcome.count !== undefined) this.#counted(outcome.count)
        return this.#next(action, outcome.result, outcome.to ?? action.next_id)
      case 'ask':
      case 'owe': {
        const { option } = outcome
        const next = { is: 'asks' as const, stepId: action.id, verb: action.type, option, waits: outcome.do === 'ask' }
        return { flow: this.#flow, done: this.#done, next }
      }
      case 'end':
        this.#note(action, 'stopped')
        return this.#over('stopped')
      case 'fail':
        return this.#failed(action, outcome.because)
      default:
        return this.#failed(action, `${action.type} needs a call, and this flow has none`)
    }
  }

  #note({ id, type }: Action, result: string): void {
    this.#done.push({ stepId: id, verb: type, result: result.slice(0, RESULT_CHARS_MAX) })
    this.#flow = { ...this.#flow, last: result.slice(0, RESULT_CHARS_MAX) }
  }

  #next(action: Action, result: string, to: string | undefined): Ran | null {
    const place = this.#placeOf(to)
    if (place === null) return this.#failed(action, 'no-such-step', true)
    this.#note(action, result)
    const frames = this.#flow.frames.slice(0, place.depth + 1)
    this.#flow = {
      ...this.#flow,
      frames: frames.map((one, at) => (at === place.depth ? { ...one, at: place.at } : one)),
    }
    return null
  }

  /** An id is looked for in the stack at hand, then in those below it. */
  #placeOf(to: string | undefined): { depth: number; at: number } | null {
    const { frames } = this.#flow
    const top = frames.length - 1
    if (to === undefined || to === NEXT_ID) return { depth: top, at: (frames[top]?.at ?? 0) + 1 }
    if (to === FINISH_ID) return { depth: 0, at: frames[0]?.actions.length ?? 0 }
    for (let depth = top; depth >= 0; depth -= 1) {
      const at = frames[depth]?.actions.findIndex(({ id }) => id === to) ?? -1
      if (at >= 0) return { depth, at }
    }
    return null
  }

  /** It has an error branch, or its verb may fail, or whatever had fetched it fails with it. `stuck`: its branch is what failed. */
  #failed(action: Action, because: string, stuck = false): Ran | null {
    const to = stuck ? undefined : stepIn(action.option, 'error_target_id')
    const tolerant = whyNot(action.type) === null && verbOf(action.type as LiveVerb).tolerant === true
    if (to !== undefined || (!stuck && tolerant)) return this.#next(action, because, to ?? action.next_id)
    this.#note(action, because)
    this.#flow = { ...this.#flow, frames: this.#flow.frames.slice(0, -1) }
    const below = this.#action()
    return below === null ? this.#over('failed', `${action.id}: ${because}`) : this.#failed(below, because)
  }

  #counted(count: number): void {
    const { frames } = this.#flow
    const last = frames.length - 1
    const counted = ({ counts, at, ...rest }: Frame) => ({ ...rest, at, counts: { ...counts, [at]: count } })
    this.#flow = { ...this.#flow, frames: frames.map((one, depth) => (depth === last ? counted(one) : one)) }
  }

  /** A variable that cannot be set stays as it was. */
  #set(name: string, value: string): void {
    const system = isReserved(name)
    const known = system ? this.#flow.system : this.#flow.variables
    const next = system ? withSystemVariable(known, name, value) : withVariable(known, name, value)
    if (typeof next === 'string') return
    this.#flow = { ...this.#flow, ...(system ? { system: next } : { variables: next }) }
  }
}
