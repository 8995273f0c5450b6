/** Parts of the authorisation matrix that stand in files of their own. */
import { FLOOR } from './floor-meanings.ts'
import { IMPORTS } from './import-meanings.ts'
import { OUTCOMES } from './outcome-meanings.ts'
import { REPORTS } from './report-meanings.ts'

export const FURTHER = { ...IMPORTS, ...OUTCOMES, ...REPORTS, ...FLOOR } as const
