import { PlayoutQueue } from '../media/playout-queue.ts'

/** Speech output of a relay: utterances one after another, and how far the other side has heard them. */

export const UTTERANCES_MAX = 500

export interface Utterance {
  /** the text; '' for a sound file */
  text: string
  /** number of the program's answer: its tokens up to `last` are one answer */
  answer: number
  interruptible: boolean
  preemptible: boolean
}

interface Queued extends Utterance {
  clip: Promise<Uint8Array>
}

interface Placed extends Utterance {
  from: number
  to: number
}

export class SpeechOutput {
  readonly #playout = new PlayoutQueue()
  readonly #told: (utterance: Utterance, what: 'begins' | 'ends') => void
  #queue: Queued[] = []
  #placed: Placed[] = []
  #begun = 0
  #placing = false
  #heard: string[] = []
  #silentSince = 0

  constructor(told: (utterance: Utterance, what: 'begins' | 'ends') => void) {
    this.#told = told
  }

  get speaks(): boolean {
    return this.#queue.length > 0 || this.#placed.length > 0
  }

  /** Whether the present utterance may be interrupted. */
  get interruptible(): boolean {
    const now = this.#placed[0] ?? this.#queue[0]
    return now?.interruptible ?? true
  }

  /** Drops preemptible utterances of older answers and queues this one. False when too much waits. */
  say(utterance: Utterance, clip: Promise<Uint8Array>): boolean {
    const gives = (old: Utterance): boolean => old.preemptible && old.answer !== utterance.answer
    const now = this.#placed[0] ?? this.#queue[0]
    if (now && gives(now)) this.stop()
    if (this.#queue.length >= UTTERANCES_MAX) return false
    // A rejection is handled when it is this clip's turn.
    clip.catch(() => undefined)
    this.#queue.push({ ...utterance, clip })
    this.#place()
    return true
  }

  /** Clips are synthesised in parallel and played in order. */
  #place(): void {
    const next = this.#queue[0]
    if (this.#placing || next === undefined) return
    this.#placing = true
    next.clip
      .catch(() => new Uint8Array(0))
      .then(clip => {
        this.#placing = false
        if (this.#queue[0] === next) {
          this.#queue.shift()
          const from = this.#playout.heardBytes + this.#playout.waitingBytes
          if (this.#playout.push(clip)) this.#placed.push({ ...next, from, to: from + clip.length })
        }
        this.#place()
      })
  }

  pull(out: Uint8Array): boolean {
    return this.#playout.pull(out)
  }

  /** Called after each frame: reports utterances that begin or end. */
  tick(): void {
    const heard = this.#playout.heardBytes
    const now = this.#placed[0]
    if (now && this.#begun <= now.from && heard >= now.from && (heard > now.from || now.from === now.to)) {
      this.#begun = now.from + 1
      this.#told(now, 'begins')
    }
    if (!now || heard < now.to) return
    this.#placed.shift()
    this.#heard.push(now.text)
    this.#told(now, 'ends')
    if (!this.speaks) {
      this.#heard = []
      this.#silentSince = heard
    }
  }

  /** Stops. Returns the part of the present utterance that has been heard. */
  stop(): { text: string; ms: number } {
    const heard = this.#playout.heardBytes
    const [now] = this.#placed
    const share = now && now.to > now.from ? Math.max(0, heard - now.from) / (now.to - now.from) : 0
    const words = now ? now.text.split(' ') : []
    const text = [...this.#heard, ...words.slice(0, Math.floor(words.length * share))].join(' ').trim()
    const ms = Math.round((heard - this.#silentSince) / 8)
    this.#playout.clear()
    this.#queue = []
    this.#placed = []
    this.#heard = []
    this.#silentSince = heard
    return { text, ms }
  }
}
