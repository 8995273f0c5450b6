/** What a conversation needs from outside. */
import type { Confidential } from '../../core/agent/discretion.ts'
import type { TurnRules } from '../../core/turn/state.ts'
import type { Language, Said, ToolOffer } from '../../providers/language/port.ts'
import type { Speaker } from '../../providers/speech/port.ts'
import type { Transcription } from '../../providers/transcription/port.ts'
import type { Outgoing } from '../speech/playout.ts'
import type { Language as Tongue } from '../turn/words.ts'
import type { SpeechLine } from '../vad/speech-detector.ts'
import type { SessionEvent } from './conversation-events.ts'
import type { Phrases } from './phrases.ts'
import type { ToolCall } from './pipeline/reply.ts'

/** An agent, ready to speak: its variables are filled in. */
export interface SessionAgent {
  prompt: string
  /** empty: the caller speaks first */
  opening: string
  /** BCP-47 */
  language: string
  hints: string[]
  rules: TurnRules
  phrases: Partial<Phrases>
  /** what the model knows and the caller is not to hear */
  confidential?: Confidential
  /** we made this call: find out who answered before we speak; `voicemail` is left on a machine (empty: we hang up) */
  answering: { voicemail: string } | null
}

export interface ToolMoment {
  /** what this reply has said before the tool, heard or not */
  spoken: string
  /** nothing of ours is still to be heard */
  quiet(): boolean
}

export interface SessionParts {
  /** ms since the epoch */
  now(): number
  /** `tick` is wanted at this time (it may have passed); null: not by itself. The last word counts. */
  wakeAt(atMs: number | null): void
  line: SpeechLine
  transcription: Transcription
  language: Language
  speaker: Speaker
  agent: SessionAgent
  tools: ToolOffer[]
  /** the conversation so far; the session adds to it */
  said: Said[]
  /** what this line of the conversation may cost, in millionths of a dollar: then it says goodbye */
  costMicrosMax: number
  /** the call is over, and so is everything that is being waited for */
  signal: AbortSignal
  send(message: Outgoing): void
  tell(event: SessionEvent): void
  /** never throws: what the model is told instead is the answer */
  runTool(call: ToolCall, moment: ToolMoment): Promise<unknown>
  hangUp(): void
  /** nothing more comes from this conversation */
  closed(): void
  /** our voice is gone: the carrier says the apology and hangs up */
  lastWords(tongue: Tongue): void
}
