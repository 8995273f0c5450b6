/** The call log's filters search the whole log, not the pages that a screen has loaded. */
import { beforeAll, expect, test } from 'vitest'
import { logOf } from '../../src/actors/stubs.ts'
import type { CallRow, List } from '../../src/wire/api.ts'
import { bindings, cookieOf, migrated, request } from './stage.ts'

const LINKS = { batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
let cookie = ''

/** 130 calls; those that the filters look for are the oldest, so that no first page has them. */
beforeAll(async () => {
  await migrated()
  cookie = await cookieOf('root')
  const log = logOf(bindings, 'w_test')
  for (let n = 0; n < 130; n += 1) {
    const odd = n < 3
    const callId = `w_test.call_log${n}`
    const personal = {
      to: odd ? `+4930123450${n}` : `+1415555${1000 + n}`,
      from: '+14155550001',
      name: odd ? '100% Öko_Haus' : 'Ann',
    }
    const at = Date.now() - 1_000_000 + n
    const links = { ...LINKS, kind: 'single' }
    const facts = [
      { seq: 1, about: { call: callId }, fact: { type: 'call-created', at, links, personal } },
      ...(n === 1
        ? [
            {
              seq: 2,
              about: { call: callId },
              fact: { type: 'outcome-saved', at, callId, outcomeId: 'sold', personal: { note: 'wants a quote' } },
            },
          ]
        : []),
    ]
    await log.hear(callId, JSON.stringify(facts))
  }
})

async function found(query: string): Promise<string[]> {
  const answer = await request(`/api/calls?limit=50&${query}`, { headers: { Cookie: cookie } })
  expect(answer.status).toBe(200)
  const { items } = (await answer.json()) as List<CallRow>
  return items.map(row => row.callId).sort()
}

test.each([
  ['a part of a name', `q=${encodeURIComponent('Ök')}`, [0, 1, 2]],
  ['a name with signs of a pattern', `q=${encodeURIComponent('100% Ö')}`, [0, 1, 2]],
  ['a sign that is in no other name', `q=${encodeURIComponent('o_H')}`, [0, 1, 2]],
  ['digits, however they are written', `q=${encodeURIComponent('(30) 1234-502')}`, [2]],
  ['a word of the note', 'q=quote', [1]],
  ['an outcome', 'outcome=sold', [1]],
  ['a direction', 'direction=inbound', []],
  ['two at once', 'outcome=sold&direction=outbound', [1]],
] as [string, string, number[]][])('%s finds what is on no loaded page', async (_name, query, rows) => {
  expect(await found(query)).toEqual(rows.map(n => `w_test.call_log${n}`))
})

test('a filter that the route does not know is refused with its name', async () => {
  const answer = await request('/api/calls?text=Ann', { headers: { Cookie: cookie } })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ fields: [{ field: 'text' }] })
})

test('the log as a table has the filtered calls, whole, and nothing that a spreadsheet takes for a formula', async () => {
  const table = async (query: string) => {
    const answer = await request(`/api/calls.csv?${query}`, { headers: { Cookie: cookie } })
    expect(answer.headers.get('content-type')).toContain('text/csv')
    return (await answer.text()).trimEnd().split('\r\n')
  }
  const [columns = '', ...all] = await table('')
  expect(columns.split(',').slice(0, 3)).toEqual(['callId', 'created', 'answered'])
  expect(all).toHaveLength(130)
  const [sold = '', ...others] = (await table('outcome=sold')).slice(1)
  expect(others).toEqual([])
  expect(sold).toContain('w_test.call_log1,')
  expect(sold).toContain(",100% Öko_Haus,'+49301234501,")
})
