/**
 * A reply whose sound comes from a realtime model. The sound goes to the playout as it arrives, can be taken back and go on where
 * it was cut, and is accounted for by the ms that were heard of each utterance.
 */
import { FRAME_BYTES } from '../../../sound/mulaw.ts'
import { heardPart } from '../../speech/heard.ts'
import { createPlayout, type Outgoing, type Playout, QUEUE_MS_MAX } from '../../speech/playout.ts'

const BYTES_PER_MS = 8
/** A mark follows each piece, so that the carrier reports how far it is. */
const PIECE_BYTES = 1_000 * BYTES_PER_MS

export interface SpokenEvents {
  send(message: Outgoing): void
  /** the first sound since the reply began, or since a tool */
  began(turnId: number): void
  /** all of the reply was played */
  played(turnId: number): void
}

interface Utterance {
  itemId: string
  text: string
  /** its words are complete */
  final: boolean
  /** a request for patience, or a tone: the model does not know of it */
  own: boolean
  fromBytes: number
  bytes: number
}

interface Reply {
  turnId: number
  utterances: Utterance[]
  /** index of the utterance that the answer to the last tool begins with */
  afterTool: number
  /** all of its sound, at most `QUEUE_MS_MAX` */
  sound: Uint8Array[]
  bytes: number
  /** heard before the playout last began */
  baseBytes: number
  /** the playout has the sound up to here */
  givenBytes: number
  /** length of the open piece; null: none is open */
  pieceBytes: number | null
  /** the next sound is reported as the first one */
  fresh: boolean
  paused: boolean
  complete: boolean
  done: boolean
}

export interface Cut {
  itemId: string
  heardMs: number
}

export class SpokenReply {
  readonly #now: () => number
  readonly #events: SpokenEvents
  readonly #playout: Playout = createPlayout()
  #reply: Reply | null = null

  constructor(now: () => number, events: SpokenEvents) {
    this.#now = now
    this.#events = events
  }

  get turnId(): number | null {
    return this.#reply?.turnId ?? null
  }
  get silent(): boolean {
    return this.#playout.idle
  }
  /** Words of the reply so far, heard or not. */
  get planned(): string {
    const texts = this.#reply?.utterances.map(one => one.text.trim()) ?? []
    return texts.filter(text => text !== '').join(' ')
  }
  get hasSound(): boolean {
    return this.#reply?.utterances.some(one => !one.own && one.bytes > 0) ?? false
  }
  /** The model has said something since its last tool, and all of it has sound and complete words. */
  get isWhole(): boolean {
    const { utterances = [], afterTool = 0 } = this.#reply ?? {}
    const said = utterances.slice(afterTool).filter(one => !one.own)
    return said.length > 0 && said.every(one => one.final && one.bytes > 0)
  }

  begin(turnId: number): void {
    if (this.#reply?.turnId === turnId) return
    if (!this.#playout.idle) this.#clear()
    this.#playout.reset()
    this.#reply = {
      turnId,
      utterances: [],
      afterTool: 0,
      sound: [],
      bytes: 0,
      baseBytes: 0,
      givenBytes: 0,
      pieceBytes: null,
      fresh: true,
      paused: false,
      complete: false,
      done: false,
    }
  }

  sound(itemId: string, mulaw: Uint8Array): void {
    const reply = this.#reply
    if (reply === null || reply.complete || !hasRoom(reply, mulaw)) return
    const utterance = this.#utterance(reply, itemId)
    // Its words came before a sound of ours; its own sound comes after.
    if (utterance.bytes === 0 && utterance !== reply.utterances.at(-1)) {
      reply.utterances.splice(reply.utterances.indexOf(utterance), 1)
      reply.utterances.push(utterance)
    }
    add(reply, utterance, mulaw)
    if (reply.fresh) {
      reply.fresh = false
      this.#events.began(reply.turnId)
    }
    this.flow(this.#now())
  }

  words(itemId: string, text: string, final: boolean): void {
    const reply = this.#reply
    if (reply === null || reply.complete) return
    const utterance = this.#utterance(reply, itemId)
    utterance.text = final ? text : utterance.text + text
    utterance.final = final
  }

  /**
   * Appends sound of ours that fills a gap; in the middle of an utterance it counts as a part of that. False: there is no reply
   * that could take it.
   */
  fill(text: string, mulaw: Uint8Array): boolean {
    const reply = this.#reply
    if (reply === null || reply.complete || reply.paused || !hasRoom(reply, mulaw)) return false
    const last = reply.utterances.at(-1)
    const open = last !== undefined && !last.own && !last.final && last.bytes > 0
    const own = { itemId: '', text, final: true, own: true, fromBytes: reply.bytes, bytes: 0 }
    if (!open) reply.utterances.push(own)
    add(reply, open ? last : own, mulaw)
    this.#give(reply)
    this.rest()
    return true
  }

  #utterance(reply: Reply, itemId: string): Utterance {
    const known = reply.utterances.find(one => one.itemId === itemId && !one.own)
    if (known !== undefined) return known
    const utterance = { itemId, text: '', final: false, own: false, fromBytes: reply.bytes, bytes: 0 }
    reply.utterances.push(utterance)
    return utterance
  }

  /** No more sound comes for now, because a tool is running. */
  rest(): void {
    if (this.#reply !== null) this.#closePiece(this.#reply)
    this.flow(this.#now())
  }

  complete(turnId: number): void {
    if (this.#reply?.turnId !== turnId) return
    this.#reply.complete = true
    this.rest()
  }

  /** True: words of the model from before the tool still sound. Otherwise `began` is reported again with the next sound. */
  goesOnAfterTool(): boolean {
    if (this.#reply === null) return false
    this.#reply.afterTool = this.#reply.utterances.length
    if (!this.#reply.fresh && !this.#playout.idle) return true
    this.#reply.fresh = true
    return false
  }

  marked(name: string, atMs: number): void {
    this.#playout.marked(name, atMs)
    this.flow(atMs)
  }

  nextMs(): number | null {
    return this.#playout.nextMs()
  }

  flow(atMs: number): void {
    const reply = this.#reply
    if (reply === null || reply.paused) return
    this.#give(reply)
    for (const message of this.#playout.due(atMs)) this.#events.send(message)
    if (!reply.complete || reply.done || !this.#playout.idle) return
    reply.done = true
    this.#events.played(reply.turnId)
  }

  #give(reply: Reply): void {
    let at = 0
    for (const part of reply.sound) {
      let from = Math.max(0, reply.givenBytes - at)
      while (from < part.length) {
        if (reply.pieceBytes === null) this.#playout.begin('')
        const piece = reply.pieceBytes ?? 0
        const bytes = part.subarray(from, from + PIECE_BYTES - piece)
        this.#playout.audio(bytes)
        from += bytes.length
        reply.givenBytes += bytes.length
        reply.pieceBytes = piece + bytes.length
        if (reply.pieceBytes === PIECE_BYTES) this.#closePiece(reply)
      }
      at += part.length
    }
    if (reply.complete) this.#closePiece(reply)
  }

  #closePiece(reply: Reply): void {
    if (reply.pieceBytes === null) return
    this.#playout.end()
    reply.pieceBytes = null
  }

  /** Takes back what the carrier has not played, to go on from there. */
  pause(atMs: number): void {
    const reply = this.#reply
    if (reply === null || reply.paused) return
    const heardBytes = Math.floor(this.#heardMs(reply, atMs) * BYTES_PER_MS)
    reply.baseBytes = heardBytes - (heardBytes % FRAME_BYTES)
    reply.givenBytes = reply.baseBytes
    reply.pieceBytes = null
    reply.paused = true
    this.#clear()
  }

  resume(atMs: number): void {
    if (this.#reply === null) return
    this.#reply.paused = false
    this.flow(atMs)
  }

  /** Gives up the reply. Returns the utterances that were not heard to their end, the last one first. */
  abort(atMs: number): Cut[] {
    const reply = this.#reply
    if (reply === null) return []
    const heardMs = this.#heardMs(reply, atMs)
    this.#reply = null
    if (!this.#playout.idle) this.#clear()
    return reply.utterances
      .filter(one => !one.own)
      .map(one => ({ itemId: one.itemId, heardMs: partMs(one, heardMs), ms: one.bytes / BYTES_PER_MS }))
      .filter(one => one.ms > 0 && one.heardMs < one.ms)
      .map(one => ({ itemId: one.itemId, heardMs: one.heardMs }))
      .reverse()
  }

  heard(atMs: number): string {
    const reply = this.#reply
    if (reply === null) return ''
    const heardMs = this.#heardMs(reply, atMs)
    const last = reply.utterances.at(-1)
    return reply.utterances
      .map(one => {
        const ms = one.bytes / BYTES_PER_MS
        const whole = one !== last || one.own || reply.complete ? ms : null
        return heardPart(one.text.trim(), partMs(one, heardMs), ms, whole)
      })
      .filter(text => text !== '')
      .join(' ')
  }

  #heardMs(reply: Reply, atMs: number): number {
    const playedMs = reply.paused ? 0 : this.#playout.playedMs(atMs)
    return Math.min(reply.bytes / BYTES_PER_MS, reply.baseBytes / BYTES_PER_MS + playedMs)
  }

  #clear(): void {
    for (const message of this.#playout.clear(this.#now()).messages) this.#events.send(message)
  }
}

function hasRoom(reply: Reply, mulaw: Uint8Array): boolean {
  return reply.bytes + mulaw.length <= QUEUE_MS_MAX * BYTES_PER_MS
}

function add(reply: Reply, utterance: Utterance, mulaw: Uint8Array): void {
  if (utterance.bytes === 0) utterance.fromBytes = reply.bytes
  reply.sound.push(mulaw.slice())
  reply.bytes += mulaw.length
  utterance.bytes += mulaw.length
}

function partMs({ fromBytes, bytes }: Utterance, heardMs: number): number {
  return Math.min(bytes / BYTES_PER_MS, Math.max(0, heardMs - fromBytes / BYTES_PER_MS))
}
