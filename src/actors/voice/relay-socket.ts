/**
 * Words instead of sound: the second driver of a conversation. The carrier hears and speaks; the same session decides who speaks,
 * what is said, and what was heard of it.
 */
import type { Outgoing } from '../../media/speech/playout.ts'
import { relayCodec } from '../../providers/registry.ts'
import { MESSAGE_CHARS_MAX, type RelayMessage } from '../../providers/telephony/media-port.ts'
import { START_WITHIN_MS } from './media-socket.ts'

/** Messages that we do not understand, in one session. */
const ODD_MAX = 50

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
  readonly #socket: WebSocket
  readonly #events: RelayEvents
  readonly #startTimer: ReturnType<typeof setTimeout>
  /** sentences that the carrier has and has not played, oldest first */
  #waiting: { name: string; text: string }[] = []
  /** played of the sentence at the head */
  #letters = ''
  #started = false
  #over = false
  #odd = 0

  constructor(socket: WebSocket, events: RelayEvents) {
    this.#socket = socket
    this.#events = events
    this.#startTimer = setTimeout(() => this.close(1008, 'no setup within 5 s'), START_WITHIN_MS)
    socket.addEventListener('message', ({ data }) => this.#heard(data))
    socket.addEventListener('close', ({ code }) => this.#end(`closed with ${code}`))
    socket.addEventListener('error', () => this.#end('the connection broke'))
  }

  send(message: Outgoing): void {
    if (this.#over || !this.#started) return
    if (message.type === 'clear') {
      this.#waiting = []
      this.#letters = ''
      return
    }
    if (message.type !== 'mark') return
    this.#waiting.push({ name: message.name, text: message.text })
    try {
      this.#socket.send(relayCodec.say(message.text))
    } catch {
      this.#end('the connection broke')
    }
  }

  close(code: number, why: string): void {
    if (this.#over) return
    this.#end(why)
    try {
      this.#socket.close(code, why)
    } catch {
      // It was closed from the other side in the same moment.
    }
  }

  #end(why: string): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#startTimer)
    this.#events.closed(why)
  }

  #heard(data: unknown): void {
    if (this.#over) return
    if (typeof data !== 'string') return this.close(1003, 'text only')
    if (data.length > MESSAGE_CHARS_MAX) return this.close(1009, 'a message is too large')
    this.#act(relayCodec.readMessage(data))
  }

  #act(message: RelayMessage): void {
    if (message.type === 'odd') {
      this.#odd += 1
      return this.#odd > ODD_MAX ? this.close(1007, message.why) : undefined
    }
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
    clearTimeout(this.#startTimer)
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
