/** The parts that a conversation needs from its owner, whichever driver it has. */
import type { Confidential } from '../../core/agent/discretion.ts'
import type { TurnRules } from '../../core/turn/state.ts'
import type { Said, ToolOffer } from '../../providers/language/port.ts'
import type { Outgoing } from '../speech/playout.ts'
import type { Language as Tongue } from '../turn/words.ts'
import type { SpeechLine } from '../vad/speech-detector.ts'
import type { ConversationEvent } from './conversation-events.ts'
import type { Phrases } from './phrases.ts'
import type { ToolCall, ToolMoment } from './tool-call.ts'

/** An agent, ready to speak: its variables are filled in. */
export interface PreparedAgent {
  prompt: string
  /** empty: the caller speaks first */
  opening: string
  /** BCP-47 */
  language: string
  hints: string[]
  rules: TurnRules
  /** ms of silence after which the caller has finished; null: the words decide */
  turnSilenceMs?: number | null
  phrases: Partial<Phrases>
  /** what the model knows and the caller must not hear */
  confidential?: Confidential
  /** we made this call: find out who answered before we speak; `voicemail` is left on a machine (empty: we hang up) */
  answering: { voicemail: string } | null
}

export interface ConversationParts {
  /** ms since the epoch */
  now(): number
  /** Asks for `tick` at this time, which may have passed; null: not by itself. The last call counts. */
  wakeAt(atMs: number | null): void
  /** hears speech in the caller's frames; the conversation closes it */
  detector: SpeechLine
  agent: PreparedAgent
  tools: ToolOffer[]
  /** the history of the conversation; entries are added as they are said */
  said: Said[]
  /** cost in millionths of a dollar after which the agent says that the time is up */
  costMicrosMax: number
  /** aborted when the call is over: nothing needs to be waited for any more */
  signal: AbortSignal
  send(message: Outgoing): void
  tell(event: ConversationEvent): void
  /** Never throws: a failure is told to the model as the tool's result. */
  runTool(call: ToolCall, moment: ToolMoment): Promise<unknown>
  hangUp(): void
  /** Nothing more comes from this conversation. */
  closed(): void
  /** Our voice is gone: the carrier is to apologise and hang up. */
  lastWords(tongue: Tongue): void
  /** A request for patience in a voice that does not depend on the model; null: not available (yet). */
  spareWord?(): { text: string; mulaw: Uint8Array } | null
  /** the carrier makes the sound from our words, so tones cannot be sent */
  wordsOnly?: boolean
}
