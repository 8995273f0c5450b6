/**
 * One conversation on one line with a model that hears, thinks and speaks by itself. The turn machine decides here as well who
 * speaks, so that interruptions, silence, limits and failures are those of every other conversation; the model is told what of
 * its sound was heard, and nothing else of ours reaches the caller.
 */
import type { Usage } from '../../../core/agent/cost.ts'
import { earliest, unreachable } from '../../../core/machine.ts'
import type { TurnEffect, TurnFact, TurnInput, TurnState } from '../../../core/turn/state.ts'
import { ProviderFailure } from '../../../providers/failure.ts'
import type { RealtimeEvent } from '../../../providers/realtime/port.ts'
import type { Language as Tongue } from '../../turn/words.ts'
import { CallOpening } from '../call-opening.ts'
import { failureEvent } from '../conversation-events.ts'
import { DeadAirGuard, isOurTurn } from '../dead-air-guard.ts'
import { Keys } from '../keys.ts'
import type { LineSession } from '../line-session.ts'
import { Meter } from '../meter.ts'
import { farewellOf, isFarewell, PHRASES, type Phrases, tongueOf } from '../phrases.ts'
import { Stopwatch } from '../stopwatch.ts'
import { TranscriptRecorder } from '../transcript-recorder.ts'
import { TurnLoop } from '../turn-runner.ts'
import { RealtimeAnswer } from './answer.ts'
import { CallerSound, type SpeechSpan, wordlessRules } from './caller-sound.ts'
import { CallerWords, memoryOf } from './caller-words.ts'
import { RealtimeLine, type RealtimeParts } from './connection.ts'
import { SpokenReply } from './spoken-reply.ts'
import { RealtimeTools } from './tools.ts'

/** A turn of the caller whose words nobody has written down yet. */
const SPOKEN = '[sound]'

export class RealtimeVoiceSession implements LineSession {
  readonly #parts: RealtimeParts
  readonly #tongue: Tongue
  readonly #line: RealtimeLine
  readonly #caller: CallerSound
  readonly #reply: SpokenReply
  readonly #answer: RealtimeAnswer
  readonly #tools: RealtimeTools
  readonly #words: CallerWords
  readonly #keys: Keys
  readonly #first: CallOpening
  readonly #minutes: TranscriptRecorder
  readonly #meter: Meter
  readonly #watch = new Stopwatch()
  readonly #company: DeadAirGuard
  readonly #turns: TurnLoop
  #closed = false
  /** the conversation begins with this as soon as the model is there; null: not decided yet, or begun */
  #opening: string | null = null
  #leaving = false

  constructor(parts: RealtimeParts) {
    const { now } = parts
    this.#parts = parts
    this.#tongue = tongueOf(parts.agent.language)
    this.#turns = new TurnLoop({
      note: fact => this.#note(fact),
      perform: effect => this.#perform(effect),
      settled: () => this.#schedule(),
    })
    this.#meter = new Meter(parts.costMicrosMax, () => this.end('limit'))
    this.#line = new RealtimeLine(parts, {
      opened: () => this.#begin(),
      event: event => this.#event(event),
      failed: error => parts.tell(failureEvent('realtime', error)),
      givenUp: () => this.#gone(),
    })
    this.#caller = new CallerSound(parts.line, now(), {
      sound: mulaw => this.#first.sound(mulaw),
      speech: mulaw => this.#line.hear(mulaw),
      spoke: (strict, sinceMs) => this.#spoke(strict, sinceMs),
      possibleEnd: on => this.#turns.possibleEnd(on, now(), this.#heard()),
      fellSilent: sinceMs => {
        this.#first.fellSilent(sinceMs)
        this.#input({ type: 'caller.fell-silent', at: now() })
      },
      finished: span => this.#finished(span),
    })
    this.#company = new DeadAirGuard({
      ...parts,
      fill: (text, mulaw) => this.#reply.fill(text, mulaw),
      spent: spokenCharacters => this.#meter.spend({ spokenCharacters }),
    })
    this.#reply = new SpokenReply(now, {
      send: message => this.#company.send(message),
      began: turnId => this.#soundBegan(turnId),
      played: turnId => this.#input({ type: 'playout.ended', at: now(), turnId, heard: this.#heard() }),
    })
    this.#answer = new RealtimeAnswer(now, this.#line, this.#reply, () => this.#company.word())
    this.#words = new CallerWords(parts)
    this.#tools = new RealtimeTools(parts, this.#line, this.#reply, {
      called: (turnId, toolId) => this.#input({ type: 'tool.called', at: now(), turnId, toolId }),
      ended: (turnId, toolId) => this.#toolEnded(turnId, toolId),
      tooMany: turnId => this.#failed(turnId, new Error('tools without end')),
    })
    this.#first = new CallOpening(parts, this.#tongue, {
      begin: opening => this.#begin(opening),
      greeted: () => this.#line.forget(this.#caller),
    })
    const recorded = { mouth: this.#reply, mind: memoryOf(parts.said), watch: this.#watch }
    this.#minutes = new TranscriptRecorder(parts, recorded, () => {})
    this.#keys = new Keys(digits => {
      parts.tell({ type: 'keys-pressed', digits })
      this.written(`[pressed ${digits}]`)
    })
  }

  start(opening: boolean): void {
    void this.#line.open()
    this.#first.start(opening)
    this.#schedule()
  }

  /** When we know how to begin, and the model is there. */
  #begin(opening = this.#opening): void {
    this.#opening = opening
    if (opening === null || this.#line.session === null) return
    this.#opening = null
    this.#line.listen()
    const { agent, now } = this.#parts
    this.#input({ type: 'call.began', at: now(), rules: wordlessRules(agent.rules), opening: opening !== '' })
  }

  get usage(): Usage {
    return this.#meter.usage
  }
  get phase(): TurnState['now']['phase'] {
    return this.#turns.phase
  }

  frame(payload: string): void {
    if (this.#closed) return
    this.#caller.frame(payload, this.#parts.now())
    this.#meter.heardFrame()
    this.#schedule()
  }

  marked(name: string): void {
    this.#reply.marked(name, this.#parts.now())
    this.#schedule()
  }

  digit(digit: string): void {
    this.#keys.press(digit, this.#parts.now())
    this.#schedule()
  }

  written(text: string): void {
    this.#first.pressed()
    this.#minutes.callerTurn = null
    this.#input({ type: 'caller.finished', at: this.#parts.now(), text, backchannel: false, heard: this.#heard() })
  }

  inform(text: string): void {
    this.#parts.said.push({ role: 'supervisor', text })
    this.#line.session?.whisper(text)
    this.#turns.news(this.#parts.now())
  }

  ring(on: boolean): void {
    this.#company.ring(on)
    this.#schedule()
  }

  leaveAfterReply(): void {
    this.#leaving = true
  }

  add(sentence: string): void {
    if (!this.#tools.dictate(sentence)) this.#line.session?.whisper(`Say this next, word for word: ${sentence}`)
  }

  end(reason: 'goodbye' | 'limit' | 'failure'): void {
    if (this.phase === 'idle') return this.#gone()
    this.#input({ type: 'end.wanted', at: this.#parts.now(), reason })
  }

  tick(): void {
    if (this.#closed) return
    const at = this.#parts.now()
    this.#reply.flow(at)
    this.#caller.tick(at)
    this.#keys.tick(at)
    this.#first.tick(at)
    this.#line.tick(at)
    this.#company.tick(at, this.#isOurTurn, this.phase === 'listening' && this.#reply.silent)
    const due = this.#turns.dueMs
    if (due !== null && at >= due) this.#input({ type: 'clock.struck', at })
    const stall = this.#answer.stallDueMs(this.phase, this.#company.soundUntilMs)
    if (stall !== null && at >= stall) this.#stalled(this.#reply.turnId ?? 0)
    this.#schedule()
  }

  #stalled(turnId: number): void {
    // Only its end was not told.
    if (this.#reply.isWhole) return this.#said(turnId)
    this.#failed(turnId, new ProviderFailure(this.#parts.realtime.provider, 'late', 'it fell silent'))
  }

  /** Nobody waits for a word while a machine records, or while they speak themselves. */
  get #isOurTurn(): boolean {
    if (this.#first.isMessage || this.#caller.speaking) return false
    return this.#opening !== null || isOurTurn(this.#turns.now, this.#answer.pending)
  }

  close(): void {
    if (this.#closed) return
    const at = this.#parts.now()
    this.#minutes.rest(this.phase !== 'closing')
    this.#closed = true
    this.#turns.close(at)
    this.#reply.abort(at)
    this.#line.close()
    this.#caller.close()
    this.#parts.wakeAt(null)
    this.#parts.closed()
  }

  #spoke(strict: boolean, sinceMs: number): void {
    if (!strict) this.#first.spoke(sinceMs)
    // A machine that talks on does not interrupt its message.
    if (this.#first.isMessage) return
    if ((this.phase === 'speaking') === strict)
      this.#input({ type: 'caller.spoke', at: this.#parts.now(), heard: this.#heard() })
  }

  /** Too short to have interrupted us: "mhm". The model hears it with the next turn. */
  #finished(span: SpeechSpan): void {
    const { now, rules } = this.#turns.state
    const kept = now.phase === 'speaking' && now.opening && rules.openingUninterruptible
    const backchannel = (now.phase === 'speaking' && !kept) || now.phase === 'interrupted'
    if (!backchannel && now.phase !== 'idle') {
      this.#watch.callerFinished({ quietSinceMs: span.quietSinceMs, transcriptionMs: 0 })
      this.#words.expect(span, this.#turns.state.turns + 1)
    }
    const at = this.#parts.now()
    this.#input({ type: 'caller.finished', at, text: SPOKEN, backchannel, heard: this.#heard() })
  }

  #heard(): string {
    return this.#reply.heard(this.#parts.now())
  }

  #input(input: TurnInput): void {
    this.#turns.input(input)
  }

  #note(fact: TurnFact): void {
    // Its words come later, from the model.
    if (fact.type === 'caller-turned' && fact.text.includes(SPOKEN)) return
    this.#minutes.note(fact)
    if (fact.type !== 'reply-heard') return
    if (this.#first.isMessage) this.#parts.hangUp()
    else if (this.#leaving) this.end('goodbye')
  }

  #schedule(): void {
    if (this.#closed) return
    const due = [
      this.#turns.dueMs,
      this.#answer.stallDueMs(this.phase, this.#company.soundUntilMs),
      this.#company.nextMs(this.#isOurTurn),
      ...[this.#line, this.#reply, this.#caller, this.#keys, this.#first].map(clock => clock.nextMs()),
    ]
    this.#parts.wakeAt(earliest(due))
  }

  #perform(effect: TurnEffect): void {
    const at = this.#parts.now()
    const phrases: Phrases = { ...PHRASES[this.#tongue], ...this.#parts.agent.phrases }
    switch (effect.type) {
      case 'ask-model':
        return this.#ask(effect.turnId, effect.text)
      case 'say-opening':
        return this.#answer.say(effect.turnId, this.#first.opening)
      case 'say-prompt':
        return this.#answer.say(effect.turnId, phrases.stillThere)
      case 'say-filler':
        return this.#company.word()
      case 'say-goodbye':
        if (effect.reason === 'failure') return this.#giveUp(effect.turnId, true)
        return this.#answer.say(effect.turnId, farewellOf(effect.reason, phrases, this.#minutes.lastSaid, this.#tongue))
      case 'abort':
        return this.#answer.cut()
      case 'clear':
        return this.phase === 'interrupted' ? this.#reply.pause(at) : this.#answer.cut()
      case 'resume':
        this.#caller.rearm()
        return this.#reply.resume(at)
      case 'hang-up':
        return this.#parts.hangUp()
      default:
        unreachable(effect)
    }
  }

  #ask(turnId: number, text: string | null): void {
    this.#watch.asked(turnId, this.#parts.now())
    if (text === null) this.#answer.again(turnId)
    else this.#answer.ask(turnId, text.includes(SPOKEN) ? '' : text)
  }

  #event(event: RealtimeEvent): void {
    if (this.#closed) return
    this.#answer.came()
    this.#take(event)
    this.#schedule()
  }

  #take(event: RealtimeEvent): void {
    switch (event.type) {
      case 'sound':
        return this.#reply.sound(event.itemId, event.mulaw)
      case 'agent-words':
        if (this.#reply.turnId !== null) this.#watch.textBegan(this.#reply.turnId, this.#parts.now())
        return this.#reply.words(event.itemId, event.text, event.final)
      case 'caller-words':
        return this.#callerWords(event.text, event.final)
      case 'caller-began':
        return this.#spoke(this.phase === 'speaking', this.#parts.now())
      case 'tool':
        return this.#tools.call(this.#reply.turnId ?? this.#turns.state.turns, event)
      case 'answer-ended':
        return this.#answerEnded(event)
      case 'failed':
        this.#parts.tell(failureEvent('realtime', event.failure))
        return this.#gone()
      default:
        unreachable(event)
    }
  }

  #answerEnded({ reason, tokensIn, tokensOut }: Extract<RealtimeEvent, { type: 'answer-ended' }>): void {
    this.#meter.spend({ soundTokensIn: tokensIn, soundTokensOut: tokensOut })
    const { turnId } = this.#reply
    const owed = this.#parts.said.at(-1)?.role !== 'supervisor'
    switch (this.#answer.endingOf(reason, this.#tools.usedIn(turnId), owed)) {
      case 'resting':
        return this.#reply.rest()
      case 'failed':
        this.#answer.ended()
        return this.#failed(turnId ?? 0, new Error('it said nothing'))
      case 'said':
        return this.#said(turnId ?? 0)
      case 'nobodys':
    }
  }

  #said(turnId: number): void {
    this.#answer.ended()
    this.#input({ type: 'reply.completed', at: this.#parts.now(), turnId })
    this.#reply.complete(turnId)
  }

  #callerWords(text: string, final: boolean): void {
    if (!final) return this.#words.part(text)
    this.#words.whole(text, this.#turns.state.turns)
    if (!isFarewell(text, this.#tongue)) return
    // The model answers it already.
    if (this.phase === 'listening') this.end('goodbye')
    else this.#leaving = true
  }

  #soundBegan(turnId: number): void {
    const at = this.#parts.now()
    this.#watch.soundBegan(turnId, at)
    this.#input({ type: 'reply.began', at, turnId })
    // The caller went on while we thought: we wait, as for any interruption.
    if (this.#caller.speaking) this.#spoke(true, at)
  }

  #toolEnded(turnId: number, toolId: string): void {
    const at = this.#parts.now()
    this.#answer.came()
    this.#input({ type: 'tool.ended', at, turnId, toolId })
    // What was said before the tool still sounds: it can be interrupted.
    if (this.#reply.turnId === turnId && this.#reply.goesOnAfterTool()) this.#input({ type: 'reply.began', at, turnId })
  }

  #failed(turnId: number, error: unknown): void {
    this.#parts.tell(failureEvent('realtime', error))
    this.#giveUp(turnId, this.phase === 'closing')
  }

  /** `forGood`: our voice is gone, and the carrier's says that we are sorry. */
  #giveUp(turnId: number, forGood: boolean): void {
    if (forGood) this.#parts.lastWords(this.#tongue)
    this.#input({ type: 'reply.failed', at: this.#parts.now(), turnId, heard: this.#heard() })
  }

  #gone(): void {
    if (this.#closed) return
    this.#minutes.rest(true)
    this.#parts.lastWords(this.#tongue)
    this.#input({ type: 'call.ended', at: this.#parts.now() })
  }
}
