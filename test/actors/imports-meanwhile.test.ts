/** What happens between the check of a list and its import, and what an undo must leave alone. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Contact } from '../../src/wire/api.ts'
import type { ShownImport, ShownRow } from '../../src/wire/import.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, migrated, request, until } from './stage.ts'

const OUTCOMES = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
let sam = {} as Person

beforeAll(async () => {
  await migrated()
  sam = await person('Sam', 'admin')
}, 60_000)

async function json<T>(endpoint: string, body?: object): Promise<T> {
  const answer = await ask(sam, endpoint, body)
  expect(answer.status, `${endpoint} ${await answer.clone().text()}`).toBeLessThan(300)
  return answer.json<T>()
}
async function sent(importId: string, file: string): Promise<ShownImport> {
  const headers = { Cookie: sam.cookie, 'Content-Type': 'text/csv' }
  const answer = await request(`/api/imports/${importId}/file`, { method: 'PUT', headers, body: file })
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.json<ShownImport>()
}
async function listed(file: string): Promise<ShownImport> {
  const { importId } = await json<ShownImport>('POST /api/imports', { name: 'List', country: 'US' })
  return sent(importId, file)
}
async function doing(importId: string, what: 'commit' | 'undo', phase: ShownImport['phase']): Promise<ShownImport> {
  await json(`POST /api/imports/${importId}/${what}`)
  return until(async () => {
    const one = await json<ShownImport>(`GET /api/imports/${importId}`)
    expect(one.phase).toBe(phase)
    return one
  })
}
const rowsOf = async (importId: string) =>
  (await json<{ items: ShownRow[] }>(`GET /api/imports/${importId}/rows`)).items
const contactAt = async (phone: string): Promise<Contact | null> => {
  const answer = await ask(sam, `GET /api/contacts/lookup-by-phone?phone=${encodeURIComponent(phone)}`)
  return answer.status === 404 ? null : answer.json<Contact>()
}
async function campaignOf(importId: string, campaignId?: string): Promise<{ id: string; total(): Promise<number> }> {
  const id =
    campaignId ??
    (await json<{ campaignId: string }>('POST /api/campaigns', { name: 'Autumn', outcomes: OUTCOMES })).campaignId
  await json(`POST /api/imports/${importId}/campaigns`, { campaignId: id })
  await until(async () =>
    expect(await json<ShownImport>(`GET /api/imports/${importId}`)).toMatchObject({
      phase: 'imported',
      campaigns: [id],
    }),
  )
  const total = async () => (await json<{ contactsTotal: number }>(`GET /api/campaigns/${id}`)).contactsTotal
  return { id, total }
}

test('whoever was in the contacts when the list was checked, and is gone when it is imported, is imported', async () => {
  const file = 'name,phone\nAda Okafor,4155550380\n'
  const first = await listed(file)
  await doing(first.importId, 'commit', 'imported')
  const second = await listed(file)
  expect((await rowsOf(second.importId))[0]).toMatchObject({ verdict: 'known' })
  await doing(first.importId, 'undo', 'undone')
  expect(await contactAt('+14155550380')).toBeNull()
  expect(await doing(second.importId, 'commit', 'imported')).toMatchObject({ saved: 1 })
  expect(await contactAt('+14155550380')).toMatchObject({ firstName: 'Ada' })
})

test('whoever came into the contacts after the list was checked is not there twice', async () => {
  const list = await listed('name,phone\nAda Again,4155550381\n')
  await json('POST /api/contacts', { contacts: [{ contactId: 'x381', firstName: 'Ada', phone: '+14155550381' }] })
  await doing(list.importId, 'commit', 'imported')
  expect((await rowsOf(list.importId))[0]).toMatchObject({ verdict: 'known', saved: true })
  expect(await contactAt('+14155550381')).toMatchObject({ contactId: 'x381' })
})

test('an undo leaves in the campaign whom another list needs there, and in the contacts whom a program has written', async () => {
  const first = await listed('name,phone\nAda,4155550382\nBo,4155550383\nCy,4155550384\n')
  await doing(first.importId, 'commit', 'imported')
  const { id, total } = await campaignOf(first.importId)
  const second = await listed('name,phone\nAda,4155550382\n')
  await doing(second.importId, 'commit', 'imported')
  await campaignOf(second.importId, id)
  const bo = await contactAt('+14155550383')
  await json('POST /api/contacts', {
    contacts: [{ contactId: bo?.contactId, firstName: 'Bob', phone: '+14155550383' }],
  })
  expect(await doing(first.importId, 'undo', 'undone')).toMatchObject({ kept: 2 })
  expect(await total()).toBe(2)
  expect(await contactAt('+14155550384')).toBeNull()
  expect(await contactAt('+14155550383')).toMatchObject({ firstName: 'Bob' })
})

test('a second file is read by its own header, and a header may stand behind empty lines', async () => {
  const { importId } = await listed('first name,last name,phone\nAda,Okafor,4155550385\n')
  const again = await sent(importId, '\n\nlast name,first name,phone\nOkafor,Ada,4155550385\n')
  expect(again).toMatchObject({ header: true, columns: ['lastName', 'firstName', 'phone'], counts: { ok: 1 } })
})

test('an id that is somebody else by their number is told before it is saved; a new number has no old extension', async () => {
  const before = await listed('id,name,phone\nK1,Ada,4155550386 x12\n')
  await doing(before.importId, 'commit', 'imported')
  const list = await listed('id,name,phone\nK1,Bo,4155550387\n')
  expect((await rowsOf(list.importId))[0]).toMatchObject({
    verdict: 'update',
    field: 'phone',
    message: 'K1 gets this number',
  })
  await doing(list.importId, 'commit', 'imported')
  expect(await contactAt('+14155550387')).toMatchObject({ contactId: 'K1', extension: null })
})

test('whoever agrees to an AI voice in a later list has agreed in the campaign that they are in already', async () => {
  const first = await listed('name,phone\nAda,4155550388\n')
  await doing(first.importId, 'commit', 'imported')
  const { id } = await campaignOf(first.importId)
  const agreed = () =>
    runInDurableObject(stubFor(bindings, 'campaign', id) as never, (_: unknown, { storage }: DurableObjectState) =>
      Number(storage.sql.exec('SELECT COUNT(*) AS n FROM ai_consents').one().n),
    )
  expect(await agreed()).toBe(0)
  const second = await listed('name,phone,ai consent\nAda,4155550388,yes\n')
  await doing(second.importId, 'commit', 'imported')
  await campaignOf(second.importId, id)
  expect(await agreed()).toBe(1)
})
