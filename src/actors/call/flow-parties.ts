/** Whom a step of a flow connects the caller with: those who ring at the carrier, and those for whom there are steps of their own. */
import { unchargedFor } from '../../core/call/life/clearance-ask.ts'
import { type CallInput, type CallState, type LiveCall, ownNumber } from '../../core/call/state.ts'
import { wordsOf } from '../../core/clearance/words.ts'
import type { Json, Option } from '../../core/flow/flow.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Party } from '../../core/instruction/instruction.ts'
import { isSipUri, numberOfSip, shownSip } from '../../core/sip-address.ts'
import { toE164 } from '../../wire/phone-number.ts'
import type { Neighbours } from '../neighbours.ts'
import { dialledName } from '../trunk/leads.ts'

type OutsideAnswer = Extract<CallInput, { type: 'flow.answered' }>['answer']
type Address = { readonly [key: string]: Json }
/** `durationMs` 0: as long as the call */
type AgentTalks = (agentId: string, durationMs: number) => Promise<OutsideAnswer>

const step = (type: string, option: Option): OutsideAnswer => ({ is: 'steps', actions: [{ type, option }] })

/** A queue, a conference and an AI agent are steps of their own. Null: whoever it is rings at the carrier. */
async function stepsTo(to: string, target: string, agentTalks: AgentTalks): Promise<OutsideAnswer | null> {
  switch (to) {
    case 'queue':
      return step('queue_join', { queue_id: target })
    case 'conference':
      return step('conference_join', { conference_id: target })
    case 'flow':
      return step('fetch_flow', { flow_id: target })
    case 'ai':
      return agentTalks(target, 0)
    default:
      return null
  }
}

/** What an extension leads to instead of its phones; null: nothing. */
async function ledByExtension(
  near: Neighbours,
  callId: string,
  named: string,
  agentTalks: AgentTalks,
): Promise<OutsideAnswer | null> {
  const workspaceId = workspaceOf(callId)
  // What a variable has made of it is looked for among the extensions first, so that no name is kept that is none.
  const { extension } = await near.actor('registrar', workspaceId).reach('extension', named)
  if (extension === null) return null
  const [lead] = await near.actor('trunk', workspaceId).leadsOf([dialledName(extension)])
  if (lead === undefined || lead.to === 'nobody' || lead.to === 'desk') return null
  return stepsTo(lead.to === 'agent' ? 'ai' : lead.to, lead.id, agentTalks)
}

/** Rings those whom the gate lets through, all at once. */
export async function connected(
  near: Neighbours,
  callId: string,
  { call }: CallState,
  option: Option,
  agentTalks: AgentTalks,
): Promise<OutsideAnswer> {
  if (call.phase !== 'live') return { is: 'failed', because: 'call-over' }
  const listed = (option.destinations ?? [option.to]) as readonly Address[]
  const [first] = listed
  const named = String(first?.target ?? '')
  const elsewhere =
    first?.type === 'extension'
      ? await ledByExtension(near, callId, named, agentTalks)
      : first?.type === 'flow'
        ? null
        : await stepsTo(String(first?.type), named, agentTalks)
  if (elsewhere !== null) return elsewhere
  const parties: Party[] = []
  let refused = 'no-destination'
  for (const address of listed) {
    const found = await partyOf(near, callId, address)
    // An extension of ours is none, however many digits it has.
    const called = typeof found === 'string' || address.type === 'extension' ? null : numberOf(found)
    const verdict =
      typeof found === 'string' ? found : called === null ? null : await judged(near, callId, called, call)
    if (verdict === null) parties.push(found as Party)
    else refused = verdict
  }
  if (parties.length === 0) return { is: 'failed', because: refused }
  const dial = {
    parties: { list: parties as unknown as Json },
    from: shownTo(call, listed),
    ring_ms: Number(option.timeout ?? 30_000),
  }
  return { is: 'steps', actions: [{ type: 'dial', option: dial }] }
}

/** Phones of ours show who calls, as a desk does. Everybody else sees the number of ours that the caller knows. */
function shownTo(call: LiveCall, listed: readonly Address[]): string {
  const { links, party } = call
  const ours = listed.every(({ type }) => type === 'extension')
  const shows = ours && links.kind === 'inbound' && links.maskId === undefined && party.from !== ''
  if (!shows) return ownNumber(call)
  return isSipUri(party.from) ? shownSip(party.from) : party.from
}

/** Else the word why there is nobody. */
async function partyOf(near: Neighbours, callId: string, { type, target }: Address): Promise<Party | string> {
  const named = String(target ?? '')
  if (type === 'tel') {
    const number = toE164(named)
    return number === null ? 'no-destination' : { kind: 'number', number, told: true }
  }
  if (type !== 'extension' && type !== 'sip') return 'no-destination'
  const reached = await near.actor('registrar', workspaceOf(callId)).reach(type, named)
  return 'because' in reached ? reached.because : { kind: 'sip', uri: reached.uri }
}

/** Null: it names no number. */
function numberOf(party: Party): string | null {
  if (party.kind === 'number') return party.number
  return party.kind === 'sip' ? numberOfSip(party.uri) : null
}

/** Null: it may be called for this call. Else the words of the rule. `agent`: who hands over, whose limits count as when they dial by hand. */
export async function judged(
  near: Neighbours,
  callId: string,
  to: string,
  call: Pick<LiveCall, 'links' | 'party'> | null,
  agent: string | null = null,
): Promise<string | null> {
  const nothing = { callId: null, campaignId: null, timeZone: null, postcode: null, hours: null }
  const uncharged = call === null ? {} : unchargedFor(call.party, call.links.kind === 'inbound')
  const ask = { ...nothing, to, purpose: 'transfer' as const, agent, ...uncharged }
  const [verdict] = await near.actor('trunk', workspaceOf(callId)).judge([ask])
  if (verdict === undefined) return 'no-destination'
  return verdict.cleared ? null : wordsOf(verdict)
}
