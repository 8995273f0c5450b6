/** Calls for reports, as the facts of their actors bring them to the log. */
import type { LoggedFact } from '../../src/actors/log/events.ts'
import { logOf } from '../../src/actors/stubs.ts'
import { bindings } from './stage.ts'

type Fact = LoggedFact['fact']
export interface Told {
  n: number
  at: number
  desk?: string
  to?: string
  inbound?: true
  /** what the leg became in its round */
  result?: string
  talkedMs?: number
  /** other facts about this call, with the actor that says them */
  more?: { source: string; about?: object; fact: Omit<Fact, 'at'> }[]
}

/** Tells the log of a workspace of one call from its beginning to its end. Returns its id. */
export async function tellCall(workspaceId: string, call: Told): Promise<string> {
  const { n, at, desk = 'ada', to = '+14155550101', inbound, result, talkedMs = 0, more = [] } = call
  const callId = `${workspaceId}.c_1.b${n}.1`
  const log = logOf(bindings, workspaceId)
  const about = { call: callId }
  const kind = inbound ? 'inbound' : 'campaign'
  const campaignId = inbound ? null : `${workspaceId}.c_1`
  const links = {
    kind,
    batchId: null,
    campaignId,
    contactId: null,
    deskId: inbound ? null : `${workspaceId}.d_${desk}`,
  }
  const personal = inbound ? { from: to, to: '+14155550100', name: '' } : { to, from: '+14155550100', name: 'Ann' }
  const began = { at, links: { ...links, agentName: inbound ? null : 'Ada' }, personal, providerId: `CA${n}` }
  const facts: Fact[] = [
    { type: inbound ? 'call-received' : 'call-created', ...began },
    ...(talkedMs > 0 || inbound ? [{ type: 'call-answered', at: at + 1_000 }] : []),
    { type: 'call-hungup', at: at + 1_000 + talkedMs, reason: 'normal', providerStatus: 'completed', talkedMs },
  ]
  await log.hear(callId, JSON.stringify(facts.map((fact, index) => ({ seq: index + 1, about, fact }))))
  if (result !== undefined) {
    const ended = { type: 'leg-ended', at: at + 2, legId: callId, outcome: result }
    await log.hear(`${workspaceId}.c_1.b${n}`, JSON.stringify([{ seq: 1, about, fact: ended }]))
  }
  for (const [index, one] of more.entries()) {
    const fact = { seq: n * 100 + index + 1, about: { ...about, ...one.about }, fact: { at, ...one.fact } }
    await log.hear(one.source, JSON.stringify([fact]))
  }
  return callId
}
