/**
 * SIP phones that have registered at the carrier, and exchanges of others, call in. The carrier has let them in by the secret or the address that we have
 * given to it; who they are is asked again here, so that whoever was taken away is nobody at once. What they dial is an extension or what it leads to, one of
 * our numbers, or a number of somebody, through the same gate as every call that goes out.
 */
import type { Route } from '../../actors/contracts.ts'
import type { Env } from '../../actors/env.ts'
import type { SipCaller } from '../../actors/registrar/carrier-contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { dialledName } from '../../actors/trunk/leads.ts'
import { sayAndHangUp } from '../../core/instruction/instruction.ts'
import type { CarrierEvent } from '../../providers/telephony/webhook-port.ts'
import { isE164, toE164 } from '../../wire/phone-number.ts'
import { countryOf } from '../api/contacts.ts'
import { type Answer, FROM_OUTSIDE, plainly } from './answer.ts'
import { type Dialling, dialExtension, dialFrom, UNREACHABLE } from './dialling.ts'
import { permitted } from './incoming.ts'

type Dialled = Extract<CarrierEvent, { kind: 'sip-dials' }>

const DIALLED_CHARS_MAX = 64

export async function sipDials(env: Env, workspaceId: string, event: Dialled): Promise<Answer> {
  const { providerId, door, domainName, user } = event
  const caller = await stubFor(env, 'registrar', workspaceId).sipCaller({ door, domainName, user })
  if (caller === null) return plainly(sayAndHangUp('This phone is not known here.'))
  const dialled = event.dialled.trim().toLowerCase().slice(0, DIALLED_CHARS_MAX)
  const reached = await stubFor(env, 'registrar', workspaceId).reach('extension', dialled)
  const trunk = stubFor(env, 'trunk', workspaceId)
  if (reached.extension !== null) {
    const name = dialledName(reached.extension)
    const [lead] = await trunk.leadsOf([name])
    if (lead !== undefined && lead.to !== 'nobody') return brought(env, workspaceId, event, caller, name)
  }
  if (!('because' in reached)) return dialExtension(env, workspaceId, diallingOf(caller, providerId), reached)
  if (reached.because !== 'no-such-extension') return plainly(sayAndHangUp(UNREACHABLE[reached.because]))
  const number = toE164(dialled, await countryOf(env, workspaceId))
  if (number === null) return plainly(sayAndHangUp('That number cannot be called.'))
  const ours = (await trunk.numbers()).some(row => row.number === number)
  return ours
    ? brought(env, workspaceId, event, caller, number)
    : dialFrom(env, workspaceId, diallingOf(caller, providerId), number)
}

/** They come in as everybody does who calls one of our numbers. `to`: that number, or the name of an extension. */
async function brought(
  env: Env,
  workspaceId: string,
  { providerId, domainName, dialled, from: shownBy }: Dialled,
  caller: SipCaller,
  to: string,
): Promise<Answer> {
  const trunk = stubFor(env, 'trunk', workspaceId)
  const [{ callId, route: found }, numbers] = await Promise.all([trunk.routeOf(to, providerId), trunk.numbers()])
  const route: Route = await permitted(env, found)
  // Another exchange passes on people who have numbers.
  const number = caller.kind === 'trunk' && isE164(shownBy) ? shownBy : null
  const who = { from: number ?? `sip:${userOf(caller)}@${domainName}`, name: number === null ? caller.name : null }
  const ready = numbers.find(row => row.status === 'active')?.number
  const code = to.startsWith('+') ? {} : ready === undefined ? {} : { shown: String(ready) }
  const incoming = { ...FROM_OUTSIDE, providerId, to: to.startsWith('+') ? to : dialled, ...who, ...code }
  return { callId, instructions: await stubFor(env, 'call', callId).ring(incoming, route) }
}

function userOf(caller: SipCaller): string {
  return caller.kind === 'extension' ? caller.extension : caller.id
}

/** Limits of one person a day count for an extension and a trunk as well. */
function diallingOf(caller: SipCaller, providerId: string): Dialling & { shown: string } {
  const user = userOf(caller)
  const named = caller.kind === 'extension' ? `${caller.name} (${user})` : caller.name
  return {
    providerId,
    deskId: null,
    agent: dialledName(user),
    agentName: named,
    callerId: null,
    record: false,
    shown: user,
  }
}
