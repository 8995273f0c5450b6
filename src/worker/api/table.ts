/** The handlers of all rows; `test/actors/api-door.test.ts` compares them with `src/wire/routes/table.ts`. */
import type { Bound } from '../route-table.ts'
import { seedAi } from '../seed/ai.ts'
import { account } from './account.ts'
import { agents } from './agents.ts'
import { calls } from './calls.ts'
import { campaigns } from './campaigns.ts'
import { clearance } from './clearance.ts'
import { contacts } from './contacts.ts'
import { desk } from './desk.ts'
import { phone } from './phone.ts'
import { scenarios } from './scenarios.ts'

export const API: readonly Bound[] = [
  ...account,
  ...phone,
  ...desk,
  ...campaigns,
  ...contacts,
  ...clearance,
  ...calls,
  ...agents,
  ...scenarios,
  ...seedAi,
]
