/** Query parameters: what a row does not know, what is given twice, and cursors that no list gave. */
import { beforeAll, expect, test } from 'vitest'
import { methodOf, pathOf, type Rows } from '../../src/wire/routes/row.ts'
import { routes } from '../../src/wire/routes/table.ts'
import { cookieOf, migrated, request } from './stage.ts'

let cookie = ''
beforeAll(async () => {
  await migrated()
  cookie = await cookieOf('root')
})

async function refusal(path: string, init: RequestInit = {}): Promise<{ status: number; fields: unknown }> {
  const answer = await request(path, { ...init, headers: { ...init.headers, Cookie: cookie } })
  const { fields } = (await answer.json()) as { fields?: unknown }
  return { status: answer.status, fields }
}
const naming = (field: string) => ({
  status: 400,
  fields: expect.arrayContaining([expect.objectContaining({ field })]),
})

// An id in the path is looked for first; `test/actors/tenants.test.ts` has those rows.
const OPEN = Object.entries(routes as Rows).filter(([name, row]) => !pathOf(name).includes(':') && !row.body)

test.each(OPEN)('%s: a parameter that the row does not know, or that is given twice, is named', async (name, row) => {
  const headers: Record<string, string> = row.gives === 'socket' ? { Upgrade: 'websocket' } : {}
  const ask = (query: string) => refusal(`${pathOf(name)}?${query}`, { method: methodOf(name), headers })
  expect(await ask('surprise=1')).toEqual(naming('surprise'))
  expect(await ask('limit=1&limit=zz')).toEqual(naming('limit'))
})

test('a POST with a body takes no query either', async () => {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"ids":[]}' }
  expect(await refusal('/api/contacts/batch?dryRun=1', init)).toEqual(naming('dryRun'))
})

test.each(['calls', 'contacts', 'members', 'events'])('/api/%s: a cursor that no page gave is 400', async list => {
  for (const cursor of ['zz', '~~', '2026-13~1', '1999-01~5~w_test.call_1', 'calls~', 'members', 'before~x~y'])
    expect(await refusal(`/api/${list}?cursor=${encodeURIComponent(cursor)}`), cursor).toEqual(naming('cursor'))
})

test('contacts are read page by page with the cursors that the pages give', async () => {
  const contacts = ['p_1', 'p_2', 'p_3'].map(contactId => ({ contactId, phone: '+14155550177' }))
  const headers = { Cookie: cookie, 'Content-Type': 'application/json' }
  await request('/api/contacts', { method: 'POST', headers, body: JSON.stringify({ contacts }) })
  const read: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await request(`/api/contacts?limit=2${cursor && `&cursor=${cursor}`}`, { headers })
    const page = (await answer.json()) as { items: { contactId: string }[]; next: string | null }
    read.push(...page.items.map(one => one.contactId))
    cursor = page.next
  }
  expect(read).toEqual(['p_1', 'p_2', 'p_3'])
})
