/**
 * The part `crm` of a call: it owes the CRM one Task when it is over (S2-22, S2-29). The debt begins with
 * `call-hungup`. Each try is a fact, so that it can be seen on the call. A filing that fails never changes the call.
 */
import { type Once, once, unreachable } from '../../machine.ts'
import { isOf, type Part } from '../../parts.ts'
import { causeOf } from '../life/life.ts'
import type { CallState, LifeFact, LiveCall, PartFact, PartInput } from '../state.ts'

/** Waits after a filing that may be tried again; the last one is repeated. The seed's first two are 10 s and 30 s. */
export const CRM_WAITS_MS = [10_000, 30_000, 120_000, 600_000, 3_600_000] as const
/** After this time only a person can start another try. */
export const CRM_GIVEN_UP_MS = 24 * 3_600_000
const REASON_CHARS_MAX = 200
/** Names of fields that a fact keeps. */
const NAMES_MAX = 20

/** The final status of a call in the CRM: the carrier's five, and the seed's sixth for a call that the other side ended. */
export type CrmWord = 'completed' | 'completed-remote' | 'no-answer' | 'busy' | 'failed' | 'canceled'

/** The record of the CRM that this call belongs to. It holds ids only; the number is among the call's personal values. */
export interface CrmContext {
  /** null: the filing looks for the one person who has the number of this call there */
  contactId: string | null
  accountId: string | null
}

export interface CrmDebt extends CrmContext {
  /** the other side's number, which is personal; empty for a browser, which has none */
  phone: string
  direction: 'outbound' | 'inbound'
  word: CrmWord
  endedAt: number
  talkedMs: number
  /** `nobody`: the CRM does not know whose number this is, so there is nothing to file */
  state: 'pending' | 'retrying' | 'created' | 'failed' | 'nobody'
  /** number of the filing at hand; the outcome of an earlier one is stale */
  ask: number
  /** filings since a person (or the end of the call) asked, and when that was */
  tries: number
  since: number
  /** while it is retrying: when it is tried again */
  nextAt: number | null
  taskId: string | null
  because: string | null
  /** what the Task does not have that it should, and what was made up because the CRM requires it */
  leftOut?: string[]
  filledIn?: string[]
}

/** The result of a filing. `found`: the Task existed already, from a filing whose answer we did not see. */
export type CrmInput = { at: number } & (
  | {
      type: 'crm.filed'
      ask: number
      taskId: string
      found: boolean
      of: CrmContext
      /** names of fields that the CRM did not take, and of those that it requires and we had to make up */
      leftOut?: string[]
      filledIn?: string[]
    }
  | { type: 'crm.nobody'; ask: number; because: string }
  /** nothing was filed, or the outcome is unknown; another try makes sense */
  | { type: 'crm.put-off'; ask: number; because: string; afterMs: number | null }
  | { type: 'crm.refused'; ask: number; because: string }
  /** a person wants it tried again */
  | { type: 'crm.retry-wanted' }
  /** an agent has saved an outcome that is a lead: this call is filed, whoever it was with */
  | { type: 'crm.wanted'; phone: string }
)

export type CrmFact = { at: number } & (
  | {
      type: 'crm-created'
      taskId: string
      found: boolean
      contactId?: string | null
      accountId?: string | null
      leftOut?: string[]
      filledIn?: string[]
    }
  | { type: 'crm-nobody'; because: string }
  /** of a call that nobody wanted in the CRM before */
  | {
      type: 'crm-wanted'
      direction: 'outbound' | 'inbound'
      /** absent in older stores: when it was wanted */
      endedAt?: number
      talkedMs: number
      untilMs: number
      personal: { phone: string }
    }
  | { type: 'crm-retrying'; because: string; untilMs: number }
  | { type: 'crm-failed'; because: string }
  | { type: 'crm-asked'; because: 'its-time' | 'by-hand' }
)

/** `look`: an earlier filing may have worked, so the Task is looked for first. */
export type CrmEffect = Once<'carrier', { type: 'tell-crm'; ask: number; look: boolean }>

/** The debt of a call that has just ended. */
function crmDebt(
  context: CrmContext,
  call: Pick<CrmDebt, 'phone' | 'direction' | 'word' | 'endedAt' | 'talkedMs'>,
): CrmDebt {
  return {
    contactId: context.contactId,
    accountId: context.accountId,
    ...call,
    state: 'pending',
    ask: 1,
    tries: 1,
    since: call.endedAt,
    nextAt: null,
    taskId: null,
    because: null,
  }
}

function decideCrm(debt: CrmDebt | null, input: Exclude<CrmInput, { type: 'crm.wanted' }>): CrmFact[] {
  const { at } = input
  if (debt === null) return []
  if (input.type === 'crm.retry-wanted')
    return debt.state === 'failed' || debt.state === 'nobody' ? [{ type: 'crm-asked', at, because: 'by-hand' }] : []
  if (debt.state !== 'pending' || input.ask !== debt.ask) return []
  switch (input.type) {
    case 'crm.filed': {
      const { taskId, found, of, leftOut = [], filledIn = [] } = input
      const { contactId, accountId } = of
      const gaps = {
        ...(leftOut.length === 0 ? {} : { leftOut: leftOut.slice(0, NAMES_MAX) }),
        ...(filledIn.length === 0 ? {} : { filledIn: filledIn.slice(0, NAMES_MAX) }),
      }
      return [{ type: 'crm-created', at, taskId, found, contactId, accountId, ...gaps }]
    }
    case 'crm.nobody':
      return [{ type: 'crm-nobody', at, because: input.because.slice(0, REASON_CHARS_MAX) }]
    case 'crm.refused':
      return [{ type: 'crm-failed', at, because: input.because.slice(0, REASON_CHARS_MAX) }]
    case 'crm.put-off': {
      const because = input.because.slice(0, REASON_CHARS_MAX)
      if (at - debt.since >= CRM_GIVEN_UP_MS) return [{ type: 'crm-failed', at, because }]
      return [{ type: 'crm-retrying', at, because, untilMs: at + waitMs(debt.tries, input.afterMs) }]
    }
    default:
      return unreachable(input)
  }
}

function waitMs(tries: number, afterMs: number | null): number {
  const own = CRM_WAITS_MS[Math.min(tries, CRM_WAITS_MS.length) - 1] ?? CRM_WAITS_MS[0]
  return Math.min(Math.max(own, afterMs ?? 0), CRM_GIVEN_UP_MS)
}

function overdueCrm(debt: CrmDebt | null, at: number): CrmFact[] {
  const next = crmDeadline(debt)
  return next !== null && at >= next ? [{ type: 'crm-asked', at, because: 'its-time' }] : []
}

function crmDeadline(debt: CrmDebt | null): number | null {
  return debt?.state === 'retrying' ? debt.nextAt : null
}

function evolveCrm(debt: CrmDebt | null, fact: CrmFact): CrmDebt | null {
  if (fact.type === 'crm-wanted') {
    const { endedAt = fact.at, direction, talkedMs, untilMs: nextAt, personal } = fact
    const call = { phone: personal?.phone ?? '', direction, word: 'completed' as const, endedAt, talkedMs }
    return { ...crmDebt({ contactId: null, accountId: null }, call), state: 'retrying', nextAt }
  }
  if (debt === null) return null
  switch (fact.type) {
    case 'crm-created': {
      const contactId = fact.contactId ?? debt.contactId
      const accountId = fact.accountId ?? debt.accountId
      const { taskId, leftOut, filledIn } = fact
      const gaps = { ...(leftOut ? { leftOut } : {}), ...(filledIn ? { filledIn } : {}) }
      return { ...debt, contactId, accountId, state: 'created', taskId, because: null, nextAt: null, ...gaps }
    }
    case 'crm-nobody':
      return { ...debt, state: 'nobody', because: fact.because, nextAt: null }
    case 'crm-retrying':
      return { ...debt, state: 'retrying', because: fact.because, nextAt: fact.untilMs }
    case 'crm-failed':
      return { ...debt, state: 'failed', because: fact.because, nextAt: null }
    case 'crm-asked': {
      const fresh = fact.because === 'by-hand'
      const [tries, since] = fresh ? [1, fact.at] : [debt.tries + 1, debt.since]
      return { ...debt, state: 'pending', ask: debt.ask + 1, tries, since, nextAt: null }
    }
    default:
      return unreachable(fact)
  }
}

/**
 * A call with a record of the CRM is filed at its end anyway. The first try waits, because the last words of a call may come after its outcome.
 * While it is live nobody knows its length: its end says it (`call-hungup`).
 */
function wanted(
  { call, crm }: CallState,
  { at, phone }: Extract<CrmInput, { type: 'crm.wanted' }>,
  add: (fact: CrmFact) => void,
): void {
  if (crm !== null || call.phase === 'empty' || call.links.crm !== undefined) return
  const direction = call.links.kind === 'inbound' ? 'inbound' : 'outbound'
  const { endedAt = at, talkedMs = call.answeredAt === null ? 0 : at - call.answeredAt } =
    call.phase === 'over' ? call : {}
  add({ type: 'crm-wanted', at, direction, endedAt, talkedMs, untilMs: at + CRM_WAITS_MS[0], personal: { phone } })
}

/** The carrier's final statuses of a call. */
const FINAL = ['completed', 'no-answer', 'busy', 'failed', 'canceled'] as const

/** The debt that the end of a call creates. Only calls of AI agents have a CRM context. */
function owedBy(fact: Extract<LifeFact, { type: 'call-hungup' }>, live: LiveCall): CrmDebt | null {
  const { links, party, providerStatus } = live
  // Nobody was called if the call was not cleared.
  if (links.crm === undefined || fact.reason === 'not-cleared') return null
  // A call from a browser is a trial of the agent, in which the person calls us.
  const inbound = links.kind === 'inbound' || links.kind === 'browser'
  const cause = causeOf(fact.reason)
  const own = cause === 'refused' || cause === 'number-refused' || cause === 'not-cleared' ? 'failed' : cause
  return crmDebt(links.crm, {
    // A browser has no number.
    phone: links.kind === 'browser' ? '' : inbound ? party.from : party.to,
    direction: inbound ? 'inbound' : 'outbound',
    word: fact.by === 'remote' ? 'completed-remote' : (FINAL.find(word => word === providerStatus) ?? own),
    endedAt: fact.at,
    talkedMs: fact.talkedMs,
  })
}

export const crm: Part<'crm', CallState, CrmDebt | null, PartInput, PartFact, CrmEffect> = {
  initial: null,
  decide: (making, input) => {
    if (input.type === 'crm.wanted') return wanted(making.state, input, fact => making.add(fact))
    for (const fact of decideCrm(making.state.crm, input)) making.add(fact)
  },
  strike: making => {
    for (const fact of overdueCrm(making.state.crm, making.at)) making.add(fact)
  },
  evolve: (slice, fact, before) => {
    if (fact.type === 'call-hungup' && before.call.phase === 'live')
      return slice === null ? owedBy(fact, before.call) : { ...slice, endedAt: fact.at, talkedMs: fact.talkedMs }
    return isOf('crm', fact) ? evolveCrm(slice, fact) : slice
  },
  // The first filing needs no look, because no Task of this call can exist yet.
  react: (fact, { crm }) =>
    crm === null || (fact.type !== 'call-hungup' && fact.type !== 'crm-asked')
      ? []
      : [once('carrier', { type: 'tell-crm', ask: crm.ask, look: crm.ask > 1 })],
  deadline: ({ crm }) => crmDeadline(crm),
  // The contact of a Task is a record of the CRM, not a contact of ours.
  about: {
    'crm-wanted': 'self',
    'crm-created': 'self',
    'crm-nobody': 'self',
    'crm-retrying': 'self',
    'crm-failed': 'self',
    'crm-asked': 'self',
  },
}
