/** A transfer as a resource: what it is doing, and the moves of one whose target is asked first. */
import type { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type Move, PHASES } from '../../core/call/transfer/moves.ts'
import { phaseOf, type Target, type Transfer } from '../../core/call/transfer/state.ts'
import { agentOfDesk, type CallId } from '../../core/ids.ts'
import { transferRoutes } from '../../wire/routes/transfers.ts'
import type { transfer } from '../../wire/voice-call.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { requireAccess } from './conversation-access.ts'
import { moveAtDesk } from './transfers.ts'

type Shown = z.output<typeof transfer>

function addressOf(target: Target): Shown['transferee_address'] {
  switch (target.to) {
    case 'desk':
      return { type: 'agent', target: agentOfDesk(target.deskId) ?? '' }
    case 'queue':
      return { type: 'queue', target: target.queueId }
    case 'number':
      return { type: 'tel', target: target.number }
  }
}

function statusOf(known: Transfer, live: boolean): Shown['status'] {
  const phase = live ? phaseOf(known) : null
  if (phase !== null) return phase
  const { stage } = known
  if (!live || stage.is === 'there') return 'over'
  return stage.is === 'leaving' ? 'moving' : 'ringing'
}

function shown(callId: CallId, known: Transfer, live: boolean): Shown {
  const phase = live ? phaseOf(known) : null
  return {
    id: callId,
    transfer_type: known.attended ? 'attended' : 'blind',
    transferer_call_id: callId,
    transferer_agent_id: agentOfDesk(known.origin.deskId),
    transferee_address: addressOf(known.target),
    transferee_call_id: known.leg?.legId ?? null,
    status: statusOf(known, live),
    moves: phase === null ? [] : [...PHASES[phase].moves],
  }
}

interface By {
  env: Env
  member: Caller
  params: { callId: CallId }
}

async function move({ env, member, params }: By, wanted: Move): Promise<{ message: string }> {
  await requireAccess(env, member, params.callId)
  await moveAtDesk(env, params.callId, wanted)
  return { message: 'asked' }
}

export const transferMoves = bind(transferRoutes, {
  async 'GET /v1.0/transfers/:callId'({ env, member, params }) {
    await requireAccess(env, member, params.callId)
    const { call, transfer: known } = await stubFor(env, 'call', params.callId).read()
    if (known === null) throw new Refusal(409, 'Nobody has handed this person over.')
    return shown(params.callId, known, call.phase === 'live')
  },
  'POST /v1.0/transfers/:callId/swap': by => move(by, 'swap'),
  'POST /v1.0/transfers/:callId/merge': by => move(by, 'merge'),
  'POST /v1.0/transfers/:callId/complete': by => move(by, 'complete'),
  'POST /v1.0/transfers/:callId/cancel': by => move(by, 'cancel'),
})
