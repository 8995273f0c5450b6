/** What an import and its rows say on the screen. */
import type { ShownImport, ShownRow } from '../../../wire/import.ts'

export type Field = NonNullable<ShownRow['field']>
export type Verdict = ShownRow['verdict']

export const FIELD_WORDS: Record<Field, string> = {
  phone: 'Phone number',
  firstName: 'First name',
  lastName: 'Last name',
  fullName: 'Whole name',
  company: 'Company',
  timeZone: 'Time zone',
  postcode: 'Postcode',
  contactId: 'Id of your own',
  aiConsent: 'Agreed to AI calls (yes or no)',
}
export const FIELDS = Object.keys(FIELD_WORDS) as Field[]

export const VERDICT_WORDS: Record<Verdict, string> = {
  refused: 'Refused',
  duplicate: 'Twice in the list',
  fixed: 'Corrected',
  known: 'Known already',
  update: 'Will be updated',
  ok: 'Good',
}
/** Those first that somebody should look at. */
export const VERDICTS = Object.keys(VERDICT_WORDS) as Verdict[]

const WORKING: readonly ShownImport['phase'][] = ['reading', 'checking', 'importing', 'filling', 'undoing']
export const isWorking = ({ phase }: Pick<ShownImport, 'phase'>) => WORKING.includes(phase)

/** People whom the import saves now. */
export function toSave({ counts, saved }: Pick<ShownImport, 'counts' | 'saved'>): number {
  return counts.ok + counts.fixed + counts.update + counts.known - saved
}

const people = (n: number) => (n === 1 ? '1 person' : `${n} people`)

export function phaseWords(one: ShownImport): string {
  const { phase, rows, saved, filled, kept, problem } = one
  switch (phase) {
    case 'new':
      return 'Waiting for the file'
    case 'reading':
      return `Reading: ${rows} rows so far`
    case 'checking':
      return 'Checking the rows'
    case 'checked':
      return `Checked: ${rows} rows, nothing is saved yet`
    case 'importing':
      return `Importing: ${people(saved)} so far`
    case 'imported':
      return `Imported: ${people(saved)}${filled > 0 ? `, ${filled} of them new in the campaign` : ''}`
    case 'filling':
      return `Adding to the campaign: ${filled} so far`
    case 'undoing':
      return 'Taking the people back'
    case 'undone':
      return kept === 0 ? 'Undone' : `Undone, except for ${people(kept)}: called already, or needed elsewhere`
    case 'failed':
      return `Not read: ${problem ?? 'the file is damaged'}`
  }
}
