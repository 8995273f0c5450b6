/** Who asked not to be called stays listed: whatever had listed them before, whichever number was called, however the outcome is spelled. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import {
  agentOfAi,
  book,
  dialled,
  importList,
  listedWith,
  openWorkspace,
  patchContact,
  post,
  ruleFor,
  stranger,
} from './gate-stage.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, carrier, cookieOf, plainStage, request, type Stage, until } from './stage.ts'

beforeAll(openWorkspace)
beforeEach(async () => {
  await carrier.reset()
})

/** The ways in which a person asks not to be called, each for a number that stood on an imported list before. */
const ASKED_BY: [string, (number: string) => Promise<unknown>][] = [
  ['told an AI agent', number => book().optOut({ number, because: 'asked an AI agent' })],
  ['pressed a key', number => book().optOut({ number, because: 'a key on the phone' })],
  ['was added by hand', number => post('ada', '/api/do-not-call', { number })],
  ['stands on another import', number => importList('second', [number])],
  [
    'told an agent, who saved the outcome',
    async number => {
      await post('sam', '/api/contacts', { contacts: [{ contactId: 'imported', phone: number }] })
      await patchContact('imported', { result: 'do-not-call' })
    },
  ],
]

test.each(ASKED_BY)(
  'somebody who stood on an imported list and %s stays listed when the import is withdrawn [C1]',
  async (_, ask) => {
    const [number, other] = [stranger(), stranger()]
    const importId = `wrong${number.slice(-4)}`
    expect((await importList(importId, [number, other, number])).body).toMatchObject({ added: 2, known: 1 })
    await ask(number)
    const withdrawn = await post('sam', '/api/do-not-call/removals', { importId, reason: 'the file was the wrong one' })
    expect(withdrawn).toMatchObject({ status: 200, body: { removed: 2, stillListed: 1 } })
    expect(await ruleFor(number)).toBe('do-not-call')
    expect(await ruleFor(other)).toBeNull()
  },
)

test('a supervisor takes a number off whatever listed it, and what each source had said stays on record [C1]', async () => {
  const number = stranger()
  await importList('whole', [number])
  await book().optOut({ number, because: 'asked an AI agent' })
  const [row] = (await listedWith(number)) as { sources: { source: string }[] }[]
  expect(row?.sources.map(one => one.source).sort()).toEqual(['asked an AI agent', 'import:whole'])
  const removal = { number, reason: 'asked by letter to be called again' }
  expect((await post('sam', '/api/do-not-call/removals', removal)).body).toEqual({ removed: 1, stillListed: 0 })
  expect(await ruleFor(number)).toBeNull()
  expect(await listedWith(number)).toEqual([])
  const record = await request('/api/do-not-call/removals', { headers: { Cookie: await cookieOf('sam') } })
  const { items } = (await record.json()) as { items: { number: string; source: string; by: string }[] }
  const mine = items.filter(one => one.number === number)
  expect(mine.map(one => one.source).sort()).toEqual(['asked an AI agent', 'import:whole'])
  expect(mine.every(one => one.by === 'Sam')).toBe(true)
})

test('pages of the list leave nobody out, also where a number begins with a listed area [C1]', async () => {
  const register = stubFor(bindings, 'trunk', 'w_gatepages')
  const entry = { campaignId: null, source: 'by hand', by: 'Sam', note: '' }
  const numbers = ['+14155557001', '+14155557002', '+14155557003']
  await register.addToList([
    { ...entry, number: '+1415', area: true },
    ...numbers.map(number => ({ ...entry, number, area: false })),
    { ...entry, number: '+14155557002', area: false, source: 'import:p' },
  ])
  const found: string[] = []
  for (let after: string | null = null; ; ) {
    const { items, next } = await register.listed({ after, limit: 1, q: '', campaignId: null })
    found.push(...items.map(one => one.number))
    if (next === null) break
    after = next
  }
  expect(found).toEqual(['+1415', ...numbers])
})

/** An agent who is in a conversation with the one contact of a campaign. */
async function talking(stage: Stage, tag: string, contactId: string, phone: string) {
  const { deskId, campaignId } = await dialled(stage, tag, [phone], [contactId])
  const callId = `${campaignId}.b1.1`
  await until(async () => expect(await carrier.creates(phone)).toHaveLength(1))
  const sid = (await stage.stub('call', callId).placed(5_000)).providerId ?? ''
  await stage.stub('batch', `${campaignId}.b1`).claim(callId, sid, 'human')
  const desk = stage.stub('desk', deskId)
  await until(async () => expect((await stage.peek('desk', deskId).view())?.conversation?.callId).toBe(callId))
  return { desk, deskId, callId, sid }
}

async function hungUp(stage: Stage, { desk, deskId, callId, sid }: Awaited<ReturnType<typeof talking>>) {
  await desk.command(say({ type: 'call.hang-up', callId }))
  await stage
    .stub('call', callId)
    .deliver({ type: 'call.reported', at: Date.now(), providerId: sid, status: 'completed' }, `end-${callId}`)
  await until(async () => expect((await stage.peek('desk', deskId).view())?.conversation).toBeNull())
}

test('the outcome do-not-call lists the number that was called, and the one that the book has by then [C1]', async () => {
  const [called, stored] = [stranger(), stranger()]
  const talk = await talking(plainStage, 'moved', 'moved', called)
  await post('sam', '/api/contacts', { contacts: [{ contactId: 'moved', phone: stored }] })
  await hungUp(plainStage, talk)
  const saved = say({ type: 'outcome.saved', callId: talk.callId, outcomeId: 'do-not-call' })
  expect(await talk.desk.command(saved)).toMatchObject({ type: 'accepted' })
  await until(async () =>
    expect([await ruleFor(called), await ruleFor(stored)]).toEqual(['do-not-call', 'do-not-call']),
  )
})

test('an outcome of the API that names its call lists the number that was called as well [C1]', async () => {
  const [called, stored] = [stranger(), stranger()]
  const talk = await talking(plainStage, 'named', 'named', called)
  await hungUp(plainStage, talk)
  await post('sam', '/api/contacts', { contacts: [{ contactId: 'y1', phone: stored }] })
  expect(await patchContact('y1', { result: 'DNC', callSid: talk.sid })).toMatchObject({
    status: 200,
    body: { status: 'dnc', result: 'do-not-call' },
  })
  expect([await ruleFor(called), await ruleFor(stored)]).toEqual(['do-not-call', 'do-not-call'])
})

test('who asks not to be called is listed with the numbers that they had before, which a campaign may still have [C1]', async () => {
  const [old, now] = [stranger(), stranger()]
  for (const phone of [old, now]) await post('sam', '/api/contacts', { contacts: [{ contactId: 'former', phone }] })
  await patchContact('former', { result: 'opt-out' })
  expect([await ruleFor(old), await ruleFor(now)]).toEqual(['do-not-call', 'do-not-call'])
})

test('a marked contact is not called on another number, by import, by hand or by an AI agent [C1]', async () => {
  const [first, second, third] = [stranger(), stranger(), stranger()]
  const add = (phone: string) => post('sam', '/api/contacts', { contacts: ['no row', { contactId: 'q0', phone }] })
  await add(first)
  expect(await patchContact('q0', { result: 'do_not_call' })).toMatchObject({ body: { status: 'dnc' } })
  expect((await add(second)).body.warnings).toEqual([
    { field: 'contacts.1.phone', message: expect.stringContaining('do-not-call list') },
  ])
  expect(await ruleFor(second)).toBe('do-not-call')
  const contacts = [{ contactId: 'q0', phone: third }]
  const byHand = await post('ada', '/api/campaign/call-campaign', { contacts: [{ id: 'q0', phone: third }] })
  expect(JSON.stringify(byHand.body)).toContain('asked not to be called')
  const agentId = await agentOfAi()
  const byAi = { toNumber: third, contactId: 'q0', consent: 'signed up on our page' }
  expect(await post('ada', `/api/ai/agents/${agentId}/calls`, byAi)).toMatchObject({
    status: 422,
    body: { fields: [{ field: 'toNumber', message: 'do-not-call' }] },
  })
  await stubFor(bindings, 'campaign', 'w_test.c_q0').configure(SETTINGS)
  await book().saveCampaign('w_test.c_q0', 'q0', 1)
  const into = await post('sam', '/api/campaigns/w_test.c_q0/contacts', { contacts })
  expect(into.body).toMatchObject({ added: 1, warnings: [{ field: 'contacts.0.phone' }] })
  expect(await ruleFor(third)).toBe('do-not-call')
  expect(await carrier.creates(third)).toEqual([])
})

test('a person whom a supervisor takes off the list loses the mark, so that a new number is called [C1]', async () => {
  const [number, next] = [stranger(), stranger()]
  const add = (phone: string) => post('sam', '/api/contacts', { contacts: [{ contactId: 'lifted', phone }] })
  await add(number)
  await patchContact('lifted', { result: 'do-not-call' })
  await post('sam', '/api/do-not-call/removals', { number, reason: 'asked by letter to be called again' })
  expect(await book().contacts(['lifted'])).toMatchObject([{ status: 'active', result: null }])
  expect((await add(next)).body.warnings).toEqual([])
  expect([await ruleFor(number), await ruleFor(next)]).toEqual([null, null])
})

test('a number that is added by hand marks its contact [C1]', async () => {
  const [number, next] = [stranger(), stranger()]
  const add = (phone: string) => post('sam', '/api/contacts', { contacts: [{ contactId: 'byhand', phone }] })
  await add(number)
  await post('ada', '/api/do-not-call', { number, note: 'said so in the shop' })
  expect(await book().contacts(['byhand'])).toMatchObject([{ status: 'dnc' }])
  await add(next)
  expect(await ruleFor(next)).toBe('do-not-call')
})

test.each([
  [-1, 'before the year 2000'],
  [Math.floor(Date.now() / 1_000), 'milliseconds'],
  [Date.now() + 86_400_000, 'in the future'],
  ['2099-01-01T00:00:00Z', 'in the future'],
  ['yesterday', 'not a time'],
  [Number.MAX_VALUE, 'not a time'],
])('an outcome at %s is refused with its field, and changes nothing [C1]', async (timestamp, words) => {
  const phone = stranger()
  await post('sam', '/api/contacts', { contacts: [{ contactId: 'timed', phone }] })
  expect(await patchContact('timed', { result: 'do-not-call', timestamp })).toMatchObject({
    status: 400,
    body: { fields: [{ field: 'timestamp', message: expect.stringContaining(words) }] },
  })
  expect(await ruleFor(phone)).toBeNull()
})

test('a campaign whose outcome is called do not call has its id, so that no key saves something else [C1]', async () => {
  const of = (outcomeId: string) => ({ name: 'Keys', outcomes: [{ key: 1, outcomeId, label: 'Do not call' }] })
  expect(await post('sam', '/api/campaigns', of('bad'))).toMatchObject({
    status: 400,
    body: { fields: [{ field: 'outcomes.0.outcomeId' }] },
  })
  expect((await post('sam', '/api/campaigns', of('dnc'))).status).toBe(201)
})

test('an agent lists the person of a call by hand with one command, during it and after it, under their name [C1]', async () => {
  const { desk } = await deskWithLine(plainStage, 'w_test.d_pressed')
  for (const when of ['during', 'after'] as const) {
    const number = stranger()
    expect(await desk.command(say({ type: 'single.dial', phone: number }))).toMatchObject({ type: 'accepted' })
    await until(async () => expect(await carrier.creates(number)).toHaveLength(1))
    const callId = (await desk.view())?.lanes[0]?.callId ?? ''
    const sid = (await stubFor(bindings, 'call', callId).placed(5_000)).providerId ?? ''
    await stubFor(bindings, 'batch', callId.slice(0, callId.lastIndexOf('.'))).claim(callId, sid, null)
    await until(async () => expect((await desk.view())?.conversation?.callId).toBe(callId))
    const press = () => desk.command(say({ type: 'call.do-not-call', callId }))
    if (when === 'during') await press()
    await hungUp(plainStage, { desk, deskId: 'w_test.d_pressed', callId, sid })
    expect((await desk.view())?.outcomes).toEqual([])
    if (when === 'after') await press()
    expect(await press()).toMatchObject({ type: 'refused', reason: 'already-listed' })
    await until(async () => expect(await ruleFor(number)).toBe('do-not-call'))
    expect(await listedWith(number)).toMatchObject([{ sources: [{ source: 'told an agent', by: 'Ada' }] }])
  }
})
