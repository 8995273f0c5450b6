/** Outcomes as data: what the API takes, a choice during the call, and what becomes of the person in rounds and where lines are shared. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, test } from 'vitest'
import { candidates } from '../../src/actors/campaign/tables.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { MINE_FOR_MS, type OutcomeChoice } from '../../src/core/campaign/dispositions.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, carrier, cookieOf, migrated, plainStage, request, type Stage, twice, until } from './stage.ts'

beforeEach(async () => {
  await migrated()
  await carrier.reset()
})

const OUTCOMES: OutcomeChoice[] = [
  { key: 1, outcomeId: 'sold', label: 'Sold', consequence: 'lead', tone: 'good' },
  { key: 2, outcomeId: 'later', label: 'I call back', consequence: 'callback', whose: 'mine', requires: ['time'] },
  { key: 3, outcomeId: 'again', label: 'Try again', consequence: 'retry', afterMinutes: 30, requires: ['note'] },
  { key: 'z', outcomeId: 'angry', label: 'Angry', consequence: 'do-not-call', requires: ['company'] },
]

/** An agent on the line with the one person of a campaign, certainly a person. */
async function talking(stage: Stage, tag: string, change: Partial<typeof SETTINGS> = {}) {
  const [deskId, campaignId] = [`w_test.d_o${tag}`, `w_test.c_o${tag}`]
  const { desk } = await deskWithLine(stage, deskId)
  await stage
    .stub('trunk', 'w_test')
    .saveNumber({ number: '+14155550041', name: '', deskId: null, inFlightCap: 1_000, cooldownMs: 0 })
  const number = `+1415${200 + tag.length}${String(1_000 + ([...tag].reduce((sum, one) => sum * 7 + one.charCodeAt(0), 0) % 9_000)).slice(-4)}`
  const contactId = `o${tag}`
  await stage.stub('campaign', campaignId).configure({ ...SETTINGS, outcomes: OUTCOMES, ...change })
  await stage.stub('workspace', 'w_test').saveCampaign(campaignId, 'Outcomes', 1)
  const person = { contactId, name: 'Amara Osei', company: '', number, numberShown: number, timeZone: 'Asia/Tokyo' }
  await stage.stub('campaign', campaignId).addContacts([person])
  await stage.stub('workspace', 'w_test').saveContacts([
    {
      ...{ contactId, firstName: 'Amara', lastName: 'Osei', company: '', phone: number, timeZone: 'Asia/Tokyo' },
      ...{ postcode: null, extension: null },
    },
  ])
  await desk.command(say({ type: 'session.start', campaignId, lines: 1 }))
  const batchId = `${campaignId}.b1`
  const callId = `${batchId}.1`
  await until(async () => expect(await carrier.creates(number)).toHaveLength(1))
  await stage.stub('batch', batchId).claim(callId, 'CA-one', 'human')
  const view = () => stage.peek('desk', deskId).view()
  await until(async () => expect((await view())?.conversation).toMatchObject({ callId, provisional: false }))
  const end = async () => {
    await desk.command(say({ type: 'call.hang-up', callId }))
    const ended = { type: 'leg.ended' as const, at: Date.now(), legId: callId, cause: 'completed' as const }
    await stage.stub('batch', batchId).deliver(ended, `over:${callId}`)
  }
  const row = () => rowOf(campaignId, contactId)
  const choose = (outcomeId: string, more: object = {}) =>
    desk.command(say({ type: 'outcome.saved', callId, outcomeId, ...more }))
  return { deskId, campaignId, desk, view, end, row, choose, number, contactId, callId }
}

function rowOf(campaignId: string, contactId: string) {
  return runInDurableObject(
    stubFor(bindings, 'campaign', campaignId) as never,
    (_: unknown, { storage }: DurableObjectState) =>
      storage.sql.exec('SELECT * FROM contacts WHERE contact_id = ?', contactId).toArray()[0] ?? {},
  )
}

async function ask(who: string, method: string, path: string, body?: object) {
  const headers = { Cookie: await cookieOf(who), 'Content-Type': 'application/json' }
  const answer = await request(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

twice(
  'a callback that is chosen during the call is saved by its end, at the time where the person is',
  async (stage, tag) => {
    const it = await talking(stage, `back${tag}`)
    expect(await it.choose('later')).toMatchObject({ type: 'refused', reason: 'time-missing' })
    expect(await it.choose('later', { callAt: '2020-01-01T09:30' })).toMatchObject({ reason: 'time-past' })
    expect(await it.choose('again')).toMatchObject({ reason: 'note-missing' })
    const year = new Date(Date.now() + 60 * 24 * 3_600_000).toISOString().slice(0, 10)
    expect(await it.choose('later', { callAt: `${year}T09:30` })).toMatchObject({ type: 'accepted' })
    await until(async () => expect((await it.view())?.conversation?.chosen).toMatchObject({ outcomeId: 'later' }))
    await it.end()
    const due = Date.parse(`${year}T09:30:00+09:00`)
    await until(async () =>
      expect(await it.row()).toMatchObject({ status: 'active', due_at: due, promised: 1, owner: it.deskId }),
    )
    // The promised call has tries of its own, whichever of the two reports has come first.
    expect((await it.row()).attempts).toBe(0)
    expect(await it.view()).toMatchObject({ pendingOutcomes: [], wrapUp: null })
    // The session goes on: somebody is left, who waits for their time.
    const { state, left } = await stage.peek('campaign', it.campaignId).read()
    expect([left, state.sessions[0]?.state]).toEqual([1, 'waiting'])
    await until(async () => {
      const [person] = await stage.stub('workspace', 'w_test').contacts([it.contactId])
      expect(person).toMatchObject({ status: 'active', result: 'later' })
    })
  },
)

twice(
  'after the call an outcome asks for its note, and the person is tried again after its minutes',
  async (stage, tag) => {
    const it = await talking(stage, `again${tag}`)
    await it.end()
    await until(async () => expect((await it.view())?.pendingOutcomes).toHaveLength(1))
    expect(await it.choose('again')).toMatchObject({ reason: 'note-missing' })
    await it.desk.command(say({ type: 'note.saved', callId: it.callId, text: 'in a meeting' }))
    const before = Date.now()
    expect(await it.choose('again')).toMatchObject({ type: 'accepted' })
    await until(async () => expect(await it.row()).toMatchObject({ status: 'active', result: 'again', owner: null }))
    const { due_at: due } = (await it.row()) as { due_at: number }
    expect(due).toBeGreaterThanOrEqual(before + 30 * 60_000)
    expect(due).toBeLessThan(before + 31 * 60_000)
  },
)

twice(
  'an outcome of any name may mean do-not-call, and what the agent has learnt goes to the book and to the campaign',
  async (stage, tag) => {
    const it = await talking(stage, `angry${tag}`)
    expect(await it.choose('angry')).toMatchObject({ reason: 'company-missing' })
    expect(await it.choose('angry', { fields: { company: 'Acme' } })).toMatchObject({ type: 'accepted' })
    await it.end()
    await until(async () => expect(await it.row()).toMatchObject({ status: 'dnc', result: 'angry', company: 'Acme' }))
    await until(async () => {
      const [person] = await stage.stub('workspace', 'w_test').contacts([it.contactId])
      expect(person).toMatchObject({ status: 'dnc', company: 'Acme' })
      const { items } = await stage
        .stub('trunk', 'w_test')
        .listed({ after: null, limit: 5, q: it.number, campaignId: null })
      expect(items.map(one => one.number)).toContain(it.number)
    })
  },
)

twice('a lead is filed in the CRM, though calls of campaigns are not', async (stage, tag) => {
  const it = await talking(stage, `sold${tag}`)
  expect((await stage.peek('call', it.callId).read()).crm).toBeNull()
  expect(await it.choose('sold')).toMatchObject({ type: 'accepted' })
  await it.end()
  await until(async () =>
    expect((await stage.peek('call', it.callId).read()).crm).toMatchObject({ phone: it.number, direction: 'outbound' }),
  )
})

test('where lines are shared, a callback of my own is in my inbox, and the campaign does not call', async () => {
  const it = await talking(plainStage, 'shared', { pooled: true, abandonMax: 0.03, advance: 'auto' })
  const day = new Date(Date.now() + 24 * 3_600_000 * 3).toISOString().slice(0, 10)
  await it.choose('later', { callAt: `${day}T09:30` })
  await it.end()
  await until(async () => expect(await it.row()).toMatchObject({ status: 'done', promised: 0, owner: null }))
  await until(async () => {
    // Nobody of this name is in the workspace, so the entry is in the general box.
    const boxes = null
    const query = { boxes, kind: null, handled: false, after: null, limit: 50 }
    const entries = await stubFor(bindings, 'inbox', 'w_test').list(query)
    expect(entries.find(one => one.number === it.number)).toMatchObject({
      kind: 'callback',
      number: it.number,
      note: expect.stringContaining('You call back on'),
    })
  })
})

test('whom an agent has promised a call comes first at the time, for that agent, and a day later for anybody', async () => {
  const campaignId = 'w_test.c_opromised'
  const campaign = stubFor(bindings, 'campaign', campaignId)
  await campaign.configure(SETTINGS)
  const people = ['a', 'b', 'c'].map((name, n) => ({
    ...{ contactId: name, name, company: '', number: `+1415555010${n}`, numberShown: '', timeZone: null },
  }))
  await campaign.addContacts(people)
  const at = Date.now()
  await runInDurableObject(campaign as never, (_: unknown, { storage: { sql } }: DurableObjectState) => {
    sql.exec("UPDATE contacts SET promised = 1, owner = 'ada', due_at = ? WHERE contact_id = 'c'", at)
    const ids = (moment: number, deskId: string | null) =>
      candidates(sql, 1, moment, false, deskId).map(one => one.contactId)
    expect(ids(at - 1, 'ada')).toEqual(['a', 'b'])
    expect(ids(at, 'ada')).toEqual(['c', 'a', 'b'])
    expect(ids(at, 'bo')).toEqual(['a', 'b'])
    // Where lines are shared nobody knows whose one will be: a promise of before is kept by whoever is free.
    expect(ids(at, null)).toEqual(['c', 'a', 'b'])
    expect(ids(at + MINE_FOR_MS, 'bo')).toEqual(['c', 'a', 'b'])
  })
})

test('a list is refused with the field named, and letters that the desk needs are not taken', async () => {
  const one = { key: 1, outcomeId: 'yes', label: 'Yes' }
  const many = Array.from({ length: 25 }, (_, n) => ({ ...one, outcomeId: `o${n}` }))
  const wrong: [unknown, string][] = [
    [[{ ...one, key: 'x' }], 'outcomes.0.key'],
    [[{ ...one, key: 0 }], 'outcomes.0.key'],
    [[one, { ...one, outcomeId: 'no' }], 'outcomes.1.key'],
    [[one, { ...one, key: 2 }], 'outcomes.1.outcomeId'],
    [[{ ...one, consequence: 'sell' }], 'outcomes.0.consequence'],
    [[{ ...one, label: 'Do not call' }], 'outcomes.0.outcomeId'],
    [[{ ...one, label: 'Do not call', consequence: 'archive' }], 'outcomes.0.consequence'],
    [[{ ...one, requires: ['time'] }], 'outcomes.0.requires'],
    [[{ ...one, consequence: 'retry', afterMinutes: 0 }], 'outcomes.0.afterMinutes'],
    [many, 'outcomes'],
    [[], 'outcomes'],
  ]
  for (const [outcomes, field] of wrong) {
    const { status, body } = await ask('sam', 'PUT', '/api/outcomes', { outcomes })
    expect([status, (body.fields as { field: string }[])[0]?.field], field).toEqual([400, field])
  }
})

test('a campaign without a list has that of the workspace, and a list of before still says what follows', async () => {
  const list = [{ key: 1, outcomeId: 'ok', label: 'Fine', consequence: 'archive', tone: 'good' }]
  expect(await ask('sam', 'PUT', '/api/outcomes', { outcomes: list })).toMatchObject({ status: 200 })
  const { body } = await ask('sam', 'POST', '/api/campaigns', { name: 'By default' })
  const settings = await ask('sam', 'GET', `/api/campaigns/${String(body.campaignId)}/settings`)
  expect(settings.body.outcomes).toMatchObject(list)
  const old = [{ key: 2, outcomeId: 'callback', label: 'Call back' }]
  const made = await ask('sam', 'POST', '/api/campaigns', { name: 'Of before', outcomes: old })
  const shown = await ask('sam', 'GET', `/api/campaigns/${String(made.body.campaignId)}`)
  expect(shown.body.outcomes).toEqual([
    { ...old[0], consequence: 'callback', afterMinutes: 1_440, whose: 'anyone', tone: 'neutral', requires: [] },
  ])
  // Reports name outcomes by the label that they had last.
  const { labels } = await stubFor(bindings, 'workspace', 'w_test').outcomes({})
  expect(labels).toMatchObject({ ok: 'Fine', callback: 'Call back' })
})
