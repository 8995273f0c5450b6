/**
 * What every running flow must keep, checked after every commit. It follows the facts by itself, so that a machine that forgets a step,
 * asks twice or leaves a caller in silence is found out by its own history.
 */
import { call } from '../../src/core/call/call.ts'
import { flowGrowing } from '../../src/core/call/flow/growing.ts'
import { PAGES_KEPT, SMALL_BYTES_MAX, tokenOf } from '../../src/core/call/flow/state.ts'
import { instructionsFor } from '../../src/core/call/instruction.ts'
import type { CallEffect, CallFact, CallInput, CallState } from '../../src/core/call/state.ts'
import { type Action, bytesOf, DEPTH_MAX, EXECUTED_AT_ONCE_MAX, EXECUTED_MAX } from '../../src/core/flow/flow.ts'
import { ALL_BYTES_MAX, VARIABLES_MAX } from '../../src/core/flow/variables.ts'
import type { Instruction, Instructions } from '../../src/core/instruction/instruction.ts'
import { step } from '../../src/core/machine.ts'

const CALL_ID = 'w_laws.call_1'
const SPOKEN = { safeHarbour: [], voicemail: [], apology: 'apology', music: '' }
export const APOLOGY = 'This is the apology.'
/** Who lets go of a caller when the flow leaves them. */
const CONNECTING = [
  'connect',
  'transfer',
  'queue_join',
  'confbridge_join',
  'conference_join',
  'mask_connect',
  'ai_talk',
  'ai_agent',
]
const ASKING = ['flow-ask-neighbour', 'flow-ask-stranger', 'flow-record']
const TELLING = ['flow-tell-neighbour', 'flow-tell-stranger', 'flow-stop-recording']
/** Inputs at which the carrier waits for the answer. */
const CARRIERS = ['flow.asked', 'flow.dialed', 'flow.begin']
/** What a carrier may stop at; behind anything else there would be nothing, and the call would fall. */
const LASTING: Instruction['kind'][] = ['continue', 'gather', 'dial', 'hang-up', 'reject', 'stream']

const ROW_BYTES_MAX = 64 * 1024

export class Broken extends Error {}
function law(holds: boolean, what: string): void {
  if (!holds) throw new Broken(what)
}

/** A frame, as the facts tell it. */
interface Followed {
  ask: number | null
  actions: readonly Action[]
  at: number
  inside: string | null
  /** asks and deeds of this visit of the step, in this half of it */
  effects: number
  counts: Record<number, number>
}
const frameOf = (ask: number | null, actions: readonly Action[]): Followed => ({
  ...{ ask, actions, at: 0, inside: null, effects: 0, counts: {} },
})

export function hearing(state: CallState, token: string | null = null): Instructions {
  return instructionsFor(state, CALL_ID, SPOKEN, token)
}

export class FlowWatch {
  state: CallState
  #frames: Followed[] = []
  #repeats = new Set<number>()
  /** asks and deeds by their number: the effect that it led to */
  readonly #effects = new Map<number, string>()
  /** asks of a connecting verb that nobody has let go of yet */
  #open = new Set<number>()
  /** what a token got when its page was performed */
  #given: { token: string; heard: string }[] = []
  /** the token whose reply is held back; null: none is */
  #held: string | null = null
  #ended = 0
  #atOnce = 0
  /** the step that was over last */
  #over: Action | undefined
  facts: CallFact[] = []

  constructor(state: CallState = call.initial) {
    this.state = state
  }

  /** A copy that goes its own way. */
  fork(): FlowWatch {
    const copy = new FlowWatch(this.state)
    copy.#frames = this.#frames.map(frame => ({ ...frame }))
    copy.#repeats = new Set(this.#repeats)
    for (const [number, effect] of this.#effects) copy.#effects.set(number, effect)
    copy.#open = new Set(this.#open)
    copy.#given = [...this.#given]
    copy.#held = this.#held
    copy.#ended = this.#ended
    copy.#over = this.#over
    copy.#atOnce = this.#atOnce
    copy.facts = this.facts
    return copy
  }

  /** Commits, crashes, and goes on with what was stored. Throws `Broken` with the first law that does not hold. */
  commit(input: CallInput): CallEffect[] {
    const before = this.state
    this.#release(input.at)
    const { state, facts, effects } = step(call, before, input)
    const stored = JSON.parse(JSON.stringify(facts)) as CallFact[]
    const rebuilt = stored.reduce((one, fact) => call.evolve(one, call.upcast?.(fact as never) ?? fact), before)
    law(same(rebuilt, state), 'the state is that of its facts')
    law(same(fromRows(rebuilt), rebuilt), 'the state is that of its rows')
    this.state = fromRows(rebuilt)
    this.facts = [...this.facts, ...stored]
    law(facts.length === 0 || !isStale(input, before), 'an answer to an ask that is over changes nothing')
    for (const fact of stored) this.#follow(fact)
    this.#judgeEffects(stored, effects)
    this.#judgeState(before)
    this.#judgeHearing(input, stored, effects, before)
    this.#judgeRepeat(input)
    return effects
  }

  #follow(fact: CallFact): void {
    const top = this.#frames.at(-1)
    law(this.#ended === 0 || !fact.type.startsWith('flow-'), 'nothing comes after the end of a flow')
    switch (fact.type) {
      case 'flow-created':
        this.#frames = [frameOf(null, fact.actions)]
        return
      case 'flow-stack-pushed':
        if (fact.repeats) this.#repeats.add(this.#frames.length)
        this.#frames.push(frameOf(fact.ask, fact.actions))
        return
      case 'flow-stack-left': {
        law(top?.ask === fact.ask, 'frames are left from the top')
        this.#repeats.delete(this.#frames.length - 1)
        this.#frames.pop()
        if (fact.by === 'outside') this.#open.delete(fact.ask)
        return
      }
      case 'flow-step-entered':
        law(top !== undefined && fact.depth === this.#frames.length - 1, 'steps are entered in the top frame')
        law(top?.inside === null, `a step is over before the next one: ${top?.inside} before ${fact.stepId}`)
        law(
          top?.actions[top.at]?.id === fact.stepId,
          `no step is lost: ${top?.actions[top?.at ?? 0]?.id} before ${fact.stepId}`,
        )
        if (top) Object.assign(top, { inside: fact.stepId, effects: 0 })
        this.#atOnce += 1
        return law(this.#atOnce <= EXECUTED_AT_ONCE_MAX, 'the outside is waited for after a hundred steps at most')
      case 'flow-page-done':
      case 'flow-outside-answered':
        this.#atOnce = 0
        return
      case 'flow-step-continued':
        if (top) top.effects = 0
        return
      case 'flow-outside-asked':
      case 'flow-deed-owed':
        law(top?.inside === fact.stepId, 'a step does only what it is in')
        if (top) top.effects += 1
        return law(top?.effects === 1, `${fact.stepId} does one thing at a time`)
      case 'flow-loop-counted': {
        const count = (top?.counts[top.at] ?? 0) + 1
        if (top) top.counts = { ...top.counts, [top.at]: fact.count }
        return law(fact.count === count, 'jumps are counted one by one')
      }
      case 'flow-step-ended':
        return this.#stepEnded(fact)
      case 'flow-ended':
        this.#ended += 1
        law(
          fact.reason !== 'failed' || this.#over?.option.error_target_id === undefined,
          'a step with an error branch does not end its flow',
        )
        law(this.#frames.length <= 1, 'no frame outlives its flow')
        return
      default:
        return
    }
  }

  #stepEnded({ stepId, result, next }: Extract<CallFact, { type: 'flow-step-ended' }>): void {
    const top = this.#frames.at(-1)
    law(top?.inside === stepId, 'only a step that has begun is over')
    law(next.depth === this.#frames.length - 1, 'a step leads on in its own frame')
    if (top === undefined) return
    const action = top.actions[top.at]
    this.#over = action
    const targets = JSON.stringify([action?.option, action?.next_id])
    const lead = top.actions[next.at]?.id ?? ''
    const wraps = next.at === 0 && this.#repeats.has(this.#frames.length - 1)
    const ordinary = next.at === top.at + 1 || next.at === top.actions.length || wraps
    // A step whose stack led somewhere else is named by a step of that stack, which is gone.
    const named = result === 'left' || (lead !== '' && targets.includes(JSON.stringify(lead)))
    law(ordinary || named, `${stepId} names where it leads`)
    top.at = next.at
    top.inside = null
  }

  #judgeEffects(facts: CallFact[], effects: CallEffect[]): void {
    const asked = facts.flatMap(fact => (fact.type === 'flow-outside-asked' ? [fact] : []))
    const owed = facts.flatMap(fact => (fact.type === 'flow-deed-owed' ? [fact] : []))
    const numbers = effects.flatMap(effect =>
      ASKING.includes(effect.type) && 'ask' in effect ? [[effect.ask, effect.type] as const] : [],
    )
    const deeds = effects.flatMap(effect =>
      TELLING.includes(effect.type) && 'deed' in effect ? [[effect.deed, effect.type] as const] : [],
    )
    const silent = asked.filter(({ verb }) => verb === 'amd' || verb === 'block').length
    law(numbers.length === asked.length - silent, 'each ask has one effect')
    law(deeds.length === owed.length, 'each deed has one effect')
    for (const [number, type] of [...numbers, ...deeds]) {
      law(!this.#effects.has(number), `number ${number} is effected once: ${this.#effects.get(number)}, ${type}`)
      this.#effects.set(number, type)
    }
    for (const { ask, verb } of asked) if (CONNECTING.includes(verb)) this.#open.add(ask)
    for (const fact of facts) {
      if (fact.type !== 'flow-outside-answered' || fact.answer === 'steps') continue
      if (fact.answer !== 'timed-out' && fact.answer !== 'left') this.#open.delete(fact.ask)
    }
    for (const effect of effects) if (effect.type === 'flow-leave') this.#open.delete(effect.ask)
  }

  #judgeState({ flow: was }: CallState): void {
    const { flow, call: life } = this.state
    if (flow === null) return
    law(life.phase !== 'over' || flow.phase === 'over', 'the end of the call ends the flow')
    law(flow.pages.length <= PAGES_KEPT, 'only the last pages are kept')
    if (flow.phase === 'over') {
      law(this.#open.size === 0, `whoever connects is told to let go: ${[...this.#open]}`)
      return
    }
    law(flow.executed <= EXECUTED_MAX && flow.atOnce <= EXECUTED_AT_ONCE_MAX, 'the limits of steps hold')
    law(flow.frames.length <= DEPTH_MAX && flow.frames.length === flow.programs.length, 'the depth holds')
    law(Object.keys(flow.variables).length <= VARIABLES_MAX, 'the number of variables holds')
    law(
      JSON.stringify(flow.variables).length * 3 <= ALL_BYTES_MAX || bytesOf(flow.variables) <= ALL_BYTES_MAX,
      'the size of variables holds',
    )
    law(bytesOf(flowGrowing.rest(this.state)) <= SMALL_BYTES_MAX, 'the state is small')
    for (const row of flowGrowing.rowsOf(this.state).values())
      law(JSON.stringify(row).length * 3 <= ROW_BYTES_MAX || bytesOf(row) <= ROW_BYTES_MAX, 'each row is small')
    law(
      flow.frames.every((frame, depth) => frame.at === this.#frames[depth]?.at),
      'the places are those of the facts',
    )
    law(was === null || was.phase === 'over' || flow.page >= was.page, 'pages go forward')
    const open = new Set(flow.frames.map(({ ask }) => ask))
    const waited = flow.waiting?.for === 'outside' ? flow.waiting.ask : null
    for (const ask of this.#open) law(open.has(ask) || ask === waited, `ask ${ask} is open, or was let go`)
  }

  /** The caller hears something that lasts, and the carrier hears of it. */
  #judgeHearing(input: CallInput, facts: CallFact[], effects: CallEffect[], before: CallState): void {
    const { flow, call: life } = this.state
    if (flow === null || life.phase !== 'live') return
    if (flow.phase === 'over') {
      if (flow.reason === 'taken-away') return
      const heard = hearing(this.state)
      law(['hang-up', 'reject'].includes(heard.at(-1)?.kind ?? ''), 'the end of a flow ends the call')
      const sorry = ['failed', 'too-many-at-once', 'too-many-steps'].includes(flow.reason)
      law(!sorry || heard.some(one => one.kind === 'say' && one.text === APOLOGY), 'what fails says the apology')
    } else if (flow.phase === 'running') {
      law(flow.waiting !== null, 'a running flow waits for somebody')
      const last = hearing(this.state).at(-1)
      const forever = last?.kind === 'play' && last.forever === true
      law(last !== undefined && (LASTING.includes(last.kind) || forever), `the carrier comes back: ${last?.kind}`)
      if (flow.waiting?.for === 'outside')
        law((call.deadline(this.state) ?? Infinity) <= flow.waiting.untilMs, 'the outside is waited for until a time')
    }
    const made = facts.findLast(fact => fact.type === 'flow-page-made')
    if (made?.type === 'flow-page-made' && made.waiting?.for === 'outside')
      law(
        made.personal.instructions.every(({ kind }) => kind === 'wait' || kind === 'play' || kind === 'continue'),
        'what comes before an ask is heard before it',
      )
    this.#judgeRedirect(input, facts, effects, before)
  }

  #judgeRedirect(input: CallInput, facts: CallFact[], effects: CallEffect[], before: CallState): void {
    const page = facts.findLast(fact => fact.type === 'flow-page-made')
    const was = before.flow
    if (page?.type !== 'flow-page-made' || was === null || was.phase === 'over') return
    const redirects = effects.filter(effect => effect.type === 'redirect-call').length
    if (CARRIERS.includes(input.type)) return law(redirects === 0, 'a carrier that asks gets no redirect')
    const silence = (heard: Instructions) =>
      heard.length > 0 && heard.every(({ kind }) => kind === 'wait' || kind === 'continue')
    const held = input.at < was.heldUntilMs
    const idle = was.page === 0 || held || (silence(hearing(before)) && silence(page.personal.instructions))
    law(redirects === (idle ? 0 : 1), 'a carrier with an old page is redirected, and no other')
  }

  /** Asked again, the same, and nothing is done. */
  #judgeRepeat(input: CallInput): void {
    const { flow } = this.state
    if (flow === null) return
    law(same(hearing(this.state), hearing(this.state)), 'asked twice, the same answer')
    if (input.type === 'flow.asked' && input.token !== null && input.token !== tokenOf(flow.page)) {
      const again = step(call, this.state, input)
      law(again.facts.length === 0 && again.effects.length === 0, 'a repeated question changes nothing')
      this.#remember(input.token, input.at)
    }
    if (input.type === 'flow.asked' && input.token === null)
      law(step(call, this.state, input).facts.length === 0, 'a question without a token changes nothing')
    this.#goesOut()
    const kept = new Set(flow.pages.map(({ follows }) => follows))
    for (const { token, heard } of this.#given)
      if (kept.has(Number(token.slice('flow-'.length))) && this.state.call.phase === 'live' && flow.phase !== 'over')
        law(
          flow.waiting?.for === 'agent' || JSON.stringify(hearing(this.state, token)) === heard,
          'an old token gets its stored answer',
        )
  }

  #remember(token: string, at: number): void {
    const { flow, call: life } = this.state
    if (flow === null || life.phase !== 'live' || this.#given.some(one => one.token === token)) return
    const done =
      this.facts.at(-1)?.type !== undefined && flow.pages.some(({ follows }) => tokenOf(follows ?? -1) === token)
    if (!done || (flow.phase !== 'over' && flow.waiting?.for === 'agent')) return
    if (isHeld(this.state, at)) this.#held = token
    else this.#give(token)
  }

  #give(token: string): void {
    this.#given = [...this.#given.slice(-8), { token, heard: JSON.stringify(hearing(this.state, token)) }]
  }

  /** The reply that is held back has waited long enough, and goes out as it is. */
  #release(at: number): void {
    if (this.#held === null || isHeld(this.state, at)) return
    this.#give(this.#held)
    this.#held = null
  }

  /** The page that it was held back for is there. */
  #goesOut(): void {
    const { flow, call: life } = this.state
    const token = this.#held
    if (token === null || flow === null || life.phase !== 'live') return
    if (flow.phase !== 'over' && flow.heldUntilMs > 0) return
    this.#held = null
    // What an AI agent's leg hears is not the flow's to say.
    if (flow.phase !== 'over' && flow.waiting?.for === 'agent') return
    const heard = JSON.stringify(hearing(this.state, token))
    law(heard === JSON.stringify(hearing(this.state)), 'a reply that was held back brings what it was held back for')
    this.#give(token)
  }
}

function isHeld({ flow }: CallState, at: number): boolean {
  return flow !== null && flow.phase !== 'over' && flow.waiting?.for === 'outside' && at < flow.heldUntilMs
}

/** Nobody waits for this answer, and no steps run that came with an earlier one. */
function isStale(input: CallInput, { flow }: CallState): boolean {
  if (input.type !== 'flow.answered' || flow === null) return false
  if (flow.phase === 'over') return true
  const waited = flow.waiting?.for === 'outside' ? flow.waiting.ask : null
  return input.ask !== waited && !flow.frames.some(({ ask }) => ask === input.ask)
}

/** As the shell stores it and reads it again. */
function fromRows(state: CallState): CallState {
  const rows = [...flowGrowing.rowsOf(state)].map(([key, row]) => [key, JSON.parse(JSON.stringify(row))] as const)
  const rest = JSON.parse(JSON.stringify(flowGrowing.rest(state))) as CallState
  return flowGrowing.grows?.(rest) ? flowGrowing.whole(rest, new Map(rows)) : rest
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

/** Without the order of fields, and without those that are undefined. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]))
}
