/**
 * The driver with one model that hears, thinks and speaks. It is never left to decide by itself when to speak, so that
 * interruptions, silence, limits and failures are the same as with the other driver; the model is told how much of its sound
 * was heard.
 */
import { earliest, unreachable } from '../../../core/machine.ts'
import { ProviderFailure } from '../../../providers/failure.ts'
import type { RealtimeEvent } from '../../../providers/realtime/port.ts'
import { hasWords } from '../../turn/backchannel.ts'
import { isFarewell } from '../../turn/farewell.ts'
import type { Language as Tongue } from '../../turn/words.ts'
import { failureEvent } from '../conversation-events.ts'
import type { Driver, DriverHost } from '../driver.ts'
import { ConversationLoop } from '../loop.ts'
import { PHRASES, tongueOf } from '../phrases.ts'
import { isFirstTurn } from '../transcript-recorder.ts'
import { RealtimeAnswer } from './answer.ts'
import { CallerSound, type SpeechSpan, wordlessRules } from './caller-sound.ts'
import { CallerWords } from './caller-words.ts'
import { RealtimeConnection, type RealtimeParts } from './connection.ts'
import { SpokenReply } from './spoken-reply.ts'
import { RealtimeTools } from './tools.ts'

/** Stands for a turn of the caller whose words the model has not written down yet. */
const SPOKEN = '[sound]'

export function realtimeConversation(parts: RealtimeParts): ConversationLoop {
  const agent = { ...parts.agent, rules: wordlessRules(parts.agent.rules) }
  return new ConversationLoop({ ...parts, agent }, host => new RealtimeDriver(parts, host))
}

class RealtimeDriver implements Driver {
  readonly input: CallerSound
  readonly output: SpokenReply
  /** The model that failed is the voice as well. */
  readonly canApologise = false
  readonly #parts: RealtimeParts
  readonly #host: DriverHost
  readonly #tongue: Tongue
  readonly #connection: RealtimeConnection
  readonly #answer: RealtimeAnswer
  readonly #tools: RealtimeTools
  readonly #words: CallerWords
  #closed = false

  constructor(parts: RealtimeParts, host: DriverHost) {
    const { now } = parts
    this.#parts = parts
    this.#host = host
    this.#tongue = tongueOf(parts.agent.language)
    this.#connection = new RealtimeConnection(parts, {
      opened: host.opened,
      event: event => this.#event(event),
      failed: error => parts.tell(failureEvent('realtime', error)),
      givenUp: host.gone,
    })
    const heard = {
      ...host.gates,
      speech: (mulaw: Uint8Array) => this.#connection.send(mulaw),
      finished: (span: SpeechSpan) => this.#finished(span),
    }
    this.input = new CallerSound(parts.detector, now(), heard, parts.agent.turnSilenceMs ?? undefined)
    this.output = new SpokenReply(now, {
      send: message => host.deadAir.sendVoice(message),
      began: turnId => this.#soundBegan(turnId),
      played: host.replyPlayed,
    })
    this.#answer = new RealtimeAnswer(now, this.#connection, this.output, () => host.deadAir.askPatience())
    this.#words = new CallerWords(parts)
    this.#tools = new RealtimeTools(parts, this.#connection, this.output, {
      called: host.toolCalled,
      ended: (turnId, toolId) => this.#toolEnded(turnId, toolId),
      tooMany: turnId => host.replyFailed(turnId, 'realtime', new Error('tools without end')),
    })
  }

  get pending(): boolean {
    return this.#answer.pending
  }
  get callerSpeaks(): boolean {
    return this.input.speaking
  }

  open(): void {
    void this.#connection.open()
  }

  begin(): boolean {
    if (this.#connection.session === null) return false
    this.#connection.listen()
    return true
  }

  greeted(): void {
    this.input.forget()
    this.#connection.forget()
  }

  recordsLater(text: string): boolean {
    return text.includes(SPOKEN)
  }

  ask(turnId: number, text: string | null): void {
    this.#host.stopwatch.asked(turnId, this.#parts.now())
    if (text === null) this.#answer.again(turnId)
    else this.#answer.ask(turnId, text.includes(SPOKEN) ? '' : text)
  }

  say(turnId: number, text: string): void {
    this.#answer.say(turnId, text)
  }

  askPatience(): void {
    this.#host.deadAir.askPatience()
  }

  add(sentence: string): void {
    if (!this.#tools.dictate(sentence)) this.inform(`Say this next, word for word: ${sentence}`)
  }

  cut(): void {
    this.#answer.cut()
  }

  inform(text: string): void {
    this.#connection.session?.whisper(text)
  }

  nextMs(): number | null {
    return earliest([this.#connection.nextMs(), this.output.nextMs(), this.input.nextMs(), this.#stallDueMs()])
  }

  tick(atMs: number): void {
    this.output.flow(atMs)
    this.input.tick(atMs)
    this.#connection.tick(atMs)
    const stall = this.#stallDueMs()
    if (stall !== null && atMs >= stall) this.#stalled(this.output.turnId ?? 0)
  }

  close(atMs: number): void {
    this.#closed = true
    this.output.abort(atMs)
    this.#connection.close()
    this.input.close()
  }

  #stallDueMs(): number | null {
    return this.#answer.stallDueMs(this.#host.turns.phase, this.#host.deadAir.soundUntilMs)
  }

  #stalled(turnId: number): void {
    // The answer is complete; only its end was not reported.
    if (this.output.isWhole) return this.#said(turnId)
    const failure = new ProviderFailure(this.#parts.realtime.provider, 'late', 'it fell silent')
    this.#host.replyFailed(turnId, 'realtime', failure)
  }

  /** Speech too short to have interrupted us is a "mhm"; the model hears it together with the next turn. */
  #finished(span: SpeechSpan): void {
    const { now, rules, turns } = this.#host.turns.state
    const kept = now.phase === 'speaking' && now.opening && rules.openingUninterruptible
    const backchannel = (now.phase === 'speaking' && !kept) || now.phase === 'interrupted'
    if (!backchannel && now.phase !== 'idle') {
      this.#host.stopwatch.callerFinished({ quietSinceMs: span.quietSinceMs, transcriptionMs: 0 })
      this.#words.expect(span, turns + 1)
    }
    this.#host.callerFinished(SPOKEN, backchannel, null)
  }

  #event(event: RealtimeEvent): void {
    if (this.#closed) return
    this.#answer.progressed()
    this.#handle(event)
    this.#host.reschedule()
  }

  #handle(event: RealtimeEvent): void {
    const { turnId } = this.output
    const { turns, stopwatch, gates, gone } = this.#host
    const at = this.#parts.now()
    switch (event.type) {
      case 'sound':
        return this.output.sound(event.itemId, event.mulaw)
      case 'agent-words':
        if (turnId !== null) stopwatch.textBegan(turnId, at)
        return this.output.words(event.itemId, event.text, event.final)
      case 'caller-words':
        return this.#callerWords(event.text, event.final)
      case 'caller-began':
        return gates.spoke(turns.phase === 'speaking', at)
      case 'tool':
        return this.#tools.call(turnId ?? turns.state.turns, event)
      case 'answer-ended':
        return this.#answerEnded(event)
      case 'failed':
        this.#parts.tell(failureEvent('realtime', event.failure))
        return gone()
      default:
        unreachable(event)
    }
  }

  #answerEnded({ reason, tokensIn, tokensOut }: Extract<RealtimeEvent, { type: 'answer-ended' }>): void {
    // This may end the conversation, and with it the reply at hand.
    this.#host.meter.spend({ soundTokensIn: tokensIn, soundTokensOut: tokensOut })
    const { turnId } = this.output
    const owed = this.#parts.said.at(-1)?.role !== 'supervisor'
    switch (this.#answer.endingOf(reason, this.#tools.usedIn(turnId), owed)) {
      case 'resting':
        return this.output.rest()
      case 'failed':
        this.#answer.ended()
        return this.#host.replyFailed(turnId ?? 0, 'realtime', new Error('it said nothing'))
      case 'unspoken':
        return this.#answer.say(turnId ?? 0, PHRASES[this.#tongue].noAnswer)
      case 'said':
        return this.#said(turnId ?? 0)
      case 'stale':
    }
  }

  #said(turnId: number): void {
    this.#answer.ended()
    this.#host.turns.dispatch({ type: 'reply.completed', at: this.#parts.now(), turnId })
    this.output.complete(turnId)
  }

  #callerWords(text: string, final: boolean): void {
    if (!final) return this.#words.part(text)
    this.#words.whole(hasWords(text) ? text : '', this.#host.turns.state.turns)
    if (!isFarewell(text, this.#tongue, isFirstTurn(this.#parts.said))) return
    // Unless we only listen, the model is answering the goodbye already.
    if (this.#host.turns.phase === 'listening') this.#host.end('goodbye')
    else this.#host.leaveAfterReply()
  }

  #soundBegan(turnId: number): void {
    const { replyBegan, gates } = this.#host
    replyBegan(turnId)
    // The caller went on while we thought: we wait, as for any interruption.
    if (this.input.speaking) gates.spoke(true, this.#parts.now())
  }

  #toolEnded(turnId: number, toolId: string): void {
    this.#answer.progressed()
    this.#host.toolEnded(turnId, toolId, () => this.output.turnId === turnId && this.output.goesOnAfterTool())
  }
}
