/** Deepgram Flux (`/v2/listen`) as its reference describes it: turns, with an own end of turn after 600 ms of silence. */
import type { WebSocket } from 'ws'
import { mulawOf } from '../../src/sound/mulaw.ts'
import { type HeardWord, hear } from './spelled-sound.ts'
import { Refused, type Seen, wantQuery } from './vendor-server.ts'

const UPDATE_MS = 250
const END_OF_TURN_MS = 600

export function fluxSession(seen: Seen): (socket: WebSocket, cut: boolean) => void {
  wantQuery(seen, { model: null, encoding: null, sample_rate: '8000' }, ['keyterm', 'language_hint'])
  const model = seen.query.get('model')
  if (model !== 'flux-general-en' && model !== 'flux-general-multi') throw new Refused(400, 'no such model')
  if (model === 'flux-general-en' && seen.query.has('language_hint')) throw new Refused(400, 'a hint for one language')
  const encoding = seen.query.get('encoding') ?? ''
  if (encoding !== 'mulaw' && encoding !== 'linear16') throw new Refused(400, 'encoding')
  return (socket, cut) => {
    if (cut) socket.terminate()
    else new FluxTurns(socket, encoding === 'mulaw' ? bytes => bytes : mulawOfLinear)
  }
}

function mulawOfLinear(bytes: Buffer): Uint8Array {
  if (bytes.length % 2 === 1) throw new Error('half a sample')
  return Uint8Array.from({ length: bytes.length / 2 }, (_, at) => mulawOf(bytes.readInt16LE(at * 2)))
}

class FluxTurns {
  readonly #socket: WebSocket
  #sound: Uint8Array[] = []
  #ms = 0
  #toldMs = 0
  #turn = 0
  #turnFromMs = 0
  #speaking = false
  #sequence = 0

  constructor(socket: WebSocket, toMulaw: (bytes: Buffer) => Uint8Array) {
    this.#socket = socket
    this.#send({ type: 'Connected', request_id: 'r-1' })
    socket.on('message', (data, binary) => {
      if (binary) this.#frame(toMulaw(data as Buffer))
      else this.#control(String(data))
    })
  }

  #frame(mulaw: Uint8Array): void {
    this.#sound.push(mulaw)
    this.#ms += mulaw.length / 8
    const words = this.#words()
    const last = words.at(-1)
    if (!this.#speaking && last) {
      this.#speaking = true
      this.#tell('StartOfTurn', words)
    } else if (this.#speaking && last && this.#ms - last.endMs >= END_OF_TURN_MS) this.#end(words, 'model')
    else if (this.#ms - this.#toldMs >= UPDATE_MS) this.#tell('Update', words)
  }

  #control(text: string): void {
    if (text === '{"type":"CloseStream"}') return this.#socket.close(1000)
    if (text !== '{"type":"ForceEndTurn"}') {
      this.#send({ type: 'Error', code: 'UNPARSABLE_CLIENT_MESSAGE', description: 'unknown message' })
      return this.#socket.close(1008)
    }
    // Without a turn under way it is ignored.
    if (this.#speaking) this.#end(this.#words(), 'manual')
  }

  #words(): HeardWord[] {
    return hear(Buffer.concat(this.#sound)).filter(word => word.startMs >= this.#turnFromMs)
  }

  #end(words: HeardWord[], trigger: string): void {
    this.#tell('EndOfTurn', words, trigger)
    this.#speaking = false
    this.#turn += 1
    this.#turnFromMs = this.#ms
  }

  #tell(event: string, words: HeardWord[], trigger?: string): void {
    this.#toldMs = this.#ms
    this.#send({
      type: 'TurnInfo',
      request_id: 'r-1',
      event,
      ...(trigger ? { trigger } : {}),
      turn_index: this.#turn,
      audio_window_start: (words[0]?.startMs ?? this.#ms) / 1000,
      audio_window_end: this.#ms / 1000,
      transcript: words.map(word => word.text).join(' '),
      words: words.map(word => ({ word: word.text, confidence: 0.97 })),
      end_of_turn_confidence: event === 'EndOfTurn' ? 0.9 : 0.1,
    })
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify({ ...message, sequence_id: this.#sequence++ }))
  }
}
