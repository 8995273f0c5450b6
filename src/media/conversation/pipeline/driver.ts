/** The driver made of three providers: the caller's sound is transcribed, a language model replies, a speaker says it. */
import { earliest } from '../../../core/machine.ts'
import { ProviderFailure } from '../../../providers/failure.ts'
import type { Language } from '../../../providers/language/port.ts'
import type { Speaker } from '../../../providers/speech/port.ts'
import type { Transcription } from '../../../providers/transcription/port.ts'
import { pronounced } from '../../speech/spoken-text.ts'
import { isBackchannel } from '../../turn/backchannel.ts'
import { fixedSilence } from '../../turn/endpoint.ts'
import { expectedAfter } from '../../turn/expected.ts'
import { isFarewell } from '../../turn/farewell.ts'
import type { Language as Tongue } from '../../turn/words.ts'
import { failureEvent } from '../conversation-events.ts'
import type { ConversationParts } from '../conversation-parts.ts'
import type { Driver, DriverHost } from '../driver.ts'
import { ConversationLoop } from '../loop.ts'
import { phrasesOf, tongueOf } from '../phrases.ts'
import { isFirstTurn } from '../transcript-recorder.ts'
import { ReplyGenerator } from './reply-generator.ts'
import { type CallerTurn, SpeechInput } from './speech-input.ts'
import { SpeechOutput } from './speech-output.ts'
import { TranscriberSupervisor } from './transcriber-supervisor.ts'
import { UnintelligibleSpeech } from './unintelligible-speech.ts'
import { SILENT_SPEAKER } from './words-only.ts'

export interface PipelineParts extends ConversationParts {
  transcription: Transcription
  language: Language
  speaker: Speaker
}

export function pipelineConversation(parts: PipelineParts): ConversationLoop {
  const wordsOnly = parts.speaker === SILENT_SPEAKER
  return new ConversationLoop({ ...parts, wordsOnly }, host => new PipelineDriver(parts, host))
}

class PipelineDriver implements Driver {
  readonly input: SpeechInput
  readonly output: SpeechOutput
  readonly canApologise = true
  /** Only words make a turn here, so a sound of the caller does not excuse our silence. */
  readonly callerSpeaks = false
  readonly #parts: PipelineParts
  readonly #host: DriverHost
  readonly #tongue: Tongue
  readonly #transcribers: TranscriberSupervisor
  readonly #replies: ReplyGenerator
  readonly #unintelligible = new UnintelligibleSpeech()
  /** a reply whose text is complete and whose sound has not begun */
  #completeWithSound: number | null = null

  constructor(parts: PipelineParts, host: DriverHost) {
    const { now } = parts
    this.#parts = parts
    this.#host = host
    this.#tongue = tongueOf(parts.agent.language)
    const { turnSilenceMs } = parts.agent
    this.input = new SpeechInput(
      {
        language: this.#tongue,
        detector: parts.detector,
        startMs: now(),
        ...(turnSilenceMs == null ? {} : { endpoint: fixedSilence(turnSilenceMs) }),
      },
      {
        ...host.gates,
        words: host.words,
        finished: turn => this.#finished(turn),
        failed: ({ failure }) => this.#transcribers.failed(failure),
      },
    )
    this.#transcribers = new TranscriberSupervisor(parts, this.input, {
      transcribed: host.reschedule,
      failed: error => parts.tell(failureEvent('transcription', error)),
      givenUp: () => host.end('failure'),
    })
    const pronounce = (text: string) => pronounced(text, this.#tongue, parts.agent.language)
    this.output = new SpeechOutput(() => parts.speaker, pronounce, now, {
      send: message => host.deadAir.sendVoice(message),
      began: turnId => this.#soundBegan(turnId),
      played: host.replyPlayed,
      failed: (turnId, error) => this.#failed(turnId, 'speech', error),
      spent: spokenCharacters => host.meter.spend({ spokenCharacters }),
    })
    this.#replies = new ReplyGenerator(parts, this.#tongue, this.output, host.stopwatch, {
      sentence: (turnId, text) => this.#sentence(turnId, text),
      toolCalled: host.toolCalled,
      toolEnded: (turnId, toolId) => host.toolEnded(turnId, toolId, () => this.output.goesOnAfterTool()),
      usage: (tokensIn, tokensOut) => host.meter.spend({ tokensIn, tokensOut }),
      completed: turnId => this.#completed(turnId),
      failed: (turnId, error) => this.#failed(turnId, 'language', error),
    })
  }

  get pending(): boolean {
    return this.output.waitsFor !== null
  }

  open(): void {
    this.#transcribers.open()
  }

  /** Nothing has to be connected first: sound waits for the transcriber, and the model is asked when there are words. */
  begin(): boolean {
    return true
  }

  greeted(greeting: string): void {
    if (greeting !== '') this.#parts.said.push({ role: 'caller', text: greeting })
    this.input.forgetGreeting(this.#parts.now())
  }

  ask(turnId: number, text: string | null): void {
    if (text !== null && isFarewell(text, this.#tongue, isFirstTurn(this.#parts.said))) return this.#host.end('goodbye')
    // A model that failed has cost time already: the caller hears a word while it is asked again.
    if (text === null) this.askPatience(turnId, phrasesOf(this.#parts.agent).wait)
    else this.output.begin(turnId, this.#parts.now())
    void this.#replies.ask(turnId)
  }

  say(turnId: number, text: string): void {
    const at = this.#parts.now()
    this.output.begin(turnId, at)
    if (text !== '') this.output.add(text, at)
    this.output.complete(turnId, at)
  }

  askPatience(turnId: number, text: string): void {
    const at = this.#parts.now()
    this.output.begin(turnId, at)
    this.output.add(text, at, true)
  }

  add(sentence: string): void {
    this.output.add(sentence, this.#parts.now())
  }

  cut(): void {
    this.#replies.abort()
    this.output.abort(this.#parts.now())
  }

  replyEnded(heard: string): void {
    this.#replies.recordTools()
    if (heard !== '') this.input.expect(expectedAfter(heard, this.#tongue))
  }

  nextMs(): number | null {
    return earliest([this.output.nextMs(), this.input.nextMs(), this.#muteDueMs()])
  }

  tick(atMs: number): void {
    this.output.flow(atMs)
    this.input.tick(atMs)
    const mute = this.#muteDueMs()
    if (mute !== null && atMs >= mute) this.#fellMute()
  }

  close(atMs: number): void {
    this.#replies.abort()
    this.output.abort(atMs)
    this.#transcribers.close()
    this.input.close()
    this.#parts.speaker.close()
  }

  #finished(turn: CallerTurn): void {
    this.#transcribers.worked()
    this.#host.stopwatch.callerFinished(turn)
    const text = this.#unintelligible.wordsOf(turn, this.#host.turns.phase === 'listening')
    this.#host.callerFinished(text, isBackchannel(text, this.#tongue), turn)
  }

  #soundBegan(turnId: number): void {
    const { replyBegan, turns } = this.#host
    replyBegan(turnId)
    if (this.#completeWithSound === turnId) turns.dispatch({ type: 'reply.completed', at: this.#parts.now(), turnId })
  }

  #sentence(turnId: number, sentence: string): void {
    const at = this.#parts.now()
    this.#host.stopwatch.sentenceBegan(turnId, at)
    this.output.add(sentence, at)
    this.#host.reschedule()
  }

  #completed(turnId: number): void {
    const at = this.#parts.now()
    // The text is often complete before its first sound is there; until then the caller hears us think.
    if (this.output.owesSound) this.#completeWithSound = turnId
    else this.#host.turns.dispatch({ type: 'reply.completed', at, turnId })
    this.output.complete(turnId, at)
  }

  #failed(turnId: number, ability: 'language' | 'speech', error: unknown): void {
    this.#replies.abort()
    this.#host.replyFailed(turnId, ability, error)
  }

  /** The turn machine has no clock of its own while we speak. */
  #muteDueMs(): number | null {
    const { turns, deadAir } = this.#host
    const speaks = turns.phase === 'speaking' || turns.phase === 'closing'
    return speaks && this.pending ? deadAir.muteDueMs : null
  }

  #fellMute(): void {
    const ability = this.output.waitsFor ?? 'speech'
    const { provider } = ability === 'speech' ? this.#parts.speaker : this.#parts.language
    this.#failed(this.output.turnId ?? 0, ability, new ProviderFailure(provider, 'late', 'it fell silent'))
  }
}
