/** The caller's own desk: its socket, its view, and its commands as the seed documents name them (S3-13, S3-25, S3-28). */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { DeskAction, DeskMessage } from '../../wire/desk.ts'
import { deskRoutes } from '../../wire/routes/desk.ts'
import type { Member } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { callContacts, settled } from './hand-round.ts'
import { ownConferenceOf } from './own-conference.ts'
import { deskIdOf, deskSocket, openDesk } from './own-desk.ts'

const MODES = { SOFT_CALL: 1, PARALLEL_CALL: 2, ADVANCED_PARALLEL_CALL: 4 } as const

export const desk = bind(deskRoutes, {
  async 'GET /api/desk'({ env, member }) {
    return deskSocket(env, member)
  },

  async 'GET /api/desk/view'({ env, member }) {
    return { ...(await viewOf(env, member)) }
  },

  async 'GET /api/desk/conference'({ env, member }) {
    return { conference_id: await ownConferenceOf(env, member) }
  },

  async 'POST /api/campaign/call-campaign'({ env, member, body }) {
    if ('contacts' in body) return callContacts(env, member, body.contacts, MODES[body.mode])
    const { campaignId } = body
    const view = await viewOf(env, member)
    const goesOn = view?.session?.campaignId === campaignId && view.session.state === 'waiting'
    const list = await stubFor(env, 'workspace', member.workspaceId).campaigns()
    if (!list.some(one => one.campaignId === campaignId)) throw new Refusal(404, 'There is no such campaign.')
    const lines = MODES[body.mode]
    await command(env, member, goesOn ? { type: 'session.continue' } : { type: 'session.start', campaignId, lines })
    return { campaignId, lines }
  },

  async 'POST /api/campaign/call-notknown'({ env, member, body }) {
    await command(env, member, { type: 'single.dial', phone: body.phone })
    const callId = (await lanes(env, member))[0]?.callId ?? ''
    const { callSid, status, error } = await settled(env, deskIdOf(member), callId)
    return { callId, callSid, status, ...(error === null ? {} : { error }), calls: await lanes(env, member) }
  },

  async 'POST /api/campaign/stop-campaign'({ env, member }) {
    const view = await viewOf(env, member)
    const running = view?.session && view.session.state !== 'stopped' && view.session.state !== 'finished'
    if (running) await command(env, member, { type: 'session.stop' })
    // A round by hand has no session: what rings is let go. A conversation goes on until somebody hangs up.
    else
      for (const { callId, maySkip } of view?.lanes ?? [])
        if (maySkip) await command(env, member, { type: 'lane.skip', callId })
    return { message: 'stopped' }
  },

  async 'GET /api/campaign/campaign-status'({ env, member }) {
    const view = await viewOf(env, member)
    const all = await lanes(env, member)
    return {
      state: view?.session?.state ?? null,
      activeCalls: all.filter(lane => lane.state !== 'ended' && lane.state !== 'released'),
    }
  },
})

async function viewOf(env: Env, member: Member) {
  return stubFor(env, 'desk', await openDesk(env, member)).view()
}

/** Runs one command of this agent's desk; a refusal becomes a 422 with its words. */
export async function command(env: Env, member: Member, action: DeskAction): Promise<void> {
  return commandAt(env, await openDesk(env, member), action)
}

/** The same for any desk: the caller has been let in. */
export async function commandAt(env: Env, deskId: string, action: DeskAction): Promise<void> {
  const answer: DeskMessage = await stubFor(env, 'desk', deskId).command(
    JSON.stringify({ id: crypto.randomUUID(), ...action }),
  )
  if (answer.type === 'refused' && answer.reason === 'too-fast')
    throw new Refusal(429, answer.message, [], { 'Retry-After': '1' })
  if (answer.type === 'refused')
    throw new Refusal(answer.reason === 'bad-number' ? 400 : 422, answer.message, [
      { field: 'command', message: answer.reason },
    ])
}

async function lanes(env: Env, member: Member) {
  const view = await viewOf(env, member)
  return (view?.lanes ?? []).map(lane => ({
    callId: lane.callId,
    callSid: lane.providerId ?? null,
    phoneNumber: lane.contact.number,
    contactId: lane.contact.contactId,
    state: lane.state,
    timestamp: lane.sinceMs,
  }))
}
