/** Keeps unsaved notes in this tab over a reload, and the open draft, which is saved before an outcome. */
import type { NoteDraft } from './note-draft.ts'

const PREFIX = 'trunkline.note.'

export function keptNote(callId: string): string | null {
  return sessionStorage.getItem(PREFIX + callId)
}

export function keepNote(callId: string, text: string): void {
  sessionStorage.setItem(PREFIX + callId, text)
}

/** Removes a note after its outcome was saved, because the desk has it. */
export function forgetNote(callId: string): void {
  sessionStorage.removeItem(PREFIX + callId)
}

let open: NoteDraft | null = null

export function setOpenDraft(draft: NoteDraft | null): void {
  open = draft
}

/** Called before an outcome is saved, because the desk must have the last typed words first. */
export async function flushOpenDraft(): Promise<void> {
  await open?.flush()
}
