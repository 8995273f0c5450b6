/** A line in virtual time with a model that hears and speaks by itself. */
import { TURN_RULES, type TurnRules } from '../../../core/turn/state.ts'
import type { Realtime } from '../../../providers/realtime/port.ts'
import { base64FromBytes } from '../../base64.ts'
import { FRAME_BYTES } from '../../mulaw.ts'
import type { Outgoing } from '../../speech/playout.ts'
import { dualTone } from '../../tones.ts'
import { RealtimeVoiceSession } from '../realtime-session.ts'
import type { SessionEvent } from '../session-events.ts'
import type { SessionParts } from '../session-parts.ts'

const LOUD = base64FromBytes(new Uint8Array(160).fill(0x10))
const QUIET = base64FromBytes(new Uint8Array(160).fill(0xff))
const FRAME_MS = 20

export interface RealtimeRoomOptions {
  opening?: string
  rules?: Partial<TurnRules>
  tool?: SessionParts['runTool']
  costMicrosMax?: number
  said?: SessionParts['said']
  answering?: { voicemail: string }
  /** no other voice is there */
  noSpare?: boolean
}

export class RealtimeRoom<Model extends Realtime> {
  readonly events: SessionEvent[] = []
  readonly sent: Outgoing[] = []
  readonly said: SessionParts['said']
  readonly model: Model
  readonly session: RealtimeVoiceSession
  nowMs = 1_000_000
  hungUp = false
  lastWords = 0
  #wakeMs: number | null = null
  #playedUntilMs = 0
  #marks: { name: string; atMs: number }[] = []

  constructor(model: Model, options: RealtimeRoomOptions) {
    this.said = options.said ?? []
    this.model = model
    this.session = new RealtimeVoiceSession({
      now: () => this.nowMs,
      wakeAt: atMs => {
        this.#wakeMs = atMs
      },
      line: {
        hear: () => 0,
        hearBytes: bytes => (bytes[0] === 0x10 ? 0.9 : 0.02),
        close() {},
        [Symbol.dispose]() {},
      },
      realtime: this.model,
      voice: '',
      spare: () =>
        options.noSpare ? null : { text: 'One moment, please.', mulaw: new Uint8Array(1_200 * 8).fill(0x30) },
      agent: {
        prompt: 'You are the receptionist.',
        opening: options.opening ?? '',
        language: 'en-US',
        hints: [],
        rules: { ...TURN_RULES, ...options.rules },
        phrases: {},
        answering: options.answering ?? null,
      },
      tools: [],
      said: this.said,
      costMicrosMax: options.costMicrosMax ?? 5_000_000,
      signal: new AbortController().signal,
      send: message => this.#carry(message),
      tell: event => this.events.push(event),
      runTool: options.tool ?? (async () => 'done'),
      hangUp: () => {
        this.hungUp = true
      },
      closed() {},
      lastWords: () => {
        this.lastWords += 1
      },
    })
  }

  /** The caller speaks for so long, and falls silent. */
  async speaks(ms: number): Promise<void> {
    await this.pass(ms, true)
  }

  /** What a machine says when it begins to record. */
  async hearsBeep(): Promise<void> {
    const tone = dualTone(1_000, 1_000, 400)
    for (let at = 0; at < tone.length; at += FRAME_BYTES) {
      this.nowMs += FRAME_MS
      this.session.frame(base64FromBytes(tone.slice(at, at + FRAME_BYTES)))
    }
    await this.pass(FRAME_MS)
  }

  async pass(ms: number, loud = false): Promise<void> {
    for (let passed = 0; passed < ms; passed += FRAME_MS) {
      this.nowMs += FRAME_MS
      this.session.frame(loud ? LOUD : QUIET)
      for (const mark of this.#marks.filter(one => one.atMs <= this.nowMs)) this.#giveBack(mark.name)
      if (this.#wakeMs !== null && this.#wakeMs <= this.nowMs) this.session.tick()
      await new Promise<void>(resolve => setImmediate(resolve))
    }
  }

  /** Passes until it is so; throws after `limitMs`. */
  async until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    for (let passed = 0; !condition(); passed += FRAME_MS) {
      if (passed > limitMs) throw new Error(`not within ${limitMs} ms`)
      await this.pass(FRAME_MS)
    }
  }

  get sounding(): boolean {
    return this.#playedUntilMs > this.nowMs
  }
  of<T extends SessionEvent['type']>(type: T): Extract<SessionEvent, { type: T }>[] {
    return this.events.filter(event => event.type === type) as Extract<SessionEvent, { type: T }>[]
  }

  #carry(message: Outgoing): void {
    this.sent.push(message)
    if (message.type === 'audio')
      this.#playedUntilMs = Math.max(this.#playedUntilMs, this.nowMs) + message.mulaw.length / 8
    else if (message.type === 'mark') this.#marks.push({ name: message.name, atMs: this.#playedUntilMs })
    else {
      this.#playedUntilMs = this.nowMs
      for (const mark of [...this.#marks]) this.#giveBack(mark.name)
    }
  }

  #giveBack(name: string): void {
    this.#marks = this.#marks.filter(one => one.name !== name)
    this.session.marked(name)
  }
}
