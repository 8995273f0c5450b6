/**
 * A stream of words instead of sound: the carrier hears and speaks. The conversation still decides who speaks, what is said, and
 * what counts as heard.
 */
import type { Outgoing } from '../../../media/speech/playout.ts'
import type { RelayCodec, RelayMessage } from '../../../providers/telephony/media-port.ts'
import { CarrierSocket } from './carrier-socket.ts'

export interface RelayEvents {
  started(providerId: string): void
  prompt(text: string, last: boolean): void
  /** The carrier stopped because the caller spoke, after `heard` of the sentence at hand. */
  interrupted(heard: string): void
  mark(name: string): void
  digit(digit: string): void
  closed(why: string): void
}

export class RelaySocket {
  readonly #socket: CarrierSocket
  readonly #events: RelayEvents
  readonly #codec: RelayCodec
  /** sentences that the carrier has and has not played yet, oldest first */
  #waiting: { name: string; text: string }[] = []
  /** the letters that were played of the first waiting sentence */
  #letters = ''
  #started = false

  constructor(socket: WebSocket, codec: RelayCodec, events: RelayEvents) {
    this.#events = events
    this.#codec = codec
    this.#socket = new CarrierSocket(socket, 'setup', {
      text: text => this.#act(codec.readMessage(text)),
      closed: why => events.closed(why),
    })
  }

  send(message: Outgoing): void {
    if (message.type === 'clear') {
      this.#waiting = []
      this.#letters = ''
    } else if (message.type === 'mark' && this.#started && !this.#socket.over) {
      this.#waiting.push({ name: message.name, text: message.text })
      this.#socket.send(this.#codec.say(message.text))
    }
  }

  close(code: number, why: string): void {
    this.#socket.close(code, why)
  }

  #act(message: RelayMessage): void {
    if (message.type === 'odd') return this.#socket.odd(message.why)
    if (message.type === 'setup') return this.#setup(message.providerId)
    if (!this.#started) return this.close(1008, `${message.type} before setup`)
    switch (message.type) {
      case 'prompt':
        return this.#events.prompt(message.text, message.last)
      case 'interrupt':
        return this.#events.interrupted(message.heard)
      case 'dtmf':
        return this.#events.digit(message.digit)
      case 'played':
        return this.#played(message.text)
      case 'other':
    }
  }

  #setup(providerId: string): void {
    if (this.#started) return this.close(1008, 'a second setup')
    this.#socket.begun()
    this.#started = true
    this.#events.started(providerId)
  }

  /** Sentences are played in order, but the carrier reports them cut in its own way, so only the letters are compared. */
  #played(text: string): void {
    this.#letters += lettersOf(text)
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const wanted = lettersOf(next.text)
      if (!this.#letters.startsWith(wanted)) break
      this.#letters = this.#letters.slice(wanted.length)
      this.#waiting.shift()
      this.#events.mark(next.name)
    }
  }
}

function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase()
}
