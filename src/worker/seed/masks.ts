/** The call masking service of seed 000, on 8x8: its webhooks, and the calls that are on. The same masks answer calls of every carrier. */
import type { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { wordsOf } from '../../core/clearance/words.ts'
import { maskId as maskIdOf, numberOfMask } from '../../core/ids.ts'
import type { callAction, callStatus } from '../../wire/eight-by-eight.ts'
import { seedMaskRoutes } from '../../wire/routes/seed-masks.ts'
import { bind } from '../route-table.ts'
import { callflowOf, sorry } from './callflow.ts'

/** Masks whose calls are read for one answer. */
const MASKS_READ = 500
const CALLS_READ = 200
const DEFAULT_VOICE = 'en-US-JennyNeural'
const E164 = /^\+?[1-9]\d{6,14}$/

type Payload = z.output<typeof callAction>['payload'] | z.output<typeof callStatus>['payload']

/** E.164; null: withheld, or no number. */
function numberIn(text: string | undefined): string | null {
  const written = (text ?? '').trim()
  return E164.test(written) ? `+${written.replace('+', '')}` : null
}

/** The mask with this number; null: it is none, and nothing is made for it. */
async function maskAt(env: Env, workspaceId: string, text: string | undefined) {
  const number = numberIn(text)
  const maskId = number === null ? null : maskIdOf(workspaceId, number)
  const isMask = maskId !== null && (await stubFor(env, 'mask', workspaceId).has(maskId))
  return isMask ? { number: number ?? '', mask: stubFor(env, 'mask', maskId) } : null
}

/** The rules of dialing hold for the other side, as on every carrier. Null: it may be called; else the words of the rule. */
async function refusal(env: Env, workspaceId: string, to: string): Promise<string | null> {
  const nothing = { callId: null, campaignId: null, timeZone: null, postcode: null, hours: null, agent: null }
  const [verdict] = await stubFor(env, 'trunk', workspaceId).judge([{ ...nothing, to, purpose: 'transfer' }])
  if (verdict === undefined) return 'not-cleared'
  return verdict.cleared ? null : wordsOf(verdict)
}

async function answered(env: Env, workspaceId: string, payload: Payload) {
  const { sessionId, eventId, source, destination, eventData, callStatus: status } = payload
  const at = await maskAt(env, workspaceId, destination)
  const known = at === null ? null : await at.mask.read()
  if (at === null || known === null || known.carrier !== '8x8') return sorry(DEFAULT_VOICE)
  const { number, mask } = at
  // Whoever was asked for a PIN and keyed nothing was wrong as well.
  const pin = eventData?.dtmf ?? (status === 'ACTION_COMPLETED' ? '' : null)
  // A repeat of one event gets the same answer; the same keys in a second try are another event.
  const askId = `8x8:${sessionId}:${eventId ?? `${status}:${pin ?? ''}`}`
  const led = await mask.route(askId, sessionId, numberIn(source), pin)
  if (led === null) return sorry(known.voice)
  const refused = led.is === 'party' || led.is === 'owner' ? await refusal(env, workspaceId, led.number) : null
  if (refused === null) return callflowOf(led, number, known.voice)
  await mask.refused(sessionId, refused)
  return sorry(known.voice)
}

const RESULTS: Record<string, string> = {
  COMPLETED: 'answered',
  NO_ANSWER: 'no-answer',
  BUSY: 'busy',
  CANCELED: 'canceled',
}

export const seedMasks = bind(seedMaskRoutes, {
  async 'POST /api/webhooks/vca'({ env, member, body: { payload } }) {
    const callflow = await answered(env, member.workspaceId, payload)
    return { clientActionId: `mask-${payload.eventData?.dtmf ? 'pin' : 'call'}`, callflow }
  },

  async 'POST /api/webhooks/vcs'({ env, member, body: { payload } }) {
    const { callStatus: status, callDirection, source, sessionId } = payload
    // The leg to the other side shows the mask as its caller.
    const isAnswered = status === 'CALL_CONNECTED' && callDirection === 'OUTBOUND'
    const at = isAnswered ? await maskAt(env, member.workspaceId, source) : null
    await at?.mask.connected(sessionId)
    return { message: 'taken' as const }
  },

  async 'POST /api/webhooks/vss'({ env, member, body: { payload } }) {
    const { sessionId, sessionStatus, details } = payload
    // The first leg has dialled the mask, and the second one shows it.
    const dialled = (details?.callA ?? details?.CallA)?.destination
    const showed = (details?.callB ?? details?.CallB)?.source
    const at = (await maskAt(env, member.workspaceId, dialled)) ?? (await maskAt(env, member.workspaceId, showed))
    await at?.mask.ended(sessionId, RESULTS[sessionStatus] ?? 'failed')
    return { message: 'taken' as const }
  },

  async 'GET /v1.0/active-calls'({ env, member }) {
    const ids = await stubFor(env, 'mask', member.workspaceId).listed(null, MASKS_READ)
    const query = { sessionId: null, live: true, after: null, limit: CALLS_READ }
    const live = await Promise.all(ids.map(id => stubFor(env, 'mask', id).interactions(query)))
    return {
      active_calls: live.flat().map(({ callId, maskId, status, atMs }) => ({
        session_id: callId,
        mask_id: maskId,
        virtual_number: numberOfMask(maskId),
        status: status === 'connected' ? ('connected' as const) : ('connecting' as const),
        tm_create: new Date(atMs).toISOString(),
      })),
    }
  },
})
