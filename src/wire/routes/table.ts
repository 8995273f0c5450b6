/** Every route of the API, in the order in which a newcomer meets it. */
import { accountRoutes } from './account.ts'
import { activeflowRoutes } from './activeflows.ts'
import { agentRoutes } from './agents.ts'
import { billingRoutes } from './billing.ts'
import { callRoutes } from './calls.ts'
import { campaignRoutes } from './campaigns.ts'
import { clearanceRoutes } from './clearance.ts'
import { conferenceRoutes } from './conferences.ts'
import { contactRoutes } from './contacts.ts'
import { deskRoutes } from './desk.ts'
import { extensionRoutes } from './extensions.ts'
import { floorRoutes } from './floor.ts'
import { flowRoutes } from './flows.ts'
import { importRoutes } from './imports.ts'
import { inboxRoutes } from './inbox.ts'
import { invitationRoutes } from './invitations.ts'
import { keyRoutes } from './keys.ts'
import { maskRoutes } from './masks.ts'
import { numberRoutes } from './numbers.ts'
import { phoneRoutes } from './phone.ts'
import { queueRoutes } from './queues.ts'
import { recordingRoutes } from './recordings.ts'
import { reportRoutes } from './reports.ts'
import { scenarioRoutes } from './scenarios.ts'
import { secondFactorRoutes } from './second-factor.ts'
import { seedAiRoutes } from './seed-ai.ts'
import { seedCidrRoutes } from './seed-cidr.ts'
import { seedMaskRoutes } from './seed-masks.ts'
import { streamRoutes } from './stream.ts'
import { supervisionRoutes } from './supervision.ts'
import { transferRoutes } from './transfers.ts'
import { trunkRoutes } from './trunks.ts'
import { voiceAgentRoutes } from './voice-agents.ts'
import { voiceCallRoutes } from './voice-calls.ts'
import { webhookRoutes } from './webhooks.ts'
import { workspaceRoutes } from './workspaces.ts'

export const routes = {
  ...accountRoutes,
  ...invitationRoutes,
  ...secondFactorRoutes,
  ...workspaceRoutes,
  ...keyRoutes,
  ...phoneRoutes,
  ...deskRoutes,
  ...campaignRoutes,
  ...contactRoutes,
  ...importRoutes,
  ...clearanceRoutes,
  ...callRoutes,
  ...agentRoutes,
  ...flowRoutes,
  ...numberRoutes,
  ...voiceCallRoutes,
  ...transferRoutes,
  ...activeflowRoutes,
  ...voiceAgentRoutes,
  ...extensionRoutes,
  ...trunkRoutes,
  ...maskRoutes,
  ...queueRoutes,
  ...conferenceRoutes,
  ...supervisionRoutes,
  ...floorRoutes,
  ...inboxRoutes,
  ...recordingRoutes,
  ...reportRoutes,
  ...billingRoutes,
  ...webhookRoutes,
  ...streamRoutes,
  ...scenarioRoutes,
  ...seedAiRoutes,
  ...seedCidrRoutes,
  ...seedMaskRoutes,
} as const
export type Routes = typeof routes
