/** Routes of the CRM: its set-up, and another try for a call that could not be filed. */
import { z } from 'zod'
import { stubFor } from '../../actors/stubs.ts'
import { crmOf, missingForCrm } from '../../providers/registry.ts'
import { Refusal } from '../problem.ts'
import { type AnyRoute, route } from '../route-table.ts'
import { requireAccess } from './conversation-access.ts'

export const crmRoutes: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/crm',
    who: 'agent',
    summary: 'Whether calls are filed in a CRM; else the names of the settings that are missing or wrong.',
    answer: z.object({ ready: z.boolean(), missing: z.array(z.string()) }),
    async handle({ env, member }) {
      const ready = crmOf(env, member.workspaceId) !== null
      return { ready, missing: ready ? [] : missingForCrm(env) }
    },
  }),
  route({
    method: 'post',
    path: '/api/calls/:callId/crm-retry',
    who: 'agent',
    summary: 'Files a call in the CRM again that could not be filed; an agent their own, supervisors all.',
    status: 202,
    answer: z.object({ message: z.string() }),
    async handle({ env, member, params }) {
      const callId = params.callId ?? ''
      await requireAccess(env, member, callId)
      const call = stubFor(env, 'call', callId)
      const state = await call.read()
      if (state.call.phase === 'empty') throw new Refusal(404, 'There is no such call.')
      const waits = state.call.phase === 'over' && (state.crm?.state === 'failed' || state.crm?.state === 'nobody')
      if (!waits) throw new Refusal(409, 'Nothing of this call waits to be filed by hand.')
      await call.deliver({ type: 'crm.retry-wanted', at: Date.now() }, null)
      return { message: 'filing again' }
    },
  }),
]
