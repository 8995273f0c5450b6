/** Facts of older releases of the campaign, in today's words. One that is of today is given back as it is. */
import type { BatchPolicy } from '../batch/state.ts'
import { placeOf } from '../batch/upcast.ts'
import type { Lease } from '../desk/state.ts'
import { upcastLease } from '../desk/upcast.ts'
import type { OldFact } from '../machine.ts'
import type { CampaignFact, CampaignSettings } from './state.ts'

export function upcastCampaign(fact: OldFact): CampaignFact {
  switch (fact.type) {
    case 'campaign-configured':
      return { ...fact, settings: settingsOf(fact.settings as OldSettings) } as unknown as CampaignFact
    case 'seat-taken':
    case 'round-opened': {
      const { room, ...rest } = fact
      const place = typeof room === 'string' ? { place: placeOf(room) } : {}
      return { ...rest, ...place, lease: upcastLease(fact.lease as Lease) } as unknown as CampaignFact
    }
    default:
      return fact as unknown as CampaignFact
  }
}

/** In 0.1.0 the AI agent that hosts people without a seat stood in the policy. */
type OldSettings = Omit<CampaignSettings, 'policy' | 'hostAgentId'> & {
  policy: Omit<BatchPolicy, 'host'> & { host?: string }
  hostAgentId?: string | null
}

function settingsOf(settings: OldSettings): CampaignSettings {
  const { host, ...policy } = settings.policy
  return { ...settings, policy, hostAgentId: settings.hostAgentId ?? host ?? null }
}
