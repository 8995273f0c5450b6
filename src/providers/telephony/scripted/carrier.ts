import type { Carrier } from '../carrier.ts'
import { macOf } from '../mac.ts'
import type { ScriptedAccount } from '../port.ts'
import { ScriptedTelephony } from './client.ts'
import { ScriptedNetwork } from './network.ts'
import { type ScriptedEnv, scriptedAccount } from './settings.ts'
import { ScriptedSipDomains } from './sip-domains.ts'
import { scriptedMedia, scriptedRelay } from './streams.ts'
import { scriptedDoor } from './webhooks.ts'

const networks = new Map<string, ScriptedNetwork>()

/** The network of a workspace in this process: the one that its actors talk to. */
export function networkOf(workspaceId: string): ScriptedNetwork {
  const known = networks.get(workspaceId)
  if (known !== undefined) return known
  const made = new ScriptedNetwork()
  networks.set(workspaceId, made)
  return made
}

const sipDomains = new Map<string, ScriptedSipDomains>()

function sipDomainsOf(account: ScriptedAccount): ScriptedSipDomains {
  const known = sipDomains.get(account.workspaceId) ?? new ScriptedSipDomains(account)
  sipDomains.set(account.workspaceId, known)
  return known
}

export const scriptedCarrier: Carrier<ScriptedAccount, ScriptedEnv> = {
  accountOf: scriptedAccount,
  missing: () => [],
  telephony: account => new ScriptedTelephony(account, networkOf(account.workspaceId), () => Date.now()),
  door: scriptedDoor,
  media: scriptedMedia,
  relay: scriptedRelay,
  phones: {
    ttlS: 3_600,
    token: async ({ secret }, { identity }) => (secret === '' ? null : macOf(secret, `phone ${identity}`)),
  },
  sipDomains: sipDomainsOf,
  refusalOf: code => ({ side: code === 2 ? 'from' : 'to', words: 'refused, as scripted' }),
}
