/** What was before each edit, so that the last one can be undone. */
export interface History<T> {
  now: T
  past: readonly T[]
  /** what the last edit was about: typing in one field is one edit */
  about: string | null
}

const PAST_MAX = 100

export function begun<T>(now: T): History<T> {
  return { now, past: [], about: null }
}

/** `about`: null: an edit of its own. */
export function edited<T>(history: History<T>, now: T, about: string | null): History<T> {
  const goesOn = about !== null && about === history.about
  const past = goesOn ? history.past : [...history.past, history.now].slice(-PAST_MAX)
  return { now, past, about }
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1)
  return before === undefined ? history : { now: before, past: history.past.slice(0, -1), about: null }
}
