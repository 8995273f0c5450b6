/** The port of a language model, which answers one turn of a conversation, as a stream, and may call tools. */

/** Data that a model wants back with a tool call (the signature of its thoughts). We keep it unchanged and never read it. */
export type Opaque = Record<string, unknown>

/** The history of a conversation, oldest entry first. `agent` texts are the words that the caller *heard*. */
export type Said =
  | { role: 'caller'; text: string }
  | { role: 'agent'; text: string; interrupted: boolean }
  /** a supervisor whispers to the model; the caller did not hear it */
  | { role: 'supervisor'; text: string }
  /** `together`: called in the same answer as the tool before it */
  | {
      role: 'tool'
      toolId: string
      name: string
      input: unknown
      result: unknown
      opaque?: Opaque | undefined
      together?: boolean | undefined
    }

export interface ToolOffer {
  name: string
  description: string
  /** JSON Schema of an object */
  input: Record<string, unknown>
}

export interface LanguageRequest {
  system: string
  said: Said[]
  tools: ToolOffer[]
  tokensMax: number
  signal: AbortSignal
}

export type LanguagePart =
  | { type: 'text'; text: string }
  /** `input` is whatever the model wrote; nothing in it was checked. `toolId` is the model's id of this call. */
  | { type: 'tool'; toolId: string; name: string; input: unknown; opaque?: Opaque | undefined }
  /** the last part; `filtered`: the provider took back the rest of the answer, or all of it */
  | { type: 'end'; reason: 'stop' | 'tools' | 'length' | 'filtered'; tokensIn: number; tokensOut: number }

export interface Language {
  readonly provider: string
  readonly model: string
  /** Throws `ProviderFailure` before any part or between parts; ends early, without a throw, if `signal` aborts. */
  reply(request: LanguageRequest): AsyncIterable<LanguagePart>
}
