/** Lists of people: read row by row, judged, mended, saved, undone; by the API as a program uses it. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import type { ImportActor } from '../../src/actors/import/actor.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Contact } from '../../src/wire/api.ts'
import type { ShownImport, ShownRow } from '../../src/wire/import.ts'
import { peopleXlsx } from './import-files.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, migrated, request, until } from './stage.ts'

const AREAS = ['503', '505', '513', '515', '518']
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

test('a workbook is read as it is: hidden sheets, dates, formulas, numbers as numbers', async () => {
  const one = await listed(peopleXlsx())
  expect(one).toMatchObject({ kind: 'xlsx', columns: ['fullName', 'company', 'phone', null], rows: 5 })
  const said = (await rowsOf(one.importId)).map(({ n, cells, verdict, number }) => [n, cells[0], verdict, number])
  expect(said).toEqual([
    [2, 'Zoë Müller', 'ok', '+14155550342'],
    [3, 'Bo Lee', 'ok', '+14155550343'],
    [5, 'Cy Roe', 'refused', null],
    [6, 'Di Poe', 'ok', '+14155550344'],
    [7, 'Ed Foe', 'refused', null],
  ])
  const [, , date, , lost] = await rowsOf(one.importId)
  expect(date).toMatchObject({ field: 'phone', message: expect.stringContaining('a date of it') })
  expect(lost?.message).toContain('digits are lost')
})

test('what is no list is refused with words, and the import takes another file', async () => {
  const { importId } = await made()
  const files: [string, BodyInit, string][] = [
    ['empty', '', 'is empty'],
    ['blank', '\n\n ; ;\n', 'the file has no rows'],
    ['cut off', peopleXlsx().slice(0, 4_000), 'damaged'],
    ['zip', new Uint8Array([0x50, 0x4b, 3, 4, ...new Uint8Array(60)]), 'damaged'],
    ['old Excel', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]), 'old or a locked Excel file'],
    ['long', `phone,note\n${Array(14).fill('x'.repeat(31_000)).join(',')}\n`, 'row 2 is longer than'],
    ['quote', 'name,phone\n"Ada,4155550330\nBo,4155550331\n', 'row 2 has a quote that is never closed'],
  ]
  for (const [name, file, words] of files) {
    const answer = await send(importId, file)
    expect([400, 422], `${name} ${answer.status}`).toContain(answer.status)
    expect(await answer.text(), name).toContain(words)
  }
  expect((await send(importId, 'phone\n4155550332\n')).status).toBe(200)
  expect(await read(importId)).toMatchObject({ phase: 'checked', rows: 1, problem: null })
})

test('what the columns are is remembered for the next list with this header', async () => {
  const file = 'Who,Reach\nAda,4155550333\n'
  const one = await listed(file)
  expect(one.columns).toEqual([null, 'phone'])
  const settings = { country: 'US', header: true, columns: ['lastName', 'phone'] }
  await json(`PUT /api/imports/${one.importId}/settings`, settings)
  expect((await reaches(one.importId, 'checked')).counts.ok).toBe(1)
  expect((await listed(file)).columns).toEqual(['lastName', 'phone'])
})

test('who is in the book already is updated by id and left alone by number; what the list leaves empty stays', async () => {
  const first = await listed('id,first name,last name,company,phone\nE1,Ada,Okafor,Lights,4155550350\n', {
    upTo: 'import',
  })
  await reaches(first.importId, 'imported')
  const second = await listed(
    'id,first name,last name,phone\nE1,Ada,,4155550351\nE2,Ada,Again,4155550351\n,Bo,Lee,4155550352\n',
  )
  expect((await rowsOf(second.importId)).map(one => one.verdict)).toEqual(['update', 'duplicate', 'ok'])
  await json(`POST /api/imports/${second.importId}/commit`)
  await reaches(second.importId, 'imported')
  const changed = { contactId: 'E1', firstName: 'Ada', lastName: 'Okafor', company: 'Lights', phone: '+14155550351' }
  expect(await contactAt('+14155550351')).toMatchObject(changed)
  const third = await listed('name,phone\nSomebody Else,4155550352\n', { upTo: 'import' })
  await reaches(third.importId, 'imported')
  expect((await rowsOf(third.importId))[0]).toMatchObject({ verdict: 'known', saved: true })
  expect(await contactAt('+14155550352')).toMatchObject({ firstName: 'Bo' })
  // Bo is in the third list as well, so the second one does not take Bo back.
  await json(`POST /api/imports/${second.importId}/undo`)
  expect(await reaches(second.importId, 'undone')).toMatchObject({ kept: 1 })
  expect(await contactAt('+14155550352')).not.toBeNull()
})

test('somebody who asked not to be called stays so, under another number and in another list [C1]', async () => {
  const before = await listed('id,phone\nD1,4155550360\n', { upTo: 'import' })
  await reaches(before.importId, 'imported')
  await json('PATCH /api/contacts/D1', { result: 'do-not-call' })
  const again = await listed('id,phone\nD1,4155550361\n,4155550360\n', { upTo: 'import' })
  await reaches(again.importId, 'imported')
  expect(await contactAt('+14155550361')).toMatchObject({ contactId: 'D1', status: 'dnc' })
  const check = await json<{ ok: boolean }>('POST /api/clearance/checks', { number: '+14155550361' })
  expect(JSON.stringify(check)).toContain('do-not-call')
})

test('a campaign gets the people of a list, those too whom the book had, and undoing takes them out of it', async () => {
  const old = await listed('name,phone\nOld Hand,4155550370\n', { upTo: 'import' })
  await reaches(old.importId, 'imported')
  const one = await listed(
    'name,phone,ai consent\nOld Hand,4155550370,no\nNew Ada,4155550371,yes\nNew Bo,4155550372,no\n',
    {
      upTo: 'import',
    },
  )
  await reaches(one.importId, 'imported')
  const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
  const { campaignId } = await json<{ campaignId: string }>('POST /api/campaigns', { name: 'Autumn', outcomes })
  await json(`POST /api/imports/${one.importId}/campaigns`, { campaignId })
  expect(await reaches(one.importId, 'imported')).toMatchObject({ filled: 3, campaigns: [campaignId] })
  const total = async () => (await json<{ contactsTotal: number }>(`GET /api/campaigns/${campaignId}`)).contactsTotal
  expect(await total()).toBe(3)
  await json(`POST /api/imports/${one.importId}/undo`)
  expect(await reaches(one.importId, 'undone')).toMatchObject({ kept: 0 })
  expect(await total()).toBe(1)
  expect(await contactAt('+14155550371')).toBeNull()
  expect(await contactAt('+14155550370')).not.toBeNull()
})

test('an import goes on where it was when its object loses its memory, and nobody is saved twice or left out', async () => {
  const rows = Array.from({ length: 2_500 }, (_, n) => `${n},${AREAS[n % 5]}555${String(n).padStart(4, '0')}`)
  const one = await listed(`last name,phone\n${rows.join('\n')}\n`)
  const good = one.counts.ok
  expect(good).toBeGreaterThan(2_000)
  await json(`POST /api/imports/${one.importId}/commit`)
  await reaches(one.importId, 'imported')
  const stub = stubFor(bindings, 'import', one.importId)
  // As it was when 1,000 rows were done and written down, and 200 more were saved and not written down.
  await runInDurableObject(stub as unknown as DurableObjectStub, async (_, { storage }) => {
    storage.sql.exec("UPDATE import SET body = json_set(body, '$.phase', 'importing', '$.cursor', 1000)")
    storage.sql.exec('UPDATE rows SET saved = 0 WHERE n > 1000')
    const book = stubFor(bindings, 'workspace', 'w_test')
    const ids = storage.sql.exec('SELECT contact_id FROM rows WHERE n > 1200').toArray()
    await book.peopleOfList({ do: 'undo', importId: one.importId, ids: ids.map(row => String(row.contact_id)) })
    await storage.deleteAlarm()
  })
  await evictDurableObject(stub as unknown as DurableObjectStub)
  const { saved } = await reaches(one.importId, 'imported')
  expect(saved).toBe(good)
  const contacts = await stubFor(bindings, 'workspace', 'w_test').contacts(
    (await stub.rows({ verdict: 'ok', after: 0, limit: 3_000 })).map(
      row => `p_${one.importId.split('.im_')[1]}_${row.n}`,
    ),
  )
  expect(contacts).toHaveLength(good)
  expect(new Set(contacts.map(contact => contact.phone)).size).toBe(good)
}, 60_000)

test('a file that was cut off by the death of its object is asked for again', async () => {
  const { importId } = await made()
  const stub = stubFor(bindings, 'import', importId)
  await runInDurableObject(stub as unknown as DurableObjectStub, (_, { storage }) => {
    storage.sql.exec("UPDATE import SET body = json_set(body, '$.phase', 'reading')")
  })
  await evictDurableObject(stub as unknown as DurableObjectStub)
  expect(await read(importId)).toMatchObject({ phase: 'failed', problem: 'the file broke off; send it again' })
  expect((await send(importId, 'phone\n4155550380\n')).status).toBe(200)
})

test('exports have no formula, and every row that was not taken with what is wrong', async () => {
  const one = await listed('name,company,phone\n"=cmd|x",+Lights,555\nAda,@home,4155550395\n', { upTo: 'import' })
  await reaches(one.importId, 'imported')
  const errors = await (await ask(sam, `GET /api/imports/${one.importId}/errors.csv`)).text()
  expect(errors).toBe(
    "row,verdict,field,what is wrong,name,company,phone\r\n2,refused,phone,not a phone number that can be dialled,'=cmd|x,'+Lights,555\r\n",
  )
  const contacts = await (await ask(sam, 'GET /api/contacts.csv')).text()
  expect(contacts.split('\r\n').find(line => line.includes('4155550395'))).toMatch(/,Ada,,'@home,'\+14155550395,/)
  const cells = contacts.split('\r\n').flatMap(line => line.split(','))
  expect(cells.filter(cell => /^"?[=+\-@\t\r]/.test(cell))).toEqual([])
})

test('what is going on is not disturbed, and what is not there is 404', async () => {
  const { importId } = await made()
  expect((await ask(sam, `POST /api/imports/${importId}/commit`)).status).toBe(409)
  expect((await ask(sam, `POST /api/imports/${importId}/undo`)).status).toBe(409)
  await send(importId, 'phone\n4155550391\n')
  expect((await ask(sam, `PUT /api/imports/${importId}/rows/9`, { cells: ['1'] })).status).toBe(404)
  const twice = { country: 'US', header: true, columns: ['company', 'company'] }
  const answer = await ask(sam, `PUT /api/imports/${importId}/settings`, twice)
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('columns')
  expect((await ask(sam, `POST /api/imports/${importId}/campaigns`, { campaignId: 'w_test.c_none' })).status).toBe(404)
  await json(`DELETE /api/imports/${importId}`)
  expect((await ask(sam, `GET /api/imports/${importId}`)).status).toBe(404)
  expect((await ask(sam, 'GET /api/imports/w_test.im_nobody')).status).toBe(404)
})

test('a duplicate takes the place of a row that gives its number or its id up', async () => {
  const one = await listed('id,phone\nF1,4155550396\n,4155550396\n,4155550396\nF1,4155550397\n')
  const verdicts = async () => (await rowsOf(one.importId)).map(row => row.verdict)
  expect(await verdicts()).toEqual(['ok', 'duplicate', 'duplicate', 'duplicate'])
  await json(`PUT /api/imports/${one.importId}/rows/2`, { cells: ['F2', '4155550398'] })
  expect(await verdicts()).toEqual(['ok', 'ok', 'duplicate', 'ok'])
})

test('a file whose sender is gone in the middle leaves nothing behind, and is asked for again', async () => {
  const { importId } = await made()
  const text = new TextEncoder().encode(`phone\n${'4155550399\n'.repeat(5_000)}`)
  let pieces = 0
  const file = new ReadableStream<Uint8Array>({
    pull(controller) {
      pieces += 1
      if (pieces < 3) controller.enqueue(text)
      else controller.error(new Error('the connection was cut'))
    },
  })
  const stub = stubFor(bindings, 'import', importId) as unknown as DurableObjectStub
  const received = runInDurableObject(stub, one => (one as unknown as ImportActor).receive(file))
  expect(await received).toBe('read')
  expect(await read(importId)).toMatchObject({ phase: 'failed', problem: 'the file broke off; send it again', rows: 0 })
  expect(await rowsOf(importId)).toEqual([])
})

test('the settings of a campaign are read as they were given, and changed whole', async () => {
  const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
  const body = { name: 'Winter', lines: 2, outcomes, ringSeconds: 40, callingHours: { fromHour: 20, toHour: 2 } }
  const { campaignId } = await json<{ campaignId: string }>('POST /api/campaigns', body)
  const settings = await json<object>(`GET /api/campaigns/${campaignId}/settings`)
  const usual = { maxAttempts: 4, busyMinutes: 10, noAnswerMinutes: 60, machineMinutes: 240 }
  const asMade = { wrapUpSeconds: 30, amd: 'beside', release: 'cut', hostAgentId: null, pooled: false, retries: usual }
  expect(settings).toMatchObject({ ...body, ...asMade })
  const changed = { ...settings, name: 'Spring', lines: 4, script: 'Hello.', amd: 'off', conversationSeconds: 20 }
  Object.assign(changed, { retries: { ...usual, maxAttempts: 2, busyMinutes: 90 } })
  expect(await json(`PUT /api/campaigns/${campaignId}/settings`, changed)).toEqual(changed)
  expect(await json(`GET /api/campaigns/${campaignId}/settings`)).toEqual(changed)
  expect(await json(`GET /api/campaigns/${campaignId}`)).toMatchObject({ name: 'Spring', lines: 4, script: 'Hello.' })
  const { plan } = (await stubFor(bindings, 'campaign', campaignId).read()).state.settings ?? {}
  expect(plan).toMatchObject({ maxAttempts: 2, busyMs: 90 * 60_000, noAnswerMs: 60 * 60_000 })
  const never = await ask(await person('Sam', 'supervisor'), `PUT /api/campaigns/${campaignId}/settings`, {
    ...changed,
    retries: { ...usual, busyMinutes: 0 },
  })
  expect([never.status, await never.text()]).toEqual([400, expect.stringContaining('retries.busyMinutes')])
  const agent = await person('Ada', 'agent')
  expect((await ask(agent, `PUT /api/campaigns/${campaignId}/settings`, changed)).status).toBe(403)
})
