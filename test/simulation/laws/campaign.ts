/** Laws of a campaign: one round per agent, one attempt at a time per contact, no session finishes while people are left. */
import type {
  CampaignEffect,
  CampaignFact,
  CampaignInput,
  CampaignState,
  Session,
} from '../../../src/core/campaign/state.ts'
import type { Campaign } from '../actors/campaign.ts'
import type { Judged } from '../part.ts'
import type { World } from '../world.ts'

/** The round closes within this time after a stop when nothing fails. */
const STOP_MAX_MS = 1_000

/** `isStopped`: the session has not begun anew. */
function stopped(world: World, session: Session | undefined, isStopped: () => boolean): void {
  const { batchId } = session ?? {}
  if (!session?.roundOpen || !batchId) return
  world.later(STOP_MAX_MS, () => {
    if (world.faults.areInfrastructural) return
    const state = world.batches.get(batchId)?.state
    if (state?.phase !== 'open') return
    // A pool goes on for the others.
    const waits = state.seats.some(seat => seat.deskId === session.deskId && seat.legId === null)
    if (state.policy.closed || (waits && isStopped())) world.broken(`${batchId} goes on after the stop`)
  })
}

/** A session must wait, not finish, while a contact is due within this time. */
const SOON_MS = 60_000

export function judgeCampaign(
  world: World,
  campaign: Campaign,
  { before, facts, after }: Judged<CampaignState, CampaignInput, CampaignFact, CampaignEffect>,
): void {
  if (facts.length === 0) return
  const broken = (law: string) => world.broken(`${campaign.id}: ${law}`)
  for (const fact of facts) {
    if (fact.type === 'round-opened') {
      const session = after.sessions.find(one => one.deskId === fact.deskId)
      if (session && fact.legs.length > session.lines) broken(`${fact.legs.length} legs on ${session.lines} lines`)
      if (new Set(fact.legs.map(leg => leg.contactId)).size !== fact.legs.length) broken('one contact on two legs')
    }
    if (fact.type === 'round-asked') {
      const session = before.sessions.find(one => one.deskId === fact.deskId)
      if (session?.roundOpen && !facts.some(one => one.type === 'round-closed' || one.type === 'pool-left'))
        broken('a round over an open round')
    }
    if (fact.type === 'session-stopped')
      stopped(
        world,
        after.sessions.find(one => one.deskId === fact.deskId),
        () => campaign.state.sessions.find(one => one.deskId === fact.deskId)?.state === 'stopped',
      )
    if (fact.type === 'session-finished') {
      const soon = campaign.contacts.dueBy(world.now + SOON_MS)
      if (soon > 0) broken(`finished with ${soon} people who may soon be called`)
      // In a pool nobody has lines of their own: whoever is on one may come back to the list of all.
      const { batchId = null } = before.sessions.find(one => one.deskId === fact.deskId) ?? {}
      const inPool = after.pools?.some(pool => pool.batchId === batchId)
      if (inPool && after.pools?.some(pool => pool.legs.length > 0)) broken('finished while somebody is on a line')
    }
  }
}
