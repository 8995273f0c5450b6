/**
 * Sound to sound: one model hears the caller and speaks itself, µ-law at 8,000 samples a second both ways. It replaces
 * the three other ports for a call, so it also tells the words of both sides and lets tools be called.
 */
import type { ProviderFailure } from '../failure.ts'
import type { ToolOffer } from '../language/port.ts'

export interface RealtimeOptions {
  system: string
  tools: ToolOffer[]
  /** the provider's own name of a voice; empty: its default */
  voice: string
  /** BCP-47, a hint for the words of the caller */
  language: string
  /** who decides that the caller has finished: our gate (`answer` is called), or the model by itself */
  turns: 'ours' | 'theirs'
  tokensMax: number
}

export type RealtimeEvent =
  /** a piece of what it says; `itemId` names the utterance, and is what `interrupt` wants */
  | { type: 'sound'; itemId: string; mulaw: Uint8Array }
  /** words of what it says. They come faster than the sound: what was *heard* is the caller's side to know */
  | { type: 'agent-words'; itemId: string; text: string; final: boolean }
  /** words of the caller; they may come after the answer to them has begun */
  | { type: 'caller-words'; text: string; final: boolean }
  /** it hears somebody speak (only where turns are theirs) */
  | { type: 'caller-began' }
  /** `input` is whatever the model wrote; nothing in it was checked */
  | { type: 'tool'; toolId: string; name: string; input: unknown }
  /** the answer is over: `tools` waits for `toolResult`, `failed` gave nothing that can be used */
  | {
      type: 'answer-ended'
      reason: 'stop' | 'tools' | 'length' | 'interrupted' | 'failed'
      /** those that it had not heard before */
      tokensIn: number
      tokensOut: number
    }
  /** the connection is over and nothing more comes */
  | { type: 'failed'; failure: ProviderFailure }

export interface RealtimeSession {
  readonly provider: string
  /** New instructions and tools, before it has spoken. */
  configure(options: RealtimeOptions): void
  /** The caller's sound, as it comes. Never throws; after the end nothing happens. */
  send(mulaw: Uint8Array): void
  /** The caller has finished, or nobody has spoken yet: let it speak. */
  answer(): void
  /** It says exactly this, and asks nothing of tools. After an answer that is still coming, never over it. */
  say(text: string): void
  /** Words of the caller that were typed, or keys. Nothing is answered by it. */
  typed(text: string): void
  /** What a tool gave. When all tools of an answer have given theirs, it goes on speaking by itself. */
  toolResult(toolId: string, result: unknown): void
  /**
   * The caller spoke over it after `heardMs` of that utterance: it stops, and remembers no more than was heard. Nothing more
   * comes of the answer but its end, and tools of it do not make it go on. Empty: no utterance was begun.
   */
  interrupt(itemId: string, heardMs: number): void
  /** A supervisor whispers to the model; the caller does not hear it. */
  whisper(text: string): void
  /** No event comes after it. A second time does nothing. */
  close(): void
}

export interface Realtime {
  readonly provider: string
  readonly model: string
  /** Ready to take sound. Throws `ProviderFailure`; gives up when `signal` does. */
  open(options: RealtimeOptions, tell: (event: RealtimeEvent) => void, signal: AbortSignal): Promise<RealtimeSession>
}
