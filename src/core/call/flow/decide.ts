/** What a running flow decides: it goes from step to step until somebody has to be waited for, and writes down what the caller hears. */
import { checkFlow } from '../../flow/check.ts'
import { type Action, bytesOf, DEPTH_MAX, EXECUTED_AT_ONCE_MAX, EXECUTED_MAX, FLOW_BYTES_MAX } from '../../flow/flow.ts'
import { type LiveVerb, verbOf } from '../../flow/verbs/table.ts'
import type { Instruction } from '../../instruction/instruction.ts'
import { assert, unreachable } from '../../machine.ts'
import type { FactOf, InputOf, Making } from '../../parts.ts'
import type { LiveCall } from '../life/state.ts'
import type { CallState, PartFact, PartInput } from '../state.ts'
import { CALL_DIGITS } from './keys.ts'
import { isQuiet } from './page-draft.ts'
import { placeOf, wrapped } from './places.ts'
import { type Answer, type Outcome, over, type Step, say, stepIn } from './run/runner.ts'
import { RUN } from './run/table.ts'
import { type EndReason, type LiveFlow, type OutsideAnswer, pageOfToken } from './state.ts'
import { FlowWriter, RESULT_CHARS_MAX } from './writer.ts'

type Input = InputOf<'flow', PartInput>
type Fact = FactOf<'flow', PartFact>
/** Why steps that came as an answer do not run. */
export const REFUSED = { wrong: 'wrong-steps', deep: 'too-deep', unasked: 'no-steps-wanted' } as const
/** More variables of one answer are not set. */
const ANSWER_VARIABLES_MAX = 50

export class FlowDecision {
  readonly #w: FlowWriter

  /**
   * `asking`: the carrier wants instructions at this moment, so it gets the next page without a redirect. `holdsMs`: so long its
   * reply waits for an answer of the outside.
   */
  constructor(making: Making<CallState, Fact>, asking = false, holdsMs = 0) {
    this.#w = new FlowWriter(making, asking, holdsMs)
  }

  begin({ order }: Extract<Input, { type: 'flow.begin' }>): void {
    if (this.#w.call === null || !this.#w.fresh) return
    assert(bytesOf(order.actions) <= FLOW_BYTES_MAX, 'a flow that was never checked')
    const { variables, system, ...known } = order
    this.#w.add({ type: 'flow-created', at: this.#w.at, ...known, personal: { variables, system } })
    this.startIfDue()
  }

  /** A call that somebody brings begins at once: its flow answers it. One that we place begins with its answer. */
  startIfDue(): void {
    const { call, flow } = this.#w
    if (call === null || flow?.phase !== 'ready') return
    const brought = call.links.kind === 'inbound' || call.links.kind === 'browser'
    if (!brought && call.answeredAt === null) return
    const { activeflowId, flowId, version } = flow
    this.#w.add({ type: 'flow-started', at: this.#w.at, activeflowId, flowId, version })
    this.#run()
  }

  /** After every input of the call: it may have been answered, judged or ended. */
  settle(): void {
    const { flow, call } = this.#w
    if (flow === null) return
    if (call === null) return this.#end('call-over', null)
    if (this.#w.handedOver) return this.#end('taken-away', null)
    this.startIfDue()
    this.#rung()
    if (flow.waiting?.for !== 'outside' || flow.verdict === null) return
    if (this.#w.step()?.action.type !== 'amd') return
    this.#w.close(flow.waiting.ask, 'amd', flow.verdict)
    this.#resume({ of: 'outside', answer: { is: 'result', result: flow.verdict } })
  }

  /** What the agent has said whom a step wants. Their own line may be lost later, or they hang up: the step is over then. */
  #rung(): void {
    const { ring, flow } = this.#w
    if (ring === null || ring.ask === null || flow === null) return
    const { ask, room, stage, because } = ring
    const waits = flow.waiting?.for === 'outside' && flow.waiting.ask === ask
    if (stage === 'over') return this.answered(ask, { is: 'result', result: because ?? 'failed' })
    if (stage !== 'taken' || !waits) return
    // There is one flow on a call, so its id is the call's.
    const join = { type: 'join_room', option: { room, call_id: flow.activeflowId, role: 'customer' } }
    this.answered(ask, { is: 'steps', actions: [join] })
  }

  asked({ token, digits = '', recordedMs = 0 }: Extract<Input, { type: 'flow.asked' }>): void {
    const { flow } = this.#w
    if (flow?.waiting?.for !== 'carrier' || flow.waiting.expects === 'dial') return
    if (token === null || pageOfToken(token) !== flow.page) return
    const heard = [...digits.slice(0, 100)].filter(key => /[0-9A-D*#]/.test(key)).join('')
    this.#pageDone({ of: 'carrier', digits: heard, recordedMs: Math.max(0, recordedMs) })
  }

  dialed({ end }: Extract<Input, { type: 'flow.dialed' }>): void {
    const { flow } = this.#w
    if (flow?.waiting?.for === 'carrier' && flow.waiting.expects === 'dial') this.#pageDone({ of: 'dial', end })
  }

  #pageDone(answer: Answer): void {
    const { flow } = this.#w
    if (flow === null) return
    this.#w.pageDone(flow.page)
    if (flow.frames.at(-1)?.inside != null) return this.#resume(answer)
    if (answer.of === 'carrier' && answer.digits !== '') this.#w.set(CALL_DIGITS, answer.digits)
    this.#run()
  }

  /** An answer of the outside, to the ask that is waited for or to one whose steps run now. */
  answered(ask: number, answer: OutsideAnswer): void {
    const { flow } = this.#w
    if (flow?.phase !== 'running') return
    const waits = flow.waiting?.for === 'outside' && flow.waiting.ask === ask
    const depth = flow.frames.findIndex(frame => frame.ask === ask)
    const keys = !waits && depth < 0 && answer.is === 'result' && this.#keysFor(ask)
    if (!waits && !keys && depth < 0) return
    if (!waits && !keys) this.#w.leave(depth, ask)
    const step = this.#w.step()
    if (step === null) return
    const stack = answer.is === 'steps' ? this.#stackOf(step, answer.actions) : null
    const word = typeof stack === 'string' ? stack : wordOf(answer)
    this.#w.close(ask, step.action.type as LiveVerb, word)
    const variables = answer.is === 'failed' ? {} : (answer.variables ?? {})
    for (const [key, value] of Object.entries(variables).slice(0, ANSWER_VARIABLES_MAX)) this.#w.set(key, value)
    if (answer.is !== 'steps') return this.#resume({ of: 'outside', answer: cut(answer) })
    if (stack === null || typeof stack === 'string')
      return this.#resume({ of: 'outside', answer: { is: 'failed', because: word } })
    const repeats = answer.repeats ?? false
    this.#w.add({ type: 'flow-stack-pushed', at: this.#w.at, ask, repeats, actions: stack })
    this.#run()
  }

  /** The caller keys what this ask wanted to know. Whoever wanted it may say meanwhile that it is not wanted any more. */
  #keysFor(ask: number): boolean {
    const { flow } = this.#w
    const step = this.#w.step()
    if (flow?.waiting?.for !== 'carrier' || flow.asks !== ask || step === null) return false
    return verbOf(step.action.type as LiveVerb).class === 'connects' && step.inside.half === 2
  }

  /** The steps that came as an answer, checked; a text: why they cannot run. */
  #stackOf({ action, flow }: Step, given: readonly unknown[]): Action[] | string {
    if (verbOf(action.type as LiveVerb).class !== 'connects') return REFUSED.unasked
    if (flow.frames.length >= DEPTH_MAX) return REFUSED.deep
    const fetched = action.type === 'fetch' ? 'by-others' : 'by-us'
    const { errors, actions } = checkFlow(given, { call: true, fetched })
    return errors.length > 0 ? REFUSED.wrong : actions
  }

  resumed(): void {
    const { flow } = this.#w
    const step = this.#w.step()
    if (flow?.waiting?.for === 'outside' && step?.action.type === 'block')
      this.answered(flow.waiting.ask, { is: 'result', result: 'resumed' })
  }

  endWanted(hangsUp: boolean): void {
    if (this.#w.flow !== null) this.#end(hangsUp ? 'stopped' : 'taken-away', null)
  }

  strike(): void {
    const { flow } = this.#w
    const waiting = flow?.waiting
    if (waiting == null || waiting.for === 'carrier' || waiting.untilMs === null || this.#w.at < waiting.untilMs) return
    const step = this.#w.step()
    if (step === null) return
    this.#w.close(waiting.ask, step.action.type as LiveVerb, 'timed-out')
    this.#resume({ of: 'time' })
  }

  /** Goes on until somebody has to be waited for. */
  #run(): void {
    for (;;) {
      const { flow } = this.#w
      const frame = flow?.frames.at(-1)
      if (flow === null || frame === undefined) return
      const action = flow.programs.at(-1)?.[frame.at]
      if (action === undefined) {
        if (!this.#frameOver(flow)) return
        continue
      }
      const verb = action.type as LiveVerb
      if (this.#turnsPage(action, verb, frame.repeats && frame.at === 0)) return
      if (flow.executed >= EXECUTED_MAX) return this.#end('too-many-steps', action.id)
      if (flow.atOnce >= EXECUTED_AT_ONCE_MAX) return this.#end('too-many-at-once', action.id)
      const depth = flow.frames.length - 1
      this.#w.add({ type: 'flow-step-entered', at: this.#w.at, stepId: action.id, verb, depth })
      const step = this.#w.step()
      if (step === null || !this.#goesOn(step, RUN[verb].begin(step))) return
    }
  }

  /** The last step of a frame is done. False: the flow is over, or waits. */
  #frameOver(flow: LiveFlow): boolean {
    if (flow.frames.length === 1) {
      this.#end('finished', null)
      return false
    }
    this.#w.leave(flow.frames.length - 1)
    const step = this.#w.step()
    return step !== null && this.#goesOn(step, this.#after(step, { of: 'stack', result: flow.last }))
  }

  /** What was written is heard before this step. True: the page is closed, and the step comes when the carrier is back. */
  #turnsPage(action: Action, verb: LiveVerb, anew: boolean): boolean {
    const page = this.#w.page
    if (page.empty) return false
    const bargeable = action.option.digits_handle === 'next'
    const takes = verb === 'digits_receive' || verb === 'menu' || verb === 'callback_offer'
    const before =
      anew || page.full || verbOf(verb).afterSound === true || (page.prompt.length > 0 && !bargeable && !takes)
    if (!before) return false
    const token = this.#w.token()
    const keys = page.closePrompt(token)
    if (!keys) page.add([{ kind: 'continue', token }], false)
    this.#w.turn({ for: 'carrier', expects: keys ? 'keys' : 'nothing' })
    return true
  }

  #after(step: Step, answer: Answer): Outcome {
    const runner = RUN[step.action.type as LiveVerb]
    return runner.after ? runner.after(step, answer) : over(answer)
  }

  #resume(answer: Answer): void {
    const step = this.#w.step()
    if (step !== null) this.#apply(step, this.#after(step, answer))
  }

  #apply(step: Step, outcome: Outcome): void {
    if (this.#goesOn(step, outcome)) this.#run()
  }

  /** Does what a step wants. True: the flow goes on at once. */
  #goesOn(step: Step, outcome: Outcome): boolean {
    for (const [key, value] of outcome.sets ?? []) this.#w.set(key, value)
    const { action } = step
    switch (outcome.do) {
      case 'play':
        this.#w.page.add(outcome.instructions, outcome.bargeable ?? false)
        return this.#done(action, outcome.result)
      case 'listen': {
        const token = this.#w.token()
        const prompt = outcome.take ? this.#w.page.takePrompt() : []
        this.#w.page.add(outcome.listen(token, prompt), false)
        const { expects, box } = outcome
        this.#w.turn({ for: 'carrier', expects, ...(box === undefined ? {} : { box }) })
        return false
      }
      case 'again':
        this.#w.add({ type: 'flow-step-continued', at: this.#w.at, stepId: action.id, inside: outcome.inside })
        return this.#goesOn(step, outcome.want)
      case 'ask':
        this.#w.ask(step, outcome)
        return false
      case 'next':
        return this.#done(action, outcome.result)
      case 'jump':
        return this.#jump(step, outcome)
      case 'owe':
        this.#w.owe(action, outcome.option)
        return this.#done(action, outcome.result)
      case 'engage':
        this.#w.engage(outcome)
        return false
      case 'end':
        this.#end(outcome.reason, action.id, outcome.because)
        return false
      case 'fail':
        return this.#fail(step, outcome.because)
      default:
        return unreachable(outcome)
    }
  }

  /** The step is over, and the next one comes. */
  #done(action: Action, result: string, to: string | undefined = action.next_id): boolean {
    const { flow } = this.#w
    if (flow === null) return false
    const depth = flow.frames.length - 1
    const at = flow.frames[depth]?.at ?? 0
    const next = to === undefined ? { depth, at: at + 1 } : placeOf(flow, to, at)
    if (next === null) {
      // Only steps from outside can name a step that there is not.
      const step = this.#w.step()
      return step !== null && this.#fail(step, 'no-such-step', true)
    }
    const own = next.depth === depth ? wrapped(flow, next) : { depth, at: at + 1 }
    this.#w.endStep(action, result, own)
    if (next.depth < depth) this.#w.climbTo(next)
    return true
  }

  #jump({ action }: Step, { to, result, count }: Extract<Outcome, { do: 'jump' }>): boolean {
    if (count !== undefined) this.#w.add({ type: 'flow-loop-counted', at: this.#w.at, stepId: action.id, count })
    return this.#done(action, result, to ?? action.next_id)
  }

  /**
   * The caller never hears dead air. The step has an error branch, or its verb may fail, or the step that had fetched it fails with it, or
   * an apology is said. `stuck`: its branch is what failed.
   */
  #fail(step: Step, because: string, stuck = false): boolean {
    const { action, option } = step
    const to = stuck ? undefined : stepIn(option, 'error_target_id')
    if (to !== undefined || (!stuck && verbOf(action.type as LiveVerb).tolerant))
      return this.#done(action, because, to ?? action.next_id)
    const depth = (this.#w.flow?.frames.length ?? 1) - 1
    if (depth > 0) {
      this.#w.endStep(action, because, { depth, at: step.at + 1 })
      this.#w.leave(depth)
      const below = this.#w.step()
      if (below !== null) return this.#fail(below, because)
    }
    this.#end('failed', action.id, because)
    return false
  }

  #end(reason: EndReason, stepId: string | null, because = ''): void {
    const { flow, call } = this.#w
    if (flow === null) return
    const heard = call === null || reason === 'taken-away' ? null : this.#lastWords(reason, because, flow, call)
    const step = this.#w.step()
    if (step !== null && stepId !== null && step.action.id === stepId)
      this.#w.endStep(step.action, because === '' ? reason : because, {
        depth: flow.frames.length - 1,
        at: step.at + 1,
      })
    this.#w.leave(1)
    if (heard !== null) {
      this.#w.page.closePrompt(this.#w.token())
      this.#w.page.add(heard, false)
      this.#w.turn(null)
    }
    this.#w.add({ type: 'flow-ended', at: this.#w.at, reason, stepId })
  }

  #lastWords(reason: EndReason, because: string, flow: LiveFlow, call: LiveCall): Instruction[] {
    const sorry = reason === 'failed' || reason === 'too-many-at-once' || reason === 'too-many-steps'
    if (sorry) return [say(flow.apology, { language: flow.language }), { kind: 'hang-up' }]
    const unanswered = call.answeredAt === null && flow.quiet && isQuiet(this.#w.page.instructions)
    if (!unanswered || this.#w.page.prompt.length > 0) return [{ kind: 'hang-up' }]
    return [{ kind: 'reject', reason: because === 'busy' ? 'busy' : 'refused' }]
  }
}

export function decideFlow(making: Making<CallState, Fact>, input: Input): void {
  switch (input.type) {
    case 'flow.begin':
      return new FlowDecision(making, true, input.holdsMs).begin(input)
    case 'flow.asked':
      return new FlowDecision(making, true, input.holdsMs).asked(input)
    case 'flow.dialed':
      return new FlowDecision(making, true).dialed(input)
    case 'flow.answered':
      return new FlowDecision(making).answered(input.ask, input.answer)
    case 'flow.resumed':
      return new FlowDecision(making).resumed()
    case 'flow.end-wanted':
      return new FlowDecision(making).endWanted(input.hangsUp)
    default:
      return unreachable(input)
  }
}

function wordOf(answer: OutsideAnswer): string {
  return answer.is === 'steps' ? 'steps' : answer.is === 'failed' ? answer.because : answer.result
}

/** An answer with its texts cut, because they come from outside. */
function cut(answer: Exclude<OutsideAnswer, { is: 'steps' }>): Exclude<OutsideAnswer, { is: 'steps' }> {
  return answer.is === 'failed'
    ? { is: 'failed', because: answer.because.slice(0, RESULT_CHARS_MAX) }
    : { is: 'result', result: answer.result.slice(0, RESULT_CHARS_MAX) }
}
