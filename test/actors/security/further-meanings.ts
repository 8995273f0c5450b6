/** Parts of the authorisation matrix that stand in files of their own. */
import { FLOOR } from './floor-meanings.ts'
import { IMPORTS } from './import-meanings.ts'
import { INVITATIONS } from './invitation-meanings.ts'
import { OUTCOMES } from './outcome-meanings.ts'
import { REPORTS } from './report-meanings.ts'
import { SECOND_FACTOR } from './second-factor-meanings.ts'
import { WORKSPACES } from './workspace-meanings.ts'

export const FURTHER = {
  ...{ ...IMPORTS, ...OUTCOMES, ...REPORTS, ...FLOOR },
  ...{ ...INVITATIONS, ...WORKSPACES, ...SECOND_FACTOR },
} as const
