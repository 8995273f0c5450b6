/**
 * What the calls of one day add up to: a cell for each campaign and agent, and in each cut for each of its keys (an hour, a zone, a
 * number). Cells are sums, so a range is the sum of its days and a workspace the sum of its campaigns.
 */
import { offsetMinutes } from '../clearance/local-time.ts'
import { zonesOfNumber } from '../clearance/zones.ts'
import { isSipUri } from '../sip-address.ts'
import { hourIn } from './days.ts'

/** What of a call counts, as its row in the log has it. A column that older rows do not have is null or absent. */
export interface CountedCall {
  direction: string
  kind: string
  campaign_id: string | null
  agent_id: string | null
  agent_name: string | null
  number: string
  dial_from: string
  answered_by: string | null
  result: string | null
  outcome: string | null
  created_ms: number
  answered_ms: number | null
  talked_ms: number
  abandoned?: number | null
  ai_agent?: string | null
  handed_over?: number | null
  queue_id?: string | null
  queue_waited_ms?: number | null
  /** 1: an agent took the caller; 0: they left; null: they wait */
  queue_taken?: number | null
}

export const SUMS = [
  ...(['calls', 'dialed', 'answered', 'answeredForAgents', 'conversations', 'abandoned', 'refused'] as const),
  ...(['talkedMs', 'handedOver', 'queued', 'queueTaken', 'queueInTime', 'queueLeft', 'queueWaitedMs'] as const),
] as const
export type Sums = Record<(typeof SUMS)[number], number>
export const NO_SUMS = Object.fromEntries(SUMS.map(name => [name, 0])) as Sums

export const CUTS = ['day', 'hour', 'zone', 'outcome', 'number', 'ai', 'queue'] as const
export type Cut = (typeof CUTS)[number]

export interface Cell extends Sums {
  cut: Cut
  /** empty: none */
  campaign: string
  agent: string
  key: string
  /** the name of the agent, as the newest of the calls has it */
  label: string
}

/** Callers of a queue who are taken within this time are in time. */
export const IN_TIME_MS = 20_000
/** Whoever leaves a queue sooner has not waited. */
export const SHORT_MS = 5_000
/** The key of calls whose zone nobody knows, and of those that may be in several that keep different times. */
export const NO_ZONE = 'unknown'
export const SEVERAL_ZONES = 'several'

/** E.164 */
const NUMBER = /^\+[1-9]\d{1,14}$/
/** What becomes of a leg that a person has answered. */
const PEOPLE = ['connected', 'hung-up-early', 'no-seat', 'agent-left', 'agent-hung-up']
const REFUSED = ['refused', 'number-refused', 'failed']
const MACHINES = ['machine', 'fax']

/** `zone`: the one of the workspace, in which the hours are counted. */
export function cellsOf(calls: Iterable<CountedCall>, zone: string): Cell[] {
  const cells = new Map<string, Cell>()
  for (const call of calls) {
    if (betweenExtensions(call)) continue
    const sums = sumsOf(call)
    const [campaign, agent] = [call.campaign_id ?? '', call.agent_id ?? '']
    for (const [cut, key] of keysOf(call, zone, sums)) {
      // Only the key, which is last, may have any text in it.
      const id = `${cut} ${campaign} ${agent} ${key}`
      const cell = cells.get(id) ?? { cut, campaign, agent, key, label: '', ...NO_SUMS }
      for (const name of SUMS) cell[name] += sums[name]
      if (call.agent_name !== null) cell.label = call.agent_name
      cells.set(id, cell)
    }
  }
  return [...cells.values()]
}

/** Extensions that call each other are no calls with anybody outside, also when a phone of ours reaches them through the carrier. */
function betweenExtensions({ kind, number }: CountedCall): boolean {
  return kind === 'sip' || (kind === 'browser' && isSipUri(number))
}

function sumsOf(call: CountedCall): Sums {
  // Whoever calls a SIP address has dialed no number.
  const outbound = call.direction === 'outbound' && call.result !== 'not-cleared' && !isSipUri(call.number)
  const answered = outbound && byPerson(call)
  const ai = call.ai_agent ?? null
  const talked = call.talked_ms > 0 && (call.agent_id !== null || ai !== null) && call.result !== 'voicemail'
  const spoke =
    call.result === 'connected' || (talked && (!outbound || answered) && !PEOPLE.includes(call.result ?? ''))
  const waited = call.queue_waited_ms ?? 0
  const taken = call.queue_taken === 1
  return {
    calls: 1,
    dialed: count(outbound),
    answered: count(answered),
    answeredForAgents: count(answered && ai === null),
    conversations: count(spoke),
    abandoned: call.abandoned ?? 0,
    refused: count(outbound && REFUSED.includes(call.result ?? '')),
    talkedMs: spoke ? call.talked_ms : 0,
    handedOver: call.handed_over ?? 0,
    queued: count((call.queue_id ?? null) !== null),
    queueTaken: count(taken),
    queueInTime: count(taken && waited <= IN_TIME_MS),
    queueLeft: count(call.queue_taken === 0 && waited >= SHORT_MS),
    queueWaitedMs: taken ? waited : 0,
  }
}

/** By detection where the call was in no round. */
function byPerson({ result, answered_ms: answeredMs, answered_by: by }: CountedCall): boolean {
  if (result !== null && PEOPLE.includes(result)) return true
  return result === null && answeredMs !== null && !MACHINES.includes(by ?? '')
}

function keysOf(call: CountedCall, zone: string, { dialed }: Sums): [Cut, string][] {
  const keys: [Cut, string][] = [
    ['day', ''],
    ['outcome', call.outcome === null ? `result:${call.result ?? 'none'}` : `outcome:${call.outcome}`],
  ]
  if (dialed > 0)
    keys.push(
      ['hour', String(hourIn(zone, call.created_ms)).padStart(2, '0')],
      ['zone', zoneOf(call.number, call.created_ms)],
    )
  // An extension or a name that was shown is no number of ours.
  if (dialed > 0 && NUMBER.test(call.dial_from)) keys.push(['number', call.dial_from])
  if (call.ai_agent) keys.push(['ai', call.ai_agent])
  if (call.queue_id) keys.push(['queue', call.queue_id])
  return keys
}

/** The zone of the called number. Zones that keep the same time at that moment are one. */
function zoneOf(number: string, at: number): string {
  const [first, ...others] = zonesOfNumber(number)
  if (first === undefined) return NO_ZONE
  const offset = offsetMinutes(first, at)
  return others.every(other => offsetMinutes(other, at) === offset) ? first : SEVERAL_ZONES
}

function count(is: boolean): number {
  return is ? 1 : 0
}
