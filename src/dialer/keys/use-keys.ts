/** The window listener for all shortcuts, and the hook with which screens register the action of a shortcut. */
import { useEffect, useRef } from 'react'
import { tinykeys } from 'tinykeys'
import { preferences } from '../desk/preferences.ts'
import {
  type FocusLike,
  mayAct,
  SHORTCUTS,
  type Shortcut,
  type ShortcutAction,
  type ShortcutId,
  ShortcutRegistry,
  WITH_MODIFIER,
} from './registry.ts'

const registry = new ShortcutRegistry(() => performance.now())

/** Installs the listener and returns a function that removes it. Call it once. */
export function listenToKeys(): () => void {
  const map: Record<string, (event: KeyboardEvent) => void> = {}
  for (const shortcut of SHORTCUTS) {
    map[shortcut.pattern] = event => {
      if (!preferences.get().shortcuts && shortcut.id !== 'sheet' && !WITH_MODIFIER.has(shortcut.id)) return
      if (!mayAct(shortcut.id, focusOf(event.target))) return
      if (registry.fire(shortcut, event) || givesOutcome(shortcut, event)) event.preventDefault()
    }
  }
  // the default filter also skips presses on a focused checkbox or button; our own rule decides instead
  return tinykeys(window, map, {
    ignore: event => event.defaultPrevented || event.isComposing || closesSomething(event),
  })
}

/** The library ends with the first pattern that fits, so a letter that does nothing on this page is tried as that of an outcome here. */
function givesOutcome({ id, pattern }: Shortcut, event: KeyboardEvent): boolean {
  const outcome = SHORTCUTS.find(one => one.id === 'outcome-letter')
  return outcome !== undefined && id !== outcome.id && /^[a-z]$/.test(pattern) && registry.fire(outcome, event)
}

/** An Escape that closes a menu or a dialog must not be the first half of "Esc Esc". */
function closesSomething(event: KeyboardEvent): boolean {
  return (
    event.key === 'Escape' &&
    event.target instanceof Element &&
    event.target.closest('dialog, [role="dialog"]') !== null
  )
}

function focusOf(target: EventTarget | null): FocusLike | null {
  if (!(target instanceof HTMLElement)) return null
  return {
    tagName: target.tagName,
    isContentEditable: target.isContentEditable,
    type: target instanceof HTMLInputElement ? target.type : undefined,
    role: target.getAttribute('role'),
    inModal: target.closest('[aria-modal="true"], dialog[open]') !== null,
  }
}

/** Does what the key does now, for whoever has found it by its words. */
export function pressShortcut(id: ShortcutId): void {
  const shortcut = SHORTCUTS.find(one => one.id === id)
  if (shortcut !== undefined) registry.fire(shortcut, { key: shortcut.pattern, code: '', repeat: false })
}

/** Registers the action of a shortcut while the component is mounted. */
export function useKey(id: ShortcutId, action: ShortcutAction): void {
  const latest = useRef(action)
  latest.current = action
  useEffect(() => registry.register(id, event => latest.current(event)), [id])
}
