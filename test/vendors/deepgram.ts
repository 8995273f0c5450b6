/**
 * Deepgram as its API reference describes it: `/v1/listen` (live), `/v1/speak` (HTTP and socket), `/v2/listen` (Flux).
 * It refuses what the real one may tolerate (unknown parameters), so that a client's mistakes are seen.
 */
import type { WebSocket } from 'ws'
import { fluxSession } from './deepgram-flux.ts'
import { cutUp, type HeardWord, hear, spokenSound } from './spelled-sound.ts'
import {
  Refused,
  type Seen,
  sendPieces,
  startVendor,
  type VendorServer,
  wantHeader,
  wantJson,
  wantQuery,
} from './vendor-server.ts'

export interface DeepgramSettings {
  key?: string
  /** the real one waits 10 s for sound or a KeepAlive */
  patienceMs?: number
  /** what HTTP speech answers with instead of raw sound */
  soundFile?: Uint8Array
  /** the clock of its limits, ms */
  now?: () => number
  /** is told of every message in JSON of a hearing socket */
  told?: (message: string) => void
}

export function startDeepgram({
  key = 'test-key',
  patienceMs = 10_000,
  soundFile,
  now = Date.now,
  told = () => undefined,
}: DeepgramSettings = {}): Promise<VendorServer> {
  return startVendor({
    name: 'deepgram',
    error: (status, message) => ({ err_code: `E${status}`, err_msg: message, request_id: 'r-1' }),
    async answer(seen, response, cut) {
      if (seen.method !== 'POST' || seen.path !== '/v1/speak')
        throw new Refused(404, `nothing at ${seen.method} ${seen.path}`)
      wantHeader(seen, 'authorization', `Token ${key}`, 401)
      wantSpeakQuery(seen)
      const { text } = wantJson(seen, ['text'])
      if (typeof text !== 'string' || text === '' || text.length > 2_000)
        throw new Refused(413, 'text of 1 to 2,000 characters')
      response.writeHead(200, { 'Content-Type': 'audio/mulaw', 'dg-model-name': seen.query.get('model') ?? '' })
      await sendPieces(response, cutUp(soundFile ?? spokenSound(text)), cut)
    },
    upgrade(seen) {
      wantHeader(seen, 'authorization', `Token ${key}`, 401)
      if (seen.path === '/v1/listen') {
        wantListenQuery(seen)
        return (socket, cut) => (cut ? socket.terminate() : new ListenSession(socket, patienceMs, told))
      }
      if (seen.path === '/v1/speak') {
        wantSpeakQuery(seen)
        return (socket, cut) => new SpeakSession(socket, cut, now)
      }
      if (seen.path === '/v2/listen') return fluxSession(seen)
      throw new Refused(404, `no socket at ${seen.path}`)
    },
  })
}

function wantSpeakQuery(seen: Seen): void {
  wantQuery(seen, { model: null, encoding: 'mulaw', sample_rate: '8000', container: 'none' })
  if (!/^aura-[a-z0-9-]+$/.test(seen.query.get('model') ?? '')) throw new Refused(400, 'no such model')
}

function wantListenQuery(seen: Seen): void {
  wantQuery(
    seen,
    {
      model: 'nova-3',
      language: null,
      encoding: 'mulaw',
      sample_rate: '8000',
      channels: '1',
      interim_results: 'true',
      punctuate: 'true',
      endpointing: '300',
    },
    ['keyterm'],
  )
  if (!/^[a-z]{2}(-[A-Z]{2}|-419)?$/.test(seen.query.get('language') ?? '')) throw new Refused(400, 'no such language')
}

/** A socket that hears: interim words when a word is over, final ones at Finalize or after 300 ms of other sound. */
class ListenSession {
  readonly #socket: WebSocket
  readonly #patienceMs: number
  #sound: Uint8Array[] = []
  #bytes = 0
  /** what was finally told ends here */
  #finalMs = 0
  #told = 0
  #hunger: NodeJS.Timeout

  constructor(socket: WebSocket, patienceMs: number, told: (message: string) => void) {
    this.#socket = socket
    this.#patienceMs = patienceMs
    this.#hunger = setTimeout(() => this.#starve(), patienceMs)
    socket.on('message', (data, binary) => {
      this.#hunger.refresh()
      if (binary) this.#frame(data as Buffer)
      else {
        told(String(data))
        this.#control(String(data))
      }
    })
    socket.on('close', () => clearTimeout(this.#hunger))
  }

  #starve(): void {
    if (this.#patienceMs > 0) this.#socket.close(1011, 'NET-0001')
  }

  #frame(bytes: Buffer): void {
    if (bytes.length === 0) return this.#finish()
    this.#sound.push(bytes)
    this.#bytes += bytes.length
    const words = this.#words()
    const last = words.at(-1)
    if (!last) return
    if (this.#bytes / 8 - last.endMs >= 300) return this.#tell(words, true, false)
    if (words.length > this.#told) this.#tell(words, false, false)
  }

  #control(text: string): void {
    if (text === '{"type":"KeepAlive"}') return
    if (text === '{"type":"Finalize"}') {
      // Its guide: no answer is guaranteed when there is no audio left to flush.
      if (this.#bytes / 8 > this.#finalMs) this.#tell(this.#words(), true, true)
    } else if (text === '{"type":"CloseStream"}') this.#finish()
    else this.#socket.close(1008, 'DATA-0000')
  }

  /** Words after the last final ones. */
  #words(): HeardWord[] {
    return hear(Buffer.concat(this.#sound)).filter(
      word => word.startMs >= this.#finalMs && word.endMs < this.#bytes / 8 + 1,
    )
  }

  #tell(words: HeardWord[], final: boolean, finalize: boolean): void {
    const endMs = this.#bytes / 8
    const transcript = words.map(word => word.text).join(' ')
    this.#send({
      type: 'Results',
      channel_index: [0, 1],
      start: this.#finalMs / 1000,
      duration: (endMs - this.#finalMs) / 1000,
      is_final: final,
      speech_final: final && !finalize,
      from_finalize: finalize,
      channel: {
        alternatives: [
          {
            transcript,
            confidence: transcript === '' ? 0 : 0.98,
            words: words.map(({ text, startMs, endMs: end }) => ({
              word: text,
              start: startMs / 1000,
              end: end / 1000,
              confidence: 0.98,
              punctuated_word: text,
            })),
          },
        ],
      },
      metadata: { request_id: 'r-1', model_info: { name: 'general-nova-3' } },
    })
    this.#told = final ? 0 : words.length
    if (final) this.#finalMs = endMs
  }

  #finish(): void {
    if (this.#words().length > 0) this.#tell(this.#words(), true, false)
    this.#send({ type: 'Metadata', request_id: 'r-1', duration: this.#bytes / 8000, channels: 1 })
    this.#socket.close(1000)
  }

  #send(message: unknown): void {
    this.#socket.send(JSON.stringify(message))
  }
}

/** Text in, sound out, one Flushed per Flush; 20 flushes in 60 s, as its limits page says. */
class SpeakSession {
  readonly #socket: WebSocket
  #text = ''
  #flushes: number[] = []
  #sequence = 0
  #generation = 0
  readonly #cut: boolean
  readonly #now: () => number

  /** `cut`: the connection breaks after the first sound */
  constructor(socket: WebSocket, cut: boolean, now: () => number) {
    this.#socket = socket
    this.#now = now
    this.#cut = cut
    socket.send(JSON.stringify({ type: 'Metadata', request_id: 'r-1', model_name: 'aura-2-thalia-en' }))
    socket.on('message', (data, binary) => {
      if (binary) return socket.close(1008, 'DATA-0000')
      void this.#control(JSON.parse(String(data)) as { type: string; text?: string })
    })
  }

  async #control({ type, text = '' }: { type: string; text?: string }): Promise<void> {
    if (type === 'Speak') this.#text += text
    else if (type === 'Flush') await this.#flush()
    else if (type === 'Clear') {
      this.#text = ''
      this.#generation += 1
      this.#send({ type: 'Cleared', sequence_id: this.#sequence })
    } else if (type === 'Close') this.#socket.close(1000)
    else this.#send({ type: 'Warning', description: `unknown ${type}`, code: 'W-1' })
  }

  async #flush(): Promise<void> {
    const now = this.#now()
    this.#flushes = this.#flushes.filter(at => now - at < 60_000)
    if (this.#flushes.length >= 20)
      return this.#send({ type: 'Warning', description: 'Exceeded flush limit', code: 'EXCESSIVE_FLUSH' })
    this.#flushes.push(now)
    const generation = this.#generation
    const sound = spokenSound(this.#text)
    this.#text = ''
    for (const piece of cutUp(sound)) {
      if (generation !== this.#generation) return
      this.#socket.send(piece)
      if (this.#cut) return this.#socket.terminate()
      await new Promise(resolve => setImmediate(resolve))
    }
    if (generation === this.#generation) this.#send({ type: 'Flushed', sequence_id: this.#sequence++ })
  }

  #send(message: unknown): void {
    this.#socket.send(JSON.stringify(message))
  }
}
