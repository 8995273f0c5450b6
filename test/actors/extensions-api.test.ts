/** Extensions for programs and people: what is made, what is shown, and what is refused with its field. */
import { beforeAll, expect, test } from 'vitest'
import { sipDomainOf } from '../../src/core/ids.ts'
import type { ShownExtension } from '../../src/wire/extension.ts'
import { Phone, upgrade } from './sip-stage.ts'
import { cookieOf, migrated, request, until } from './stage.ts'

let cookie = ''
beforeAll(async () => {
  await migrated()
  cookie = await cookieOf('root')
})

interface Answer<T> {
  status: number
  body: T
}
async function ask<T = ShownExtension & { password?: string }>(
  endpoint: string,
  body?: object,
  key?: string,
): Promise<Answer<T>> {
  const [method = '', path = ''] = endpoint.split(' ')
  const headers = { Cookie: cookie, 'Content-Type': 'application/json', ...(key ? { 'Idempotency-Key': key } : {}) }
  const answer = await request(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: answer.status, body: (await answer.json()) as T }
}
interface Problem {
  fields?: { field: string }[]
}

test('an extension is made with a password of ours, which no other answer has', async () => {
  const made = await ask('POST /v1.0/extensions', { extension: '301', name: 'Reception' }, 'once')
  expect(made.status).toBe(201)
  const { password = '', ...rest } = made.body
  expect(password).toMatch(/^[a-z2-9]{32}$/)
  expect(rest).toMatchObject({
    ...{ extension: '301', username: '301', name: 'Reception', detail: '', registered: false, phones: 0 },
    domain_name: 'w-test.trunkline.internal',
    ws_url: 'ws://127.0.0.1:5050/sip/w-test.trunkline.internal',
    tm_last_seen: null,
  })
  // No answer with a password is kept for a repeat.
  expect((await ask('POST /v1.0/extensions', { extension: '301', name: 'Reception' }, 'once')).status).toBe(409)
  const others = [`GET /v1.0/extensions/${rest.id}`, 'GET /v1.0/extensions', 'GET /extensions?limit=1']
  for (const endpoint of others) {
    const { status, body } = await ask<object>(endpoint)
    expect([status, JSON.stringify(body).includes('password'), JSON.stringify(body).includes('hash')]).toEqual([
      200,
      false,
      false,
    ])
  }
  const again = await ask<Problem>('POST /v1.0/extensions', { extension: '301', name: 'Other' })
  expect([again.status, again.body.fields?.[0]?.field]).toEqual([409, 'extension'])
})

test.each([
  ['extension', { extension: '1', name: 'One' }],
  ['extension', { extension: 'Front Desk', name: 'One' }],
  ['extension', { extension: '101@elsewhere', name: 'One' }],
  ['extension', { extension: 'x'.repeat(33), name: 'One' }],
  ['name', { extension: '305', name: '' }],
  ['name', { extension: '305', name: 'a\u0000b' }],
  ['detail', { extension: '305', name: 'One', detail: 'x'.repeat(401) }],
])('a bad %s is 400 with the field', async (field, body) => {
  const answer = await ask<Problem>('POST /v1.0/extensions', body)
  expect([answer.status, answer.body.fields?.map(one => one.field)]).toEqual([400, [field]])
})

test('a list comes page by page, in the order of what is dialled, and says who is connected', async () => {
  const made = []
  for (const extension of ['402', '401']) made.push(await ask('POST /v1.0/extensions', { extension, name: extension }))
  const { username, password = '' } = made[0]?.body ?? ({} as never)
  const domain = sipDomainOf('w_test')
  const { webSocket } = (await upgrade(domain)) as Response & { webSocket: WebSocket | null }
  if (webSocket === null) throw new Error('no socket')
  const phone = new Phone(webSocket, 'w_test', username, password)
  expect(await phone.register()).toContain('SIP/2.0 200')
  const seen: [string, boolean][] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`
    const page: Answer<{ items: ShownExtension[]; next: string | null }> = await ask(
      `GET /v1.0/extensions?limit=1${query}`,
    )
    seen.push(...page.body.items.map((one): [string, boolean] => [one.extension, one.registered]))
    cursor = page.body.next
  }
  expect(seen.filter(([extension]) => extension.startsWith('40'))).toEqual([
    ['401', false],
    ['402', true],
  ])
  expect((await ask<Problem>('GET /v1.0/extensions?cursor=masks~1')).status).toBe(400)
})

test('a name is changed and the rest stays; a new password replaces the old one; what is deleted is 404', async () => {
  const { body } = await ask('POST /v1.0/extensions', { extension: '501', name: 'Old', detail: 'Ground floor' })
  const at = `/v1.0/extensions/${body.id}`
  expect((await ask(`PUT ${at}`, { name: 'New' })).body).toMatchObject({ name: 'New', detail: 'Ground floor' })
  expect((await ask(`PUT ${at}`, { detail: '' })).body).toMatchObject({ name: 'New', detail: '' })
  const renewed = await ask(`POST ${at}/secret`)
  expect([renewed.status, renewed.body.password === body.password]).toEqual([200, false])
  expect((await ask(`DELETE ${at}`)).status).toBe(200)
  for (const endpoint of [`GET ${at}`, `DELETE ${at}`, `POST ${at}/secret`])
    expect((await ask(endpoint)).status).toBe(404)
  expect((await ask(`PUT ${at}`, { name: 'New' })).status).toBe(404)
  // What is dialled is free again.
  expect((await ask('POST /v1.0/extensions', { extension: '501', name: 'Next' })).status).toBe(201)
})

test('the call of a phone is a call of the voice API while it lasts and afterwards; any other call has no ladder', async () => {
  const a = await ask('POST /v1.0/extensions', { extension: '601', name: 'A' })
  await ask('POST /v1.0/extensions', { extension: '602', name: 'B' })
  const { webSocket } = (await upgrade(sipDomainOf('w_test'))) as Response & { webSocket: WebSocket | null }
  const phone = new Phone(webSocket as WebSocket, 'w_test', '601', a.body.password ?? '')
  await phone.register()
  await phone.after(() => phone.send(phone.request('INVITE', '602')), '480')
  const item = await until(async () => {
    const { body } = await ask<{ items: { id: string; status: string }[] }>('GET /v1.0/calls')
    const found = body.items.find(one => one.id.includes('.sip_') && one.status === 'hangup')
    if (found === undefined) throw new Error('no call')
    return found
  })
  const call = await ask<object>(`GET /v1.0/calls/${item.id}`)
  const side = (target: string) => ({ type: 'extension', target, target_name: '' })
  expect(call.body).toMatchObject({
    source: side('601'),
    destination: side('602'),
    status: 'hangup',
    hangup_reason: 'failed',
  })
  const ladder = await ask<{ cause: string; messages: { line: string }[] }>(`GET /v1.0/calls/${item.id}/ladder`)
  expect(ladder.body.cause).toBe('No phone of extension 602 was connected (480).')
  expect(ladder.body.messages.at(-1)?.line).toBe('SIP/2.0 480 This extension is not registered.')
  for (const id of ['w_test.sip_none', 'w_test.call_none', 'w_far.sip_1'])
    expect((await ask(`GET /v1.0/calls/${id}/ladder`)).status).toBe(404)
  // Whoever asks the object of such a call finds nothing, and nothing breaks.
  for (const verb of ['hangup', 'hold', 'recording_start'])
    expect((await ask(`POST /v1.0/calls/${item.id}/${verb}`)).status).toBeLessThan(500)
})
