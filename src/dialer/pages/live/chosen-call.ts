/** Which call of the page Live the keys are about: the row that has the focus, or the only one there is. */
import type { ShortcutId } from '../../keys/registry.ts'
import { useKey } from '../../keys/use-keys.ts'

const rows = () => [...document.querySelectorAll<HTMLElement>('li[data-call]')]
const focused = () => document.activeElement?.closest<HTMLElement>('li[data-call]') ?? null

/** Null: none has the focus. */
function focusedCall(): string | null {
  return focused()?.dataset.call ?? null
}

function chosenCall(): string | null {
  const all = rows()
  return focusedCall() ?? (all.length === 1 ? (all[0]?.dataset.call ?? null) : null)
}

/** The focus goes to the first button of the next row, after the last one to the first. False: there is no row. */
function chooseNext(): boolean {
  const all = rows()
  const now = focused()
  const next = all[((now === null ? -1 : all.indexOf(now)) + 1) % Math.max(all.length, 1)]
  next?.querySelector('button')?.focus()
  next?.scrollIntoView({ block: 'nearest' })
  return next !== undefined
}

interface KeyDeed {
  /** why it cannot be done, which is said then; null: it can */
  why: string | null
  run(): void
  say(words: string): void
}

function perform({ why, run, say }: KeyDeed): true {
  if (why === null) run()
  else say(why)
  return true
}

/** The key of a button in the row of this call. */
export function useRowKey(id: ShortcutId, callId: string, deed: KeyDeed): void {
  useKey(id, () => chosenCall() === callId && perform(deed))
}

/** The same key on every page, about the call that the supervisor is on, unless the row of another one has the focus. */
export function useBarKey(id: ShortcutId, callId: string, deed: KeyDeed): void {
  useKey(id, () => (focusedCall() ?? callId) === callId && perform(deed))
}

/** The keys of the page itself: the choice, and what is said when nothing is chosen. */
export function useLiveKeys(say: (words: string) => void): void {
  useKey('choose', () => chooseNext())
  const nothing = () => {
    if (chosenCall() !== null) return false
    say(rows().length === 0 ? 'Nobody is on a call now.' : 'Choose a call first, with J or Tab.')
    return true
  }
  useKey('listen', nothing)
  useKey('whisper', nothing)
  useKey('barge', nothing)
  useKey('take-over', nothing)
}
