/** Writes down what a running flow decides: its facts, one by one, and the page that the caller hears. */
import { type Action, bytesOf, type Option } from '../../flow/flow.ts'
import { isReserved, substituted, type Variables, withSystemVariable, withVariable } from '../../flow/variables.ts'
import { type LiveVerb, withDefaults } from '../../flow/verbs/table.ts'
import type { Instruction } from '../../instruction/instruction.ts'
import { assert } from '../../machine.ts'
import type { FactOf, Making } from '../../parts.ts'
import type { LiveCall } from '../life/state.ts'
import type { CallState, PartFact } from '../state.ts'
import { isQuiet, isSilence, PageDraft } from './page-draft.ts'
import { actionAt } from './places.ts'
import type { Outcome, Step } from './run/runner.ts'
import { HOLDING_MS, type LiveFlow, MUSIC_HELD_MS, PAGE_BYTES_MAX, type Place, tokenOf, type Waiting } from './state.ts'

type Fact = FactOf<'flow', PartFact>
/** Texts that came from outside. */
export const RESULT_CHARS_MAX = 100
const LAST_RESULT = 'trunkline.step.result'

/** Verbs whose other side keeps the caller, and the field that names it. */
const HELD_BY: Record<string, { as: 'queue' | 'room'; field: string }> = {
  queue_join: { as: 'queue', field: 'queue_id' },
  conference_join: { as: 'room', field: 'conference_id' },
  confbridge_join: { as: 'room', field: 'confbridge_id' },
}

export class FlowWriter {
  readonly #making: Making<CallState, Fact>
  /** the carrier asks at this moment, so it gets the next page without a redirect */
  readonly #asking: boolean
  readonly #holdsMs: number
  readonly page = new PageDraft()
  /** the page that the carrier has just done */
  #follows: number | null = null

  constructor(making: Making<CallState, Fact>, asking: boolean, holdsMs: number) {
    this.#making = making
    this.#asking = asking
    this.#holdsMs = holdsMs
  }

  get at(): number {
    return this.#making.at
  }
  get call(): LiveCall | null {
    const { call } = this.#making.state
    return call.phase === 'live' ? call : null
  }
  /** null: there is none, or it is over */
  get flow(): LiveFlow | null {
    const { flow } = this.#making.state
    return flow === null || flow.phase === 'over' ? null : flow
  }
  /** A flow may begin: there was none, or the person was handed over to another. */
  get fresh(): boolean {
    const { flow, transfer } = this.#making.state
    return flow === null || (flow.phase === 'over' && transfer?.flowDue === true)
  }
  /** The person has gone from where this flow had brought them. */
  get handedOver(): boolean {
    const { transfer } = this.#making.state
    if (transfer === null || transfer.place === null || transfer.stage.is === 'leaving') return false
    return transfer.place.at !== 'queue' || transfer.flowDue
  }
  get ring(): CallState['ring'] {
    return this.#making.state.ring
  }
  add(fact: Fact): void {
    this.#making.add(fact)
  }

  close(ask: number, verb: LiveVerb, answer: string): void {
    const word = answer.slice(0, RESULT_CHARS_MAX)
    const action = this.flow === null ? null : actionAt(this.flow, this.flow.frames.length - 1)
    this.add({ type: 'flow-outside-answered', at: this.at, ask, verb, answer: word, ...this.#whereOf(action) })
  }

  /** The queue that a step waits in, or the conference. `steps`: what it was answered with; the room itself stands there. */
  #whereOf(action: Action | null, steps: readonly Action[] = []): { queue?: string; room?: string } {
    const { flow } = this
    const held = HELD_BY[action?.type ?? '']
    if (action === null || held === undefined || flow === null) return {}
    const room = held.as === 'room' ? steps.find(one => one.type === 'join_room')?.option.room : undefined
    if (typeof room === 'string') return { room }
    const option = withDefaults(action.type as LiveVerb, action.option)
    const value = substituted(option, () => ({ ...flow.variables, ...flow.system }))[held.field]
    return typeof value === 'string' ? { [held.as]: value } : {}
  }

  /** The carrier has performed the page at hand. */
  pageDone(page: number): void {
    this.add({ type: 'flow-page-done', at: this.at, page })
    this.#follows = page
  }

  token(): string {
    return tokenOf((this.flow?.page ?? 0) + 1)
  }

  /** The page is given to the carrier. */
  turn(waiting: Waiting | null, idle = false): void {
    const { flow } = this
    if (flow === null) return
    const instructions = [...this.page.instructions]
    assert(bytesOf(instructions) <= PAGE_BYTES_MAX, 'a page that no row can hold')
    // Silence that goes on needs no redirect: its carrier asks again in a moment.
    const goesOn = isSilence(instructions) && isSilence(flow.pages.at(-1)?.instructions ?? [])
    const redirect = !this.#asking && this.at >= flow.heldUntilMs && flow.pages.length > 0 && !goesOn
    const quiet = flow.quiet && isQuiet(instructions)
    const page = flow.page + 1
    const last = flow.pages.at(-1)
    const inPlace = !this.#asking && this.at < flow.heldUntilMs && last?.idle === true
    const follows = inPlace ? last.follows : this.#follows
    this.add({
      type: 'flow-page-made',
      at: this.at,
      page,
      follows,
      waiting,
      quiet,
      ...(idle ? { idle } : {}),
      redirect,
      personal: { instructions },
    })
  }

  /** The step that the top frame is at, with its option as it is now; null: it has not begun. */
  step(): Step | null {
    const { flow, call } = this
    const frame = flow?.frames.at(-1)
    const action = frame && flow?.programs.at(-1)?.[frame.at]
    if (flow === null || call === null || !frame || !action || frame.inside === null) return null
    const raw = withDefaults(action.type as LiveVerb, action.option)
    const variables = (): Variables => ({ ...flow.variables, ...flow.system, [LAST_RESULT]: flow.last })
    const option = substituted(raw, variables)
    return { action, option, raw, at: frame.at, inside: frame.inside, variables, flow, call, now: this.at }
  }

  ask({ action }: Step, { untilMs, option, music = [] }: Extract<Outcome, { do: 'ask' }>): void {
    const { flow } = this
    if (flow === null) return
    const ask = flow.asks + 1
    const holdsMs = music.length > 0 ? Math.min(this.#holdsMs, MUSIC_HELD_MS) : this.#holdsMs
    const heldUntilMs = this.#asking ? this.at + holdsMs : flow.heldUntilMs
    const verb = action.type as LiveVerb
    const stepId = action.id
    const personal = { option }
    const mask = verb === 'mask_connect' ? { mask: String(option.mask_id) } : {}
    this.add({ type: 'flow-outside-asked', at: this.at, ask, stepId, verb, untilMs, heldUntilMs, ...mask, personal })
    const token = this.token()
    const idle = this.page.empty
    this.page.add([heardMeanwhile(music), { kind: 'continue', token }], false)
    this.turn({ for: 'outside', ask, untilMs }, idle)
  }

  owe(action: Action, option: Option): void {
    const { flow } = this
    if (flow === null) return
    const deed = flow.asks + 1
    const verb = action.type as LiveVerb
    this.add({ type: 'flow-deed-owed', at: this.at, deed, stepId: action.id, verb, personal: { option } })
  }

  /** The ask of its frame is that of the step that wanted the agent. */
  engage({ order, untilMs }: Extract<Outcome, { do: 'engage' }>): void {
    const ask = this.flow?.frames.at(-1)?.ask
    if (ask == null) return
    this.add({ type: 'flow-agent-engaged', at: this.at, ask, order, untilMs })
    this.turn({ for: 'agent', ask, untilMs })
  }

  endStep(action: Action, result: string, next: Place): void {
    const word = result.slice(0, RESULT_CHARS_MAX)
    this.add({
      type: 'flow-step-ended',
      at: this.at,
      stepId: action.id,
      verb: action.type as LiveVerb,
      result: word,
      next,
    })
  }

  /** Leaves the frames above a place; the steps that had fetched them are over with them. */
  climbTo(place: Place): void {
    for (let flow = this.flow; flow !== null && flow.frames.length - 1 > place.depth; flow = this.flow) {
      this.leave(flow.frames.length - 1)
      const step = this.step()
      const depth = flow.frames.length - 2
      if (step === null) return
      this.endStep(step.action, 'left', depth === place.depth ? place : { depth, at: step.at + 1 })
    }
  }

  /** Leaves this frame and those above it. `answered`: the ask whose own answer wants it, so that it need not be told. */
  leave(depth: number, answered: number | null = null): void {
    const { flow } = this
    if (flow === null) return
    const asking = actionAt(flow, flow.frames.length - 1)
    if (flow.waiting?.for === 'outside' && asking !== null)
      this.close(flow.waiting.ask, asking.type as LiveVerb, 'left')
    for (let at = flow.frames.length - 1; at >= Math.max(depth, 1); at -= 1) {
      const ask = flow.frames[at]?.ask ?? null
      const caller = actionAt(flow, at - 1)
      if (ask === null || caller === null) continue
      const by = ask === answered ? 'outside' : 'flow'
      const verb = caller.type as LiveVerb
      this.add({ type: 'flow-stack-left', at: this.at, ask, verb, by, ...this.#whereOf(caller, flow.programs[at]) })
    }
  }

  /** A variable that cannot be set is noted, and the flow goes on with what it has. */
  set(key: string, value: string): void {
    const { flow } = this
    if (flow === null) return
    const system = isReserved(key)
    const known = system ? flow.system : flow.variables
    if (known[key] === value) return
    const next = system ? withSystemVariable(known, key, value) : withVariable(known, key, value)
    if (typeof next !== 'string') this.add({ type: 'flow-variable-set', at: this.at, key, personal: { value } })
    else this.add({ type: 'flow-variable-refused', at: this.at, key: key.slice(0, RESULT_CHARS_MAX), because: next })
  }
}

/** It ends, so that the carrier asks again: an answer that came just when the reply went out has no redirect. */
function heardMeanwhile(music: readonly string[]): Instruction {
  return music.length > 0 ? { kind: 'play', urls: [...music] } : { kind: 'wait', ms: HOLDING_MS }
}
