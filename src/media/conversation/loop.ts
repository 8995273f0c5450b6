/**
 * One conversation on one media stream. The turn machine (core/turn) alone decides who speaks; the loop feeds it, performs
 * its effects through a driver, and adds what every conversation has: opening, keys, dead air, limits and transcript. Time,
 * sound and providers come as arguments: the owner of the stream calls `receive`, `marked`, `digit`, and `tick` at the time
 * that `wakeAt` asked for.
 */
import type { Usage } from '../../core/agent/cost.ts'
import { earliest, unreachable } from '../../core/machine.ts'
import type { Phase, TurnEffect, TurnFact } from '../../core/turn/state.ts'
import { hasWords, senseOf } from '../turn/backchannel.ts'
import type { Language as Tongue } from '../turn/words.ts'
import { CallOpening } from './call-opening.ts'
import { failureEvent } from './conversation-events.ts'
import type { ConversationParts } from './conversation-parts.ts'
import { DeadAirGuard, isOurTurn } from './dead-air-guard.ts'
import type { Driver, DriverHost } from './driver.ts'
import { Keys } from './keys.ts'
import { Meter } from './meter.ts'
import { farewellOf, type Phrases, phrasesOf, tongueOf } from './phrases.ts'
import { Stopwatch } from './stopwatch.ts'
import { type CallerTimes, TranscriptRecorder } from './transcript-recorder.ts'
import { TurnRunner } from './turn-runner.ts'

/** Shorter than any utterance and the pause before it. */
const REPEAT_WITHIN_MS = 400

export class ConversationLoop {
  readonly #parts: ConversationParts
  readonly #tongue: Tongue
  readonly #phrases: Phrases
  readonly #turns: TurnRunner
  readonly #meter: Meter
  readonly #stopwatch = new Stopwatch()
  readonly #deadAir: DeadAirGuard
  readonly #opening: CallOpening
  readonly #keys: Keys
  readonly #driver: Driver
  readonly #recorder: TranscriptRecorder
  /** how the conversation begins once the driver is connected; null: not decided yet, or begun */
  #openingDue: string | null = null
  #leaving = false
  /** the last complete turn that the carrier transcribed */
  #prompted: { text: string; atMs: number } | null = null
  #closed = false

  constructor(parts: ConversationParts, driverOf: (host: DriverHost) => Driver) {
    this.#parts = parts
    this.#tongue = tongueOf(parts.agent.language)
    this.#phrases = phrasesOf(parts.agent)
    this.#turns = new TurnRunner({
      note: fact => this.#note(fact),
      perform: effect => this.#perform(effect),
      settled: () => this.#schedule(),
    })
    this.#meter = new Meter(parts.costMicrosMax, () => this.end('limit'))
    this.#deadAir = new DeadAirGuard(parts, {
      fill: (text, mulaw) => this.#driver.output.fill?.(text, mulaw) ?? false,
      spent: spokenCharacters => this.#meter.spend({ spokenCharacters }),
    })
    this.#opening = new CallOpening(parts, this.#tongue, {
      begin: opening => this.#begin(opening),
      greeted: greeting => this.#driver.greeted(greeting),
    })
    this.#keys = new Keys(digits => {
      parts.tell({ type: 'keys-pressed', digits })
      this.written(`[pressed ${digits}]`)
    })
    this.#driver = driverOf(this.#host())
    this.#recorder = new TranscriptRecorder(parts, this.#driver, this.#stopwatch)
  }

  /** Begins to speak or to listen. `opening` false: a new stream continues the conversation. */
  start(opening: boolean): void {
    this.#driver.open()
    this.#opening.start(opening)
    this.#schedule()
  }

  #begin(opening: string | null): void {
    this.#openingDue = opening
    if (opening === null || !this.#driver.begin()) return
    this.#openingDue = null
    const { agent, now } = this.#parts
    this.#turns.dispatch({ type: 'call.began', at: now(), rules: agent.rules, opening: opening !== '' })
  }

  get usage(): Usage {
    return this.#meter.usage
  }
  get phase(): Phase['phase'] {
    return this.#turns.phase
  }

  /** A frame of the caller's sound, base64 of µ-law. Throws `RangeError` for a malformed one. */
  receive(payload: string): void {
    if (this.#closed) return
    this.#driver.input.receive(payload, this.#parts.now())
    this.#meter.receivedFrame()
    this.#schedule()
  }

  marked(name: string): void {
    this.#driver.output.marked(name, this.#parts.now())
    this.#schedule()
  }

  digit(digit: string): void {
    this.#keys.press(digit, this.#parts.now())
    this.#schedule()
  }

  /** A turn of the caller that arrives as text (typed, or keys), as if it had been spoken. */
  written(text: string): void {
    this.#opening.pressed()
    this.#callerFinished(text, false, null)
  }

  /** Words of the caller from a carrier that transcribes by itself; `last`: the turn is complete. */
  prompted(text: string, last: boolean): void {
    if (!hasWords(text) || (last && this.#isRepeat(text))) return
    if (last) this.written(text)
    else this.#words(text, false)
  }

  /** A prompt that the carrier delivers again: nobody says the same within this time. */
  #isRepeat(text: string): boolean {
    const before = this.#prompted
    this.#prompted = { text, atMs: this.#parts.now() }
    return before?.text === text && this.#prompted.atMs - before.atMs < REPEAT_WITHIN_MS
  }

  /** A carrier that speaks by itself has stopped because the caller spoke, after `heard` of the sentence at hand. */
  cutByCarrier(heard: string): void {
    this.#driver.output.cutByCarrier?.(heard)
    this.#spoke(this.phase === 'speaking', this.#parts.now())
  }

  /** Tells the model something, which it speaks about as soon as nobody else speaks. */
  inform(text: string): void {
    this.#parts.said.push({ role: 'supervisor', text })
    this.#driver.inform?.(text)
    this.#turns.news(this.#parts.now())
  }

  /** Plays a ringing tone to the caller while a person is being called. */
  ring(on: boolean): void {
    this.#deadAir.ring(on)
    this.#schedule()
  }

  /** The conversation is over once the reply at hand has been heard. */
  leaveAfterReply(): void {
    this.#leaving = true
  }

  /** The conversation goes on after the reply at hand, whatever was wanted before. */
  stayAfterReply(): void {
    this.#leaving = false
  }

  /** Says a sentence of ours within the reply at hand. */
  add(sentence: string): void {
    this.#driver.add(sentence)
  }

  /** A limit or a person ends the conversation. Before it has begun there is nothing to say goodbye to. */
  end(reason: 'goodbye' | 'limit' | 'failure'): void {
    if (this.phase === 'idle') return this.#gone()
    this.#turns.dispatch({ type: 'end.wanted', at: this.#parts.now(), reason })
  }

  tick(): void {
    if (this.#closed) return
    const at = this.#parts.now()
    this.#driver.tick(at)
    this.#keys.tick(at)
    this.#opening.tick(at)
    this.#deadAir.tick(at, this.#isOurTurn, this.phase === 'listening' && this.#driver.output.silent)
    const due = this.#turns.dueMs
    if (due !== null && at >= due) this.#turns.dispatch({ type: 'clock.struck', at })
    this.#schedule()
  }

  /** The stream is gone. An unfinished reply is reported first, as far as it was heard. Idempotent. */
  close(): void {
    if (this.#closed) return
    const at = this.#parts.now()
    this.#recorder.rest(this.phase !== 'closing')
    this.#closed = true
    this.#turns.close(at)
    this.#driver.close(at)
    this.#parts.wakeAt(null)
    this.#parts.closed()
  }

  #schedule(): void {
    if (this.#closed) return
    const clocks = [this.#driver, this.#keys, this.#opening].map(clock => clock.nextMs())
    this.#parts.wakeAt(earliest([...clocks, this.#turns.dueMs, this.#deadAir.nextMs(this.#isOurTurn)]))
  }

  /** The caller waits for us: not while a machine records our message, and not while they speak themselves. */
  get #isOurTurn(): boolean {
    if (this.#opening.isMessage || this.#driver.callerSpeaks) return false
    return this.#openingDue !== null || isOurTurn(this.#turns.now, this.#driver.pending)
  }

  get #heard(): string {
    return this.#driver.output.heard(this.#parts.now())
  }

  #note(fact: TurnFact): void {
    if (fact.type === 'caller-turned' && this.#driver.recordsLater?.(fact.text)) return
    this.#recorder.note(fact)
    if (fact.type !== 'reply-heard') return
    if (this.#opening.isMessage) this.#parts.hangUp()
    else if (this.#leaving) this.end('goodbye')
  }

  #perform(effect: TurnEffect): void {
    const driver = this.#driver
    const at = this.#parts.now()
    switch (effect.type) {
      case 'ask-model':
        return driver.ask(effect.turnId, effect.text)
      case 'say-opening':
        return this.#say(effect.turnId, this.#opening.opening)
      case 'say-prompt':
        return this.#say(effect.turnId, this.#phrases.stillThere)
      case 'say-filler':
        return driver.askPatience(effect.turnId, this.#phrases.wait)
      case 'say-goodbye': {
        const { turnId, reason } = effect
        if (reason === 'failure' && !driver.canApologise) return this.#giveUp(turnId, true)
        return this.#say(turnId, farewellOf(reason, this.#phrases, this.#recorder.lastSaid, this.#tongue))
      }
      case 'abort':
        return driver.cut()
      case 'clear':
        return this.phase === 'interrupted' ? driver.output.pause(at) : driver.cut()
      case 'resume':
        driver.input.rearm()
        this.#deadAir.awaitVoice()
        return driver.output.resume(at)
      case 'hang-up':
        return this.#parts.hangUp()
      default:
        unreachable(effect)
    }
  }

  #say(turnId: number, text: string): void {
    this.#deadAir.awaitVoice()
    this.#driver.say(turnId, text)
  }

  #host(): DriverHost {
    const { now, tell } = this.#parts
    const turns = this.#turns
    return {
      turns,
      meter: this.#meter,
      stopwatch: this.#stopwatch,
      deadAir: this.#deadAir,
      gates: {
        sound: mulaw => this.#opening.sound(mulaw),
        spoke: (strict, sinceMs) => this.#spoke(strict, sinceMs),
        possibleEnd: on => turns.possibleEnd(on, now(), this.#heard),
        fellSilent: sinceMs => {
          this.#opening.fellSilent(sinceMs)
          turns.dispatch({ type: 'caller.fell-silent', at: now() })
        },
      },
      opened: () => this.#begin(this.#openingDue),
      words: (text, final) => this.#words(text, final),
      callerFinished: (text, backchannel, times) => this.#callerFinished(text, backchannel, times),
      replyBegan: turnId => {
        this.#stopwatch.soundBegan(turnId, now())
        turns.dispatch({ type: 'reply.began', at: now(), turnId })
      },
      replyPlayed: turnId => turns.dispatch({ type: 'playout.ended', at: now(), turnId, heard: this.#heard }),
      toolCalled: (turnId, toolId) => turns.dispatch({ type: 'tool.called', at: now(), turnId, toolId }),
      toolEnded: (turnId, toolId, stillSounds) => {
        turns.dispatch({ type: 'tool.ended', at: now(), turnId, toolId })
        // The words before the tool still sound, so they can be interrupted.
        if (stillSounds()) turns.dispatch({ type: 'reply.began', at: now(), turnId })
      },
      replyFailed: (turnId, ability, error) => {
        tell(failureEvent(ability, error))
        this.#giveUp(turnId, ability !== 'language' && this.phase === 'closing')
      },
      end: reason => this.end(reason),
      leaveAfterReply: () => this.leaveAfterReply(),
      gone: () => this.#gone(),
      reschedule: () => this.#schedule(),
    }
  }

  #spoke(strict: boolean, sinceMs: number): void {
    if (!strict) this.#opening.spoke(sinceMs)
    // An answering machine that talks on does not interrupt our message.
    if (this.#opening.isMessage) return
    // While we speak only the strict gate counts, otherwise only the quick one.
    if ((this.phase === 'speaking') === strict)
      this.#turns.dispatch({ type: 'caller.spoke', at: this.#parts.now(), heard: this.#heard })
  }

  /** Words are the earliest sign of whether a pause of ours was needed. */
  #words(text: string, final: boolean): void {
    this.#opening.words(text)
    this.#parts.tell({ type: 'interim', who: 'caller', text })
    const sense = senseOf(text, final, this.#tongue)
    this.#turns.dispatch({ type: 'words.heard', at: this.#parts.now(), sense, heard: this.#heard })
  }

  #callerFinished(text: string, backchannel: boolean, times: CallerTimes | null): void {
    this.#recorder.callerTimes = times
    const at = this.#parts.now()
    this.#turns.dispatch({ type: 'caller.finished', at, text, backchannel, heard: this.#heard })
  }

  /** `voiceGone`: not even a goodbye can be said, so the carrier apologises in its own voice. */
  #giveUp(turnId: number, voiceGone: boolean): void {
    if (voiceGone) this.#parts.lastWords(this.#tongue)
    this.#turns.dispatch({ type: 'reply.failed', at: this.#parts.now(), turnId, heard: this.#heard })
  }

  #gone(): void {
    if (this.#closed) return
    this.#recorder.rest(true)
    this.#parts.lastWords(this.#tongue)
    this.#turns.dispatch({ type: 'call.ended', at: this.#parts.now() })
  }
}
