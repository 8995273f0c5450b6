/** The sound of a call in the messages that a program gets (`MediaMessage`). Each listener has a form of its own, because it counts. */
import type { CallSound, MediaMessage } from '../../../wire/conversation.ts'

type Message = MediaMessage extends infer One ? (One extends MediaMessage ? Omit<One, 'sequence'> : never) : never

export class MediaForm {
  readonly #callId: string
  readonly #beganMs: number
  #sequence = 0

  constructor(callId: string, beganMs: number) {
    this.#callId = callId
    this.#beganMs = beganMs
  }

  start(): string {
    const media_format = { encoding: 'audio/x-mulaw', sample_rate: 8000, channels: 1 } as const
    return this.#next({ event: 'start', call_id: this.#callId, media_format })
  }

  /** What is dropped afterwards has its number as well, so that the gap shows. */
  of(sound: CallSound, now: number): string {
    const timestamp = now - this.#beganMs
    switch (sound.type) {
      case 'sound':
        return this.#next({ event: 'media', track: sound.from, timestamp, payload: sound.mulaw })
      case 'cleared':
        return this.#next({ event: 'clear', track: 'agent', timestamp })
      case 'ended':
        return this.#next({ event: 'stop', timestamp })
    }
  }

  #next(message: Message): string {
    this.#sequence += 1
    return JSON.stringify({ ...message, sequence: this.#sequence })
  }
}
