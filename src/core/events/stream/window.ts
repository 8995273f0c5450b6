/**
 * How far one socket has got in the log, and what it still owes an acknowledgement for. Pure. A socket is sent no more once its window is full; the log
 * keeps the rest, so nothing is lost and the memory of the server is bounded. What is sent is remembered in few marks, because the state of a
 * socket must fit beside it (2 KiB).
 */
import { comesBefore, later } from './cursor.ts'

/** At most so many events are sent and not acknowledged, and so many bytes (and the event that passes this). */
export const WINDOW_EVENTS = 100
export const WINDOW_BYTES = 64 * 1024
/** A mark has an eighth of the window, so that an acknowledgement in its middle makes room as well. */
const MARK_EVENTS = Math.ceil(WINDOW_EVENTS / 8)
const MARK_BYTES = WINDOW_BYTES / 8

/** A stretch of sent events; `cursor` is that of its last one. */
export interface Mark {
  cursor: string
  events: number
  bytes: number
}
export interface Window {
  /** everything up to here was sent, or was not wanted */
  at: string
  /** sent and not acknowledged, the oldest first */
  marks: readonly Mark[]
}
/** An event of a page, for one socket. */
export interface Offered {
  cursor: string
  /** of all messages that this socket gets of it; 0: it does not want the event */
  bytes: number
}

export function windowAt(cursor: string): Window {
  return { at: cursor, marks: [] }
}

/** May this socket be sent another event? */
export function isOpen({ marks }: Window): boolean {
  let [events, bytes] = [0, 0]
  for (const mark of marks) {
    events += mark.events
    bytes += mark.bytes
  }
  return events < WINDOW_EVENTS && bytes < WINDOW_BYTES
}

/**
 * Offers a page that was read from a place at or before this socket's. Returns the window afterwards and the positions in `items` of what is sent to
 * it. Where the window becomes full the rest of the page is left: `at` stands right before the first event that did not fit.
 */
export function offer<Item>(
  window: Window,
  items: readonly Item[],
  next: string,
  lookAt: (item: Item) => Offered,
): { window: Window; sent: Item[] } {
  let { at, marks } = window
  const sent: Item[] = []
  for (const item of items) {
    const { cursor, bytes } = lookAt(item)
    if (!comesBefore(at, cursor)) continue
    if (bytes > 0) {
      if (!isOpen({ at, marks })) return { window: { at, marks }, sent }
      marks = marked(marks, cursor, bytes)
      sent.push(item)
    }
    at = cursor
  }
  return { window: { at: later(at, next), marks }, sent }
}

function marked(marks: readonly Mark[], cursor: string, bytes: number): readonly Mark[] {
  const last = marks.at(-1)
  if (last === undefined || last.events >= MARK_EVENTS || last.bytes >= MARK_BYTES)
    return [...marks, { cursor, events: 1, bytes }]
  return [...marks.slice(0, -1), { cursor, events: last.events + 1, bytes: last.bytes + bytes }]
}

/** Everything up to this cursor has been received. Null: it was never sent, so it cannot have been. */
export function acknowledged(window: Window, cursor: string): Window | null {
  if (comesBefore(window.at, cursor)) return null
  return { at: window.at, marks: window.marks.filter(mark => comesBefore(cursor, mark.cursor)) }
}
