/** Phones at the carrier and trunks, for programs and people: what the carrier is owed, also after it has failed and the object was lost. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { ShownExtension } from '../../src/wire/extension.ts'
import type { CarrierPhonesShown, ShownTrunk } from '../../src/wire/trunk.ts'
import { registrarOf, sleep, trunkOf } from './sip-stage.ts'
import { carrier, cookieOf, migrated, request, signed, until } from './stage.ts'

let cookie = ''
beforeAll(async () => {
  await migrated()
  cookie = await cookieOf('root')
})
beforeEach(() => carrier.reset())

interface Answer<T> {
  status: number
  body: T
}
type Extension = ShownExtension & { password?: string }
async function ask<T = Extension>(endpoint: string, body?: object): Promise<Answer<T>> {
  const [method = '', path = ''] = endpoint.split(' ')
  const headers = { Cookie: cookie, 'Content-Type': 'application/json' }
  const answer = await request(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: answer.status, body: (await answer.json()) as T }
}
interface Problem {
  fields?: { field: string }[]
}
const stubbed = <T>(read: (sql: SqlStorage) => T) =>
  runInDurableObject(registrarOf('w_test') as unknown as DurableObjectStub, (_, { storage }) => read(storage.sql))
const fieldsOf = ({ status, body }: Answer<Problem>) => [status, ...(body.fields ?? []).map(one => one.field)]

test('an extension is not at the carrier before the workspace is', async () => {
  expect((await ask<CarrierPhonesShown>('GET /v1.0/carrier_phones')).body).toMatchObject({
    ...{ enabled: false, status: 'off', problem: null, domain_name: null },
  })
  const refused = await ask<Problem>('POST /v1.0/extensions', { extension: '701', name: 'A', at_carrier: true })
  expect(fieldsOf(refused)).toEqual([409, 'at_carrier'])
})

/** Users of the carrier's list with this name, and how often a password was sent. */
async function credentials(username: string): Promise<{ users: string[]; sent: number }> {
  const sent = (await carrier.requests()).filter(one => one.path.endsWith('/Credentials.json') && one.method === 'POST')
  const own = sent.filter(one => one.form.Username === username)
  return { users: own.map(one => one.form.Username ?? ''), sent: own.length }
}
const phonesAre = (wanted: Partial<CarrierPhonesShown>) =>
  until(async () => {
    const { body } = await ask<CarrierPhonesShown>('GET /v1.0/carrier_phones')
    expect(body).toMatchObject(wanted)
    return body
  })

test('the carrier is told again until it has the domain, also after the object has lost its memory; meanwhile the page says what is wrong', async () => {
  await carrier.fail({ updates: '500' })
  expect((await ask<CarrierPhonesShown>('PUT /v1.0/carrier_phones', { enabled: true })).body).toMatchObject({
    ...{ enabled: true, domain_name: expect.stringMatching(/^w-test-[0-9a-f]{12}\.sip\.twilio\.com$/) },
  })
  const { problem } = await phonesAre({ status: 'failed' })
  expect(problem).toBe('The carrier has not answered. It is asked again.')
  const made = await ask('POST /v1.0/extensions', { extension: '701', name: 'A', at_carrier: true })
  expect([made.status, made.body.at_carrier]).toEqual([201, true])
  expect(made.body.password).toMatch(/^K7[a-z2-9]{32}$/)
  await phonesAre({ status: 'failed' })
  await sleep('w_test')
  await carrier.fail({ updates: 'none' })
  const { domain_name } = await phonesAre({ status: 'ready', problem: null })
  const requests = await carrier.requests()
  const domain = requests.findLast(one => one.path.endsWith('/SIP/Domains.json') && one.method === 'POST')
  expect(domain?.form).toMatchObject({
    DomainName: domain_name,
    VoiceUrl: 'http://127.0.0.1:5050/twilio/w_test/sip/phones',
    VoiceStatusCallbackUrl: 'http://127.0.0.1:5050/twilio/w_test/inbound-status',
    SipRegistration: 'true',
  })
  const password = requests.findLast(one => one.form.Username === '701')?.form.Password
  expect(password).toBe(made.body.password)
  // The carrier is asked again after 2, 4 and 8 s.
}, 60_000)

test('a new password replaces the old one at the carrier, a deleted extension leaves its list, and no password stays with us', async () => {
  const made = await ask('POST /v1.0/extensions', { extension: '702', name: 'B', at_carrier: true })
  await phonesAre({ status: 'ready' })
  expect((await credentials('702')).sent).toBe(1)
  await carrier.reset()
  const renewed = await ask(`POST /v1.0/extensions/${made.body.id}/secret`)
  await phonesAre({ status: 'ready' })
  const changed = (await carrier.requests()).filter(one => /Credentials\/CR\d+\.json$/.test(one.path))
  expect(changed.map(one => [one.method, one.form.Password])).toEqual([['POST', renewed.body.password]])
  const kept = await stubbed(sql => sql.exec('SELECT password FROM carrier_users').toArray())
  expect(kept.map(one => one.password)).toEqual(kept.map(() => null))
  await carrier.reset()
  expect((await ask(`DELETE /v1.0/extensions/${made.body.id}`)).status).toBe(200)
  await phonesAre({ status: 'ready' })
  expect((await carrier.requests()).filter(one => one.method === 'DELETE')).toHaveLength(1)
})

test('an extension of before gets a new password when it is at the carrier, and what it leads to is one thing', async () => {
  const { body } = await ask('POST /v1.0/extensions', { extension: '703', name: 'C' })
  const at = `/v1.0/extensions/${body.id}`
  expect((await ask(`PUT ${at}`, { name: 'Cy' })).body).not.toHaveProperty('password')
  const moved = await ask(`PUT ${at}`, { at_carrier: true })
  expect(moved.body).toMatchObject({ name: 'Cy', at_carrier: true, carrier_domain_name: expect.any(String) })
  expect(moved.body.password).toMatch(/^K7/)
  const queue = await ask<{ id: string }>('POST /v1.0/queues', { name: 'Sales' })
  const led = await ask(`PUT ${at}`, { queue_id: queue.body.id })
  expect(led.body).toMatchObject({ queue_id: queue.body.id, flow_id: null })
  expect(led.body).not.toHaveProperty('password')
  expect(fieldsOf(await ask<Problem>(`PUT ${at}`, { queue_id: queue.body.id, agent_id: 'ai_1' }))).toEqual([
    400,
    'agent_id',
  ])
  expect(fieldsOf(await ask<Problem>(`PUT ${at}`, { queue_id: 'w_far.q_1' }))).toEqual([422, 'queue_id'])
  expect((await ask(`PUT ${at}`, { queue_id: null })).body.queue_id).toBeNull()
  expect((await ask(`PUT ${at}`, { at_carrier: false })).body).toMatchObject({ at_carrier: false })
})

test('an extension whose removal fails midway is removed by a repeat, and the next one of its name leads nowhere', async () => {
  const queue = await ask<{ id: string }>('POST /v1.0/queues', { name: 'Left behind' })
  const made = await ask('POST /v1.0/extensions', { extension: '706', name: 'E' })
  const at = `/v1.0/extensions/${made.body.id}`
  expect((await ask(`PUT ${at}`, { queue_id: queue.body.id })).body.queue_id).toBe(queue.body.id)
  const inTrunk = (statement: string) =>
    runInDurableObject(trunkOf('w_test') as unknown as DurableObjectStub, (_, { storage }) => {
      storage.sql.exec(statement)
    })
  await inTrunk("CREATE TRIGGER kept BEFORE DELETE ON leads BEGIN SELECT RAISE(ABORT, 'kept'); END")
  expect((await ask(`DELETE ${at}`)).status).toBe(500)
  await inTrunk('DROP TRIGGER kept')
  expect((await ask(`DELETE ${at}`)).status).toBe(200)
  const next = await ask('POST /v1.0/extensions', { extension: '706', name: 'F' })
  expect(next.body).toMatchObject({ queue_id: null })
})

test('switched off, the domain goes with everybody in it', async () => {
  await ask('POST /v1.0/extensions', { extension: '704', name: 'D', at_carrier: true })
  await phonesAre({ status: 'ready' })
  await ask('PUT /v1.0/carrier_phones', { enabled: false })
  await phonesAre({ enabled: false, status: 'off', domain_name: null })
  await until(async () => {
    const gone = (await carrier.requests()).filter(
      one => one.method === 'DELETE' && /Domains\/SD\d+\.json$/.test(one.path),
    )
    expect(gone).toHaveLength(1)
  })
  const { items } = (await ask<{ items: Extension[] }>('GET /v1.0/extensions')).body
  expect(items.some(one => one.at_carrier)).toBe(false)
  expect((await ask('PUT /v1.0/carrier_phones', { enabled: true })).status).toBe(200)
})

test.each([
  ['auth_types', { name: 'X', auth_types: [] }],
  ['auth_types', { name: 'X' }],
  ['allowed_ips', { name: 'X', auth_types: ['ip'] }],
  ['allowed_ips', { name: 'X', auth_types: ['basic'], allowed_ips: ['203.0.113.7'] }],
  ['allowed_ips.0', { name: 'X', auth_types: ['ip'], allowed_ips: ['0.0.0.0/0'] }],
  ['allowed_ips.0', { name: 'X', auth_types: ['ip'], allowed_ips: ['300.1.1.1'] }],
  ['allowed_ips', { name: 'X', auth_types: ['ip'], allowed_ips: ['203.0.113.7', '203.0.113.7'] }],
  ['name', { name: '', auth_types: ['basic'] }],
])('a trunk with a bad %s is 400 with the field', async (field, body) => {
  expect(fieldsOf(await ask<Problem>('POST /v1.0/trunks', body))).toEqual([400, field])
})

test('a trunk is made, changed, given a new password and deleted; its domain is its own', async () => {
  const wish = { name: 'Old exchange', auth_types: ['basic', 'ip'], allowed_ips: ['203.0.113.0/24', '198.51.100.7'] }
  const made = await ask<ShownTrunk & { password?: string }>('POST /v1.0/trunks', wish)
  expect(made.body).toMatchObject({ ...wish, username: 'trunk', detail: '' })
  expect(made.body.password).toMatch(/^K7/)
  const at = `/v1.0/trunks/${made.body.id}`
  const read = await until(async () => {
    const { body } = await ask<ShownTrunk>(`GET ${at}`)
    expect(body.status).toBe('ready')
    return body
  })
  expect(read).not.toHaveProperty('password')
  expect(read.domain_name).not.toBe((await phonesAre({ enabled: true })).domain_name)
  const allowed_ips = ['203.0.113.9']
  expect((await ask<ShownTrunk>(`PUT ${at}`, { allowed_ips })).body).toMatchObject({
    allowed_ips,
    name: 'Old exchange',
  })
  expect(fieldsOf(await ask<Problem>(`PUT ${at}`, { allowed_ips: [] }))).toEqual([422, 'allowed_ips'])
  expect((await ask<{ password: string }>(`POST ${at}/secret`)).body.password).toMatch(/^K7/)
  const { items } = (await ask<{ items: ShownTrunk[] }>('GET /v1.0/trunks')).body
  expect(items.map(one => one.id)).toContain(made.body.id)
  expect((await ask(`DELETE ${at}`)).status).toBe(200)
  for (const endpoint of [`GET ${at}`, `DELETE ${at}`, `POST ${at}/secret`])
    expect((await ask(endpoint)).status).toBe(404)
  const listed = await ask<ShownTrunk>('POST /v1.0/trunks', { name: 'By address', auth_types: ['ip'], allowed_ips })
  expect((await ask(`POST /v1.0/trunks/${listed.body.id}/secret`)).status).toBe(409)
})

/** What the carrier says of a call to one of our domains, and what it hears. */
async function dials(
  fields: Record<string, string>,
  door = 'phones',
  sid = `CA${Math.random().toString(16).slice(2)}`,
) {
  const answer = await signed(`/twilio/w_test/sip/${door}`, { CallSid: sid, CallStatus: 'ringing', ...fields })
  return { status: answer.status, text: await answer.text() }
}

test('whoever the carrier lets in is asked about again: strangers, other domains and addresses without a user hear that they are not known', async () => {
  await ask('POST /v1.0/extensions', { extension: '705', name: 'E', at_carrier: true })
  const { domain_name } = await phonesAre({ status: 'ready' })
  const SipDomain = domain_name ?? ''
  const To = `sip:799@${SipDomain}`
  const From = `sip:705@${SipDomain}`
  const known = await dials({ From, To, SipDomain, SipUsername: '705' })
  expect(known.text).toContain('cannot be called')
  const strange: [Record<string, string>, string?][] = [
    [{ From, To, SipDomain, SipUsername: '706' }],
    [{ From, To, SipDomain }],
    [{ From, To, SipDomain: 'w-far-0123456789ab.sip.twilio.com', SipUsername: '705' }],
    [{ From, To, SipDomain, SipUsername: '705' }, 'tr_none'],
  ]
  for (const [fields, door] of strange) expect((await dials(fields, door)).text).toContain('not known here')
  expect((await dials({ From, To, SipDomain, SipUsername: '705' }, 'No_Door')).status).toBe(404)
  const unsigned = await request('/twilio/w_test/sip/phones', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ CallSid: 'CA1', From, To, SipDomain }).toString(),
  })
  expect(unsigned.status).toBe(403)
  for (const missing of ['To', 'SipDomain']) {
    const { [missing]: _, ...fields } = { From, To, SipDomain, SipUsername: '705' } as Record<string, string>
    expect((await dials(fields)).status).toBe(400)
  }
})

test('a repeated webhook of a phone gets the same call, and the address is the carrier’s own', async () => {
  await ask('POST /v1.0/extensions', { extension: '716', name: 'F', at_carrier: true })
  const { domain_name } = await phonesAre({ status: 'ready' })
  const SipDomain = domain_name ?? ''
  const fields = { From: `sip:705@${SipDomain}`, To: `sip:716@${SipDomain}`, SipDomain, SipUsername: '705' }
  const [first, second] = [await dials(fields, 'phones', 'CA0716'), await dials(fields, 'phones', 'CA0716')]
  expect(first.text).toContain(`<Sip>sip:716@${SipDomain}</Sip>`)
  expect(second.text).toBe(first.text)
})
