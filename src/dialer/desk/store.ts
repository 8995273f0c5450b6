/**
 * The state of the desk in the page: the last whole view, the newest facts, the link's state, commands without an answer and
 * notices. React reads the store by `useSyncExternalStore`. The view is replaced and never edited, so the page never shows a
 * change that the server has not made.
 */
import type { DeskAction, DeskFact, DeskMessage, DeskView } from '../../wire/desk.ts'
import { FACTS_MAX, NOTICES_MAX } from './limits.ts'
import type { Answer, LinkState } from './link.ts'
import { Observed } from './observed.ts'

export interface Notice {
  id: number
  tone: 'info' | 'problem'
  text: string
}

export interface DeskSnapshot {
  link: LinkState
  view: DeskView | null
  seq: number
  /** newest last */
  facts: readonly DeskFact[]
  /** server clock minus page clock */
  clockOffsetMs: number
  /** keys (`pendingKey`) of the commands without an answer */
  pending: ReadonlySet<string>
  notices: readonly Notice[]
  /** grows whenever something has changed in the agent's inbox */
  inboxNews: number
}

export const EMPTY_SNAPSHOT: DeskSnapshot = {
  link: { name: 'off' },
  view: null,
  seq: 0,
  facts: [],
  clockOffsetMs: 0,
  pending: new Set(),
  notices: [],
  inboxNews: 0,
}

/** An accepted command stays pending this long if no view follows, because the desk had nothing to change. */
const FACT_WAIT_MS = 1500
/** The number of samples of the server's clock. The largest offset is from the message that travelled fastest. */
const CLOCK_SAMPLES = 8

interface Pending {
  key: string
  sentAtSeq: number
  accepted: boolean
}

/** Two presses of one button are one pending action; the same action on two calls is two. */
export function pendingKey(action: DeskAction): string {
  return 'callId' in action ? `${action.type}:${action.callId}` : action.type
}

export class DeskStore extends Observed<DeskSnapshot> {
  readonly #pending = new Set<Pending>()
  readonly #clock: number[] = []
  #noticeId = 0

  constructor() {
    super(EMPTY_SNAPSHOT)
  }

  linkChanged(link: LinkState): void {
    this.set({ link })
  }

  viewArrived(message: Extract<DeskMessage, { type: 'view' }>, nowMs: number): void {
    this.#clock.push(message.view.at - nowMs)
    if (this.#clock.length > CLOCK_SAMPLES) this.#clock.shift()
    for (const pending of this.#pending) {
      if (pending.accepted && message.seq > pending.sentAtSeq) this.#pending.delete(pending)
    }
    this.set({
      view: message.view,
      seq: message.seq,
      // A lower seq comes from a server that was reset, so its facts do not follow ours.
      facts: appendFacts(message.seq < this.get().seq ? [] : this.get().facts, message.facts),
      clockOffsetMs: Math.max(...this.#clock),
      pending: this.#pendingKeys(),
    })
  }

  /** Records that a command was sent. Returns the function that takes its answer. */
  commandSent(action: DeskAction): (answer: Answer) => void {
    const pending: Pending = { key: pendingKey(action), sentAtSeq: this.get().seq, accepted: false }
    this.#pending.add(pending)
    this.set({ pending: this.#pendingKeys() })
    return answer => {
      if (answer.ok && this.get().seq <= pending.sentAtSeq) {
        pending.accepted = true
        setTimeout(() => this.#forget(pending), FACT_WAIT_MS)
      } else {
        this.#forget(pending)
      }
    }
  }

  inboxChanged(): void {
    this.set({ inboxNews: this.get().inboxNews + 1 })
  }

  notify(tone: Notice['tone'], text: string): void {
    const others = this.get().notices.filter(notice => notice.text !== text)
    this.#noticeId += 1
    this.set({ notices: [...others, { id: this.#noticeId, tone, text }].slice(-NOTICES_MAX) })
  }

  dismiss(id: number): void {
    this.set({ notices: this.get().notices.filter(notice => notice.id !== id) })
  }

  /** Forgets everything at sign-out, so that the next person sees nothing of this one. */
  clear(): void {
    this.#pending.clear()
    this.#clock.length = 0
    this.set(EMPTY_SNAPSHOT)
  }

  #forget(pending: Pending): void {
    if (this.#pending.delete(pending)) this.set({ pending: this.#pendingKeys() })
  }

  #pendingKeys(): ReadonlySet<string> {
    return new Set([...this.#pending].map(pending => pending.key))
  }
}

/** Adds facts. A resumed socket repeats facts, so those up to the last known seq are dropped. The newest 100 are kept. */
export function appendFacts(have: readonly DeskFact[], more: readonly DeskFact[]): readonly DeskFact[] {
  if (more.length === 0) return have
  const last = have.at(-1)?.seq ?? 0
  return [...have, ...more.filter(fact => fact.seq > last)].slice(-FACTS_MAX)
}
