/**
 * The list of all shortcuts, for the `?` sheet and the window listener. Screens register the action of a shortcut. The newest
 * registration is called first (an open keypad takes the digits from the outcomes).
 */
export interface Shortcut {
  id: ShortcutId
  /** tinykeys pattern */
  pattern: string
  /** as printed on the key */
  label: string
  words: string
  group: 'Session' | 'Call' | 'Live' | 'Everywhere'
  /** the shortcut is ignored for this long after it was performed */
  throttleMs?: number
}

export type ShortcutId =
  | 'go'
  | 'accept'
  | 'decline'
  | 'mute'
  | 'hold'
  | 'keypad'
  | 'transfer'
  | 'person'
  | 'hang-up'
  | 'do-not-call'
  | 'skip'
  | 'pause'
  | 'notes'
  | 'lane'
  | 'digit'
  | 'outcome-letter'
  | 'keypad-extra'
  | 'stop'
  | 'call-back'
  | 'choose'
  | 'listen'
  | 'whisper'
  | 'barge'
  | 'take-over'
  | 'stop-listening'
  | 'palette'
  | 'sheet'

/** A second hang-up within this time would end the next call. */
const HANG_UP_THROTTLE_MS = 600

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'go', pattern: 'Space', label: 'Space', words: 'Start, continue, resume', group: 'Session' },
  { id: 'skip', pattern: 's', label: 'S', words: 'Skip the chosen lane', group: 'Session' },
  { id: 'pause', pattern: 'p', label: 'P', words: 'Pause after this round', group: 'Session' },
  { id: 'lane', pattern: 'Shift+(Digit[1-4])', label: 'Shift+1–4', words: 'Choose a lane', group: 'Session' },
  { id: 'stop', pattern: 'Escape Escape', label: 'Esc Esc', words: 'Stop the session', group: 'Session' },
  { id: 'person', pattern: 'y', label: 'Y', words: 'Yes, this is a person: keep the call', group: 'Call' },
  { id: 'mute', pattern: 'm', label: 'M', words: 'Mute', group: 'Call' },
  { id: 'hold', pattern: 'h', label: 'H', words: 'Hold', group: 'Call' },
  { id: 'keypad', pattern: 'k', label: 'K', words: 'Keypad', group: 'Call' },
  { id: 'transfer', pattern: 't', label: 'T', words: 'Hand the person over', group: 'Call' },
  { id: 'hang-up', pattern: 'x', label: 'X', words: 'Hang up', group: 'Call', throttleMs: HANG_UP_THROTTLE_MS },
  // With Shift, because only a supervisor can undo it.
  {
    id: 'do-not-call',
    pattern: 'Shift+d',
    label: 'Shift+D',
    words: 'Put this number on the do-not-call list',
    group: 'Call',
  },
  { id: 'notes', pattern: 'n', label: 'N', words: 'Write a note (Esc leaves it)', group: 'Call' },
  // The code is matched too, because on some layouts the digit row gives other signs without Shift.
  {
    id: 'digit',
    pattern: '([0-9]|Digit[0-9]|Numpad[0-9])',
    label: '1–9',
    words: 'Give the outcome; digits while the keypad is open',
    group: 'Call',
  },
  { id: 'keypad-extra', pattern: '[Shift]+([*#])', label: '* #', words: 'Keypad signs', group: 'Call' },
  { id: 'choose', pattern: 'j', label: 'J', words: 'Choose the next call on the page Live', group: 'Live' },
  { id: 'listen', pattern: 'l', label: 'L', words: 'Listen to the chosen call', group: 'Live' },
  { id: 'whisper', pattern: 'w', label: 'W', words: 'Whisper to its agent', group: 'Live' },
  { id: 'barge', pattern: 'b', label: 'B', words: 'Speak to both', group: 'Live' },
  // With Shift, because the agent loses the person.
  { id: 'take-over', pattern: 'Shift+t', label: 'Shift+T', words: 'Take the call over', group: 'Live' },
  { id: 'stop-listening', pattern: 'q', label: 'Q', words: 'Stop listening', group: 'Live' },
  { id: 'accept', pattern: 'a', label: 'A', words: 'Accept the inbound call', group: 'Everywhere' },
  { id: 'decline', pattern: 'd', label: 'D', words: 'Decline the inbound call', group: 'Everywhere' },
  { id: 'call-back', pattern: 'c', label: 'C', words: 'Call back, in the inbox', group: 'Everywhere' },
  { id: 'palette', pattern: '$mod+k', label: 'Ctrl K', words: 'Find a page or an action', group: 'Everywhere' },
  { id: 'sheet', pattern: '[Shift]+(\\?)', label: '?', words: 'This list', group: 'Everywhere' },
  // The last one, because one press has one meaning: a letter of the page Live or of the inbox is that, where there is such a page. The others
  // are the desk's own (`DESK_LETTERS` of src/core/campaign/dispositions.ts).
  {
    id: 'outcome-letter',
    pattern: '([bcefgijloqruvwz])',
    label: 'A letter',
    words: 'Give the outcome that shows it',
    group: 'Call',
  },
]

/** Performs a shortcut. It returns false if it does nothing now; then the registration before it is called. */
export type ShortcutAction = (event: KeyLike) => boolean | undefined

/** The part of a KeyboardEvent that is used. */
export interface KeyLike {
  key: string
  code: string
  repeat: boolean
}

export class ShortcutRegistry {
  readonly #actions = new Map<ShortcutId, ShortcutAction[]>()
  readonly #firedAtMs = new Map<ShortcutId, number>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** Registers an action that comes before the others. Returns a function that removes it. */
  register(id: ShortcutId, action: ShortcutAction): () => void {
    const stack = this.#actions.get(id) ?? []
    this.#actions.set(id, [...stack, action])
    return () => {
      this.#actions.set(
        id,
        (this.#actions.get(id) ?? []).filter(one => one !== action),
      )
    }
  }

  /** Performs a shortcut. True: it was performed or throttled, so the browser must not handle the key. */
  fire(shortcut: Shortcut, event: KeyLike): boolean {
    if (event.repeat) return false
    const nowMs = this.#nowMs()
    const last = this.#firedAtMs.get(shortcut.id) ?? Number.NEGATIVE_INFINITY
    if (shortcut.throttleMs !== undefined && nowMs - last < shortcut.throttleMs) return true
    for (const action of [...(this.#actions.get(shortcut.id) ?? [])].reverse()) {
      if (action(event) === false) continue
      this.#firedAtMs.set(shortcut.id, nowMs)
      return true
    }
    return false
  }
}

/** `Digit3`, `Numpad3` or key `3` → `3`; null for anything else. */
export function digitOf(event: KeyLike): string | null {
  const byCode = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)
  if (byCode?.[1] !== undefined) return byCode[1]
  return /^[0-9]$/.test(event.key) ? event.key : null
}

/** The properties of the focused element that the rules need. */
export interface FocusLike {
  tagName: string
  isContentEditable: boolean
  type?: string
  role: string | null
  /** inside an open modal dialog */
  inModal: boolean
}

/** Nobody types them, so they act in a field as well, and when single letters are switched off. */
export const WITH_MODIFIER: ReadonlySet<ShortcutId> = new Set(['palette'])

const TEXT_INPUTS = new Set(['INPUT', 'TEXTAREA', 'SELECT'])
const NOT_TEXT = new Set(['checkbox', 'radio', 'button', 'range', 'submit', 'reset'])
const CONTROLS = new Set(['BUTTON', 'A', 'SUMMARY', 'INPUT', 'TEXTAREA', 'SELECT'])
const CONTROL_ROLES = new Set([
  'button',
  'link',
  'tab',
  'menuitem',
  'option',
  'switch',
  'checkbox',
  'radio',
  'combobox',
])

/**
 * Whether a shortcut may act with this focus: never while somebody types or a modal dialog is open, and `Space` only
 * when no control has the focus (it presses that control).
 */
export function mayAct(id: ShortcutId, focus: FocusLike | null): boolean {
  if (focus === null) return true
  if (focus.inModal) return false
  if (WITH_MODIFIER.has(id)) return true
  if (focus.isContentEditable) return false
  if (TEXT_INPUTS.has(focus.tagName) && !(focus.tagName === 'INPUT' && NOT_TEXT.has(focus.type ?? 'text'))) return false
  if (id !== 'go') return true
  return !CONTROLS.has(focus.tagName) && !(focus.role !== null && CONTROL_ROLES.has(focus.role))
}
