/**
 * OpenAI Realtime over a WebSocket, `audio/pcmu` both ways: telephone sound goes through unchanged.
 * Source: platform.openai.com, API reference, "Realtime" client and server events (the general version, no beta header).
 */
import { base64FromBytes, bytesFromBase64 } from '../../media/base64.ts'
import { ProviderFailure } from '../failure.ts'
import { withoutSlash } from '../http.ts'
import type { ToolOffer } from '../language/port.ts'
import { CONNECT_LIMIT_MS, type Connect, connectByFetch, dial, objectOf, type ProviderSocket } from '../socket.ts'
import type { Realtime, RealtimeEvent, RealtimeOptions, RealtimeSession } from './port.ts'

export const OPENAI_REALTIME_MODEL = 'gpt-realtime'
const VOICE = 'marin'
const HEARING = 'gpt-4o-mini-transcribe'
/** Less sound than this cannot be committed there. */
const COMMIT_MIN_MS = 100
const BYTES_PER_MS = 8

export interface OpenAiRealtimeOptions {
  apiKey: string
  /** with its version: `https://api.openai.com/v1` */
  baseUrl: string
  model?: string
  connect?: Connect
}

export class OpenAiRealtime implements Realtime {
  readonly provider = 'openai-realtime'
  readonly model: string
  readonly #options: OpenAiRealtimeOptions

  constructor(options: OpenAiRealtimeOptions) {
    this.#options = options
    this.model = options.model ?? OPENAI_REALTIME_MODEL
  }

  async open(
    options: RealtimeOptions,
    tell: (event: RealtimeEvent) => void,
    signal: AbortSignal,
  ): Promise<RealtimeSession> {
    const { apiKey, baseUrl, connect = connectByFetch } = this.#options
    const url = `${withoutSlash(baseUrl)}/realtime?${new URLSearchParams({ model: this.model })}`
    const headers: Record<string, string> = apiKey ? { Authorization: `Bearer ${apiKey}` } : {}
    const session = new OpenAiSession(this.provider, tell)
    const socket = await dial(this.provider, connect, { url, headers }, session.ears, signal)
    await session.start(socket, sessionOf(options), signal)
    return session
  }
}

function sessionOf({ system, tools, voice, language, turns, tokensMax }: RealtimeOptions): Record<string, unknown> {
  const format = { type: 'audio/pcmu' }
  return {
    type: 'realtime',
    instructions: system,
    output_modalities: ['audio'],
    audio: {
      input: {
        format,
        transcription: { model: HEARING, language: language.split('-')[0] ?? language },
        // Our playout must be emptied and the item cut at what was heard: the model alone cannot know that.
        turn_detection:
          turns === 'ours' ? null : { type: 'semantic_vad', create_response: true, interrupt_response: false },
      },
      output: { format, voice: voice || VOICE },
    },
    tools: tools.map(functionOf),
    tool_choice: 'auto',
    max_output_tokens: tokensMax,
  }
}

function functionOf({ name, description, input }: ToolOffer): Record<string, unknown> {
  return { type: 'function', name, description, parameters: input }
}

type Message = Record<string, unknown>

class OpenAiSession implements RealtimeSession {
  readonly provider: string
  readonly ears = {
    text: (text: string) => this.#understand(text),
    bytes: () => undefined,
    closed: (code: number) => this.#fail(new ProviderFailure(this.provider, 'unavailable', `closed with ${code}`)),
  }
  readonly #tell: (event: RealtimeEvent) => void
  #socket: ProviderSocket | null = null
  #over = false
  /** resolves the opening; after it: null */
  #opening: { resolve(): void; reject(failure: ProviderFailure): void } | null = null
  #responding = false
  /** bytes of the caller since the last answer */
  #uncommitted = 0
  /** the utterance that is coming, and how much of its sound was told */
  #item = { id: '', ms: 0 }
  /** utterances that were cut off: what still comes of them belongs to nobody */
  #cut = ''
  /** calls of tools of the last answer that have no result yet */
  readonly #called = new Set<string>()
  #callsEnded = false

  constructor(provider: string, tell: (event: RealtimeEvent) => void) {
    this.provider = provider
    this.#tell = tell
  }

  /** Resolves when the session's settings are accepted: before that it would speak in another format. */
  async start(socket: ProviderSocket, session: Message, signal: AbortSignal): Promise<void> {
    this.#socket = socket
    const giveUp = () => this.#fail(new ProviderFailure(this.provider, 'unavailable', 'given up'))
    const late = () => this.#fail(new ProviderFailure(this.provider, 'late', 'no session in time'))
    const timer = setTimeout(late, CONNECT_LIMIT_MS)
    signal.addEventListener('abort', giveUp)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#opening = { resolve, reject }
        if (this.#over) reject(new ProviderFailure(this.provider, 'unavailable', 'closed at once'))
        this.#send({ type: 'session.update', session })
      })
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
    }
  }

  send(mulaw: Uint8Array): void {
    if (mulaw.length === 0) return
    this.#uncommitted += mulaw.length
    this.#send({ type: 'input_audio_buffer.append', audio: base64FromBytes(mulaw) })
  }

  answer(): void {
    if (this.#uncommitted >= COMMIT_MIN_MS * BYTES_PER_MS) this.#send({ type: 'input_audio_buffer.commit' })
    this.#uncommitted = 0
    this.#send({ type: 'response.create' })
  }

  toolResult(toolId: string, result: unknown): void {
    if (!this.#called.delete(toolId)) return
    const output = typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null')
    this.#send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: toolId, output } })
    this.#goOn()
  }

  interrupt(itemId: string, heardMs: number): void {
    if (this.#responding) this.#send({ type: 'response.cancel' })
    this.#cut = itemId
    if (itemId !== this.#item.id) return
    // More than it has sent is an error there.
    const heard = Math.max(0, Math.floor(Math.min(heardMs, this.#item.ms)))
    this.#send({ type: 'conversation.item.truncate', item_id: itemId, content_index: 0, audio_end_ms: heard })
  }

  whisper(text: string): void {
    const item = { type: 'message', role: 'system', content: [{ type: 'input_text', text }] }
    this.#send({ type: 'conversation.item.create', item })
  }

  close(): void {
    if (this.#over) return
    this.#over = true
    this.#socket?.close()
  }

  #send(message: Message): void {
    if (!this.#over) this.#socket?.send(JSON.stringify(message))
  }

  #understand(text: string): void {
    const message = this.#over ? null : objectOf(text)
    switch (message?.type) {
      case 'session.updated':
        this.#opening?.resolve()
        this.#opening = null
        return
      case 'input_audio_buffer.speech_started':
        return this.#tell({ type: 'caller-began' })
      case 'conversation.item.input_audio_transcription.delta':
        return this.#tell({ type: 'caller-words', text: String(message.delta ?? ''), final: false })
      case 'conversation.item.input_audio_transcription.completed':
        return this.#tell({ type: 'caller-words', text: String(message.transcript ?? '').trim(), final: true })
      case 'response.created':
        this.#responding = true
        return
      case 'response.output_audio.delta':
        return this.#sound(message)
      case 'response.output_audio_transcript.delta':
        return this.#words(message, message.delta, false)
      case 'response.output_audio_transcript.done':
        return this.#words(message, message.transcript, true)
      case 'response.output_item.done':
        return this.#itemDone(message.item as Message | undefined)
      case 'response.done':
        return this.#responseDone(message.response as Message | undefined)
      case 'error':
        return this.#error(message.error as Message | undefined)
    }
  }

  #sound({ item_id: id, delta }: Message): void {
    const itemId = String(id ?? '')
    if (typeof delta !== 'string' || itemId === this.#cut) return
    const mulaw = new Uint8Array(Math.floor((delta.length * 3) / 4))
    let size: number
    try {
      size = bytesFromBase64(delta, mulaw)
    } catch {
      return
    }
    if (itemId !== this.#item.id) this.#item = { id: itemId, ms: 0 }
    this.#item.ms += size / BYTES_PER_MS
    this.#tell({ type: 'sound', itemId, mulaw: mulaw.subarray(0, size) })
  }

  #words({ item_id: id }: Message, text: unknown, final: boolean): void {
    const itemId = String(id ?? '')
    if (itemId !== this.#cut) this.#tell({ type: 'agent-words', itemId, text: String(text ?? ''), final })
  }

  #itemDone(item: Message | undefined): void {
    if (item?.type !== 'function_call' || typeof item.call_id !== 'string') return
    this.#called.add(item.call_id)
    this.#callsEnded = false
    const written = String(item.arguments ?? '')
    this.#tell({
      type: 'tool',
      toolId: item.call_id,
      name: String(item.name ?? ''),
      input: objectOf(written) ?? written,
    })
  }

  #responseDone(response: Message | undefined): void {
    this.#responding = false
    const usage = (response?.usage ?? {}) as { input_tokens?: number; output_tokens?: number }
    const output = (response?.output ?? []) as { type?: string }[]
    const tools = output.some(item => item.type === 'function_call')
    const reason = reasonOf(String(response?.status ?? ''), tools)
    this.#tell({ type: 'answer-ended', reason, tokensIn: usage.input_tokens ?? 0, tokensOut: usage.output_tokens ?? 0 })
    if (reason !== 'tools') return
    this.#callsEnded = true
    this.#goOn()
  }

  /** A result may come before its answer is over, and an answer cannot be asked for during another. */
  #goOn(): void {
    if (!this.#callsEnded || this.#called.size > 0 || this.#over) return
    this.#callsEnded = false
    this.#send({ type: 'response.create' })
  }

  /** Most errors are about one message and end nothing; while it opens they are about its settings. */
  #error(error: Message | undefined): void {
    const expired = error?.code === 'session_expired'
    if (this.#opening) this.#fail(new ProviderFailure(this.provider, 'refused', 'it refused the session'))
    else if (expired) this.#fail(new ProviderFailure(this.provider, 'unavailable', 'the session expired'))
  }

  #fail(failure: ProviderFailure): void {
    if (this.#over) return
    this.close()
    const opening = this.#opening
    this.#opening = null
    if (opening) opening.reject(failure)
    else this.#tell({ type: 'failed', failure })
  }
}

function reasonOf(status: string, tools: boolean): 'stop' | 'tools' | 'length' | 'interrupted' | 'failed' {
  if (status === 'cancelled') return 'interrupted'
  if (status === 'incomplete') return 'length'
  if (status === 'failed') return 'failed'
  return tools ? 'tools' : 'stop'
}
