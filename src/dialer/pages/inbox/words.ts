/** Entries of the inbox in words. */
import { clockText } from '../../desk/time.ts'
import type { Entry } from './inbox-api.ts'

export const KIND_WORDS: Record<Entry['kind'], string> = {
  voicemail: 'Voicemail',
  missed: 'Missed call',
  callback: 'Callback wanted',
}

/** Who called: the name in the book, else the number. */
export function whoOf({ name, number }: Pick<Entry, 'name' | 'number'>): string {
  if (name !== '') return name
  return number === '' ? 'Number withheld' : number
}

/** For whom it was; a person's own entries are theirs by themselves. */
export function forWhom({ box }: Pick<Entry, 'box'>, own: boolean): string {
  if (own) return 'for you'
  return box.kind === 'workspace' ? 'for the whole team' : `for ${box.name}`
}

export function lengthOf({ seconds }: Pick<Entry, 'seconds'>): string | null {
  return seconds === null ? null : clockText(seconds * 1_000)
}

/** What is said instead of a transcript. Null: there is one, or none is expected. */
export function transcriptWords(state: Entry['transcript_state']): string | null {
  switch (state) {
    case 'due':
      return 'The transcript is being made.'
    case 'empty':
      return 'No words were heard.'
    case 'no-provider':
      return 'There is no transcript: no service that turns sound into words is set up.'
    case 'failed':
      return 'The transcript could not be made.'
    case 'done':
    case 'none':
      return null
  }
}

export const SOUND_WORDS: Partial<Record<Entry['sound'], string>> = {
  due: 'The sound is being fetched from the carrier.',
  lost: 'The carrier has not given the sound of this message.',
}
