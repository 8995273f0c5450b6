/**
 * OpenAI Realtime over a WebSocket, with `audio/pcmu` in both directions, so telephone sound needs no conversion.
 * Source: platform.openai.com, API reference, "Realtime" client and server events (the general version, no beta header).
 */
import { base64FromBytes, bytesFromBase64 } from '../../sound/base64.ts'
import { ProviderFailure } from '../failure.ts'
import { withoutSlash } from '../http.ts'
import type { ToolOffer } from '../language/port.ts'
import { CONNECT_LIMIT_MS, type Connect, connectByFetch, dial, objectOf, type ProviderSocket } from '../socket.ts'
import type { Realtime, RealtimeEvent, RealtimeOptions, RealtimeSession } from './port.ts'

export const OPENAI_REALTIME_MODEL = 'gpt-realtime'
const VOICE = 'marin'
const HEARING = 'gpt-4o-mini-transcribe'
/** The number of utterances whose length is kept, because a truncation must not exceed it. */
const ITEMS_MAX = 8
/** the event id of every request for an answer; an error with this id means that no answer comes */
const ANSWER = 'answer'
/** OpenAI refuses to commit less sound than this. */
const COMMIT_MIN_MS = 100
const BYTES_PER_MS = 8

export interface OpenAiRealtimeOptions {
  apiKey: string
  /** with the version: `https://api.openai.com/v1` */
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
    await session.start(socket, options, signal)
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
        // The model may not interrupt itself: our playout must be emptied, and only we know how much was heard.
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

interface TokenUsage {
  input_tokens?: number
  input_token_details?: { cached_tokens?: number }
  output_tokens?: number
}

/** Each answer counts the whole conversation again. Cached tokens cost an eightieth, so they are left out. */
function paidFor({ input_tokens: all = 0, input_token_details: details }: TokenUsage): number {
  return Math.max(0, all - (details?.cached_tokens ?? 0))
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
  /** settles the opening; null: no opening is under way */
  #opening: { resolve(): void; reject(failure: ProviderFailure): void } | null = null
  /** `asked`: the server has not confirmed the answer yet, so it cannot be cancelled */
  #response: 'none' | 'asked' | 'begun' = 'none'
  /** the caller has interrupted the answer at hand, so the rest of it is ignored */
  #unwanted = false
  /** the request that is sent when the answer at hand is over, because the server allows one answer at a time */
  #next: Message | null = null
  /** bytes of the caller's sound since the last request for an answer */
  #uncommitted = 0
  /** utterance → ms of its sound that we have passed on */
  readonly #items = new Map<string, number>()
  /** tool calls of the last answer that have no result yet */
  readonly #called = new Set<string>()
  #callsEnded = false

  constructor(provider: string, tell: (event: RealtimeEvent) => void) {
    this.provider = provider
    this.#tell = tell
  }

  /** Resolves when the server has accepted the settings; before that it would send sound in another format. */
  async start(socket: ProviderSocket, options: RealtimeOptions, signal: AbortSignal): Promise<void> {
    this.#socket = socket
    const giveUp = () => this.#fail(new ProviderFailure(this.provider, 'unavailable', 'given up'))
    const late = () => this.#fail(new ProviderFailure(this.provider, 'late', 'no session in time'))
    const timer = setTimeout(late, CONNECT_LIMIT_MS)
    signal.addEventListener('abort', giveUp)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#opening = { resolve, reject }
        if (this.#over) reject(new ProviderFailure(this.provider, 'unavailable', 'closed at once'))
        this.configure(options)
      })
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
    }
  }

  configure(options: RealtimeOptions): void {
    this.#send({ type: 'session.update', session: sessionOf(options) })
  }

  send(mulaw: Uint8Array): void {
    if (mulaw.length === 0) return
    this.#uncommitted += mulaw.length
    this.#send({ type: 'input_audio_buffer.append', audio: base64FromBytes(mulaw) })
  }

  answer(): void {
    if (this.#uncommitted >= COMMIT_MIN_MS * BYTES_PER_MS) this.#send({ type: 'input_audio_buffer.commit' })
    this.#uncommitted = 0
    this.#create({ type: 'response.create' })
  }

  say(text: string): void {
    const instructions = `Say exactly this, word for word, and nothing else: ${text}`
    this.#create({ type: 'response.create', response: { instructions, tool_choice: 'none' } })
  }

  typed(text: string): void {
    const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
    this.#send({ type: 'conversation.item.create', item })
  }

  /** Asks for an answer. During another answer the request waits, because the server would refuse it. */
  #create(message: Message): void {
    if (this.#response !== 'none') {
      this.#next = message
      return
    }
    this.#response = 'asked'
    this.#unwanted = false
    this.#send({ ...message, event_id: ANSWER })
  }

  toolResult(toolId: string, result: unknown): void {
    if (!this.#called.delete(toolId)) return
    const output = typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null')
    this.#send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: toolId, output } })
    this.#goOn()
  }

  interrupt(itemId: string, heardMs: number): void {
    this.#next = null
    this.#callsEnded = false
    if (this.#response === 'begun' && !this.#unwanted) this.#send({ type: 'response.cancel' })
    this.#unwanted = this.#response !== 'none'
    const sentMs = this.#items.get(itemId)
    if (sentMs === undefined) return
    // A truncation beyond the sound that was sent is an error at OpenAI.
    const heard = Math.max(0, Math.floor(Math.min(heardMs, sentMs)))
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
      case 'conversation.item.input_audio_transcription.failed':
        return this.#tell({ type: 'caller-words', text: '', final: true })
      case 'response.created':
        this.#response = 'begun'
        if (this.#unwanted) this.#send({ type: 'response.cancel' })
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
    if (typeof delta !== 'string' || this.#unwanted) return
    const mulaw = new Uint8Array(Math.floor((delta.length * 3) / 4))
    let size: number
    try {
      size = bytesFromBase64(delta, mulaw)
    } catch {
      return
    }
    this.#items.set(itemId, (this.#items.get(itemId) ?? 0) + size / BYTES_PER_MS)
    const [oldest] = this.#items.keys()
    if (this.#items.size > ITEMS_MAX && oldest !== undefined) this.#items.delete(oldest)
    this.#tell({ type: 'sound', itemId, mulaw: mulaw.subarray(0, size) })
  }

  #words({ item_id: id }: Message, text: unknown, final: boolean): void {
    const itemId = String(id ?? '')
    if (!this.#unwanted) this.#tell({ type: 'agent-words', itemId, text: String(text ?? ''), final })
  }

  #itemDone(item: Message | undefined): void {
    if (item?.type !== 'function_call' || typeof item.call_id !== 'string') return
    this.#called.add(item.call_id)
    this.#callsEnded = false
    // The next answer would wait for the output of this call.
    if (this.#unwanted) return this.toolResult(item.call_id, 'The caller interrupted: it was not done.')
    const written = String(item.arguments ?? '')
    this.#tell({
      type: 'tool',
      toolId: item.call_id,
      name: String(item.name ?? ''),
      input: objectOf(written) ?? written,
    })
  }

  #responseDone(response: Message | undefined): void {
    const unwanted = this.#unwanted
    this.#response = 'none'
    this.#unwanted = false
    const usage = (response?.usage ?? {}) as TokenUsage
    const output = (response?.output ?? []) as { type?: string }[]
    const tools = output.some(item => item.type === 'function_call')
    const reason = unwanted ? 'interrupted' : reasonOf(String(response?.status ?? ''), tools)
    this.#tell({ type: 'answer-ended', reason, tokensIn: paidFor(usage), tokensOut: usage.output_tokens ?? 0 })
    const next = this.#next
    this.#next = null
    if (next !== null) this.#create(next)
    if (reason !== 'tools') return
    this.#callsEnded = true
    this.#goOn()
  }

  /** Asks for the next answer when the answer with the tool calls is over and every call has its result. */
  #goOn(): void {
    if (!this.#callsEnded || this.#called.size > 0 || this.#over) return
    this.#callsEnded = false
    this.#create({ type: 'response.create' })
  }

  /** Most errors concern one message and end nothing. During the opening, any error means that the settings were refused. */
  #error(error: Message | undefined): void {
    const expired = error?.code === 'session_expired'
    if (this.#opening) this.#fail(new ProviderFailure(this.provider, 'refused', 'it refused the session'))
    else if (error?.event_id === ANSWER && this.#response === 'asked') this.#responseDone({ status: 'failed' })
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
