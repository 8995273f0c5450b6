/**
 * One call's note while it is typed. It is saved 400 ms after the last key and on blur. This browser keeps it until the desk
 * has it, so that neither a reload nor a lost connection loses words.
 */
import { NOTE_CHARS_MAX } from '../desk/limits.ts'

export type NoteState = 'empty' | 'saved' | 'typing' | 'saving' | 'not-saved'

export interface NoteParts {
  /** saves the note; true: the desk has it */
  save(text: string): Promise<boolean>
  keep(text: string): void
  onState(state: NoteState): void
  setTimer(run: () => void, ms: number): number
  clearTimer(timer: number): void
}

const SAVE_AFTER_MS = 400
const RETRY_MS = 2000

export class NoteDraft {
  readonly #parts: NoteParts
  #text: string
  #savedText: string
  #timer: number | null = null
  #saving: Promise<void> | null = null

  /** `kept`: the note in this browser; `saved`: the note at the desk. null: there is none, or it is unknown. */
  constructor(parts: NoteParts, kept: string | null, saved: string | null) {
    this.#parts = parts
    this.#savedText = saved ?? ''
    this.#text = kept ?? this.#savedText
    if (this.#text !== this.#savedText) this.#later(SAVE_AFTER_MS)
  }

  get text(): string {
    return this.#text
  }

  get state(): NoteState {
    if (this.#text !== this.#savedText) return 'typing'
    return this.#text === '' ? 'empty' : 'saved'
  }

  typed(text: string): void {
    this.#text = text.slice(0, NOTE_CHARS_MAX)
    this.#parts.keep(this.#text)
    this.#parts.onState('typing')
    this.#later(SAVE_AFTER_MS)
  }

  /** Saves unsaved words at once: on blur, and before an outcome. */
  async flush(): Promise<void> {
    this.#clear()
    while (this.#saving !== null) await this.#saving
    if (this.#text === this.#savedText) return
    this.#saving = this.#save()
    await this.#saving
  }

  /** The page leaves the call: unsaved words are saved in the background. */
  close(): void {
    void this.flush()
  }

  async #save(): Promise<void> {
    const text = this.#text
    this.#parts.onState('saving')
    const ok = await this.#parts.save(text)
    this.#saving = null
    if (ok) this.#savedText = text
    if (!ok) {
      this.#parts.onState('not-saved')
      this.#later(RETRY_MS)
    } else if (this.#text === text) this.#parts.onState(text === '' ? 'empty' : 'saved')
  }

  #later(ms: number): void {
    this.#clear()
    this.#timer = this.#parts.setTimer(() => void this.flush(), ms)
  }

  #clear(): void {
    if (this.#timer !== null) this.#parts.clearTimer(this.#timer)
    this.#timer = null
  }
}
