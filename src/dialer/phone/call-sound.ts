/**
 * The sound of an AI agent's call in this page, as it passes: both sides are played beside each other, a moment late so that a late
 * message makes no gap. It needs no microphone and no phone.
 */
import type { CallSound } from '../../wire/conversation.ts'
import { Observed } from '../desk/observed.ts'

export interface CallSoundSnapshot {
  phase: 'idle' | 'joining' | 'on'
  callId: string | null
}
const IDLE: CallSoundSnapshot = { phase: 'idle', callId: null }
const RATE = 8_000
/** Sound is played so much later than it came. */
const LEAD_S = 0.15
/** The server is told so often that this page keeps up. */
const CONFIRM_MS = 1_000

/** G.711 µ-law, one byte to −1…1. */
export const LINEAR: Float32Array<ArrayBuffer> = Float32Array.from({ length: 256 }, (_, byte) => {
  const bits = ~byte & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84
  return (bits & 0x80 ? -magnitude : magnitude) / 32_768
})

interface Side {
  /** when what has come so far is played to its end, by the clock of the context */
  untilS: number
  sources: Set<AudioBufferSourceNode>
}

export class CallSoundPlayer extends Observed<CallSoundSnapshot> {
  readonly #open: (callId: string) => WebSocket
  #socket: WebSocket | null = null
  #context: AudioContext | null = null
  #sides: Record<'caller' | 'agent', Side> = { caller: side(), agent: side() }
  #timer: ReturnType<typeof setInterval> | null = null
  /** messages with sound that have come, for tests and support */
  played = { caller: 0, agent: 0 }

  constructor(open: (callId: string) => WebSocket) {
    super(IDLE)
    this.#open = open
  }

  /** It must follow a click, because a browser plays nothing before one. */
  start(callId: string): void {
    this.stop()
    this.#context ??= new AudioContext()
    void this.#context.resume()
    const socket = this.#open(callId)
    this.#socket = socket
    this.set({ phase: 'joining', callId })
    socket.onopen = () => this.#socket === socket && this.set({ phase: 'on', callId })
    socket.onmessage = ({ data }) => this.#socket === socket && this.#take(JSON.parse(String(data)) as CallSound)
    socket.onclose = () => this.#socket === socket && this.stop()
    this.#timer = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('ok'), CONFIRM_MS)
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    const socket = this.#socket
    this.#socket = null
    socket?.close()
    for (const one of ['caller', 'agent'] as const) this.#silence(one)
    if (this.get().phase !== 'idle') this.set(IDLE)
  }

  #take(sound: CallSound): void {
    if (sound.type === 'ended') return this.stop()
    // The agent was interrupted: what it had not said yet is not said.
    if (sound.type === 'cleared') return this.#silence('agent')
    this.played[sound.from] += 1
    this.#play(sound.from, sound.mulaw)
  }

  #play(from: 'caller' | 'agent', mulaw: string): void {
    const context = this.#context
    const bytes = atob(mulaw)
    if (context === null || bytes.length === 0) return
    const buffer = context.createBuffer(1, bytes.length, RATE)
    const samples = buffer.getChannelData(0)
    for (let at = 0; at < bytes.length; at += 1) samples[at] = LINEAR[bytes.charCodeAt(at) & 0xff] ?? 0
    const source = context.createBufferSource()
    source.buffer = buffer
    source.connect(context.destination)
    const one = this.#sides[from]
    const atS = Math.max(one.untilS, context.currentTime + LEAD_S)
    one.untilS = atS + buffer.duration
    one.sources.add(source)
    source.onended = () => one.sources.delete(source)
    source.start(atS)
  }

  #silence(from: 'caller' | 'agent'): void {
    for (const source of this.#sides[from].sources) source.stop()
    this.#sides[from] = side()
  }
}

function side(): Side {
  return { untilS: 0, sources: new Set() }
}
