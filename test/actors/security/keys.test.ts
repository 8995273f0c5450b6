/** Programs with a key: what each scope opens, what no key opens, and how a key ends. */
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../../src/actors/stubs.ts'
import { aiAgentBody } from '../../../src/wire/ai-agent.ts'
import { REQUESTS_PER_MINUTE_MAX } from '../../../src/wire/api-key.ts'
import { routes } from '../../../src/wire/routes/table.ts'
import { SCOPES, type Scope } from '../../../src/wire/scope.ts'
import { makeKey } from '../../../src/worker/api-keys.ts'
import { bindings, migrated, request, until } from '../stage.ts'
import { ROUTES } from './meanings.ts'
import { ask, JSON_TYPE, type Person, person } from './people.ts'

/** By hand, as a person would say what a key with this scope is for. Everything else is for people. */
const PROGRAMS: Record<string, Scope> = {
  'GET /api/workspace': 'workspace:read',
  'PUT /api/workspace': 'workspace:write',
  'PUT /api/workspace/recordings': 'workspace:write',
  'PUT /api/workspace/voicemail': 'workspace:write',
  'PUT /api/workspace/supervision': 'workspace:write',
  'GET /api/clearance/rules': 'workspace:read',
  'GET /api/ai/voice': 'workspace:read',
  'GET /api/crm': 'workspace:read',
  'GET /api/members': 'members:read',
  'GET /api/numbers': 'numbers:read',
  'POST /api/numbers': 'numbers:write',
  'DELETE /api/numbers/:number': 'numbers:write',
  'GET /api/do-not-call': 'do-not-call:read',
  'GET /api/do-not-call/removals': 'do-not-call:read',
  'POST /api/do-not-call': 'do-not-call:write',
  'POST /api/do-not-call/imports': 'do-not-call:write',
  'GET /api/contacts': 'contacts:read',
  'GET /api/contacts.csv': 'contacts:read',
  'GET /api/imports': 'contacts:read',
  'POST /api/imports': 'contacts:write',
  'GET /api/imports/:importId': 'contacts:read',
  'DELETE /api/imports/:importId': 'contacts:write',
  'PUT /api/imports/:importId/file': 'contacts:write',
  'PUT /api/imports/:importId/settings': 'contacts:write',
  'GET /api/imports/:importId/rows': 'contacts:read',
  'PUT /api/imports/:importId/rows/:row': 'contacts:write',
  'POST /api/imports/:importId/commit': 'contacts:write',
  'POST /api/imports/:importId/campaigns': 'campaigns:write',
  'POST /api/imports/:importId/undo': 'contacts:write',
  'GET /api/imports/:importId/errors.csv': 'contacts:read',
  'POST /api/contacts/batch': 'contacts:read',
  'GET /api/contacts/lookup-by-phone': 'contacts:read',
  'GET /api/consents': 'contacts:read',
  'POST /api/contacts': 'contacts:write',
  'PATCH /api/contacts/:id': 'contacts:write',
  'POST /api/consents': 'contacts:write',
  'GET /api/campaigns': 'campaigns:read',
  'GET /api/campaigns/:campaignId': 'campaigns:read',
  'POST /api/campaigns': 'campaigns:write',
  'GET /api/campaigns/:campaignId/settings': 'campaigns:read',
  'PUT /api/campaigns/:campaignId/settings': 'campaigns:write',
  'POST /api/campaigns/:campaignId/contacts': 'campaigns:write',
  'POST /api/campaigns/:campaignId/ai': 'campaigns:write',
  'GET /api/ai/agents': 'agents:read',
  'GET /api/ai/agents/:agentId': 'agents:read',
  'GET /api/ai/agents/:agentId/versions': 'agents:read',
  'POST /api/ai/agents': 'agents:write',
  'PUT /api/ai/agents/:agentId': 'agents:write',
  'POST /api/ai/agents/:agentId/rollback': 'agents:write',
  'PUT /api/ai/agents/:agentId/numbers': 'agents:write',
  'GET /api/ai/agents/:agentId/scenarios': 'scenarios:read',
  'GET /api/ai/rehearsals/:runId': 'scenarios:read',
  'PUT /api/ai/agents/:agentId/scenarios/:name': 'scenarios:write',
  'DELETE /api/ai/agents/:agentId/scenarios/:name': 'scenarios:write',
  'POST /api/ai/agents/:agentId/scenarios/:name/rehearsals': 'scenarios:write',
  'GET /api/calls': 'calls:read',
  'GET /api/calls.csv': 'calls:read',
  'GET /api/calls/:callId': 'calls:read',
  'GET /api/calls/:callId/recording.wav': 'recordings:read',
  'GET /api/calls/:callId/conversation': 'calls:read',
  'GET /api/calls/:callId/log.txt': 'calls:read',
  'GET /twilio/call/:callSid/status': 'calls:read',
  'GET /api/events': 'events:read',
  'GET /api/calls/:callId/actors': 'events:read',
  'POST /api/calls/:callId/crm-retry': 'calls:write',
  'POST /api/ai/agents/:agentId/calls': 'calls:write',
  'POST /api/clearance/checks': 'calls:write',
  'POST /twilio/outbound/call': 'calls:write',
  'GET /v1.0/flows': 'flows:read',
  'POST /v1.0/flows/checks': 'flows:read',
  'GET /v1.0/flows/:flowId': 'flows:read',
  'GET /v1.0/flows/:flowId/versions': 'flows:read',
  'POST /v1.0/flows': 'flows:write',
  'PUT /v1.0/flows/:flowId': 'flows:write',
  'DELETE /v1.0/flows/:flowId': 'flows:write',
  'POST /v1.0/flows/:flowId/publish': 'flows:write',
  'POST /v1.0/flows/:flowId/rollback': 'flows:write',
  'GET /v1.0/numbers': 'numbers:read',
  'GET /v1.0/numbers/:number': 'numbers:read',
  'PUT /v1.0/numbers/:number': 'numbers:write',
  'POST /v1.0/calls': 'calls:write',
  'GET /v1.0/calls': 'calls:read',
  'GET /v1.0/calls/:callId': 'calls:read',
  'GET /v1.0/calls/:callId/media_stream': 'calls:listen',
  'GET /v1.0/groupcalls/:groupcallId': 'calls:read',
  'POST /v1.0/groupcalls/:groupcallId/hangup': 'calls:write',
  'GET /v1.0/activeflows': 'flows:read',
  'GET /v1.0/activeflows/:activeflowId': 'flows:read',
  'POST /v1.0/activeflows/:activeflowId/stop': 'flows:write',
  'GET /v1.0/agents': 'members:read',
  'GET /v1.0/agents/:userId': 'members:read',
  'POST /v1.0/calls/:callId/hangup': 'calls:write',
  'GET /v1.0/extensions': 'extensions:read',
  'GET /v1.0/extensions/:extensionId': 'extensions:read',
  'GET /v1.0/calls/:callId/ladder': 'extensions:read',
  'POST /v1.0/extensions': 'extensions:write',
  'PUT /v1.0/extensions/:extensionId': 'extensions:write',
  'DELETE /v1.0/extensions/:extensionId': 'extensions:write',
  'POST /v1.0/extensions/:extensionId/secret': 'extensions:write',
  'GET /v1.0/masks': 'masks:read',
  'POST /v1.0/masks': 'masks:write',
  'GET /v1.0/masks/:maskId': 'masks:read',
  'PUT /v1.0/masks/:maskId': 'masks:write',
  'DELETE /v1.0/masks/:maskId': 'masks:write',
  'GET /v1.0/masks/:maskId/interactions': 'masks:read',
  'GET /v1.0/masksessions': 'masks:read',
  'POST /v1.0/masksessions': 'masks:write',
  'GET /v1.0/masksessions/:maskSessionId': 'masks:read',
  'DELETE /v1.0/masksessions/:maskSessionId': 'masks:write',
  'GET /v1.0/masksessions/:maskSessionId/participants': 'masks:reveal',
  'GET /v1.0/masksessions/:maskSessionId/interactions': 'masks:read',
  'GET /v1.0/active-calls': 'masks:read',
  'POST /api/webhooks/vca': 'masks:carrier',
  'POST /api/webhooks/vcs': 'masks:carrier',
  'POST /api/webhooks/vss': 'masks:carrier',
  'GET /v1.0/queues': 'queues:read',
  'GET /v1.0/queues/:queueId': 'queues:read',
  'GET /v1.0/queuecalls': 'queues:read',
  'GET /v1.0/queuecalls/:queuecallId': 'queues:read',
  'POST /v1.0/queues': 'queues:write',
  'PUT /v1.0/queues/:queueId': 'queues:write',
  'DELETE /v1.0/queues/:queueId': 'queues:write',
  'POST /v1.0/queuecalls/:queuecallId/kick': 'queues:write',
  'GET /v1.0/billings': 'billing:read',
  'GET /v1.0/billings.csv': 'billing:read',
  'GET /v1.0/billing_accounts': 'billing:read',
  'PUT /v1.0/billing_accounts/:accountId': 'billing:write',
  'POST /v1.0/billing_accounts/:accountId/entries': 'billing:write',
  'GET /v1.0/billing_accounts/:accountId/days': 'billing:read',
  'GET /v1.0/rate_card': 'billing:read',
  'PUT /v1.0/rate_card': 'billing:write',
  'GET /v1.0/inbox': 'voicemails:read',
  'GET /v1.0/inbox-waiting': 'voicemails:read',
  'PUT /v1.0/inbox/:entryId': 'voicemails:write',
  'DELETE /v1.0/inbox/:entryId': 'voicemails:write',
  'POST /v1.0/inbox/:entryId/restore': 'voicemails:write',
  'GET /v1.0/voicemails': 'voicemails:read',
  'GET /v1.0/voicemails/:entryId': 'voicemails:read',
  'GET /v1.0/voicemails/:entryId/audio': 'voicemails:read',
  'PUT /v1.0/voicemails/:entryId': 'voicemails:write',
  'DELETE /v1.0/voicemails/:entryId': 'voicemails:write',
  'GET /v1.0/voicemail-greetings': 'voicemails:read',
  'PUT /v1.0/voicemail-greetings': 'voicemails:write',
  'GET /v1.0/recordings': 'recordings:read',
  'GET /v1.0/recordings/:recordingId': 'recordings:read',
  'GET /v1.0/recordings/:recordingId/peaks': 'recordings:read',
  'GET /v1.0/recordings/:recordingId/transcript': 'recordings:read',
  'POST /v1.0/recordings/:recordingId/transcribe': 'recordings:write',
  'PUT /v1.0/recordings/:recordingId': 'recordings:write',
  'DELETE /v1.0/recordings/:recordingId': 'recordings:write',
  'GET /v1.0/conferences': 'conferences:read',
  'GET /v1.0/conferences/:conferenceId': 'conferences:read',
  'GET /v1.0/conferencecalls': 'conferences:read',
  'GET /v1.0/conferencecalls/:conferencecallId': 'conferences:read',
  'POST /v1.0/conferences': 'conferences:write',
  'PUT /v1.0/conferences/:conferenceId': 'conferences:write',
  'GET /v1.0/events': 'events:read',
  'GET /v1.0/ws': 'events:read',
  'GET /v1.0/webhooks': 'webhooks:read',
  'GET /v1.0/webhooks/:webhookId': 'webhooks:read',
  'GET /v1.0/webhooks/:webhookId/deliveries': 'webhooks:read',
  'POST /v1.0/webhooks': 'webhooks:write',
  'PUT /v1.0/webhooks/:webhookId': 'webhooks:write',
  'DELETE /v1.0/webhooks/:webhookId': 'webhooks:write',
  'POST /v1.0/webhooks/:webhookId/rotate': 'webhooks:write',
  'POST /v1.0/webhooks/:webhookId/test': 'webhooks:write',
  'POST /v1.0/webhooks/:webhookId/replay': 'webhooks:write',
  'DELETE /v1.0/conferences/:conferenceId': 'conferences:write',
  'POST /v1.0/conferences/:conferenceId/end': 'conferences:write',
  'DELETE /v1.0/conferencecalls/:conferencecallId': 'conferences:write',
  'POST /v1.0/conferencecalls/:conferencecallId/mute': 'conferences:write',
  'POST /v1.0/conferencecalls/:conferencecallId/hold': 'conferences:write',
  'DELETE /v1.0/conferencecalls/:conferencecallId/mute': 'conferences:write',
  'DELETE /v1.0/conferencecalls/:conferencecallId/hold': 'conferences:write',
  'POST /v1.0/calls/:callId/transfer': 'calls:write',
  'POST /v1.0/calls/:callId/takeback': 'calls:write',
  'POST /v1.0/calls/:callId/hold': 'calls:write',
  'DELETE /v1.0/calls/:callId/hold': 'calls:write',
  'POST /v1.0/calls/:callId/moh': 'calls:write',
  'DELETE /v1.0/calls/:callId/moh': 'calls:write',
  'POST /v1.0/calls/:callId/silence': 'calls:write',
  'DELETE /v1.0/calls/:callId/silence': 'calls:write',
  'POST /v1.0/calls/:callId/talk': 'calls:write',
  'POST /v1.0/calls/:callId/recording_start': 'calls:write',
  'POST /v1.0/calls/:callId/recording_pause': 'calls:write',
  'POST /v1.0/calls/:callId/recording_resume': 'calls:write',
  'GET /v1.0/calls/:callId/recording_state': 'calls:read',
  'POST /v1.0/calls/:callId/recording_stop': 'calls:write',
  'GET /v1.0/transfers/:callId': 'calls:read',
  'POST /v1.0/transfers/:callId/swap': 'calls:write',
  'POST /v1.0/transfers/:callId/merge': 'calls:write',
  'POST /v1.0/transfers/:callId/complete': 'calls:write',
  'POST /v1.0/transfers/:callId/cancel': 'calls:write',
  'POST /api/cidr/originate': 'calls:originate',
  'GET /api/cidr/calls/:callId': 'calls:originate',
  'POST /api/cidr/calls/:callId/hangup': 'calls:originate',
}

let admin = {} as Person

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  await person('Far', 'admin', 'w_far')
  const book = stubFor(bindings, 'workspace', 'w_test')
  await book.setProfile('Acme', 'Acme', '+14155550100')
  await book.saveAiAgent('ai_robin', aiAgentBody.parse({ name: 'Robin', prompt: 'Speak.' }), 'Root')
}, 60_000)

/** A key with these scopes; the text that a program sends. */
async function keyWith(
  scopes: readonly Scope[],
  more: { workspaceId?: string; addresses?: string[]; endsMs?: number } = {},
) {
  const { workspaceId = 'w_test', addresses = [], endsMs = null } = more
  const wanted = { workspaceId, name: 'CRM', scopes: [...scopes], addresses, madeBy: 'Root', endsMs }
  const made = await makeKey(bindings, wanted, Date.now())
  if (made === null) throw new Error('no key was made')
  return made
}

function by(key: string, endpoint: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const [method = 'GET', path = ''] = endpoint.split(' ')
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return request(path, { method, headers: { ...JSON_TYPE, Authorization: `Bearer ${key}`, ...headers }, ...sent })
}

/** Ids that are of the right kind and name nothing. */
function filled(endpoint: string): string {
  return endpoint
    .replace(':callId', 'w_test.call_none')
    .replace(':campaignId', 'w_test.c_none')
    .replace(':runId', 'w_test.rh_0')
    .replaceAll(/:[A-Za-z]+/g, 'none')
}

test('a key opens what its scope says and nothing else, on every route [S3-58] [D1]', async () => {
  const wrong: string[] = []
  const all = await keyWith(SCOPES)
  const without = new Map<Scope, string>()
  for (const scope of SCOPES) without.set(scope, (await keyWith(SCOPES.filter(one => one !== scope))).key)
  for (const [endpoint, { body, query = '' }] of Object.entries(ROUTES)) {
    const row = (routes as Record<string, { who: unknown; gives: string }>)[endpoint]
    if (row?.who === 'anyone') continue
    const upgrade: Record<string, string> = row?.gives === 'socket' ? { Upgrade: 'websocket' } : {}
    const asked = `${filled(endpoint)}${query}`
    const scope = PROGRAMS[endpoint]
    const given = await by(all.key, asked, body, upgrade)
    if (scope === undefined) {
      if (given.status !== 403) wrong.push(`${endpoint} is open to a key: ${given.status}`)
      continue
    }
    if ([401, 403].includes(given.status) || given.status >= 500) wrong.push(`${endpoint} is shut: ${given.status}`)
    const lacking = await by(without.get(scope) ?? '', asked, body, upgrade)
    if (lacking.status !== 403) wrong.push(`${endpoint} is open without ${scope}: ${lacking.status}`)
  }
  expect(wrong).toEqual([])
}, 120_000)

test('every scope opens something', () => {
  expect([...new Set(Object.values(PROGRAMS))].sort()).toEqual([...SCOPES].sort())
})

test('a wrong key, a revoked one and one whose time is over are 401, and a cookie beside them changes nothing [S3-58]', async () => {
  const revoked = await keyWith(['calls:read'])
  expect((await ask(admin, `DELETE /api/keys/${revoked.keyId}`)).status).toBe(200)
  const over = await keyWith(['calls:read'], { endsMs: Date.now() - 1 })
  const near = await keyWith(['calls:read'])
  const last = near.key.endsWith('A') ? 'B' : 'A'
  for (const key of ['', 'tk_', 'x'.repeat(5_000), revoked.key, over.key, `${near.key.slice(0, -1)}${last}`]) {
    const answer = await by(key, 'GET /api/calls', undefined, { Cookie: admin.cookie })
    expect(answer.status, key.slice(0, 20)).toBe(401)
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer')
  }
  for (const header of ['Basic YTpi', 'Bearer', `bearer  ${near.key} x`]) {
    const answer = await request('/api/calls', { headers: { Authorization: header } })
    expect(answer.status, header).toBe(401)
  }
})

test('a key is shown once and only its hash is kept [S3-58]', async () => {
  const answer = await ask(admin, 'POST /api/keys', {
    name: 'CRM',
    scopes: ['calls:read', 'calls:read'],
    endsInDays: 30,
  })
  expect(answer.status).toBe(201)
  const made = (await answer.json()) as { key: string; keyId: string; scopes: string[] }
  expect(made.key).toMatch(/^tk_[A-Za-z0-9]{42}$/)
  expect(made.scopes).toEqual(['calls:read'])
  expect((await by(made.key, 'GET /api/calls')).status).toBe(200)
  const list = await (await ask(admin, 'GET /api/keys')).text()
  expect(list).toContain(made.keyId)
  expect(list).not.toContain(made.key)
  const used = (JSON.parse(list) as { items: { keyId: string; usedMs: number }[] }).items.find(
    one => one.keyId === made.keyId,
  )
  expect(Date.now() - (used?.usedMs ?? 0)).toBeLessThan(60_000)
  const rows = await bindings.DB.prepare('SELECT * FROM api_keys').all()
  expect(JSON.stringify(rows.results)).not.toContain(made.key.slice(13))
})

test('a key of another workspace sees nothing of this one, and its admin cannot revoke ours [S3-60]', async () => {
  const ours = await keyWith(['calls:originate', 'contacts:read'])
  const theirs = await keyWith(SCOPES, { workspaceId: 'w_far' })
  const { userId, cookie, email } = await person('Away', 'admin', 'w_far')
  expect((await ask({ cookie }, `DELETE /api/keys/${ours.keyId}`)).status, `${userId} ${email}`).toBe(404)
  const book = stubFor(bindings, 'workspace', 'w_test')
  const contact = { contactId: 'p_ours', firstName: 'Only-ours', lastName: '', company: '', phone: '+14155550171' }
  await book.saveContacts([{ ...contact, timeZone: null, postcode: null, extension: null }])
  expect(await (await by(ours.key, 'GET /api/contacts?limit=200')).text()).toContain('Only-ours')
  expect(await (await by(theirs.key, 'GET /api/contacts?limit=200')).text()).not.toContain('Only-ours')
  expect((await by(theirs.key, 'GET /api/cidr/calls/w_test.call_none')).status).toBe(404)
})

test('a key with addresses works from them alone [S3-58]', async () => {
  const key = await keyWith(['calls:read'], { addresses: ['203.0.113.0/24', '2001:db8::/32', '198.51.100.7'] })
  const from = async (address: string | null) =>
    (await by(key.key, 'GET /api/calls', undefined, address === null ? {} : { 'CF-Connecting-IP': address })).status
  for (const address of ['203.0.113.9', '2001:db8::1', '198.51.100.7', '::ffff:203.0.113.9'])
    expect(await from(address), address).toBe(200)
  for (const address of ['203.0.114.9', '2001:db9::1', '198.51.100.8', 'garbage', null])
    expect(await from(address), String(address)).toBe(403)
  const wrong = await ask(admin, 'POST /api/keys', {
    name: 'X',
    scopes: ['calls:read'],
    addresses: ['10.0.0.1', '10.1'],
  })
  expect(wrong.status).toBe(400)
  expect(((await wrong.json()) as { fields: { field: string }[] }).fields).toEqual([
    { field: 'addresses.1', message: 'neither an address nor a range of addresses' },
  ])
})

test('a key that asks too often is told when to come back [D13]', async () => {
  const { key, keyId } = await keyWith(['calls:read'])
  await bindings.DB.prepare('UPDATE api_keys SET sinceMs = ?, requests = ? WHERE keyId = ?')
    .bind(Date.now(), REQUESTS_PER_MINUTE_MAX - 1, keyId)
    .run()
  expect((await by(key, 'GET /api/calls')).status).toBe(200)
  const late = await by(key, 'GET /api/calls')
  expect(late.status).toBe(429)
  expect(Number(late.headers.get('Retry-After'))).toBeGreaterThan(0)
  await bindings.DB.prepare('UPDATE api_keys SET sinceMs = ? WHERE keyId = ?')
    .bind(Date.now() - 60_000, keyId)
    .run()
  expect((await by(key, 'GET /api/calls')).status).toBe(200)
})

test('a key may have a limit of its own, and its neighbour is not slowed by it [D13]', async () => {
  const body = { name: 'Slow', scopes: ['calls:read'], requestsPerMinute: 2 }
  const made = await (await ask(admin, 'POST /api/keys', body)).json<{ key: string; requestsPerMinute: number }>()
  expect(made.requestsPerMinute).toBe(2)
  const statuses = []
  for (let n = 0; n < 3; n += 1) statuses.push((await by(made.key, 'GET /api/calls')).status)
  expect(statuses).toEqual([200, 200, 429])
  expect((await by((await keyWith(['calls:read'])).key, 'GET /api/calls')).status).toBe(200)
  for (const requestsPerMinute of [0, 1_001, 1.5]) {
    const wrong = await ask(admin, 'POST /api/keys', { ...body, requestsPerMinute })
    expect([wrong.status, (await wrong.json<{ fields: { field: string }[] }>()).fields[0]?.field]).toEqual([
      400,
      'requestsPerMinute',
    ])
  }
})

test('an entry of the do-not-call list that a program made bears its name, and no program takes it off [C1]', async () => {
  const { key } = await keyWith(SCOPES)
  expect((await by(key, 'POST /api/do-not-call', { number: '+14155550172' })).status).toBe(201)
  const { items } = await stubFor(bindings, 'trunk', 'w_test').listed({
    after: null,
    limit: 10,
    q: '5550172',
    campaignId: null,
  })
  expect(items.map(one => one.by)).toEqual(['CRM'])
  const removal = { number: '+14155550172', reason: 'the program says so' }
  expect((await by(key, 'POST /api/do-not-call/removals', removal)).status).toBe(403)
})

test('a hundred keys at most, also when they are made at once', async () => {
  const before = ((await (await ask(admin, 'GET /api/keys')).json()) as { items: unknown[] }).items.length
  const wanted = { name: 'one of many', scopes: ['calls:read'] }
  const answers = await Promise.all(Array.from({ length: 101 - before }, () => ask(admin, 'POST /api/keys', wanted)))
  expect(answers.filter(answer => answer.status === 201)).toHaveLength(100 - before)
  expect(answers.filter(answer => answer.status === 422)).toHaveLength(1)
  await until(async () => {
    const { items } = (await (await ask(admin, 'GET /api/keys')).json()) as { items: unknown[] }
    expect(items).toHaveLength(100)
  })
})
