/** Whom `POST /v1.0/calls` calls: numbers and SIP phones, one member of the team at their own phone, or the source of a call to a conference. */
import type { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type DeskId, deskId, deskName, isId } from '../../core/ids.ts'
import { shownSip } from '../../core/sip-address.ts'
import { shownNumber, toE164 } from '../../wire/phone-number.ts'
import type { voiceCallBody } from '../../wire/voice-call.ts'
import { namesInTeam } from '../membership.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { countryOf } from './contacts.ts'

type Body = z.output<typeof voiceCallBody>
type Address = Body['destinations'][number]
interface By {
  env: Env
  member: Caller
}

export interface Called {
  /** E.164, or the address of a SIP phone; empty: a member of the team is called */
  to: string
  name: string
  /** the desk of that member; null: it is a number */
  phone: DeskId | null
  /** the target, for whoever is told why it cannot be called */
  field: string
}
export interface Placing {
  called: Called[]
  /** the number of ours that is shown; undefined: one that is ready */
  source: Address | undefined
  /** the steps of this call, where its destination says them; null: those of the request */
  steps: unknown[] | null
}

export function odd(field: string, message: string): Refusal {
  return new Refusal(400, 'The call cannot be placed.', [{ field, message }])
}

/** @throws Refusal 400 with the field */
export async function calledBy(by: By, body: Body): Promise<Placing> {
  const { destinations, source } = body
  const alone = destinations.findIndex(({ type }) => type === 'agent' || type === 'conference')
  if (alone >= 0 && destinations.length > 1)
    throw odd(`destinations.${alone}.type`, `${destinations[alone]?.type} is called alone`)
  const [first] = destinations
  if (first?.type === 'conference') return intoConference(by, body, first)
  const country = await countryOf(by.env, by.member.workspaceId)
  const called: Called[] = []
  for (const [index, address] of destinations.entries())
    called.push(await calledAt(by, address, `destinations.${index}`, country))
  const twice = called.findIndex(({ to }, index) => to !== '' && called.findIndex(one => one.to === to) < index)
  if (twice >= 0) throw odd(`destinations.${twice}.target`, 'named twice')
  return { called, source, steps: null }
}

/** Nobody is at a conference who could answer: the source is called, and comes into it. */
async function intoConference(by: By, body: Body, { target }: Address): Promise<Placing> {
  const given = body.flow_id !== undefined ? 'flow_id' : body.actions !== undefined ? 'actions' : null
  if (given !== null) throw odd(given, 'whoever is called joins the conference, which takes no other flow')
  if (body.source === undefined) throw odd('source', 'needed with a conference: whoever is called and joins it')
  const book = stubFor(by.env, 'workspace', by.member.workspaceId)
  const found = await book.conferences({ do: 'find', named: target, unique: null })
  if (isId(target) && found === null) throw odd('destinations.0.target', 'there is no such conference')
  const country = await countryOf(by.env, by.member.workspaceId)
  const steps = [{ type: 'conference_join', option: { conference_id: target } }]
  return { called: [await calledAt(by, body.source, 'source', country)], source: undefined, steps }
}

const UNREACHABLE = {
  'no-such-extension': 'there is no such extension',
  'not-at-the-carrier': 'its phones are not at the carrier, so nothing can ring them',
  'not-ours': 'a phone of somebody else at our carrier cannot be called',
  'not-an-address': 'not an address as sip:name@host',
  'number-without-plus': 'write the number in it with + and the code of its country',
} as const

async function calledAt({ env, member }: By, address: Address, field: string, country: string): Promise<Called> {
  const { type, target, target_name } = address
  if (type === 'tel') {
    const to = toE164(target, country)
    if (to === null) throw odd(`${field}.target`, 'not a phone number that can be dialled')
    return { to, name: target_name === '' ? shownNumber(to) : target_name, phone: null, field: `${field}.target` }
  }
  if (type === 'sip' || type === 'extension') {
    const reached = await stubFor(env, 'registrar', member.workspaceId).reach(type, target)
    if ('because' in reached) throw odd(`${field}.target`, UNREACHABLE[reached.because])
    const name = target_name || reached.name || shownSip(reached.uri)
    return { to: reached.uri, name, phone: null, field: `${field}.target` }
  }
  if (type === 'conference') throw odd(`${field}.type`, 'a conference cannot be called into another one')
  const name = deskName(target)
  if (!(await namesInTeam(env, member.workspaceId, [name])).has(name))
    throw odd(`${field}.target`, 'there is no such person in the team')
  const phone = deskId(member.workspaceId, name)
  const shown = target_name || ((await stubFor(env, 'desk', phone).view())?.agent.name ?? '')
  return { to: '', name: shown, phone, field: `${field}.target` }
}
