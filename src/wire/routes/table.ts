/** Every route of the API, in the order in which a newcomer meets it. */
import { accountRoutes } from './account.ts'
import { agentRoutes } from './agents.ts'
import { callRoutes } from './calls.ts'
import { campaignRoutes } from './campaigns.ts'
import { clearanceRoutes } from './clearance.ts'
import { contactRoutes } from './contacts.ts'
import { deskRoutes } from './desk.ts'
import { phoneRoutes } from './phone.ts'
import { scenarioRoutes } from './scenarios.ts'
import { seedAiRoutes } from './seed-ai.ts'

export const routes = {
  ...accountRoutes,
  ...phoneRoutes,
  ...deskRoutes,
  ...campaignRoutes,
  ...contactRoutes,
  ...clearanceRoutes,
  ...callRoutes,
  ...agentRoutes,
  ...scenarioRoutes,
  ...seedAiRoutes,
} as const
export type Routes = typeof routes
