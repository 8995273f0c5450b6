/**
 * Words instead of sound: the second driver of a conversation. The carrier hears and speaks; the same session decides who speaks,
 * what is said, and what was heard of it.
 */
import type { Outgoing } from '../../../media/speech/playout.ts'
import { relayCodec } from '../../../providers/registry.ts'
import type { RelayMessage } from '../../../providers/telephony/media-port.ts'
import { CarrierSocket } from './carrier-socket.ts'

export interface RelayEvents {
  started(callSid: string): void
  prompt(text: string, last: boolean): void
  /** the carrier fell silent because the caller spoke; `heard`: what was said of the sentence at hand */
  interrupted(heard: string): void
  mark(name: string): void
  digit(digit: string): void
  closed(why: string): void
}

export class RelaySocket {
  readonly #socket: CarrierSocket
  readonly #events: RelayEvents
  /** sentences that the carrier has and has not played, oldest first */
  #waiting: { name: string; text: string }[] = []
  /** played of the sentence at the head */
  #letters = ''
  #started = false

  constructor(socket: WebSocket, events: RelayEvents) {
    this.#events = events
    this.#socket = new CarrierSocket(socket, 'setup', {
      text: text => this.#act(relayCodec.readMessage(text)),
      closed: why => events.closed(why),
    })
  }

  send(message: Outgoing): void {
    if (message.type === 'clear') {
      this.#waiting = []
      this.#letters = ''
    } else if (message.type === 'mark' && this.#started && !this.#socket.over) {
      this.#waiting.push({ name: message.name, text: message.text })
      this.#socket.send(relayCodec.say(message.text))
    }
  }

  close(code: number, why: string): void {
    this.#socket.close(code, why)
  }

  #act(message: RelayMessage): void {
    if (message.type === 'odd') return this.#socket.odd(message.why)
    if (message.type === 'setup') return this.#setup(message.callSid)
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

  #setup(callSid: string): void {
    if (this.#started) return this.close(1008, 'a second setup')
    this.#socket.begun()
    this.#started = true
    this.#events.started(callSid)
  }

  /** What we sent is played in order; the carrier tells it in pieces of its own, so only the letters are compared. */
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
