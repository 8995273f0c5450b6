import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import { describe, expect, test } from 'vitest'
import { DESK_LETTERS } from '../../core/campaign/dispositions.ts'
import {
  digitOf,
  type FocusLike,
  mayAct,
  SHORTCUTS,
  type Shortcut,
  type ShortcutId,
  ShortcutRegistry,
} from './registry.ts'

const press = (key: string, code = '', repeat = false) => ({ key, code, repeat })
const shortcut = (id: ShortcutId) => SHORTCUTS.find(one => one.id === id) as Shortcut

describe('registry', () => {
  test('the newest registration wins, and gives way when it goes or declines', () => {
    const registry = new ShortcutRegistry(() => 0)
    const log: string[] = []
    registry.register('digit', () => {
      log.push('outcome')
      return true
    })
    let open = true
    const leave = registry.register('digit', () => {
      if (!open) return false
      log.push('keypad')
      return true
    })
    expect(registry.fire(shortcut('digit'), press('1'))).toBe(true)
    open = false
    registry.fire(shortcut('digit'), press('1'))
    open = true
    leave()
    registry.fire(shortcut('digit'), press('1'))
    expect(log).toEqual(['keypad', 'outcome', 'outcome'])
  })

  test('a held key fires once; nothing registered is not handled', () => {
    const registry = new ShortcutRegistry(() => 0)
    let fired = 0
    registry.register('mute', () => {
      fired += 1
      return true
    })
    expect(registry.fire(shortcut('mute'), press('m', '', true))).toBe(false)
    expect(registry.fire(shortcut('hold'), press('h'))).toBe(false)
    expect(fired).toBe(0)
  })

  test('hang-up is throttled for 600 ms, so that a second press cannot hit the next call', () => {
    let nowMs = 0
    const registry = new ShortcutRegistry(() => nowMs)
    let fired = 0
    registry.register('hang-up', () => {
      fired += 1
      return true
    })
    for (const at of [0, 599, 600, 1100, 1200]) {
      nowMs = at
      registry.fire(shortcut('hang-up'), press('x'))
    }
    expect(fired).toBe(3)
  })
})

test('digits by key, by row and by pad', () => {
  expect(digitOf(press('3', 'Digit3'))).toBe('3')
  expect(digitOf(press('"', 'Digit3'))).toBe('3')
  expect(digitOf(press('7', 'Numpad7'))).toBe('7')
  expect(digitOf(press('a', 'KeyA'))).toBeNull()
})

test('an outcome has no letter that does something else during a call', () => {
  const ofCalls = SHORTCUTS.filter(one => one.group !== 'Live' && one.id !== 'call-back')
  const letters = ofCalls.map(one => one.pattern).filter(pattern => /^[a-z]$/.test(pattern))
  expect([...DESK_LETTERS].sort()).toEqual(letters.sort())
})

describe('patterns', () => {
  // tinykeys reads the modifiers with `getModifierState`.
  const event = (key: string, code: string, modifiers: string[] = []) =>
    ({ key, code, getModifierState: (name: string) => modifiers.includes(name) }) as unknown as KeyboardEvent
  const hit = (id: ShortcutId, of: KeyboardEvent) =>
    parseKeybinding(shortcut(id).pattern).some(one => matchKeybindingPress(of, one))

  test('each is unique and can be parsed', () => {
    expect(new Set(SHORTCUTS.map(({ pattern }) => pattern)).size).toBe(SHORTCUTS.length)
    for (const { pattern } of SHORTCUTS) expect(parseKeybinding(pattern).length).toBeGreaterThan(0)
  })

  test('letters only without Ctrl, Alt or Cmd', () => {
    expect(hit('mute', event('m', 'KeyM'))).toBe(true)
    for (const modifier of ['Control', 'Alt', 'Meta']) expect(hit('mute', event('m', 'KeyM', [modifier]))).toBe(false)
  })

  test('the palette has Ctrl or Cmd, by the computer; a supervisor takes over with Shift, and hands over without', () => {
    const hits = ['Control', 'Meta'].filter(modifier => hit('palette', event('k', 'KeyK', [modifier])))
    expect(hits).toHaveLength(1)
    expect(hit('keypad', event('k', 'KeyK', hits))).toBe(false)
    expect(hit('take-over', event('T', 'KeyT', ['Shift']))).toBe(true)
    expect(hit('take-over', event('t', 'KeyT'))).toBe(false)
    expect(hit('transfer', event('T', 'KeyT', ['Shift']))).toBe(false)
  })

  test('outcome and lane keys do not collide, also where digits need Shift', () => {
    expect(hit('digit', event('2', 'Digit2'))).toBe(true)
    expect(hit('digit', event('é', 'Digit2'))).toBe(true)
    expect(hit('digit', event('2', 'Digit2', ['Control']))).toBe(false)
    expect(hit('lane', event('@', 'Digit2', ['Shift']))).toBe(true)
    expect(hit('lane', event('2', 'Digit2'))).toBe(false)
    expect(hit('sheet', event('?', 'Slash', ['Shift']))).toBe(true)
    expect(hit('go', event(' ', 'Space'))).toBe(true)
  })
})

describe('focus', () => {
  const on = (tagName: string, change: Partial<FocusLike> = {}): FocusLike => ({
    tagName,
    isContentEditable: false,
    role: null,
    inModal: false,
    ...change,
  })

  test('never while somebody types or a dialog is open', () => {
    expect(mayAct('mute', on('TEXTAREA'))).toBe(false)
    expect(mayAct('mute', on('INPUT', { type: 'text' }))).toBe(false)
    expect(mayAct('mute', on('INPUT'))).toBe(false)
    expect(mayAct('mute', on('SELECT'))).toBe(false)
    expect(mayAct('mute', on('DIV', { isContentEditable: true }))).toBe(false)
    expect(mayAct('mute', on('BUTTON', { inModal: true }))).toBe(false)
  })

  test('the palette opens from a field, and not over a dialog', () => {
    expect(mayAct('palette', on('TEXTAREA'))).toBe(true)
    expect(mayAct('palette', on('INPUT', { inModal: true }))).toBe(false)
  })

  test('letters act on a focused button, Space does not: it presses the button', () => {
    expect(mayAct('mute', on('BUTTON'))).toBe(true)
    expect(mayAct('mute', on('INPUT', { type: 'checkbox' }))).toBe(true)
    expect(mayAct('go', on('BUTTON'))).toBe(false)
    expect(mayAct('go', on('A'))).toBe(false)
    expect(mayAct('go', on('INPUT', { type: 'checkbox' }))).toBe(false)
    expect(mayAct('go', on('DIV', { role: 'switch' }))).toBe(false)
    expect(mayAct('go', on('BODY'))).toBe(true)
    expect(mayAct('go', null)).toBe(true)
  })
})
