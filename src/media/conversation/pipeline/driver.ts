/**
 * One conversation on one line: ear, mouth and model around the turn machine (core/turn), which alone decides who speaks.
 * Time, sound and everything outside come as arguments; whoever holds the line calls `frame`, `marked`, `digit`, and `tick`
 * at the time that it was told by `wakeAt`.
 */
import type { Usage } from '../../../core/agent/cost.ts'
import { earliest, unreachable } from '../../../core/machine.ts'
import type { TurnEffect, TurnFact, TurnInput, TurnState } from '../../../core/turn/state.ts'
import { ProviderFailure } from '../../../providers/failure.ts'
import { isBackchannel, senseOf } from '../../turn/backchannel.ts'
import { expectedAfter } from '../../turn/expected.ts'
import type { Language as Tongue } from '../../turn/words.ts'
import { CallOpening } from '../call-opening.ts'
import { failureEvent } from '../conversation-events.ts'
import type { SessionParts } from '../conversation-parts.ts'
import { DeadAirGuard, isOurTurn } from '../dead-air-guard.ts'
import { Keys } from '../keys.ts'
import { Meter } from '../meter.ts'
import { farewellOf, isFarewell, PHRASES, type Phrases, tongueOf } from '../phrases.ts'
import { Stopwatch } from '../stopwatch.ts'
import { TranscriptRecorder } from '../transcript-recorder.ts'
import { TurnLoop } from '../turn-runner.ts'
import { ReplyGenerator } from './reply-generator.ts'
import { type CallerTurn, SpeechInput } from './speech-input.ts'
import { SpeechOutput } from './speech-output.ts'
import { TranscriberSupervisor } from './transcriber-supervisor.ts'
import { UnintelligibleSpeech } from './unintelligible-speech.ts'
import { SILENT_SPEAKER } from './words-only.ts'

export class VoiceSession {
  readonly #parts: SessionParts
  readonly #tongue: Tongue
  readonly #ear: SpeechInput
  readonly #listening: TranscriberSupervisor
  readonly #mouth: SpeechOutput
  readonly #keys: Keys
  readonly #first: CallOpening
  readonly #mind: ReplyGenerator
  readonly #minutes: TranscriptRecorder
  readonly #watch = new Stopwatch()
  readonly #turns: TurnLoop
  readonly #meter: Meter
  /** a reply whose text is whole and whose sound has not begun */
  #completeWithSound: number | null = null
  #leaving = false
  readonly #inaudible = new UnintelligibleSpeech()
  readonly #company: DeadAirGuard
  #closed = false

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.#tongue = tongueOf(parts.agent.language)
    this.#turns = new TurnLoop({
      note: fact => this.#note(fact),
      perform: effect => this.#perform(effect),
      settled: () => this.#schedule(),
    })
    this.#meter = new Meter(parts.costMicrosMax, () => this.end('limit'))
    const startMs = parts.now()
    this.#ear = new SpeechInput(
      { language: this.#tongue, line: parts.line, startMs },
      {
        sound: mulaw => this.#first.sound(mulaw),
        spoke: (strict, sinceMs) => this.#spoke(strict, sinceMs),
        possibleEnd: on => this.#turns.possibleEnd(on, parts.now(), this.#heard()),
        fellSilent: sinceMs => {
          this.#first.fellSilent(sinceMs)
          this.#input({ type: 'caller.fell-silent', at: parts.now() })
        },
        words: (text, final) => this.#words(text, final),
        finished: done => this.#finished(done),
        failed: ({ failure }) => this.#listening.failed(failure),
      },
    )
    this.#listening = new TranscriberSupervisor(parts, this.#ear, {
      heard: () => this.#schedule(),
      failed: error => parts.tell(failureEvent('transcription', error)),
      givenUp: () => this.end('failure'),
    })
    const instead = parts.speaker === SILENT_SPEAKER ? { instead: () => this.#phrases().wait } : {}
    this.#company = new DeadAirGuard({ ...parts, ...instead, spare: () => null, fill: () => false, spent: () => {} })
    this.#mouth = new SpeechOutput(() => parts.speaker, parts.now, {
      send: message => this.#company.sendVoice(message),
      began: turnId => this.#soundBegan(turnId),
      played: turnId => this.#input({ type: 'playout.ended', at: parts.now(), turnId, heard: this.#heard() }),
      failed: (turnId, error) => this.#failed(turnId, 'speech', error),
      spent: spokenCharacters => this.#meter.spend({ spokenCharacters }),
    })
    this.#mind = new ReplyGenerator(parts, this.#tongue, this.#mouth, this.#watch, {
      sentence: (turnId, text) => this.#sentence(turnId, text),
      toolCalled: (turnId, toolId) => this.#input({ type: 'tool.called', at: parts.now(), turnId, toolId }),
      toolEnded: (turnId, toolId) => this.#toolEnded(turnId, toolId),
      usage: (tokensIn, tokensOut) => this.#meter.spend({ tokensIn, tokensOut }),
      completed: turnId => this.#completed(turnId),
      failed: (turnId, error) => this.#failed(turnId, 'language', error),
    })
    this.#first = new CallOpening(parts, this.#tongue, {
      begin: opening => this.#begin(opening),
      greeted: greeting => {
        if (greeting !== '') this.#mind.callerSaid(greeting)
        this.#ear.forgetGreeting(parts.now())
      },
    })
    this.#minutes = new TranscriptRecorder(parts, { mouth: this.#mouth, mind: this.#mind, watch: this.#watch }, text =>
      this.#ear.expect(expectedAfter(text, this.#tongue)),
    )
    this.#keys = new Keys(digits => this.#pressed(digits))
  }

  /** Begins to speak or to listen. `opening` false: the line came back, and the conversation goes on. */
  start(opening: boolean): void {
    this.#listening.open()
    this.#first.start(opening)
    this.#schedule()
  }

  #begin(opening: string): void {
    const { agent, now } = this.#parts
    this.#input({ type: 'call.began', at: now(), rules: agent.rules, opening: opening !== '' })
  }

  get usage(): Usage {
    return this.#meter.usage
  }

  get phase(): TurnState['now']['phase'] {
    return this.#turns.phase
  }

  /** A frame of the caller's sound, base64 of µ-law. Throws for what is none. */
  frame(payload: string): void {
    if (this.#closed) return
    this.#ear.frame(payload, this.#parts.now())
    this.#meter.heardFrame()
    this.#schedule()
  }

  marked(name: string): void {
    this.#mouth.marked(name, this.#parts.now())
    this.#schedule()
  }

  digit(digit: string): void {
    this.#keys.press(digit, this.#parts.now())
    this.#schedule()
  }

  /** A supervisor's word to the model; the caller does not hear it. */
  whisper(text: string): void {
    this.#parts.said.push({ role: 'supervisor', text })
  }

  /** The same, and the model speaks about it as soon as nobody else does. */
  inform(text: string): void {
    this.whisper(text)
    this.#turns.news(this.#parts.now())
  }

  /** Rings for the caller while somebody is fetched. */
  ring(on: boolean): void {
    this.#company.ring(on)
    this.#schedule()
  }

  /** When the reply at hand has been heard, the conversation is over. */
  leaveAfterReply(): void {
    this.#leaving = true
  }

  /** A sentence of our own in the reply at hand. */
  add(sentence: string): void {
    this.#mouth.add(sentence, this.#parts.now())
  }

  /** From outside: a limit, a person who ends it. */
  end(reason: 'goodbye' | 'limit' | 'failure'): void {
    this.#input({ type: 'end.wanted', at: this.#parts.now(), reason })
  }

  tick(): void {
    if (this.#closed) return
    const at = this.#parts.now()
    this.#mouth.flow(at)
    this.#ear.tick(at)
    this.#keys.tick(at)
    this.#first.tick(at)
    this.#company.tick(at, this.#isOurTurn, this.#turns.phase === 'listening' && this.#mouth.silent)
    const due = this.#turns.dueMs
    if (due !== null && at >= due) this.#input({ type: 'clock.struck', at })
    const mute = this.#muteDueMs()
    if (mute !== null && at >= mute) this.#fellMute(this.#mouth.turnId ?? 0)
    this.#schedule()
  }

  get #isOurTurn(): boolean {
    return !this.#first.isMessage && isOurTurn(this.#turns.now, this.#mouth.waitsFor !== null)
  }

  /** While we speak the machine has no clock of its own. */
  #muteDueMs(): number | null {
    const { phase } = this.#turns
    const speaks = (phase === 'speaking' || phase === 'closing') && this.#mouth.waitsFor !== null
    return speaks ? this.#company.muteDueMs : null
  }

  #fellMute(turnId: number): void {
    const ability = this.#mouth.waitsFor ?? 'speech'
    const { provider } = ability === 'speech' ? this.#parts.speaker : this.#parts.language
    this.#failed(turnId, ability, new ProviderFailure(provider, 'late', 'it fell silent'))
  }

  /** The line is gone. What was heard of an unfinished reply is told before. Idempotent. */
  close(): void {
    if (this.#closed) return
    const at = this.#parts.now()
    this.#minutes.rest(this.#turns.phase !== 'closing')
    this.#closed = true
    this.#turns.close(at)
    this.#mind.abort()
    this.#mouth.abort(at)
    this.#listening.close()
    this.#ear.close()
    this.#parts.speaker.close()
    this.#parts.wakeAt(null)
    this.#parts.closed()
  }

  #spoke(strict: boolean, sinceMs: number): void {
    if (!strict) this.#first.spoke(sinceMs)
    // A machine that talks on does not interrupt its message.
    if (this.#first.isMessage) return
    // While we speak only the strict gate counts; otherwise the quick one.
    if ((this.#turns.phase === 'speaking') === strict)
      this.#input({ type: 'caller.spoke', at: this.#parts.now(), heard: this.#heard() })
  }

  /** Whether a pause of ours was for nothing is known soonest from this. */
  #words(text: string, final: boolean): void {
    this.#first.words(text)
    this.#parts.tell({ type: 'interim', who: 'caller', text })
    const sense = senseOf(text, final, this.#tongue)
    this.#input({ type: 'words.heard', at: this.#parts.now(), sense, heard: this.#heard() })
  }

  #finished(done: CallerTurn): void {
    this.#listening.worked()
    this.#watch.callerFinished(done)
    this.#minutes.callerTurn = done
    const text = this.#inaudible.wordsOf(done, this.#turns.phase === 'listening')
    const backchannel = isBackchannel(text, this.#tongue)
    this.#input({ type: 'caller.finished', at: this.#parts.now(), text, backchannel, heard: this.#heard() })
  }

  #pressed(digits: string): void {
    this.#parts.tell({ type: 'keys-pressed', digits })
    this.written(`[pressed ${digits}]`)
  }

  /** Words of the caller from a carrier that hears by itself; `last`: the turn is whole. */
  prompted(text: string, last: boolean): void {
    if (last) this.written(text)
    else this.#words(text, false)
  }

  /** That carrier fell silent because the caller spoke. */
  cutOff(heard: string): void {
    this.#mouth.cutAt(heard)
    this.#spoke(this.#turns.phase === 'speaking', this.#parts.now())
  }

  /** A turn of the caller in letters, as if it had been heard: typed, or keys. */
  written(text: string): void {
    this.#first.pressed()
    this.#minutes.callerTurn = null
    this.#input({ type: 'caller.finished', at: this.#parts.now(), text, backchannel: false, heard: this.#heard() })
  }

  #heard(): string {
    return this.#mouth.heard(this.#parts.now())
  }

  #input(input: TurnInput): void {
    this.#turns.input(input)
  }

  #note(fact: TurnFact): void {
    this.#minutes.note(fact)
    if (fact.type !== 'reply-heard') return
    if (this.#first.isMessage) this.#parts.hangUp()
    else if (this.#leaving) this.end('goodbye')
  }

  #schedule(): void {
    if (this.#closed) return
    const clocks = [this.#mouth, this.#ear, this.#keys, this.#first].map(clock => clock.nextMs())
    const dues = [this.#turns.dueMs, this.#company.nextMs(this.#isOurTurn), this.#muteDueMs()]
    this.#parts.wakeAt(earliest([...clocks, ...dues]))
  }

  #perform(effect: TurnEffect): void {
    const at = this.#parts.now()
    const phrases = this.#phrases()
    switch (effect.type) {
      case 'ask-model':
        return this.#ask(effect.turnId, effect.text)
      case 'say-opening':
        return this.#sayAll(effect.turnId, this.#first.opening)
      case 'say-prompt':
        return this.#sayAll(effect.turnId, phrases.stillThere)
      case 'say-filler':
        this.#mouth.begin(effect.turnId, at)
        return this.#mouth.add(phrases.wait, at, true)
      case 'say-goodbye':
        return this.#sayAll(effect.turnId, farewellOf(effect.reason, phrases, this.#minutes.lastSaid, this.#tongue))
      case 'abort':
        this.#mind.abort()
        this.#mouth.abort(at)
        return
      case 'clear':
        if (this.#turns.phase === 'interrupted') this.#mouth.pause(at)
        else this.#mouth.abort(at)
        return
      case 'resume':
        this.#ear.rearm()
        this.#company.awaitVoice()
        return this.#mouth.resume(at)
      case 'hang-up':
        return this.#parts.hangUp()
      default:
        unreachable(effect)
    }
  }

  #sayAll(turnId: number, text: string): void {
    const at = this.#parts.now()
    this.#mouth.begin(turnId, at)
    this.#company.awaitVoice()
    if (text !== '') this.#mouth.add(text, at)
    this.#mouth.complete(turnId, at)
  }

  #soundBegan(turnId: number): void {
    const at = this.#parts.now()
    this.#watch.soundBegan(turnId, at)
    this.#input({ type: 'reply.began', at, turnId })
    if (this.#completeWithSound === turnId) this.#input({ type: 'reply.completed', at, turnId })
  }

  #ask(turnId: number, text: string | null): void {
    const at = this.#parts.now()
    if (text !== null && isFarewell(text, this.#tongue))
      return this.#input({ type: 'end.wanted', at, reason: 'goodbye' })
    this.#mouth.begin(turnId, at)
    // A model that failed has cost time already: the caller hears a word while it is asked again.
    if (text === null) this.#mouth.add(this.#phrases().wait, at, true)
    void this.#mind.ask(turnId)
  }

  #sentence(turnId: number, sentence: string): void {
    const at = this.#parts.now()
    this.#watch.sentenceBegan(turnId, at)
    this.#mouth.add(sentence, at)
    this.#schedule()
  }

  #toolEnded(turnId: number, toolId: string): void {
    const at = this.#parts.now()
    this.#input({ type: 'tool.ended', at, turnId, toolId })
    // What was said before the tool still sounds: it can be interrupted.
    if (this.#mouth.goesOnAfterTool()) this.#input({ type: 'reply.began', at, turnId })
  }

  #completed(turnId: number): void {
    const at = this.#parts.now()
    // The text is often whole before its first sound is there; until then we still think, as the caller hears it.
    if (this.#mouth.owesSound) this.#completeWithSound = turnId
    else this.#input({ type: 'reply.completed', at, turnId })
    this.#mouth.complete(turnId, at)
  }

  #phrases(): Phrases {
    return { ...PHRASES[this.#tongue], ...this.#parts.agent.phrases }
  }

  #failed(turnId: number, ability: 'language' | 'speech', error: unknown): void {
    this.#parts.tell(failureEvent(ability, error))
    this.#mind.abort()
    // Our own voice fails while we say goodbye: the carrier's voice has the last word.
    if (ability === 'speech' && this.#turns.phase === 'closing') this.#parts.lastWords(this.#tongue)
    this.#input({ type: 'reply.failed', at: this.#parts.now(), turnId, heard: this.#heard() })
  }
}
