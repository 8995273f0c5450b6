/** Notes under way, kept in this tab over a reload; and the draft that is open, for the outcome to flush. */
import type { NoteDraft } from './note-draft.ts'

const PREFIX = 'trunkline.note.'

export function keptNote(callId: string): string | null {
  return sessionStorage.getItem(PREFIX + callId)
}

export function keepNote(callId: string, text: string): void {
  sessionStorage.setItem(PREFIX + callId, text)
}

/** The outcome is saved: the desk has the note, this browser forgets it. */
export function forgetNote(callId: string): void {
  sessionStorage.removeItem(PREFIX + callId)
}

let open: NoteDraft | null = null

export function setOpenDraft(draft: NoteDraft | null): void {
  open = draft
}

/** Before an outcome: the words typed a moment ago must be with the desk first. */
export async function flushOpenDraft(): Promise<void> {
  await open?.flush()
}
