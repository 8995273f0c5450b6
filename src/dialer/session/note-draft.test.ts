import { beforeEach, expect, test } from 'vitest'
import { NOTE_CHARS_MAX } from '../desk/limits.ts'
import { NoteDraft, type NoteState } from './note-draft.ts'

let saved: string[]
let kept: string[]
let states: NoteState[]
let timer: { run: () => void; ms: number } | null
let answers: ((ok: boolean) => void)[]

function draft(keptText: string | null = null, savedText: string | null = null) {
  return new NoteDraft(
    {
      save: text => {
        saved.push(text)
        return new Promise(resolve => answers.push(resolve))
      },
      keep: text => kept.push(text),
      onState: state => states.push(state),
      setTimer: (run, ms) => {
        timer = { run, ms }
        return 1
      },
      clearTimer: () => {
        timer = null
      },
    },
    keptText,
    savedText,
  )
}
/** Runs the continuations of all settled promises. */
async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
async function fire() {
  const { run } = timer ?? { run: () => undefined }
  timer = null
  run()
  await settled()
}
async function answer(ok: boolean) {
  answers.shift()?.(ok)
  await settled()
}

beforeEach(() => {
  saved = []
  kept = []
  states = []
  timer = null
  answers = []
})

test('saved 400 ms after the last key, and kept in the browser with each [S4-30]', async () => {
  const note = draft()
  note.typed('a')
  note.typed('ab')
  expect(timer?.ms).toBe(400)
  expect(kept).toEqual(['a', 'ab'])
  await fire()
  await answer(true)
  expect(saved).toEqual(['ab'])
  expect(states.at(-1)).toBe('saved')
})

test('blur saves at once, and only what changed', async () => {
  const note = draft()
  note.typed('a')
  void note.flush()
  await settled()
  await answer(true)
  await note.flush()
  expect(saved).toEqual(['a'])
})

test('a refused save says so and is tried again', async () => {
  const note = draft()
  note.typed('a')
  await fire()
  await answer(false)
  expect(states.at(-1)).toBe('not-saved')
  expect(timer?.ms).toBe(2000)
  await fire()
  await answer(true)
  expect(saved).toEqual(['a', 'a'])
  expect(states.at(-1)).toBe('saved')
})

test('typing while a save is under way: the newer words follow, in order', async () => {
  const note = draft()
  note.typed('a')
  await fire()
  note.typed('ab')
  await fire()
  expect(saved).toEqual(['a'])
  await answer(true)
  expect(saved).toEqual(['a', 'ab'])
})

test('after a reload the browser’s words win and are saved; equal ones are left alone', async () => {
  const note = draft('half a th', '')
  expect(note.text).toBe('half a th')
  await fire()
  expect(saved).toEqual(['half a th'])
  timer = null
  expect(draft('same', 'same').state).toBe('saved')
  expect(timer).toBeNull()
})

test('no longer than the desk takes', () => {
  const note = draft()
  note.typed('x'.repeat(NOTE_CHARS_MAX + 10))
  expect(note.text).toHaveLength(NOTE_CHARS_MAX)
})
