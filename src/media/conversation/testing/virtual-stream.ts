/** A media stream in virtual time: frames of the caller go in, a carrier plays what comes out and returns its marks. */
import { base64FromBytes } from '../../../sound/base64.ts'
import type { Outgoing } from '../../speech/playout.ts'
import type { SpeechLine } from '../../vad/speech-detector.ts'
import type { ConversationEvent } from '../conversation-events.ts'
import type { ConversationLoop } from '../loop.ts'

const LOUD = base64FromBytes(new Uint8Array(160).fill(0x10))
const QUIET = base64FromBytes(new Uint8Array(160).fill(0xff))
export const FRAME_MS = 20
export const MS_PER_CHARACTER = 60

/** Detects speech in every loud frame, and in no other. */
export const DETECTOR: SpeechLine = {
  hear: () => 0,
  hearBytes: bytes => (bytes[0] === 0x10 ? 0.9 : 0.02),
  close() {},
  [Symbol.dispose]() {},
}

export abstract class VirtualStream {
  abstract readonly loop: ConversationLoop
  readonly events: ConversationEvent[] = []
  readonly sent: Outgoing[] = []
  nowMs = 1_000_000
  hungUp = false
  /** the carrier speaks by itself: each mark carries a sentence */
  protected speaksItself = false
  #wakeMs: number | null = null
  #playedUntilMs = 0
  #marks: { name: string; atMs: number }[] = []

  async pass(ms: number, loud = false): Promise<void> {
    for (let passed = 0; passed < ms; passed += FRAME_MS) await this.frame(loud ? LOUD : QUIET)
  }

  /** The caller sends this frame, and its time passes. */
  protected async frame(payload: string): Promise<void> {
    this.nowMs += FRAME_MS
    this.loop.receive(payload)
    for (const mark of this.#marks.filter(one => one.atMs <= this.nowMs)) this.#giveBack(mark.name)
    if (this.#wakeMs !== null && this.#wakeMs <= this.nowMs) this.loop.tick()
    await new Promise<void>(resolve => setImmediate(resolve))
  }

  /** Lets time pass until the condition is met; throws after `limitMs`. */
  async until(condition: () => boolean, limitMs = 60_000): Promise<void> {
    for (let passed = 0; !condition(); passed += FRAME_MS) {
      if (passed > limitMs) throw new Error(`not within ${limitMs} ms`)
      await this.pass(FRAME_MS)
    }
  }

  get sounding(): boolean {
    return this.#playedUntilMs > this.nowMs
  }
  of<T extends ConversationEvent['type']>(type: T): Extract<ConversationEvent, { type: T }>[] {
    return this.events.filter(event => event.type === type) as Extract<ConversationEvent, { type: T }>[]
  }

  /** The parts of a conversation that its stream provides. */
  protected readonly parts = {
    now: () => this.nowMs,
    wakeAt: (atMs: number | null) => {
      this.#wakeMs = atMs
    },
    detector: DETECTOR,
    signal: new AbortController().signal,
    send: (message: Outgoing) => this.#carry(message),
    tell: (event: ConversationEvent) => void this.events.push(event),
    hangUp: () => {
      this.hungUp = true
    },
    closed() {},
  }

  #carry(message: Outgoing): void {
    this.sent.push(message)
    if (message.type === 'audio') this.#play(message.mulaw.length / 8)
    else if (message.type === 'mark') {
      if (this.speaksItself) this.#play(message.text.length * MS_PER_CHARACTER)
      this.#marks.push({ name: message.name, atMs: this.#playedUntilMs })
    } else {
      this.#playedUntilMs = this.nowMs
      for (const mark of [...this.#marks]) this.#giveBack(mark.name)
    }
  }

  #play(ms: number): void {
    this.#playedUntilMs = Math.max(this.#playedUntilMs, this.nowMs) + ms
  }

  #giveBack(name: string): void {
    this.#marks = this.#marks.filter(one => one.name !== name)
    this.loop.marked(name)
  }
}
