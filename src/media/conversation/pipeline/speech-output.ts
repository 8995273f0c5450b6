/**
 * Speaks a reply: its sentences become sound (two at a time, so that the next is ready when the first ends) and go to the
 * playout in order. They can be taken back, said again from the sentence that was cut, or given up.
 */
import type { Speaker } from '../../../providers/speech/port.ts'
import { createPlayout, type Outgoing, type Playout } from '../../speech/playout.ts'

/** Sentences that are made into sound at one time. */
const AHEAD = 2
/** Sentences that the playout has: the one that sounds, and the next ones. */
const WAITING_MAX = 3
/** A longer reply is cut, because its model never ends. */
export const SENTENCES_MAX = 120

export interface SpeechOutputEvents {
  send(message: Outgoing): void
  /** the first sound of the answer itself is on its way */
  began(turnId: number): void
  /** all of the reply was played */
  played(turnId: number): void
  failed(turnId: number, error: unknown): void
  /** this many characters are being made into speech */
  spent(characters: number): void
}

interface Sentence {
  text: string
  parts: Uint8Array[]
  /** its sound is whole */
  ended: boolean
  asked: boolean
  /** number of parts that the playout has; null: not begun */
  given: number | null
  /** the playout has all of it */
  closed: boolean
  /** a request for patience, which is not part of the answer */
  filler: boolean
}

interface Reply {
  turnId: number
  sentences: Sentence[]
  complete: boolean
  began: boolean
  /** the index of the sentence that the answer begins with, after those before a tool */
  answerFrom: number
  done: boolean
  /** the index of the first sentence that was not heard to its end before the last pause */
  settled: number
  paused: boolean
  abort: AbortController
}

export class SpeechOutput {
  readonly #speaker: () => Speaker
  /** writes a sentence as the speaker has to say it */
  readonly #pronounced: (text: string) => string
  readonly #events: SpeechOutputEvents
  readonly #now: () => number
  readonly #playout: Playout = createPlayout()
  #reply: Reply | null = null
  #heardAtPause = ''
  /** what the carrier says it has spoken of the sentence at hand, where it speaks by itself */
  #partial = ''
  /** what was heard before the pause of the sentence that is now said again */
  #heardBefore = ''

  constructor(
    speaker: () => Speaker,
    pronounced: (text: string) => string,
    now: () => number,
    events: SpeechOutputEvents,
  ) {
    this.#speaker = speaker
    this.#pronounced = pronounced
    this.#now = now
    this.#events = events
  }

  get turnId(): number | null {
    return this.#reply?.turnId ?? null
  }
  /** Words of the reply so far, heard or not. */
  get planned(): string {
    return this.#reply?.sentences.map(sentence => sentence.text).join(' ') ?? ''
  }
  get silent(): boolean {
    return this.#playout.idle
  }

  /** The answer has words, and its first sound is not there yet. */
  get owesSound(): boolean {
    const reply = this.#reply
    return reply !== null && !reply.began && reply.sentences.slice(reply.answerFrom).some(sentence => !sentence.filler)
  }

  /** The ability that has not finished its part of the reply; null: all of its sound is there. */
  get waitsFor(): 'speech' | 'language' | null {
    const reply = this.#reply
    if (reply?.sentences.some(sentence => !sentence.ended)) return 'speech'
    return reply?.complete === false ? 'language' : null
  }

  /** Begins the reply of this turn unless it is at hand already; the reply of another turn is given up. */
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
      sentences: [],
      complete: false,
      began: false,
      answerFrom: 0,
      done: false,
      settled: 0,
      paused: false,
      abort,
    }
  }

  add(text: string, atMs: number, filler = false): void {
    const reply = this.#reply
    if (reply === null || reply.complete || reply.sentences.length >= SENTENCES_MAX) return
    reply.sentences.push({ text, parts: [], ended: false, asked: false, given: null, closed: false, filler })
    this.#ask(reply)
    this.flow(atMs)
  }

  /** The reply of this turn has all its sentences; another reply may have begun since. */
  complete(turnId: number, atMs: number): void {
    if (this.#reply?.turnId === turnId) this.#reply.complete = true
    this.flow(atMs)
  }

  /**
   * True: words from before the tool still sound (a request for patience does not count). Otherwise `began` is reported again
   * with the next sound: that of those words if they have not begun to sound, else of what comes after the tool.
   */
  goesOnAfterTool(): boolean {
    const reply = this.#reply
    if (reply === null) return false
    if (reply.began && !this.#playout.idle) return true
    if (!this.owesSound) Object.assign(reply, { began: false, answerFrom: reply.sentences.length })
    return false
  }

  /** The carrier, which speaks by itself, has stopped after `heard` of the sentence at hand. */
  cutByCarrier(heard: string): void {
    this.#partial = heard
  }

  /** Takes back what the carrier has not played. Returns the words that were heard. */
  pause(atMs: number): string {
    const reply = this.#reply
    if (reply === null) return ''
    const before = reply.sentences.slice(0, reply.settled).map(sentence => sentence.text)
    const begun = reply.sentences.filter(sentence => sentence.given !== null).length
    const { heard, unheard } = this.#clear(atMs)
    const all = longer(heard, this.#heardBefore)
    this.#heardAtPause = [...before, all, this.#partial].filter(text => text !== '').join(' ')
    const settled = begun - unheard.length
    const whole = reply.sentences.slice(reply.settled, settled).map(sentence => sentence.text)
    this.#heardBefore = longer(all.slice(whole.join(' ').length).trimStart(), this.#partial)
    this.#partial = ''
    reply.settled = settled
    for (const sentence of reply.sentences.slice(reply.settled)) Object.assign(sentence, { given: null, closed: false })
    reply.paused = true
    return this.#heardAtPause
  }

  resume(atMs: number): void {
    if (this.#reply === null) return
    this.#reply.paused = false
    this.flow(atMs)
  }

  /** Gives up the reply and takes back what the carrier has not played. Returns the words that were heard. */
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
    const before = reply.sentences.slice(0, reply.settled).map(sentence => sentence.text)
    const again = longer(this.#playout.heard(atMs), this.#heardBefore)
    return [...before, again, this.#partial].filter(text => text !== '').join(' ')
  }

  marked(name: string, atMs: number): void {
    this.#playout.marked(name, atMs)
    this.flow(atMs)
  }

  /** The time at which `flow` has something to do; null: not by itself. */
  nextMs(): number | null {
    return this.#playout.nextMs()
  }

  /** Moves finished sound to the playout, and sound that is due to the carrier. */
  flow(atMs: number): void {
    const reply = this.#reply
    if (reply !== null && !reply.paused) this.#feed(reply)
    for (const message of this.#playout.due(atMs)) this.#events.send(message)
    if (
      reply !== null &&
      !reply.began &&
      reply.sentences.some((sentence, at) => isFresh(sentence) && at >= reply.answerFrom)
    ) {
      reply.began = true
      this.#events.began(reply.turnId)
    }
    if (reply !== null) this.#finish(reply)
  }

  #finish(reply: Reply): void {
    const said = reply.complete && reply.sentences.every(sentence => sentence.closed)
    if (!said || reply.done || reply.paused || !this.#playout.idle) return
    reply.done = true
    this.#events.played(reply.turnId)
  }

  #feed(reply: Reply): void {
    for (const sentence of reply.sentences.slice(reply.settled)) {
      if (sentence.closed) continue
      if (sentence.given === null) {
        if ((sentence.parts.length === 0 && !sentence.ended) || this.#playout.waiting >= WAITING_MAX) return
        this.#playout.begin(sentence.text)
        sentence.given = 0
      }
      for (; sentence.given < sentence.parts.length; sentence.given += 1)
        this.#playout.audio(sentence.parts[sentence.given] as Uint8Array)
      if (!sentence.ended) return
      this.#playout.end()
      sentence.closed = true
      this.#ask(reply)
    }
  }

  #clear(atMs: number): { heard: string; unheard: unknown[] } {
    const cleared = this.#playout.clear(atMs)
    for (const message of cleared.messages) this.#events.send(message)
    return cleared
  }

  #ask(reply: Reply): void {
    const waiting = reply.sentences.filter(sentence => sentence.asked && !sentence.closed).length
    for (const sentence of reply.sentences.filter(one => !one.asked).slice(0, Math.max(0, AHEAD - waiting)))
      void this.#speak(reply, sentence)
  }

  async #speak(reply: Reply, sentence: Sentence): Promise<void> {
    sentence.asked = true
    this.#events.spent(sentence.text.length)
    const { signal } = reply.abort
    try {
      for await (const part of this.#speaker().say(this.#pronounced(sentence.text), signal)) {
        if (signal.aborted) return
        sentence.parts.push(part)
        this.flow(this.#now())
      }
    } catch (error) {
      if (!signal.aborted) this.#events.failed(reply.turnId, error)
      return
    }
    if (signal.aborted) return
    sentence.ended = true
    this.#ask(reply)
    this.flow(this.#now())
  }
}

/** The longer of two texts that begin with the same words. */
function longer(one: string, other: string): string {
  return one.length >= other.length ? one : other
}

/** Part of the answer, and the playout has its first sound (all of it, where only words are sent). */
function isFresh(sentence: Sentence): boolean {
  return !sentence.filler && sentence.given !== null && (sentence.parts.length > 0 || sentence.closed)
}
