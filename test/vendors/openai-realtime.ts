/**
 * OpenAI Realtime as its reference describes it, for `audio/pcmu`: it hears spelled words, answers by the rules of
 * `reply-rules.ts` in spelled sound, and answers everything that is wrong with an `error`, as the real one does.
 */
import type { WebSocket } from 'ws'
import { type Made, replyTo } from './reply-rules.ts'
import { cutUp, hear, spokenSound } from './spelled-sound.ts'
import { Refused, startVendor, type VendorServer, wantHeader, wantQuery } from './vendor-server.ts'

export interface RealtimeSettings {
  key?: string
  /** what is answered to words that were heard; usual: the words of `replyTo` */
  answers?: (heard: string) => string
  /** is told of every item that was cut, as `item ms` */
  cutAt?: (cut: string) => void
  /** is told what it is instructed to be, each time */
  instructed?: (instructions: string) => void
}

export async function startOpenAiRealtime({
  key = 'test-key',
  answers = heard => heard,
  cutAt = () => undefined,
  instructed = () => undefined,
}: RealtimeSettings = {}): Promise<VendorServer> {
  const server = await startVendor({
    name: 'openai-realtime',
    error: (status, message) => ({ error: { message, code: status } }),
    answer: seen => {
      throw new Refused(404, `nothing at ${seen.path}`)
    },
    upgrade(seen) {
      wantHeader(seen, 'authorization', `Bearer ${key}`, 401)
      if (seen.path !== '/v1/realtime') throw new Refused(404, `no socket at ${seen.path}`)
      wantQuery(seen, { model: 'gpt-realtime' })
      return (socket, cut) => {
        if (cut) socket.terminate()
        else new RealtimeTalk(socket, answers, complaint => server.complaints.push(complaint), cutAt, instructed)
      }
    },
  })
  return server
}

interface Client {
  type: string
  response?: { instructions?: string }
  audio?: string
  session?: Session
  item?: { type: string; role?: string; call_id?: string; output?: string; content?: { type: string; text: string }[] }
  item_id?: string
  content_index?: number
  audio_end_ms?: number
}
interface Session {
  type: string
  instructions: string
  audio: { input: { format: { type: string }; turn_detection: unknown }; output: { format: { type: string } } }
  tools: { type: string; name: string; parameters: { type: string } }[]
}

class RealtimeTalk {
  readonly #socket: WebSocket
  readonly #answers: (heard: string) => string
  readonly #complain: (complaint: string) => void
  #configured = false
  #sound: Uint8Array[] = []
  #last = ''
  #responding = false
  #cancelled = false
  #count = 0
  /** item → ms of its sound that were sent */
  readonly #items = new Map<string, number>()
  readonly #cutAt: (message: string) => void
  readonly #calls = new Set<string>()
  readonly #instructed: (instructions: string) => void

  constructor(
    socket: WebSocket,
    answers: (heard: string) => string,
    complain: (complaint: string) => void,
    cutAt: (cut: string) => void,
    instructed: (instructions: string) => void,
  ) {
    this.#instructed = instructed
    this.#socket = socket
    this.#answers = answers
    this.#complain = complain
    this.#cutAt = cutAt
    this.#send({ type: 'session.created', session: { type: 'realtime' } })
    socket.on('message', (data, binary) => {
      if (binary) return this.#error('binary messages are not supported')
      void this.#control(JSON.parse(String(data)) as Client)
    })
  }

  async #control(message: Client): Promise<void> {
    if (message.type === 'session.update') return this.#configure(message.session)
    if (!this.#configured) return this.#error('no session')
    if (message.type === 'input_audio_buffer.append') {
      this.#sound.push(Buffer.from(message.audio ?? '', 'base64'))
    } else if (message.type === 'input_audio_buffer.commit') this.#commit()
    else if (message.type === 'response.create') await this.#respond(message.response?.instructions)
    else if (message.type === 'response.cancel') this.#cancelled = true
    else if (message.type === 'conversation.item.create') this.#create(message.item)
    else if (message.type === 'conversation.item.truncate') this.#truncate(message)
    else this.#error(`unknown ${message.type}`)
  }

  #configure(session: Session | undefined): void {
    const formats = [session?.audio.input.format.type, session?.audio.output.format.type]
    if (session?.type !== 'realtime' || formats.join() !== 'audio/pcmu,audio/pcmu') return this.#error('session')
    if (session.audio.input.turn_detection !== null) return this.#error('these tests end turns themselves')
    for (const tool of session.tools)
      if (tool.type !== 'function' || tool.parameters.type !== 'object') return this.#error('session.tools')
    this.#configured = true
    this.#instructed(session.instructions)
    this.#send({ type: 'session.updated', session })
  }

  #commit(): void {
    const bytes = Buffer.concat(this.#sound)
    this.#sound = []
    // The real one wants 100 ms at least.
    if (bytes.length < 800) return this.#error('input_audio_buffer_commit_empty')
    const words = hear(bytes)
    this.#last = words.map(word => word.text).join(' ')
    this.#send({ type: 'input_audio_buffer.committed', item_id: 'caller' })
    for (const word of words)
      this.#send({ type: 'conversation.item.input_audio_transcription.delta', item_id: 'caller', delta: word.text })
    this.#send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: 'caller',
      transcript: this.#last,
    })
  }

  #create(item: Client['item']): void {
    if (item?.type === 'function_call_output') {
      if (!this.#calls.delete(item.call_id ?? '')) return this.#error('call_id')
      this.#last = `tool ${item.output}`
    } else if (item?.type !== 'message' || item.content?.[0]?.type !== 'input_text') this.#error('item')
    else if (item.role === 'user') this.#last = item.content[0].text
    else if (item.role === 'system') this.#last = `whisper ${item.content[0].text}`
    else this.#error('item.role')
  }

  #truncate({ item_id: id = '', content_index: index, audio_end_ms: endMs = -1 }: Client): void {
    const sent = this.#items.get(id)
    if (sent === undefined || index !== 0 || endMs < 0 || endMs > sent)
      return this.#error(`truncate ${id} at ${endMs} of ${sent}`)
    this.#cutAt(`${id} ${endMs}`)
    this.#send({ type: 'conversation.item.truncated', item_id: id, content_index: 0, audio_end_ms: endMs })
  }

  async #respond(instructions?: string): Promise<void> {
    if (this.#responding) return this.#error('conversation_already_has_active_response')
    if (this.#calls.size > 0) return this.#error('a call of a tool without its output')
    this.#responding = true
    this.#cancelled = false
    this.#count += 1
    const response = { id: `resp_${this.#count}` }
    this.#send({ type: 'response.created', response })
    const output: object[] = []
    // Instructions of one answer stand before the conversation: this one obeys them.
    const exactly = /word for word[^:]*: (.*)$/s.exec(instructions ?? '')?.[1]
    const all: Made[] = exactly === undefined ? replyTo(this.#answers(this.#last)) : [{ type: 'text', text: exactly }]
    for (const made of all) {
      if (this.#cancelled) break
      // It hangs: nothing more comes, not even the end.
      if (made.type === 'silence') return
      const item = await this.#item(made)
      if (item) output.push(item)
    }
    this.#responding = false
    const status = this.#cancelled ? 'cancelled' : 'completed'
    this.#send({
      type: 'response.done',
      response: { ...response, status, output, usage: { input_tokens: 21, output_tokens: 7 } },
    })
  }

  async #item(made: Made): Promise<object | null> {
    this.#count += 1
    const id = `item_${this.#count}`
    if (made.type === 'text') {
      this.#send({ type: 'response.output_audio_transcript.delta', item_id: id, delta: made.text })
      for (const piece of cutUp(spokenSound(made.text))) {
        if (this.#cancelled) break
        this.#items.set(id, (this.#items.get(id) ?? 0) + piece.length / 8)
        this.#send({
          type: 'response.output_audio.delta',
          item_id: id,
          content_index: 0,
          delta: Buffer.from(piece).toString('base64'),
        })
        await new Promise(resolve => setImmediate(resolve))
      }
      this.#send({ type: 'response.output_audio_transcript.done', item_id: id, transcript: made.text })
      return { id, type: 'message' }
    }
    if (made.type !== 'tool') return null
    const item = { id, type: 'function_call', name: made.name, call_id: made.id, arguments: made.json }
    this.#calls.add(made.id)
    this.#send({ type: 'response.output_item.done', item })
    return item
  }

  #error(message: string): void {
    this.#complain(`openai-realtime: ${message}`)
    this.#send({ type: 'error', error: { type: 'invalid_request_error', message } })
  }

  #send(message: unknown): void {
    this.#socket.send(JSON.stringify(message))
  }
}
