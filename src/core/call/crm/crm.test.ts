import { expect, test } from 'vitest'
import { once, step } from '../../machine.ts'
import { call } from '../call.ts'
import type { CallEffect, CallFact, CallInput, CallLinks, CallState, ProviderStatus } from '../state.ts'
import { CRM_GIVEN_UP_MS, CRM_WAITS_MS, type CrmDebt } from './crm.ts'

const AMARA = { contactId: '003000000000001AAA', accountId: null }
const LINKS: CallLinks = {
  kind: 'ai',
  batchId: null,
  campaignId: null,
  contactId: null,
  deskId: null,
  agentName: 'Robin',
  crm: AMARA,
}
const OF_NUMBER: CallLinks = { ...LINKS, crm: { contactId: null, accountId: null } }
const PARTY = { to: '+14155551001', from: '+14155550001', name: 'Amara Osei' }
const OPTIONS = { ringLimitMs: 30_000, amd: 'off' as const, record: false }

class Story {
  state: CallState = call.initial
  facts: CallFact[] = []
  effects: CallEffect[] = []

  hear(...inputs: CallInput[]): this {
    for (const input of inputs) {
      const { state, facts, effects } = step(call, this.state, input)
      Object.assign(this, { state, facts, effects })
    }
    return this
  }
  get debt(): CrmDebt | null {
    return this.state.crm
  }
  get filings(): CallEffect[] {
    return this.effects.filter(effect => effect.type === 'tell-crm')
  }
}

const report = (status: ProviderStatus, at = 9_000): CallInput => ({
  type: 'call.reported',
  at,
  providerId: 'CA1',
  status,
})
function called(links = LINKS): Story {
  return new Story().hear(
    { type: 'call.requested', at: 0, links, party: PARTY, options: OPTIONS },
    { type: 'call.slot-granted', at: 1, notBefore: 0, profile: 'custom' },
    { type: 'call.create-answered', at: 2, providerId: 'CA1', status: 'queued' },
  )
}

test.each([
  ['completed', 'completed'],
  ['no-answer', 'no-answer'],
  ['busy', 'busy'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
] as const)('%s: one filing, however often the carrier says it [S2-3 S2-22 S2-29]', (status, word) => {
  const story = called().hear(report('in-progress', 3_000), report(status))
  expect(story.filings).toEqual([once('carrier', { type: 'tell-crm', ask: 1, look: false })])
  expect(story.debt).toMatchObject({ word, phone: '+14155551001', direction: 'outbound', state: 'pending' })
  expect(story.debt).toMatchObject({ endedAt: 9_000, talkedMs: 6_000, accountId: null })
  expect(story.hear(report(status, 9_001), report('completed', 9_002)).effects).toEqual([])
})

test('a call that the carrier never took has failed; a call of nobody in the CRM owes nothing', () => {
  const refused = called().hear({ type: 'call.missing', at: 5 })
  expect(refused.debt?.word).toBe('failed')
  const { crm: _crm, ...plain } = LINKS
  const other = called(plain).hear(report('completed'))
  expect([other.filings, other.debt]).toEqual([[], null])
  expect(other.hear({ type: 'crm.retry-wanted', at: 9_999 }).facts).toEqual([])
})

test('the Task is told on the call, and a later word changes nothing [S2-28]', () => {
  const story = called().hear(report('completed'), {
    type: 'crm.filed',
    at: 9_500,
    ask: 1,
    taskId: '00T1',
    found: false,
    of: AMARA,
  })
  expect(story.facts).toEqual([{ type: 'crm-created', at: 9_500, taskId: '00T1', found: false, ...AMARA }])
  expect(story.debt).toMatchObject({ state: 'created', taskId: '00T1' })
  story.hear({ type: 'crm.refused', at: 9_600, ask: 1, because: 'late' }, { type: 'crm.retry-wanted', at: 9_700 })
  expect([story.facts, story.debt?.state, call.deadline(story.state)]).toEqual([[], 'created', null])
})

test('whoever has the number: the Task says who that was', () => {
  const of = { contactId: '003000000000002AAA', accountId: '001000000000002AAA' }
  const story = called(OF_NUMBER).hear(report('completed', 9_000))
  expect(story.debt).toMatchObject({ contactId: null, accountId: null, state: 'pending' })
  story.hear({ type: 'crm.filed', at: 9_500, ask: 1, taskId: '00T1', found: false, of })
  expect(story.debt).toMatchObject({ ...of, state: 'created' })
})

test('a number that is nobody’s, or several people’s: nothing is owed, until a person asks again', () => {
  const nobody = { type: 'crm.nobody' as const, because: 'several people there have this number' }
  const story = called(OF_NUMBER).hear(report('completed', 9_000), { ...nobody, at: 9_500, ask: 1 })
  expect(story.facts).toEqual([{ type: 'crm-nobody', at: 9_500, because: nobody.because }])
  expect([story.debt?.state, call.deadline(story.state)]).toEqual(['nobody', null])
  expect(story.hear({ type: 'clock.struck', at: 2 * CRM_GIVEN_UP_MS }).filings).toEqual([])
  expect(story.hear({ type: 'crm.retry-wanted', at: 2 * CRM_GIVEN_UP_MS }).filings).toEqual([
    once('carrier', { type: 'tell-crm', ask: 2, look: true }),
  ])
})

test('put off: tried again with backoff, and every filing but the first one looks before it makes', () => {
  const story = called().hear(report('completed', 0))
  let at = 0
  for (const [tries, wait] of [...CRM_WAITS_MS, CRM_WAITS_MS.at(-1) ?? 0].entries()) {
    story.hear({ type: 'crm.put-off', at, ask: tries + 1, because: 'no answer', afterMs: null })
    expect(story.debt).toMatchObject({ state: 'retrying', nextAt: at + wait, because: 'no answer' })
    expect(call.deadline(story.state)).toBe(at + wait)
    expect(story.hear({ type: 'clock.struck', at: at + wait - 1 }).facts).toEqual([])
    at += wait
    expect(story.hear({ type: 'clock.struck', at }).filings).toEqual([
      once('carrier', { type: 'tell-crm', ask: tries + 2, look: true }),
    ])
  }
})

test('the CRM’s own wait counts when it is longer, and an outcome of an earlier filing is stale', () => {
  const putOff = { type: 'crm.put-off' as const, because: 'throttled' }
  const story = called().hear(report('completed', 0), { ...putOff, at: 1, ask: 1, afterMs: 90_000 })
  expect(call.deadline(story.state)).toBe(90_001)
  story.hear({ type: 'clock.struck', at: 90_001 }, { type: 'crm.refused', at: 90_002, ask: 1, because: 'old' })
  expect([story.facts, story.debt?.state]).toEqual([[], 'pending'])
})

test('refused, or put off for a day: failed and seen, and a person may ask for it again [S2-27]', () => {
  const refused = { type: 'crm.refused' as const, because: 'FIELD_INTEGRITY_EXCEPTION (WhatId)' }
  const story = called().hear(report('completed', 0), { ...refused, at: 1, ask: 1 })
  expect(story.facts).toEqual([{ type: 'crm-failed', at: 1, because: refused.because }])
  expect([story.debt?.state, call.deadline(story.state)]).toEqual(['failed', null])
  const later = 2 * CRM_GIVEN_UP_MS
  expect(story.hear({ type: 'crm.retry-wanted', at: later }).filings).toEqual([
    once('carrier', { type: 'tell-crm', ask: 2, look: true }),
  ])
  expect(story.hear({ type: 'crm.retry-wanted', at: later + 1 }).facts).toEqual([])
  story.hear({ type: 'crm.put-off', at: later + 2, ask: 2, because: 'no answer', afterMs: null })
  expect(story.debt).toMatchObject({ state: 'retrying', nextAt: later + 2 + CRM_WAITS_MS[0] })
  story.hear({ type: 'clock.struck', at: later + CRM_GIVEN_UP_MS })
  story.hear({ type: 'crm.put-off', at: later + CRM_GIVEN_UP_MS, ask: 3, because: 'no answer', afterMs: null })
  expect(story.debt).toMatchObject({ state: 'failed', because: 'no answer' })
})

test('the facts alone make the same debt: nothing is lost with an object’s memory', () => {
  const all: CallFact[] = []
  const story = called()
  let folded = story.state
  for (const input of [
    report('completed', 0),
    { type: 'crm.put-off', at: 1, ask: 1, because: 'no answer', afterMs: null },
    { type: 'clock.struck', at: 10_001 },
  ] satisfies CallInput[])
    all.push(...story.hear(input).facts)
  for (const fact of all) folded = call.evolve(folded, JSON.parse(JSON.stringify(fact)) as CallFact)
  expect(folded).toEqual(story.state)
})

test('who hung up is known while an AI agent has the call: our wish came first, or it was the other side', () => {
  const talk = { agentId: 'a1', version: 1, driver: 'stream' as const, record: false, language: 'en-US' }
  const withAgent = () =>
    new Story().hear(
      { type: 'call.requested', at: 0, links: LINKS, party: PARTY, options: OPTIONS, talk },
      { type: 'call.slot-granted', at: 1, notBefore: 0, profile: 'custom' },
      { type: 'call.create-answered', at: 2, providerId: 'CA1', status: 'queued' },
      report('in-progress', 3),
    )
  expect(withAgent().hear(report('completed')).debt?.word).toBe('completed-remote')
  const ours = withAgent().hear({ type: 'call.complete-wanted', at: 8_000 }, report('completed'))
  expect(ours.debt?.word).toBe('completed')
  expect(ours.facts.at(-1)).toMatchObject({ type: 'call-hungup', by: 'us' })
  const apology = withAgent().hear({ type: 'talk.last-words-wanted', at: 8_000 }, report('completed'))
  expect(apology.debt?.word).toBe('completed')
  expect(withAgent().hear(report('failed')).debt?.word).toBe('failed')
})

test('a carrier that says so itself is believed, also where no agent had the call', () => {
  const said = called().hear(report('in-progress', 3), { ...report('completed'), remote: true } as CallInput)
  expect(said.debt?.word).toBe('completed-remote')
  expect(called().hear(report('in-progress', 3), report('completed')).debt?.word).toBe('completed')
})

test('a call of a campaign whose outcome is a lead is filed once, when it is over and the person can be looked for', () => {
  const { crm: _crm, ...links } = LINKS
  const wanted: CallInput = { type: 'crm.wanted', at: 20_000, phone: '+14155551001' }
  const story = new Story().hear(
    { type: 'call.requested', at: 0, links: { ...links, kind: 'campaign' }, party: PARTY, options: OPTIONS },
    { type: 'call.slot-granted', at: 1, notBefore: 0, profile: 'custom' },
    { type: 'call.create-answered', at: 2, providerId: 'CA1', status: 'queued' },
    report('in-progress', 3),
    report('completed', 9_000),
  )
  expect(story.debt).toBeNull()
  story.hear(wanted)
  expect(story.debt).toMatchObject({ contactId: null, phone: '+14155551001', direction: 'outbound', state: 'retrying' })
  // The call's own end and length, and not when the agent has saved it.
  expect(story.debt).toMatchObject({ endedAt: 9_000, talkedMs: 8_997 })
  expect(story.hear(wanted).facts).toEqual([])
  story.hear({ type: 'clock.struck', at: 20_000 + CRM_WAITS_MS[0] })
  expect(story.filings).toMatchObject([{ ask: 2, look: true }])
  expect(called().hear(wanted).facts).toEqual([])
})

test('a lead that is saved before the end of the call is filed after it', () => {
  const { crm: _crm, ...links } = LINKS
  const story = new Story().hear(
    { type: 'call.requested', at: 0, links: { ...links, kind: 'campaign' }, party: PARTY, options: OPTIONS },
    { type: 'call.slot-granted', at: 1, notBefore: 0, profile: 'custom' },
    { type: 'call.create-answered', at: 2, providerId: 'CA1', status: 'queued' },
    report('in-progress', 3),
    { type: 'crm.wanted', at: 8_000, phone: '+14155551001' },
    report('completed', 9_000),
  )
  expect(story.debt).toMatchObject({ state: 'retrying', nextAt: 8_000 + CRM_WAITS_MS[0] })
  expect(story.debt).toMatchObject({ endedAt: 9_000, talkedMs: 8_997 })
})
