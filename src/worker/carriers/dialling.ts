/** A phone of ours dials a number or an extension through the carrier: the gate, the number that is shown, and the call. */
import type { Incoming } from '../../actors/contracts.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { sayAndHangUp } from '../../core/instruction/instruction.ts'
import { type Answer, FROM_OUTSIDE, plainly } from './answer.ts'

/** Whose phone it is. */
export interface Dialling {
  providerId: string
  /** the desk of a browser phone; null: a SIP phone, which has none */
  deskId: string | null
  /** whose limits count */
  agent: string
  /** for the log, where no desk says it */
  agentName?: string | null
  /** the number of ours that they want to show; null: any */
  callerId: string | null
  record: boolean
}

export const UNREACHABLE = {
  'no-such-extension': 'There is no such extension.',
  'not-at-the-carrier': 'The phones of this extension cannot be called from here.',
  'not-ours': 'That address cannot be called.',
  'not-an-address': 'That address cannot be called.',
  'number-without-plus': 'Please write the number in that address with a plus and its country.',
} as const

const NOTHING = { campaignId: null, timeZone: null, postcode: null, hours: null }

/** A number is dialled: the gate says whether, and a number of ours is shown. A refusal is heard in words. */
export async function dialFrom(env: Env, workspaceId: string, by: Dialling, to: string): Promise<Answer> {
  const { providerId, agent, callerId } = by
  const trunk = stubFor(env, 'trunk', workspaceId)
  const callId = await trunk.callFor(providerId)
  if (callId === null) return plainly(sayAndHangUp('Please try again.'))
  const { verdict } = await trunk.clear({ ...NOTHING, callId, to, purpose: 'browser', agent })
  const { numbers } = verdict.cleared ? await trunk.leaseNumbers(callId, 1, [], callerId) : { numbers: [''] }
  const from = numbers[0]
  if (from === undefined) {
    // No call comes of it, so the place that the gate has given goes back.
    await trunk.freeNumber('', callId, false)
    return plainly(sayAndHangUp('All of our numbers are resting. Please try again in a moment.'))
  }
  return connected(env, callId, by, { from, to, name: null }, verdict)
}

/** An extension is dialled, which costs no telephone network: only what is used up is asked about, and the caller is shown as they are. */
export async function dialExtension(
  env: Env,
  workspaceId: string,
  by: Dialling & { shown: string },
  { uri, name }: { uri: string; name: string },
): Promise<Answer> {
  const trunk = stubFor(env, 'trunk', workspaceId)
  const callId = await trunk.callFor(by.providerId)
  if (callId === null) return plainly(sayAndHangUp('Please try again.'))
  const ask = { ...NOTHING, callId, to: '', phone: true as const, purpose: 'browser' as const, agent: by.agent }
  const { verdict } = await trunk.clear(ask)
  return connected(env, callId, by, { from: by.shown, to: uri, name }, verdict)
}

type Clearance = Awaited<ReturnType<ReturnType<typeof stubFor<'trunk'>>['clear']>>['verdict']

async function connected(
  env: Env,
  callId: string,
  { providerId, deskId, agentName = null, record }: Dialling,
  party: Pick<Incoming, 'from' | 'to' | 'name'>,
  clearance: Clearance,
): Promise<Answer> {
  const incoming = { ...FROM_OUTSIDE, kind: 'browser' as const, providerId, ...party, deskId, agentName }
  const route = { to: 'number' as const, clearance, record }
  return { callId, instructions: await stubFor(env, 'call', callId).ring(incoming, route) }
}
