/**
 * Cursors of the log as programs get them: `2026-11~17~4fzzxjk`, a month, a number in it, and a check. The check says that this cursor was given by
 * this workspace, so that a cursor of another one is an error and never a place that looks right. It is no secret: what may be read is
 * decided by who reads.
 */

/** What the log of a workspace wrote before there were months. */
const BEFORE = 'before'
const PLAIN = /^(before|\d{4}-\d{2})~(\d{1,15})$/

/** Does `a` stand before `b` in the order of the log? Both are cursors of the log itself, without a check. */
export function comesBefore(a: string, b: string): boolean {
  // Nearly all sockets stand at one place, and each page compares them all.
  if (a === b) return false
  const [[monthA, numberA], [monthB, numberB]] = [parts(a), parts(b)]
  if (monthA === monthB) return numberA < numberB
  return monthB !== BEFORE && (monthA === BEFORE || monthA < monthB)
}

/** The month of a cursor of the log. */
export function monthOfCursor(cursor: string): string {
  return parts(cursor)[0]
}

/** The later of two cursors of the log. */
export function later(a: string, b: string): string {
  return comesBefore(a, b) ? b : a
}

/** A cursor of the log as a program gets it. */
export function sealed(workspaceId: string, cursor: string): string {
  return `${cursor}~${checkOf(workspaceId, cursor)}`
}

/** The cursor of the log behind this text; null: this workspace has given no such cursor. */
export function unsealed(workspaceId: string, text: string): string | null {
  const at = text.lastIndexOf('~')
  const cursor = text.slice(0, Math.max(0, at))
  return PLAIN.test(cursor) && text === sealed(workspaceId, cursor) ? cursor : null
}

/** Is it a cursor without a check, as `GET /v1.0/events` gave them at first? */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

function parts(cursor: string): [month: string, number: number] {
  const [month = '', number = ''] = cursor.split('~')
  return [month, Number(number)]
}

/** FNV-1a: 32 bits are enough against a mistake. */
function checkOf(workspaceId: string, cursor: string): string {
  let hash = 0x811c9dc5
  for (const letter of `${workspaceId}/${cursor}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0
  return hash.toString(36).padStart(7, '0')
}
