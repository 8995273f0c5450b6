/** Other calls that a flow places (verb `call`). Each asks the gate for itself, like every call, and nobody waits for it. */

import type { FlowEffect } from '../../core/call/flow/state.ts'
import type { CallInput, CallLinks, CallState } from '../../core/call/state.ts'
import { checkFlow } from '../../core/flow/check.ts'
import type { Json, Option } from '../../core/flow/flow.ts'
import { agentOfDesk, callId as callIdOf, type DeskId, deskId, deskName, parseId, workspaceOf } from '../../core/ids.ts'
import { shownNumber, toE164 } from '../../wire/phone-number.ts'
import type { FlowToRun } from '../books.ts'
import type { Neighbours } from '../neighbours.ts'
import { sidesOf } from './transfer.ts'

type Deed = Extract<FlowEffect, { type: 'flow-tell-neighbour' }>

const RING_MS = 30_000
/** Flows may place calls whose flows place calls; one that leads back to itself ends here. */
export const DEPTH_MAX = 3

export async function placeCalls(
  near: Neighbours,
  callId: string,
  { call }: CallState,
  { deed, option }: Deed,
): Promise<CallInput[]> {
  if (call.phase === 'empty') return []
  const depth = (call.links.depth ?? 0) + 1
  if (depth > DEPTH_MAX) {
    console.warn(JSON.stringify({ message: 'a flow places calls too deep', trace: callId }))
    return []
  }
  const from = await sourceOf(near, callId, call, option)
  const listed = (option.destinations ?? []) as readonly { readonly [key: string]: Json }[]
  for (const [index, address] of listed.entries()) {
    const id = callIdOf(workspaceOf(callId), await nameOf(`${callId}:${deed}:${index}`))
    const flow = await flowOf(near, id, option)
    const called = await calledAt(near, callId, address)
    if (flow === null || called === null) continue
    const { phone, ...party } = called
    const links: CallLinks = {
      ...{ kind: 'api', batchId: null, campaignId: null, contactId: null, deskId: phone },
      ...{ agentName: null, agentId: agentOfDesk(phone), depth },
    }
    // Nobody of ours is on the line, so for the rules of dialing an artificial voice calls.
    const clearance = { purpose: 'ai' as const, agent: null, hours: null }
    const options = { ringLimitMs: RING_MS, amd: 'off' as const, record: false, clearance }
    const where = { timeZone: null, postcode: null }
    const asked = phone === null ? options : { ...options, phone }
    // A repeat finds the call that the first try has made.
    await near.actor('call', id).request(links, { ...party, from, where }, asked, null, flow)
  }
  return []
}

/** The number of ours that the step names, or else the one that the person on this call knows. */
async function sourceOf(
  near: Neighbours,
  callId: string,
  call: Exclude<CallState['call'], { phase: 'empty' }>,
  option: Option,
): Promise<string> {
  const own = call.phase === 'live' ? sidesOf(call).to : call.from
  const { source } = option as { source?: { target?: unknown } }
  const wanted = toE164(String(source?.target ?? ''))
  const numbers = await near.actor('trunk', workspaceOf(callId)).numbers()
  const ours = numbers.map(row => String(row.number))
  if (wanted !== null && ours.includes(wanted)) return wanted
  return ours.includes(own) ? own : (ours[0] ?? own)
}

/** Null: it can be no destination, which a variable may have made of it. */
async function calledAt(
  near: Neighbours,
  callId: string,
  { type, target, target_name }: { readonly [key: string]: Json },
): Promise<{ to: string; name: string; phone: DeskId | null } | null> {
  const name = typeof target_name === 'string' ? target_name : ''
  if (type === 'agent') {
    const workspaceId = workspaceOf(callId)
    const phone = parseId('desk', deskId(workspaceId, deskName(String(target))), workspaceId)
    return phone === null ? null : { to: '', name, phone }
  }
  if (type === 'extension' || type === 'sip') {
    const reached = await near.actor('registrar', workspaceOf(callId)).reach(type, String(target))
    return 'because' in reached ? null : { to: reached.uri, name: name || reached.name, phone: null }
  }
  const to = type === 'tel' ? toE164(String(target)) : null
  return to === null ? null : { to, name: name || shownNumber(to), phone: null }
}

/** Null: there is no such flow, or what variables have made of its steps cannot run. */
async function flowOf(near: Neighbours, callId: string, { flow_id, actions }: Option): Promise<FlowToRun | null> {
  if (typeof flow_id === 'string' && flow_id !== '') {
    const found = await near.actor('workspace', workspaceOf(callId)).flow({ do: 'run', flowId: flow_id, callId })
    return found === null ? null : { ...(JSON.parse(found) as FlowToRun), variables: {} }
  }
  const checked = checkFlow(actions, { call: true })
  if (checked.errors.length > 0) return null
  return { flowId: null, version: 0, actionsJson: JSON.stringify(checked.actions), variables: {} }
}

/** The same for a repeat, and a name that an id may have. */
async function nameOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [...hash.subarray(0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
