/**
 * What we say: sentences of a reply become sound (two of them at a time, so that the next is there when the first ends), go to
 * the playout in order, and can be taken back, said again from the sentence that was cut, or given up.
 */
import type { Speaker } from '../../../providers/speech/port.ts'
import { createPlayout, type Outgoing, type Playout } from '../../speech/playout.ts'

/** Sentences whose sound is asked for at one time. */
const AHEAD = 2
/** Sentences with the playout: one that sounds, and the next ones. */
const WAITING_MAX = 3
/** A reply of more sentences than this is cut: a model that never ends. */
export const SENTENCES_MAX = 120

export interface MouthEvents {
  send(message: Outgoing): void
  /** the first sound of the answer itself is on its way */
  began(turnId: number): void
  /** everything was said and heard */
  played(turnId: number): void
  failed(turnId: number, error: unknown): void
  /** so many characters are being made into speech */
  spent(characters: number): void
}

interface Line {
  text: string
  parts: Uint8Array[]
  /** its sound is whole */
  ended: boolean
  asked: boolean
  /** parts that the playout has; null: not begun */
  given: number | null
  closed: boolean
  /** "one moment": no part of the answer */
  filler: boolean
}

interface Reply {
  turnId: number
  lines: Line[]
  complete: boolean
  began: boolean
  /** the answer begins with this line: what was said before a tool has been told */
  news: number
  done: boolean
  /** lines before this one were heard to their end, before the last pause */
  settled: number
  paused: boolean
  abort: AbortController
}

export class SpeechOutput {
  readonly #speaker: () => Speaker
  readonly #events: MouthEvents
  readonly #now: () => number
  readonly #playout: Playout = createPlayout()
  #reply: Reply | null = null
  #heardAtPause = ''
  #partial = ''
  /** of the sentence that is said again from its beginning */
  #heardBefore = ''

  constructor(speaker: () => Speaker, now: () => number, events: MouthEvents) {
    this.#speaker = speaker
    this.#now = now
    this.#events = events
  }

  get turnId(): number | null {
    return this.#reply?.turnId ?? null
  }
  /** Words of the reply so far, heard or not. */
  get planned(): string {
    return this.#reply?.lines.map(line => line.text).join(' ') ?? ''
  }
  get silent(): boolean {
    return this.#playout.idle
  }

  /** Something of the answer is to be said, and its first sound is not there yet. */
  get owesSound(): boolean {
    const reply = this.#reply
    return reply !== null && !reply.began && reply.lines.slice(reply.news).some(line => !line.filler)
  }

  /** Whose work on the reply is not done; null: all of its sound is there. */
  get waitsFor(): 'speech' | 'language' | null {
    const reply = this.#reply
    if (reply?.lines.some(line => !line.ended)) return 'speech'
    return reply?.complete === false ? 'language' : null
  }

  /** Joins the reply of this turn, or begins it; one of another turn is given up. */
  begin(turnId: number, atMs: number): void {
    if (this.#reply?.turnId === turnId) return
    if (this.#reply !== null) this.abort(atMs)
    if (!this.#playout.idle) this.#clear(atMs)
    this.#partial = ''
    this.#heardBefore = ''
    this.#playout.reset()
    const abort = new AbortController()
    this.#reply = {
      turnId,
      lines: [],
      complete: false,
      began: false,
      news: 0,
      done: false,
      settled: 0,
      paused: false,
      abort,
    }
  }

  add(text: string, atMs: number, filler = false): void {
    const reply = this.#reply
    if (reply === null || reply.complete || reply.lines.length >= SENTENCES_MAX) return
    reply.lines.push({ text, parts: [], ended: false, asked: false, given: null, closed: false, filler })
    this.#ask(reply)
    this.flow(atMs)
  }

  /** Nothing more belongs to the reply of this turn; another one may have begun since. */
  complete(turnId: number, atMs: number): void {
    if (this.#reply?.turnId === turnId) this.#reply.complete = true
    this.flow(atMs)
  }

  /**
   * True: words from before the tool still sound ("one moment" is none of them). Otherwise the next sound is told as the first
   * one: of those words, if they have not begun to sound, or of what comes after.
   */
  goesOnAfterTool(): boolean {
    const reply = this.#reply
    if (reply === null) return false
    if (reply.began && !this.#playout.idle) return true
    if (!this.owesSound) Object.assign(reply, { began: false, news: reply.lines.length })
    return false
  }

  /** The carrier itself fell silent, and says what it had said of the sentence at hand. */
  cutAt(heard: string): void {
    this.#partial = heard
  }

  /** Takes back what is with the carrier. The words that were heard. */
  pause(atMs: number): string {
    const reply = this.#reply
    if (reply === null) return ''
    const before = reply.lines.slice(0, reply.settled).map(line => line.text)
    const begun = reply.lines.filter(line => line.given !== null).length
    const { heard, unheard } = this.#clear(atMs)
    const all = longer(heard, this.#heardBefore)
    this.#heardAtPause = [...before, all, this.#partial].filter(text => text !== '').join(' ')
    const settled = begun - unheard.length
    const whole = reply.lines.slice(reply.settled, settled).map(line => line.text)
    this.#heardBefore = longer(all.slice(whole.join(' ').length).trimStart(), this.#partial)
    this.#partial = ''
    reply.settled = settled
    for (const line of reply.lines.slice(reply.settled)) Object.assign(line, { given: null, closed: false })
    reply.paused = true
    return this.#heardAtPause
  }

  resume(atMs: number): void {
    if (this.#reply === null) return
    this.#reply.paused = false
    this.flow(atMs)
  }

  /** Gives up what was not said; what the carrier still holds is taken back. The words that were heard. */
  abort(atMs: number): string {
    const heard = this.heard(atMs)
    this.#reply?.abort.abort()
    this.#reply = null
    if (!this.#playout.idle) this.#clear(atMs)
    return heard
  }

  heard(atMs: number): string {
    const reply = this.#reply
    if (reply === null) return ''
    if (reply.paused) return this.#heardAtPause
    const before = reply.lines.slice(0, reply.settled).map(line => line.text)
    const again = longer(this.#playout.heard(atMs), this.#heardBefore)
    return [...before, again, this.#partial].filter(text => text !== '').join(' ')
  }

  marked(name: string, atMs: number): void {
    this.#playout.marked(name, atMs)
    this.flow(atMs)
  }

  /** When `flow` has something to do again by itself. */
  nextMs(): number | null {
    return this.#playout.nextMs()
  }

  /** Moves what has come to the playout, and what is due to the carrier. */
  flow(atMs: number): void {
    const reply = this.#reply
    if (reply !== null && !reply.paused) this.#feed(reply)
    for (const message of this.#playout.due(atMs)) this.#events.send(message)
    if (reply !== null && !reply.began && reply.lines.some((line, at) => isFresh(line) && at >= reply.news)) {
      reply.began = true
      this.#events.began(reply.turnId)
    }
    if (reply !== null) this.#finish(reply)
  }

  #finish(reply: Reply): void {
    const said = reply.complete && reply.lines.every(line => line.closed)
    if (!said || reply.done || reply.paused || !this.#playout.idle) return
    reply.done = true
    this.#events.played(reply.turnId)
  }

  #feed(reply: Reply): void {
    for (const line of reply.lines.slice(reply.settled)) {
      if (line.closed) continue
      if (line.given === null) {
        if ((line.parts.length === 0 && !line.ended) || this.#playout.waiting >= WAITING_MAX) return
        this.#playout.begin(line.text)
        line.given = 0
      }
      for (; line.given < line.parts.length; line.given += 1) this.#playout.audio(line.parts[line.given] as Uint8Array)
      if (!line.ended) return
      this.#playout.end()
      line.closed = true
      this.#ask(reply)
    }
  }

  #clear(atMs: number): { heard: string; unheard: unknown[] } {
    const cleared = this.#playout.clear(atMs)
    for (const message of cleared.messages) this.#events.send(message)
    return cleared
  }

  #ask(reply: Reply): void {
    const waiting = reply.lines.filter(line => line.asked && !line.closed).length
    for (const line of reply.lines.filter(one => !one.asked).slice(0, Math.max(0, AHEAD - waiting)))
      void this.#speak(reply, line)
  }

  async #speak(reply: Reply, line: Line): Promise<void> {
    line.asked = true
    this.#events.spent(line.text.length)
    const { signal } = reply.abort
    try {
      for await (const part of this.#speaker().say(line.text, signal)) {
        if (signal.aborted) return
        line.parts.push(part)
        this.flow(this.#now())
      }
    } catch (error) {
      if (!signal.aborted) this.#events.failed(reply.turnId, error)
      return
    }
    if (signal.aborted) return
    line.ended = true
    this.#ask(reply)
    this.flow(this.#now())
  }
}

/** Both begin with the same words. */
function longer(one: string, other: string): string {
  return one.length >= other.length ? one : other
}

/** It is part of the answer, and the playout has its first sound, or all of it where only words cross. */
function isFresh(line: Line): boolean {
  return !line.filler && line.given !== null && (line.parts.length > 0 || line.closed)
}
