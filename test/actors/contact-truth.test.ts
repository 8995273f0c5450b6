/** What the book says of people and numbers after a round, and the time under which a talk needs a follow-up. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { logOf } from '../../src/actors/stubs.ts'
import type { CampaignSettings } from '../../src/core/campaign/state.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import type { CallRow, Contact, NumberRow } from '../../src/wire/api.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, carrier, cookieOf, migrated, plainStage, request, type Stage, twice, until } from './stage.ts'

const cookies: Record<string, string> = {}
beforeAll(async () => {
  await migrated()
  for (const key of ['ada', 'sam']) cookies[key] = await cookieOf(key)
})
beforeEach(async () => {
  await carrier.reset()
})

async function ask<T>(who: string, method: string, path: string, body?: object): Promise<T> {
  const answer = await request(path, {
    method,
    headers: { Cookie: cookies[who] ?? '', 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(answer.status).toBe(200)
  return answer.json<T>()
}
const bookOf = (ids: string[]) => ask<Contact[]>('ada', 'POST', '/api/contacts/batch', { ids })
const numbersOf = async (ours: string[]) => {
  const { items } = await ask<{ items: NumberRow[] }>('sam', 'GET', '/api/numbers')
  return ours.map(number => items.find(one => one.number === number))
}

/** Over all numbers: any of them may be the caller id. */
async function sums(): Promise<{ attempted: number; rejected: number }> {
  const { items } = await ask<{ items: NumberRow[] }>('sam', 'GET', '/api/numbers')
  const sum = (field: 'attemptedCalls' | 'rejectedCalls') => items.reduce((all, one) => all + one[field], 0)
  return { attempted: sum('attemptedCalls'), rejected: sum('rejectedCalls') }
}

/** An agent with a line, a campaign of so many people who stand in the book, and a number for each. */
async function sitting(stage: Stage, tag: string, people: number, settings: Partial<CampaignSettings> = {}) {
  const [deskId, campaignId] = [`w_test.d_${tag}`, `w_test.c_${tag}`]
  const { desk } = await deskWithLine(stage, deskId)
  let hash = 7
  for (const letter of tag) hash = (hash * 31 + letter.charCodeAt(0)) % 9_000
  const ours = Array.from({ length: people }, (_, n) => `+1415557${String(1_000 + n).slice(-4)}`)
  for (const number of ours)
    await stage.stub('trunk', 'w_test').saveNumber({ number, name: '', deskId, inFlightCap: 50, cooldownMs: 0 })
  const ids = Array.from({ length: people }, (_, n) => `${tag}_${n + 1}`)
  const book = ids.map((contactId, n) => ({
    contactId,
    firstName: 'Person',
    lastName: String(n + 1),
    company: '',
    phone: `+14156${String(hash + 1_000)}${n}${n}`.slice(0, 12),
    timeZone: null,
    postcode: null,
    extension: null,
  }))
  await stage.stub('workspace', 'w_test').saveContacts(book)
  await stage.stub('workspace', 'w_test').saveCampaign(campaignId, tag, 4)
  const campaign = stage.stub('campaign', campaignId)
  await campaign.configure({ ...SETTINGS, ...settings })
  await campaign.addContacts(
    book.map(({ contactId, phone: number }) => ({
      contactId,
      name: contactId,
      company: '',
      number,
      numberShown: number,
      timeZone: null,
    })),
  )
  return { deskId, campaignId, desk, ids, ours, phones: book.map(one => one.phone) }
}

/** The carrier has taken every call of the round. */
async function placed(stage: Stage, batchId: string, legs: number): Promise<string[]> {
  const sids: string[] = []
  for (let leg = 1; leg <= legs; leg += 1)
    sids.push(
      await until(async () => {
        const { call } = await stage.peek('call', `${batchId}.${leg}`).read()
        if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
        return call.providerId
      }),
    )
  return sids
}

async function report(stage: Stage, callId: string, providerId: string, status: 'busy' | 'completed' | 'canceled') {
  const input = { type: 'call.reported' as const, at: Date.now(), providerId, status }
  await stage.stub('call', callId).deliver(input, `status:${callId}:${status}`)
}

test('after a race of four: losers dropped, the winner done with result and note, every attempt counted once [S3-1] [S3-5] [S3-19] [S3-31] [S3-32] [S3-61]', async () => {
  const stage = plainStage
  const { deskId, campaignId, desk, ids, ours } = await sitting(stage, 'truth', 4)
  const before = await numbersOf(ours)
  expect(await desk.command(say({ type: 'session.start', campaignId, lines: 4 }))).toMatchObject({ type: 'accepted' })
  const batchId = `${campaignId}.b1`
  const sids = await placed(stage, batchId, 4)
  await until(async () => {
    const now = await bookOf(ids)
    expect(now.map(({ status, attempts }) => ({ status, attempts }))).toEqual(
      ids.map(() => ({ status: 'in-progress', attempts: 1 })),
    )
  })
  await report(stage, `${batchId}.4`, sids[3] ?? '', 'busy')
  await stage.stub('batch', batchId).claim(`${batchId}.1`, sids[0] ?? '', null)
  for (const leg of [2, 3]) await report(stage, `${batchId}.${leg}`, sids[leg - 1] ?? '', 'canceled')
  await stage
    .stub('batch', batchId)
    .deliver({ type: 'leg.judged', at: Date.now(), legId: `${batchId}.1`, verdict: 'human' }, 'amd')
  await until(async () => expect((await stage.peek('desk', deskId).view())?.conversation?.provisional).toBe(false))
  await desk.command(say({ type: 'note.saved', callId: `${batchId}.1`, text: 'Friday' }))
  await desk.command(say({ type: 'call.hang-up', callId: `${batchId}.1` }))
  await until(async () => expect((await stage.peek('desk', deskId).view())?.pendingOutcomes).toHaveLength(1))
  await report(stage, `${batchId}.1`, sids[0] ?? '', 'completed')
  await desk.command(say({ type: 'outcome.saved', callId: `${batchId}.1`, outcomeId: 'yes' }))
  await until(async () => {
    const [winner, ...others] = await bookOf(ids)
    expect(winner).toMatchObject({ status: 'done', result: 'yes', note: 'Friday', attempts: 1 })
    expect(others.map(({ status, result, attempts }) => [status, result, attempts])).toEqual([
      ['dropped', 'released', 1],
      ['dropped', 'released', 1],
      ['active', 'busy', 1],
    ])
  })
  await until(async () => {
    const now = await numbersOf(ours)
    const more = (field: 'attemptedCalls' | 'rejectedCalls' | 'usageCount') =>
      now.map((one, n) => (one?.[field] ?? 0) - (before[n]?.[field] ?? 0))
    expect(more('attemptedCalls')).toEqual([1, 1, 1, 1])
    expect(more('usageCount')).toEqual([1, 1, 1, 1])
    expect(more('rejectedCalls').toSorted()).toEqual([0, 0, 0, 1])
    expect(now.every(one => one?.inFlight === 0 && (one.lastUsedMs ?? 0) > 0)).toBe(true)
  })
})

twice('a call that the carrier refuses is a rejection and no attempt [S3-31]', async (stage, tag) => {
  const { campaignId, desk, ids } = await sitting(stage, `refused${tag}`, 1)
  const before = await sums()
  await carrier.fail({ creates: '400' })
  await desk.command(say({ type: 'session.start', campaignId, lines: 1 }))
  await until(async () => {
    expect(await sums()).toEqual({ attempted: before.attempted, rejected: before.rejected + 1 })
    expect(await bookOf(ids)).toMatchObject([{ status: 'archived', result: 'refused', attempts: 0 }])
  })
})

twice(
  'a late word of the round does not overwrite a saved outcome, and a repeat counts nothing [S3-61]',
  async (stage, tag) => {
    const { ids } = await sitting(stage, `late${tag}`, 1)
    const [contactId = ''] = ids
    const book = stage.stub('workspace', 'w_test')
    const at = Date.now()
    await book.countAttempt(contactId, `w_test.c_late${tag}.b1.1`, at)
    await book.countAttempt(contactId, `w_test.c_late${tag}.b1.1`, at)
    const callId = `w_test.c_late${tag}.b1.1`
    const saved = { contactId, result: 'yes', note: 'Friday', at: at + 5, by: 'Ada', callId, number: null }
    await book.noteContact(saved)
    const tried = {
      contactId,
      callId: `w_test.c_late${tag}.b1.1`,
      status: 'done',
      result: 'connected',
      at: at + 9,
    } as const
    await book.contactTried(tried)
    expect(await bookOf(ids)).toMatchObject([{ status: 'done', result: 'yes', note: 'Friday', attempts: 1 }])
    // A word of an older round that comes after a newer call changes nothing either.
    await book.countAttempt(contactId, `w_test.c_late${tag}.b2.1`, at + 20)
    await book.contactTried({ ...tried, callId: `w_test.c_late${tag}.b0.1`, status: 'dropped', at: at + 10 })
    expect(await bookOf(ids)).toMatchObject([{ status: 'in-progress', attempts: 2 }])
  },
)

/** A conversation that is over at once, and its row in the log. */
async function shortTalk(
  stage: Stage,
  tag: string,
  conversationMs: number,
): Promise<() => Promise<CallRow | undefined>> {
  const { campaignId, desk, deskId, phones } = await sitting(stage, tag, 1, { conversationMs })
  await desk.command(say({ type: 'session.start', campaignId, lines: 1 }))
  const batchId = `${campaignId}.b1`
  const [sid = ''] = await placed(stage, batchId, 1)
  await stage.stub('batch', batchId).claim(`${batchId}.1`, sid, 'human')
  await until(async () => expect((await stage.peek('desk', deskId).view())?.conversation).not.toBeNull())
  await desk.command(say({ type: 'call.hang-up', callId: `${batchId}.1` }))
  await report(stage, `${batchId}.1`, sid, 'completed')
  const row = async () => {
    const { items } = await logOf(bindings, 'w_test').list({ cursor: null, limit: 50, q: phones[0] ?? '' })
    return items.find(one => one.callId === `${batchId}.1`)
  }
  await until(async () => expect(await row()).toMatchObject({ status: 'hangup', result: 'agent-hung-up' }))
  return row
}

test('under the campaign’s threshold a talk needs a follow-up until an outcome is saved [S3-4] [S3-64]', async () => {
  const [stage, tag] = [plainStage, 'plain']
  const row = await shortTalk(stage, `short${tag}`, 10_000)
  await until(async () => expect(await row()).toMatchObject({ needsFollowUp: true }))
  expect((await row())?.talkedMs).toBeLessThan(10_000)
  const desk = stage.stub('desk', `w_test.d_short${tag}`)
  const callId = `w_test.c_short${tag}.b1.1`
  await desk.command(say({ type: 'outcome.saved', callId, outcomeId: 'yes' }))
  await until(async () => expect(await row()).toMatchObject({ needsFollowUp: false, outcome: 'yes' }))
})

test('without a threshold every talk counts [S3-64]', async () => {
  const [stage, tag] = [plainStage, 'plain']
  const row = await shortTalk(stage, `any${tag}`, 0)
  await until(async () => {
    const stored = await logOf(bindings, 'w_test').detail(`w_test.c_any${tag}.b1.1`)
    expect(stored).toContain('attempt-ended')
  })
  expect(await row()).toMatchObject({ needsFollowUp: false })
})

test('a contact whom an AI agent has called is done or may be called again, and never stays in progress [S3-5]', async () => {
  const book = plainStage.stub('workspace', 'w_test')
  await book.setProfile('Acme', 'Acme', '+14155550100')
  await book.saveAiAgent('ai_truth', aiAgentBody.parse({ name: 'Robin', prompt: 'Help.' }), 'Root')
  const number = '+14155557700'
  await plainStage.stub('trunk', 'w_test').saveNumber({ number, name: '', deskId: null, inFlightCap: 9, cooldownMs: 0 })
  const none = { lastName: '', company: '', timeZone: null, postcode: null, extension: null }
  const people = ['talked', 'busy'].map((contactId, n) => ({
    ...{ contactId: `ai_${contactId}`, firstName: contactId, phone: `+1415555773${n}` },
    ...none,
  }))
  await book.saveContacts(people)
  for (const { contactId } of people) {
    const answer = await request('/api/ai/agents/ai_truth/calls', {
      method: 'POST',
      headers: { Cookie: cookies.ada ?? '', 'Content-Type': 'application/json' },
      body: JSON.stringify({ contactId, consent: 'agreed on our page' }),
    })
    expect(answer.status, await answer.clone().text()).toBe(201)
    const { callId, callSid } = await answer.json<{ callId: string; callSid: string }>()
    await until(async () => expect(await bookOf([contactId])).toMatchObject([{ status: 'in-progress', attempts: 1 }]))
    const call = plainStage.stub('call', callId)
    const word = (status: 'in-progress' | 'completed' | 'busy') =>
      call.deliver({ type: 'call.reported', at: Date.now(), providerId: callSid, status }, null)
    if (contactId === 'ai_talked') await word('in-progress')
    await word(contactId === 'ai_talked' ? 'completed' : 'busy')
  }
  await until(async () =>
    expect(await bookOf(['ai_talked', 'ai_busy'])).toMatchObject([
      { status: 'done', result: 'connected', attempts: 1 },
      { status: 'active', result: 'busy', attempts: 1 },
    ]),
  )
})
