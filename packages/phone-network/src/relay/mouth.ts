import { EarQueue } from '../media/ear-queue.ts'

/** What an agent says: utterances one after another, and how far the other side has heard them. */

export const UTTERANCES_MAX = 500

export interface Utterance {
  /** what is said; '' for a sound file */
  text: string
  /** one answer of the program: its tokens up to `last` */
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

export class Mouth {
  readonly #ear = new EarQueue()
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

  /** May what is being said be cut off? */
  get interruptible(): boolean {
    const now = this.#placed[0] ?? this.#queue[0]
    return now?.interruptible ?? true
  }

  /** Whatever was preemptible of older answers gives way. False: too much waits. */
  say(utterance: Utterance, clip: Promise<Uint8Array>): boolean {
    const gives = (old: Utterance): boolean => old.preemptible && old.answer !== utterance.answer
    const now = this.#placed[0] ?? this.#queue[0]
    if (now && gives(now)) this.stop()
    if (this.#queue.length >= UTTERANCES_MAX) return false
    // A rejection is looked at when its turn comes.
    clip.catch(() => undefined)
    this.#queue.push({ ...utterance, clip })
    this.#place()
    return true
  }

  /** Clips are made side by side and heard in order. */
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
          const from = this.#ear.heardBytes + this.#ear.waitingBytes
          if (this.#ear.push(clip)) this.#placed.push({ ...next, from, to: from + clip.length })
        }
        this.#place()
      })
  }

  pull(out: Uint8Array): boolean {
    return this.#ear.pull(out)
  }

  /** After each frame: who begins, who is over. */
  tick(): void {
    const heard = this.#ear.heardBytes
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

  /** Says no more; what had been heard of it until now. */
  stop(): { text: string; ms: number } {
    const heard = this.#ear.heardBytes
    const [now] = this.#placed
    const share = now && now.to > now.from ? Math.max(0, heard - now.from) / (now.to - now.from) : 0
    const words = now ? now.text.split(' ') : []
    const text = [...this.#heard, ...words.slice(0, Math.floor(words.length * share))].join(' ').trim()
    const ms = Math.round((heard - this.#silentSince) / 8)
    this.#ear.clear()
    this.#queue = []
    this.#placed = []
    this.#heard = []
    this.#silentSince = heard
    return { text, ms }
  }
}
