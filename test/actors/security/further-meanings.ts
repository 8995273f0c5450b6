/** Parts of the authorisation matrix that stand in files of their own. */
import { IMPORTS } from './import-meanings.ts'
import { REPORTS } from './report-meanings.ts'

export const FURTHER = { ...IMPORTS, ...REPORTS } as const
