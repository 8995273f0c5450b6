/** Routes of the seed documents (requirements §6.1): the desk's commands over HTTP. */
import { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { DeskAction, DeskMessage } from '../../wire/desk.ts'
import { openDesk } from '../api/desk.ts'
import type { Member } from '../principal.ts'
import { Refusal } from '../problem.ts'
import { type AnyRoute, route } from '../route-table.ts'

const activeCall = z.object({
  callId: z.string(),
  phoneNumber: z.string(),
  contactId: z.string().nullable(),
  state: z.string(),
  timestamp: z.number(),
})

/** Runs one command of this agent's desk; a refusal becomes a 422 with its words. */
async function command(env: Env, member: Member, action: DeskAction): Promise<void> {
  const deskId = await openDesk(env, member)
  const answer: DeskMessage = await stubFor(env, 'desk', deskId).command(
    JSON.stringify({ id: crypto.randomUUID(), ...action }),
  )
  if (answer.type === 'refused')
    throw new Refusal(answer.reason === 'bad-number' ? 400 : 422, answer.message, [
      { field: 'command', message: answer.reason },
    ])
}

async function lanes(env: Env, member: Member) {
  const view = await stubFor(env, 'desk', await openDesk(env, member)).view()
  return (view?.lanes ?? []).map(lane => ({
    callId: lane.callId,
    phoneNumber: lane.contact.number,
    contactId: lane.contact.contactId,
    state: lane.state,
    timestamp: lane.sinceMs,
  }))
}

const deskRoutes: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/desk/view',
    who: 'agent',
    summary: 'The caller’s own desk as the page shows it.',
    answer: z.record(z.string(), z.unknown()),
    async handle({ env, member }) {
      const view = await stubFor(env, 'desk', await openDesk(env, member)).view()
      return (view ?? {}) as unknown as Record<string, unknown>
    },
  }),
]

const MODES = { SOFT_CALL: 1, PARALLEL_CALL: 2, ADVANCED_PARALLEL_CALL: 4 } as const

export const seedRoutes: AnyRoute[] = [
  ...deskRoutes,
  route({
    method: 'post',
    path: '/api/campaign/call-campaign',
    who: 'agent',
    summary: 'Starts, or continues, the agent’s session of a campaign: one round is dialled (S3-10, S3-13).',
    status: 202,
    body: z.object({
      campaignId: z.string().max(96),
      mode: z.enum(['SOFT_CALL', 'PARALLEL_CALL', 'ADVANCED_PARALLEL_CALL']).default('SOFT_CALL'),
    }),
    answer: z.object({ campaignId: z.string(), lines: z.number() }),
    async handle({ env, member, body }) {
      const view = await stubFor(env, 'desk', await openDesk(env, member)).view()
      const goesOn = view?.session?.campaignId === body.campaignId && view.session.state === 'waiting'
      const list = await stubFor(env, 'workspace', member.workspaceId).campaigns()
      if (!list.some(one => one.campaignId === body.campaignId)) throw new Refusal(404, 'There is no such campaign.')
      const lineCount = MODES[body.mode]
      await command(
        env,
        member,
        goesOn
          ? { type: 'session.continue' }
          : { type: 'session.start', campaignId: body.campaignId, lines: lineCount },
      )
      return { campaignId: body.campaignId, lines: lineCount }
    },
  }),
  route({
    method: 'post',
    path: '/api/campaign/call-notknown',
    who: 'agent',
    summary: 'Calls one number that is no contact (S3-25).',
    status: 202,
    body: z.object({ phone: z.string().min(3).max(40) }),
    answer: z.object({ calls: z.array(activeCall) }),
    async handle({ env, member, body }) {
      await command(env, member, { type: 'single.dial', phone: body.phone })
      return { calls: await lanes(env, member) }
    },
  }),
  route({
    method: 'post',
    path: '/api/campaign/stop-campaign',
    who: 'agent',
    summary: 'Stops the caller’s own session; no other agent’s and no other campaign’s call is touched (S3-28).',
    answer: z.object({ message: z.string() }),
    async handle({ env, member }) {
      await command(env, member, { type: 'session.stop' })
      return { message: 'stopped' }
    },
  }),
  route({
    method: 'get',
    path: '/api/campaign/campaign-status',
    who: 'agent',
    summary: 'The caller’s active calls.',
    answer: z.object({ state: z.string().nullable(), activeCalls: z.array(activeCall) }),
    async handle({ env, member }) {
      const view = await stubFor(env, 'desk', await openDesk(env, member)).view()
      const all = await lanes(env, member)
      return {
        state: view?.session?.state ?? null,
        activeCalls: all.filter(lane => lane.state !== 'ended' && lane.state !== 'released'),
      }
    },
  }),
]
