/** What may be put on record about consents, areas and checks, and by whom. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { agentOfAi, book, openWorkspace, post, ruleFor, stranger, trunk } from './gate-stage.ts'
import { SETTINGS } from './sitting.ts'
import { bindings, carrier, cookieOf, request } from './stage.ts'

beforeAll(openWorkspace)
beforeEach(async () => {
  await carrier.reset()
})

const field = (name: string, message: unknown = expect.any(String)) => ({
  fields: expect.arrayContaining([{ field: name, message }]),
})
const REASON = 'the whole area was listed by mistake'

test('an agent lists no area, and a supervisor lists and removes one [C1]', async () => {
  const area = '+1628'
  expect(await post('ada', '/api/do-not-call', { area })).toMatchObject({ status: 403, body: field('area') })
  expect(await ruleFor('+16285550101')).toBeNull()
  expect(await post('sam', '/api/do-not-call', { area })).toMatchObject({ status: 201, body: { added: true } })
  expect(await ruleFor('+16285550101')).toBe('do-not-call')
  const removal = { area, reason: REASON }
  expect((await post('ada', '/api/do-not-call/removals', removal)).status).toBe(403)
  expect(await post('sam', '/api/do-not-call/removals', removal)).toMatchObject({ status: 200, body: { removed: 1 } })
  expect(await ruleFor('+16285550101')).toBeNull()
  expect(await post('sam', '/api/do-not-call/removals', removal)).toMatchObject({ status: 404, body: field('area') })
})

test.each([
  ['+1', 'a whole country'],
  ['+12', 'a whole country'],
  ['+121', 'a whole country'],
  ['+44', 'a whole country'],
  ['+4', 'no country'],
  ['+99', 'no country'],
  ['+353', 'a whole country'],
  ['1415', 'a plus'],
])(
  'nobody lists %s as an area, not even an admin: countries are set by the calling rules [C1]',
  async (area, words) => {
    const body = field('area', expect.stringContaining(words))
    for (const who of ['sam', 'root'])
      expect(await post(who, '/api/do-not-call', { area })).toMatchObject({ status: 400, body })
  },
)

test.each(['+1415', '+331', '+4420', '+35387', '+88216'])('%s is an area [C1]', async area => {
  expect((await post('sam', '/api/do-not-call', { area })).status).toBe(201)
  await post('sam', '/api/do-not-call/removals', { area, reason: REASON })
})

test('a number off the list that an area still lists is answered so [C1]', async () => {
  const number = '+16285550199'
  await post('sam', '/api/do-not-call', { number })
  await post('sam', '/api/do-not-call', { area: '+1628' })
  const off = await post('sam', '/api/do-not-call/removals', { number, reason: REASON })
  expect(off.body).toEqual({ removed: 1, stillListed: 1 })
  expect(await ruleFor(number)).toBe('do-not-call')
  await post('sam', '/api/do-not-call/removals', { area: '+1628', reason: REASON })
})

test.each([
  ['a NUL', 'said so\u0000 twice'],
  ['half a character', 'said so \ud800 twice'],
])('%s in a note, a reason or the words of a consent is refused with its field [C1]', async (_, text) => {
  const number = stranger()
  const agentId = await agentOfAi()
  const asks: [string, object, string][] = [
    ['/api/do-not-call', { number, note: text }, 'note'],
    ['/api/do-not-call', { number, campaignId: text }, 'campaignId'],
    ['/api/do-not-call/removals', { number, reason: text }, 'reason'],
    ['/api/consents', { consents: [{ number, source: text }] }, 'consents.0.source'],
    ['/api/clearance/checks', { number, postcode: text.slice(0, 12) }, 'postcode'],
    [`/api/ai/agents/${agentId}/calls`, { toNumber: number, consent: text }, 'consent'],
    ['/twilio/outbound/call', { toNumber: number, consent: text }, 'consent'],
  ]
  for (const [path, body, name] of asks)
    expect(await post('sam', path, body), path).toMatchObject({ status: 400, body: field(name) })
  expect(await ruleFor(number)).toBeNull()
})

test('a consent of the future is refused, and one whose clock is a minute ahead is of now [C1]', async () => {
  const number = stranger()
  const given = (at: number) => ({ consents: [{ number, source: 'our form', given: new Date(at).toISOString() }] })
  const later = await post('sam', '/api/consents', given(Date.UTC(2099, 0)))
  expect(later).toMatchObject({ status: 400, body: field('consents.0.given', 'in the future') })
  expect(await trunk().consentsOf(number)).toEqual([])
  expect((await post('sam', '/api/consents', given(Date.now() + 60_000))).status).toBe(201)
  const [consent] = await trunk().consentsOf(number)
  expect(consent?.givenMs).toBeLessThanOrEqual(Date.now())
})

test('a consent that an agent states with a call needs words, and stands on record as theirs [C1]', async () => {
  const number = stranger()
  const agentId = await agentOfAi()
  const call = (consent: string) => post('ada', `/api/ai/agents/${agentId}/calls`, { toNumber: number, consent })
  for (const consent of ['abc', 'yes yes', 'abcdefghijklmnop', '            x'])
    expect(await call(consent), consent).toMatchObject({ status: 400, body: field('consent') })
  expect(await trunk().consentsOf(number)).toEqual([])
  await call('signed up on our page')
  expect(await trunk().consentsOf(number)).toMatchObject([
    { source: 'stated with a call: signed up on our page', by: 'Ada' },
  ])
})

test.each([
  ['timeZone', 'Nope'],
  ['timeZone', '+05:00'],
  ['campaignId', 'w_test.c_none'],
  ['campaignId', 'w_other.c_1'],
  ['campaignId', ''],
])('a check with the %s %s is refused with its field instead of being answered [C1]', async (name, value) => {
  const number = stranger()
  const check = await post('ada', '/api/clearance/checks', { number, [name]: value })
  expect(check).toMatchObject({ status: 400, body: field(name) })
})

test('a check for a campaign asks its list, and a zone may be named in another way [C1]', async () => {
  const number = stranger()
  const campaignId = 'w_test.c_checked'
  await stubFor(bindings, 'campaign', campaignId).configure(SETTINGS)
  await book().saveCampaign(campaignId, 'Checked', 1)
  await post('sam', '/api/do-not-call', { number, campaignId })
  const check = { number, campaignId, timeZone: 'Pacific Time (US & Canada)' }
  expect((await post('ada', '/api/clearance/checks', check)).body.rule).toBe('do-not-call')
  expect((await post('ada', '/api/clearance/checks', { ...check, campaignId: null })).body.rule).toBeNull()
  const wrong = await request('/api/do-not-call/imports', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: await cookieOf('sam') },
    body: JSON.stringify({ importId: 'nowhere', numbers: [number], campaignId: 'w_test.c_none' }),
  })
  expect(wrong.status).toBe(400)
})
