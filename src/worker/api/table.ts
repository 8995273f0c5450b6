/** The handlers of all rows; `test/actors/api-door.test.ts` compares them with `src/wire/routes/table.ts`. */
import type { Bound } from '../route-table.ts'
import { seedAi } from '../seed/ai.ts'
import { seedCidr } from '../seed/cidr.ts'
import { seedMasks } from '../seed/masks.ts'
import { account } from './account.ts'
import { activeflows } from './activeflows.ts'
import { agents } from './agents.ts'
import { billings } from './billing.ts'
import { calls } from './calls.ts'
import { campaigns } from './campaigns.ts'
import { clearance } from './clearance.ts'
import { conferences } from './conferences.ts'
import { contacts } from './contacts.ts'
import { desk } from './desk.ts'
import { extensions } from './extensions.ts'
import { floor } from './floor.ts'
import { flows } from './flows.ts'
import { imports } from './imports.ts'
import { inbox } from './inbox.ts'
import { invitations } from './invitations.ts'
import { keys } from './keys.ts'
import { masks } from './masks.ts'
import { numbers } from './numbers.ts'
import { phone } from './phone.ts'
import { queues } from './queues.ts'
import { recordings } from './recordings.ts'
import { reports } from './reports.ts'
import { scenarios } from './scenarios.ts'
import { secondFactor } from './second-factor.ts'
import { stream } from './stream.ts'
import { supervisions } from './supervision.ts'
import { transferMoves } from './transfer-moves.ts'
import { trunks } from './trunks.ts'
import { voiceAgents } from './voice-agents.ts'
import { voiceCalls } from './voice-calls.ts'
import { webhooks } from './webhooks.ts'
import { workspaces } from './workspaces.ts'

export const API: readonly Bound[] = [
  ...account,
  ...invitations,
  ...secondFactor,
  ...workspaces,
  ...keys,
  ...phone,
  ...desk,
  ...campaigns,
  ...contacts,
  ...imports,
  ...clearance,
  ...calls,
  ...agents,
  ...flows,
  ...numbers,
  ...voiceCalls,
  ...transferMoves,
  ...activeflows,
  ...voiceAgents,
  ...extensions,
  ...trunks,
  ...masks,
  ...queues,
  ...conferences,
  ...supervisions,
  ...floor,
  ...inbox,
  ...recordings,
  ...reports,
  ...billings,
  ...webhooks,
  ...stream,
  ...scenarios,
  ...seedAi,
  ...seedCidr,
  ...seedMasks,
]
