/**
 * A call in virtual time: the real machine, a pretend carrier that performs each page as it is written, a caller by script, and an
 * outside by script. Nothing leaves the computer, and hours pass at once.
 */
import { call } from '../../call/call.ts'
import type { FlowEffect, FlowFact } from '../../call/flow/state.ts'
import { instructionsFor } from '../../call/instruction.ts'
import type { CallEffect, CallFact, CallInput, CallLinks, CallState, ProviderStatus } from '../../call/state.ts'
import type { Instruction, Instructions } from '../../instruction/instruction.ts'
import { step, unreachable } from '../../machine.ts'
import { isOf } from '../../parts.ts'
import type { Action } from '../flow.ts'
import { startingVariables } from '../variables.ts'
import { outsideAnswerTo } from './pretend-outside.ts'
import type { CallerAct, Line, OutsideAct, Scenario } from './words.ts'

const CALL_ID = 'w_scenario.call_1'
const PROVIDER_ID = 'pretend'
/** How long the pretend carrier needs. */
const MS_PER_CHARACTER = 60
const SOUND_MS = 3_000
const KEY_AFTER_MS = 1_000
const RING_MS = 3_000
const ROOM_MS = 60_000
/** A scenario that goes on for longer has no end. */
const EVENTS_MAX = 20_000
const LENGTH_MS_MAX = 24 * 3_600_000
/** Sentences of calls without a flow. */
const SPOKEN = { safeHarbour: [], voicemail: [], apology: '', music: '' }

interface Due {
  at: number
  /** of the page that it belongs to; null: it happens whatever is performed */
  round: number | null
  run: () => void
}

export class PretendCall {
  readonly lines: Line[] = []
  /** the last value of each variable, also when the flow is over */
  readonly variables: Map<string, string>
  state: CallState = call.initial
  answeredAtMs: number | null = null
  endedAtMs: number | null = null
  readonly #scenario: Scenario
  readonly #caller: CallerAct[]
  readonly #outside: OutsideAct[]
  #now: number
  #due: Due[] = []
  #events = 0
  /** counted up when what is performed is broken off */
  #round = 0
  constructor(scenario: Scenario, actions: readonly Action[]) {
    this.#scenario = scenario
    this.#caller = [...scenario.caller]
    this.#outside = [...scenario.outside]
    this.#now = scenario.at
    this.variables = new Map(Object.entries(scenario.variables))
    this.#begin(actions)
  }

  /** Plays until the call is over, or nothing can happen any more. */
  play(): void {
    while (this.state.call.phase === 'live' && this.#events < EVENTS_MAX) {
      const deadline = this.state.flow === null ? null : call.deadline(this.state)
      const next = this.#next()
      const at = Math.min(next?.at ?? Infinity, deadline ?? Infinity)
      if (at === Infinity || at - this.#scenario.at > LENGTH_MS_MAX) return
      this.#events += 1
      this.#now = Math.max(this.#now, at)
      if (next !== undefined && next.at <= at) {
        this.#due = this.#due.filter(one => one !== next)
        if (next.round === null || next.round === this.#round) next.run()
      } else this.commit({ type: 'clock.struck', at: this.#now })
    }
  }

  commit(input: CallInput): void {
    const done = step(call, this.state, input)
    this.state = done.state
    for (const fact of done.facts) this.#tell(fact)
    for (const effect of done.effects) this.#perform(effect)
    if (this.state.call.phase === 'over' && this.endedAtMs === null) this.endedAtMs = this.#now - this.#scenario.at
  }

  #begin(actions: readonly Action[]): void {
    const { at, direction, from, to, variables, hangsUpAtMs } = this.#scenario
    const incoming = direction === 'incoming'
    const links: CallLinks = {
      kind: incoming ? 'inbound' : 'single',
      ...{ batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null },
    }
    const party = { from, to, name: '' }
    if (incoming) this.commit({ type: 'call.received', at, links, party, providerId: PROVIDER_ID, flow: true })
    else {
      const options = { ringLimitMs: 30_000, amd: 'beside' as const, record: false }
      this.commit({ type: 'call.requested', at, links, party, options })
    }
    const system = startingVariables({
      ...{ activeflowId: 'scenario', flowId: null, callId: CALL_ID, direction, from, fromName: '', to, toName: '' },
    })
    const known = { activeflowId: 'scenario', flowId: null, version: 1, soundsUrl: 'https://sounds.invalid' }
    const order = { ...known, actions, variables, system, apology: APOLOGY, language: 'en-US' }
    this.commit({ type: 'flow.begin', at, order })
    if (!incoming) this.#answerOutgoing(at)
    this.#performPage(null)
    if (hangsUpAtMs !== null) this.#later(hangsUpAtMs, () => this.#hangUp('the caller hangs up'), null)
  }

  #answerOutgoing(at: number): void {
    this.commit({ type: 'call.slot-granted', at, notBefore: at, profile: 'custom' })
    this.commit({ type: 'call.create-answered', at, providerId: PROVIDER_ID, status: 'queued' })
    this.#pickUp()
  }

  #pickUp(): void {
    if (this.answeredAtMs !== null) return
    this.answeredAtMs = this.#now - this.#scenario.at
    this.#line('carrier', 'the call is answered')
    this.#report('in-progress')
  }

  #report(status: ProviderStatus): void {
    this.commit({ type: 'call.reported', at: this.#now, providerId: PROVIDER_ID, status })
  }

  #hangUp(words: string, status: ProviderStatus = 'completed'): void {
    this.#round += 1
    this.#line('does', words)
    this.#report(status)
  }

  #later(ms: number, run: () => void, round: number | null = this.#round): void {
    this.#due.push({ at: this.#now + ms, round, run })
  }

  #next(): Due | undefined {
    let first: Due | undefined
    for (const one of this.#due) if (first === undefined || one.at < first.at) first = one
    return first
  }

  #line(kind: Line['kind'], words: string): void {
    this.lines.push({ atMs: this.#now - this.#scenario.at, kind, words })
  }

  #tell(fact: CallFact): void {
    if (!isOf('flow', fact)) return
    if (fact.type === 'flow-variable-set') this.variables.set(fact.key, fact.personal.value)
    const told = toldOf(fact)
    if (told !== null) this.#line(told.kind, told.words)
  }

  /** Only what the flow wants of the world; the rest of the call has none here. */
  #perform(effect: CallEffect): void {
    switch (effect.type) {
      case 'flow-ask-neighbour':
      case 'flow-ask-stranger':
        return this.#askOutside(effect.ask, effect.verb, effect.option)
      case 'flow-record':
        return this.#askOutside(effect.ask, 'recording_start', effect.option)
      case 'redirect-call': {
        // The carrier breaks off what it performs and asks anew.
        this.#round += 1
        return this.#later(0, () => this.#performPage(null))
      }
      default:
        return
    }
  }

  #askOutside(ask: number, verb: string, option: Extract<FlowEffect, { option: unknown }>['option']): void {
    const act = this.#take(verb)
    if (act !== null && 'never' in act) return
    const { number, afterMs, answer } = outsideAnswerTo({
      verb,
      option,
      act,
      scenario: this.#scenario,
      ask,
      callId: CALL_ID,
    })
    this.#later(afterMs, () => this.commit({ type: 'flow.answered', at: this.#now, ask: number, answer }), null)
  }

  #take(verb: string): OutsideAct | null {
    const at = this.#outside.findIndex(one => one.verb === verb)
    return at < 0 ? null : (this.#outside.splice(at, 1)[0] ?? null)
  }

  #performPage(token: string | null): void {
    if (this.state.call.phase !== 'live') return
    const { flow } = this.state
    if (flow !== null && flow.phase !== 'over' && flow.waiting?.for === 'agent') return
    this.#round += 1
    this.#goOn(instructionsFor(this.state, CALL_ID, SPOKEN, token), 0)
  }

  #ask(token: string, more: { digits?: string; recordedMs?: number } = {}): void {
    this.commit({ type: 'flow.asked', at: this.#now, token, ...more })
    this.#performPage(token)
  }

  #goOn(page: Instructions, at: number): void {
    const one = page[at]
    if (one === undefined) return this.#hangUp('the carrier hangs up at the end of the page')
    const next = (ms: number) => this.#later(ms, () => this.#goOn(page, at + 1))
    if (one.kind !== 'wait' && one.kind !== 'continue' && one.kind !== 'reject') this.#pickUp()
    switch (one.kind) {
      case 'wait':
        return next(one.ms)
      case 'answer':
        return next(0)
      case 'say':
      case 'play':
        return this.#sound(one, next)
      case 'digits':
        this.#line('carrier', `keys ${one.digits} are sent`)
        return next(one.digits.length * (one.toneMs + one.gapMs))
      case 'gather':
        return this.#gather(one)
      case 'record':
        return this.#record(one, next)
      case 'join-room':
        return this.#inRoom(one.room, next)
      case 'dial':
        return this.#dial(one.ringMs)
      case 'hang-up':
        return this.#hangUp('the call is hung up')
      case 'reject':
        return this.#hangUp(`the call is declined: ${one.reason}`, one.reason === 'busy' ? 'busy' : 'failed')
      case 'continue':
        return this.#ask(one.token)
      case 'transcribe':
        this.#line('carrier', one.of === null ? 'the transcript ends' : 'a transcript begins')
        return next(0)
      case 'enqueue':
      case 'refer':
      case 'stream':
        throw new Error(`a flow never says ${one.kind}`)
      default:
        return unreachable(one)
    }
  }

  #sound(one: Extract<Instruction, { kind: 'say' | 'play' }>, next: (ms: number) => void): void {
    this.#line('hears', one.kind === 'say' ? one.text : one.urls.join(', '))
    if (one.kind === 'play' && one.forever) return
    next(lengthOf(one))
  }

  #gather({ prompt, untilMs, digits, token }: Extract<Instruction, { kind: 'gather' }>): void {
    for (const sound of prompt) this.#line('hears', sound.kind === 'say' ? sound.text : sound.urls.join(', '))
    const promptMs = prompt.reduce((sum, sound) => sum + lengthOf(sound), 0)
    const act = this.#listensTo('keys')
    if (act !== null && 'keys' in act) {
      const { keys, afterMs = KEY_AFTER_MS, early } = act
      if (early || afterMs < untilMs) return this.#press(keys, early ? KEY_AFTER_MS : promptMs + afterMs, digits, token)
    }
    this.#later(promptMs + untilMs, () => this.#ask(token, { digits: '' }))
  }

  #press(keys: string, ms: number, of: { most: number; endKey: string | null } | null, token: string): void {
    const end = of?.endKey ? keys.indexOf(of.endKey) : -1
    const digits = (end < 0 ? keys : keys.slice(0, end)).slice(0, of?.most ?? 0)
    this.#later(ms, () => {
      this.#line('does', `presses ${keys}`)
      this.#ask(token, { digits })
    })
  }

  #record({ atMostMs, token }: Extract<Instruction, { kind: 'record' }>, next: (ms: number) => void): void {
    const act = this.#listensTo('speaksMs')
    if (act === null || !('speaksMs' in act)) return next(1_000)
    const recordedMs = Math.min(act.speaksMs, atMostMs)
    this.#line('does', `speaks for ${recordedMs / 1_000} s`)
    this.#later(recordedMs, () => this.#ask(token, { recordedMs }))
  }

  #inRoom(room: string, next: (ms: number) => void): void {
    this.#line('carrier', `the caller is in the room ${room}`)
    const act = this.#listensTo('leavesAfterMs')
    if (act !== null && 'hangsUpAfterMs' in act) return
    next(act !== null && 'leavesAfterMs' in act ? act.leavesAfterMs : ROOM_MS)
  }

  #dial(ringMs: number): void {
    const act = this.#take('dial')
    const of = act !== null && 'end' in act ? act : { end: 'completed' as const, afterMs: RING_MS, talkedMs: 30_000 }
    const reached = of.end === 'completed'
    const afterMs = Math.min(of.afterMs ?? RING_MS, ringMs)
    const talkedMs = reached ? (of.talkedMs ?? 30_000) : null
    this.#later(afterMs + (talkedMs ?? 0), () => {
      this.#line('carrier', reached ? 'the party has talked and is gone' : `the party: ${of.end}`)
      this.commit({ type: 'flow.dialed', at: this.#now, end: { status: of.end, talkedMs } })
      this.#performPage(null)
    })
  }

  /** The next act of the script if it is of this kind; a caller who hangs up does so wherever they are. */
  #listensTo(kind: 'keys' | 'speaksMs' | 'leavesAfterMs'): CallerAct | null {
    const [act] = this.#caller
    if (act === undefined || !(kind in act || 'silent' in act || 'hangsUpAfterMs' in act)) return null
    this.#caller.shift()
    if ('hangsUpAfterMs' in act) this.#later(act.hangsUpAfterMs, () => this.#hangUp('the caller hangs up'), null)
    return act
  }
}

const APOLOGY = 'We are sorry, something went wrong. Please call again later. Goodbye.'

function lengthOf(one: Extract<Instruction, { kind: 'say' | 'play' }>): number {
  return one.kind === 'say' ? one.text.length * MS_PER_CHARACTER : one.urls.length * SOUND_MS
}

function toldOf(fact: FlowFact): { kind: Line['kind']; words: string } | null {
  switch (fact.type) {
    case 'flow-step-entered':
      return { kind: 'step', words: fact.stepId }
    case 'flow-outside-asked':
    case 'flow-deed-owed':
      return { kind: 'asks', words: fact.verb }
    case 'flow-outside-answered':
      return { kind: 'answers', words: `${fact.verb}: ${fact.answer}` }
    case 'flow-ended':
      return { kind: 'ends', words: fact.reason }
    default:
      return null
  }
}
