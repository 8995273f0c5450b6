/** Lists of people: read row by row, judged, mended, saved, undone; by the API as a program uses it. */
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Contact } from '../../src/wire/api.ts'
import type { ShownImport, ShownRow } from '../../src/wire/import.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, migrated, request, until } from './stage.ts'

let sam = {} as Person
beforeAll(async () => {
  await migrated()
  sam = await person('Sam', 'supervisor')
}, 60_000)

async function json<T>(endpoint: string, body?: object): Promise<T> {
  const answer = await ask(sam, endpoint, body)
  expect(answer.status, `${endpoint} ${await answer.clone().text()}`).toBeLessThan(300)
  return answer.json<T>()
}
const made = (more: object = {}) => json<ShownImport>('POST /api/imports', { name: 'List', country: 'US', ...more })
function send(importId: string, file: BodyInit): Promise<Response> {
  const headers = { Cookie: sam.cookie, 'Content-Type': 'text/csv' }
  return request(`/api/imports/${importId}/file`, { method: 'PUT', headers, body: file })
}
async function listed(file: BodyInit, more: object = {}): Promise<ShownImport> {
  const { importId } = await made(more)
  const answer = await send(importId, file)
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json<ShownImport>()
}
const read = (importId: string) => json<ShownImport>(`GET /api/imports/${importId}`)
const rowsOf = async (importId: string, query = '') =>
  (await json<{ items: ShownRow[] }>(`GET /api/imports/${importId}/rows${query}`)).items
async function reaches(importId: string, phase: ShownImport['phase']): Promise<ShownImport> {
  await until(async () => expect((await read(importId)).phase).toBe(phase))
  return read(importId)
}
const contactAt = async (phone: string): Promise<Contact | null> => {
  const answer = await ask(sam, `GET /api/contacts/lookup-by-phone?phone=${encodeURIComponent(phone)}`)
  return answer.status === 404 ? null : answer.json<Contact>()
}

test('every row of a list gets its verdict, bad ones with the field and why, and nothing is saved before somebody says so [C5]', async () => {
  const file = [
    'Vorname;Nachname;Firma;Telefon;Zeitzone',
    'Ada;"Ok; afor";Lights;(415) 555-0310;Pacific Standard Time',
    'Bo;;;;',
    'Cy;;;1.4155550311E+10;',
    'Di;;;1.41556E+10;',
    'Ed;;;+1 415 555 0310;',
    'Flo;;;415 555 0312;Pacific Time (US & Canada',
    'Gus;;;415-555-0313 x12;',
  ].join('\r\n')
  const one = await listed(file)
  expect(one).toMatchObject({ phase: 'checked', rows: 7, separator: ';', header: true, saved: 0 })
  expect(one.columns).toEqual(['firstName', 'lastName', 'company', 'phone', 'timeZone'])
  expect(one.counts).toEqual({ ok: 1, fixed: 2, update: 0, known: 0, duplicate: 1, refused: 3 })
  const said = (await rowsOf(one.importId)).map(({ n, verdict, field, message }) => [n, verdict, field, message])
  expect(said).toEqual([
    [2, 'fixed', 'timeZone', 'read as America/Los_Angeles'],
    [3, 'refused', 'phone', 'there is no number'],
    [4, 'fixed', 'phone', 'a spreadsheet had made a decimal number of it'],
    [5, 'refused', 'phone', expect.stringContaining('digits are lost')],
    [6, 'duplicate', 'phone', 'the same number as row 2'],
    [7, 'refused', 'timeZone', 'not the name of a time zone'],
    [8, 'ok', null, ''],
  ])
  expect(await contactAt('+14155550310')).toBeNull()
})

test('rows are mended in place, the rest is imported, and undoing takes back whom nobody has called', async () => {
  const one = await listed('name,phone\nAda Okafor,4155550320\nBo Lee,555\nCy Roe,4155550321\nDi Poe,4155550322\n')
  const { importId } = one
  const fixed = await json<ShownRow>(`PUT /api/imports/${importId}/rows/3`, { cells: ['Bo Lee', '415 555 0323'] })
  expect(fixed).toMatchObject({ n: 3, verdict: 'ok', number: '+14155550323', saved: false })
  await json(`POST /api/imports/${importId}/commit`)
  expect(await reaches(importId, 'imported')).toMatchObject({ saved: 4 })
  const ada = await contactAt('+14155550320')
  expect(ada).toMatchObject({ firstName: 'Ada', lastName: 'Okafor' })
  const called = (await contactAt('+14155550321')) as Contact
  await stubFor(bindings, 'workspace', 'w_test').countAttempt(called.contactId, 'w_test.call_import1', Date.now())
  await json(`POST /api/imports/${importId}/undo`)
  expect(await reaches(importId, 'undone')).toMatchObject({ kept: 1, saved: 1 })
  expect(await contactAt('+14155550320')).toBeNull()
  expect(await contactAt('+14155550321')).not.toBeNull()
})
