/**
 * Ids in paths: another workspace's id and an own id of another kind are 404 on every row, no object comes into being by it, and
 * an agent does not reach another agent's call.
 */
import { listDurableObjectIds } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { SOLO_POLICY } from '../../src/core/batch/batch.ts'
import { DEFAULT_PLAN } from '../../src/core/campaign/retry.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import type { Me } from '../../src/wire/api.ts'
import { methodOf, pathOf, type Rows, type Who } from '../../src/wire/routes/row.ts'
import { routes } from '../../src/wire/routes/table.ts'
import { SCOPES } from '../../src/wire/scope.ts'
import { makeKey } from '../../src/worker/api-keys.ts'
import { bindings, cookieOf, migrated, request, until } from './stage.ts'

/** A row that anyone may call has a signature over its ids (`recordings.test.ts`). */
const WITH_IDS = Object.entries(routes as Rows).filter(
  ([name, { who }]) => pathOf(name).includes(':') && who !== 'anyone',
)
const ofPrograms = (who: Who | undefined) => typeof who === 'object' && 'key' in who
/** Rows for people; a call that a program did not start is another matter (`cidr.test.ts`). */
const OF_CALLS = WITH_IDS.filter(([name, { who }]) => pathOf(name).includes(':callId') && !ofPrograms(who))
const CALLER = { kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null } as const

/** What exists in each workspace, by the name of the parameter that reads it. */
const idsOf = (workspaceId: string, tag: string): Record<string, string> => ({
  callId: `${workspaceId}.call_${tag}`,
  campaignId: `${workspaceId}.c_${tag}`,
  runId: `${workspaceId}.rh_${tag === 'far' ? 'fa' : 'ea'}`,
  agentId: `ai_${tag}`,
  id: `p_${tag}`,
  callSid: `CA-${tag}`,
  supervisionId: `${workspaceId}.d_${tag}.1.v${tag}`,
  webhookId: `${workspaceId}.wh_${tag}`,
  extensionId: `ex_${tag}`,
  trunkId: `tr_${tag}`,
})
/** A flow on a call is named by the call. */
const FAR = { ...idsOf('w_far', 'far'), activeflowId: 'w_far.call_far', groupcallId: 'w_far.g_far' }
const OWN = idsOf('w_test', 'own')
/** Own ids of kinds that no parameter reads, or that the one at hand does not. */
const STRANGE = ['w_test', 'w_test.d_ada', 'w_test.c_own.b1', 'w_test.d_ada.1', 'w_test.log_2026-11']
/** Ids that nobody has made, of the right kind. */
const INVENTED = { ...idsOf('w_test', 'invented'), activeflowId: 'w_test.call_invented', groupcallId: 'w_test.g_no' }

const scenario = {
  about: 'says hello',
  caller: { acts: [{ listen: true }, { say: 'hello' }, { hangUp: true }] },
  expect: [{ agent: 'hello' }],
  end: 'none',
}
const BODIES: Record<string, object> = {
  'POST /api/campaigns/:campaignId/contacts': { contacts: [{ phone: '+14155550177' }] },
  'POST /api/campaigns/:campaignId/ai': { agentId: 'ai_own', word: 'start' },
  'PUT /api/campaigns/:campaignId/settings': {
    name: 'Hello',
    outcomes: [{ key: 1, outcomeId: 'done', label: 'Done' }],
  },
  'PUT /api/imports/:importId/settings': { country: 'US', columns: ['phone'], header: false },
  'PUT /api/imports/:importId/rows/:row': { cells: ['+14155550177'] },
  'POST /api/imports/:importId/campaigns': { campaignId: 'w_test.c_own' },
  'PATCH /api/contacts/:id': { result: 'done' },
  'PATCH /api/members/:userId': { role: 'agent' },
  'POST /api/calls/:callId/whisper': { text: 'Hello.' },
  'POST /api/calls/:callId/say': { text: 'Hello.' },
  'POST /v1.0/calls/:callId/talk': { text: 'Hello.' },
  'POST /v1.0/calls/:callId/transfer': { destination: { type: 'agent', target: 'ada' } },
  'PUT /v1.0/flows/:flowId': { name: 'Hello' },
  'POST /v1.0/flows/:flowId/publish': {},
  'POST /v1.0/flows/:flowId/rollback': { version: 1 },
  'PUT /v1.0/numbers/:number': { flow_id: null },
  'PUT /v1.0/billing_accounts/:accountId': {
    ...{ mode: 'shown', credit_limit: 0, limit_per_day: null, limit_per_call: null },
    out_of_money: { end: true, words: 'Goodbye.' },
  },
  'POST /v1.0/billing_accounts/:accountId/entries': { type: 'top_up', amount: 1, reason: 'a test' },
  'PUT /v1.0/inbox/:entryId': { handled: true },
  'PUT /v1.0/voicemails/:entryId': { handled: true },
  'PUT /v1.0/recordings/:recordingId': { legal_hold: true },
  'POST /v1.0/recordings/:recordingId/transcribe': { language: 'en-US' },
  'PUT /v1.0/extensions/:extensionId': { name: 'Hello' },
  'PUT /v1.0/trunks/:trunkId': { name: 'Hello' },
  'PUT /v1.0/masks/:maskId': { name: 'Hello' },
  'POST /v1.0/agents/:userId/messages': { text: 'Well done.' },
  'POST /v1.0/agents/:userId/state': { state: 'paused', reason: 'Stand-up' },
  'PUT /v1.0/report_schedules/:scheduleId': {
    ...{ name: 'Monday', report: 'calls', every: 'week', hour: 8, time_zone: 'UTC' },
  },
  'PUT /v1.0/queues/:queueId': { name: 'Hello' },
  'POST /v1.0/calls/:callId/recording_start': {},
  'POST /v1.0/calls/:callId/supervise': { mode: 'listen' },
  'PUT /v1.0/supervisions/:supervisionId': { mode: 'listen' },
  'PUT /v1.0/conferences/:conferenceId': { name: 'Hello' },
  'PUT /v1.0/webhooks/:webhookId': { name: 'Hello' },
  'POST /v1.0/webhooks/:webhookId/replay': { call_id: 'w_test.call_own' },
  'PUT /api/ai/agents/:agentId': { name: 'Robin', prompt: 'Speak.' },
  'POST /api/ai/agents/:agentId/rollback': { version: 1 },
  'PUT /api/ai/agents/:agentId/numbers': { numbers: [] },
  'POST /api/ai/agents/:agentId/calls': { toNumber: '+14155550177' },
  'PUT /api/ai/agents/:agentId/scenarios/:name': scenario,
}

async function furnish(workspaceId: string, ids: Record<string, string>): Promise<void> {
  const { callId = '', campaignId = '', agentId = '', id = '', callSid = '' } = ids
  const book = stubFor(bindings, 'workspace', workspaceId)
  await book.saveAiAgent(agentId, aiAgentBody.parse({ name: 'Robin', prompt: 'Speak.' }), 'Root')
  await book.saveContacts([
    {
      contactId: id,
      firstName: 'Far',
      lastName: '',
      company: '',
      phone: '+14155550178',
      timeZone: null,
      postcode: null,
      extension: null,
    },
  ])
  await stubFor(bindings, 'campaign', campaignId).configure({
    name: 'One',
    script: '',
    outcomes: [],
    advance: 'ask',
    afterWrapUp: 'wait',
    policy: SOLO_POLICY,
    hostAgentId: null,
    record: false,
    wrapUpMs: 0,
    plan: DEFAULT_PLAN,
    hours: { fromHour: 8, toHour: 21 },
  })
  await book.saveCampaign(campaignId, 'One', 1)
  await talk(callId, 'Nobody')
  await stubFor(bindings, 'trunk', workspaceId).routeOf('+14155550179', callSid)
}

/** A call that this person has begun, in its object and in the log. */
async function talk(callId: string, agentName: string, agentId: string | null = null): Promise<void> {
  const party = { to: '+14155550177', from: '+14155550178', name: 'Pat' }
  const options = { ringLimitMs: 30_000, amd: 'off', record: false } as const
  await stubFor(bindings, 'call', callId).request({ ...CALLER, agentName, agentId }, party, options)
  const [workspaceId = ''] = callId.split('.')
  await until(async () => expect(await logOf(bindings, workspaceId).knows(callId)).toBe(true))
}

const cookies: Record<string, string> = {}
let key = ''
beforeAll(async () => {
  await migrated()
  for (const key of ['ada', 'root']) cookies[key] = await cookieOf(key)
  await furnish('w_far', FAR)
  await furnish('w_test', OWN)
  const wanted = {
    workspaceId: 'w_test',
    name: 'CRM',
    scopes: [...SCOPES],
    addresses: [],
    madeBy: 'Root',
    endsMs: null,
  }
  key = (await makeKey(bindings, wanted, Date.now()))?.key ?? ''
})

async function ask(who: 'ada' | 'root', name: string, ids: Record<string, string>, body = BODIES[name]) {
  const row = (routes as Rows)[name as `GET /${string}`]
  const path = pathOf(name).replaceAll(/:([A-Za-z]+)/g, (_, param: string) =>
    encodeURIComponent(ids[param] ?? 'a-name'),
  )
  const headers = {
    ...(ofPrograms(row?.who) ? { Authorization: `Bearer ${key}` } : { Cookie: cookies[who] ?? '' }),
    'Content-Type': 'application/json',
    ...(row?.gives === 'socket' ? { Upgrade: 'websocket' } : {}),
  }
  const sent = row?.body ? { body: JSON.stringify(body) } : {}
  const answer = await request(path, { method: methodOf(name), headers, ...sent })
  const { webSocket } = answer as Response & { webSocket?: WebSocket & { accept(): void } }
  webSocket?.accept()
  webSocket?.close()
  return answer
}

/** Every object that calls, campaigns, rounds, runs and rooms have. */
async function objects(): Promise<string[]> {
  const { CALL, CAMPAIGN, BATCH, REHEARSAL, ROOM } = bindings
  const spaces = [CALL, CAMPAIGN, BATCH, REHEARSAL, ROOM] as unknown as DurableObjectNamespace[]
  return (await Promise.all(spaces.map(space => listDurableObjectIds(space)))).flat().map(String).sort()
}

test('this test has a good body for every row that has an id in its path and takes one', () => {
  const named = WITH_IDS.filter(([, row]) => row.body).map(([name]) => name)
  expect(Object.keys(BODIES).sort()).toEqual(named.sort())
  const wrong = WITH_IDS.filter(([name, row]) => row.body && !row.body.safeParse(BODIES[name]).success)
  expect(wrong.map(([name]) => name)).toEqual([])
})

test('what this test says does not exist for others exists', async () => {
  for (const name of ['GET /api/calls/:callId', 'GET /api/campaigns/:campaignId', 'GET /api/ai/agents/:agentId'])
    expect((await ask('root', name, OWN)).status, name).toBe(200)
  expect((await ask('root', 'PATCH /api/contacts/:id', OWN)).status).toBe(200)
  expect((await ask('root', 'GET /twilio/call/:callSid/status', OWN)).status).toBe(200)
})

test.each(WITH_IDS)(
  '%s: ids of others, of other kinds and of nobody are 404, and nothing is created',
  async (name, row) => {
    const before = await objects()
    const params = [...pathOf(name).matchAll(/:([A-Za-z]+)/g)].map(([, param = '']) => param)
    const tried = [FAR, INVENTED, ...STRANGE.map(text => Object.fromEntries(params.map(param => [param, text])))]
    for (const [param, text] of Object.entries(OWN))
      if (!params.includes(param)) tried.push({ [params[0] ?? '']: text })
    for (const ids of tried) {
      const words = `${name} ${JSON.stringify(ids)}`
      expect((await ask('root', name, { ...ids, name: 'a-name' })).status, words).toBe(404)
      // A path that names an object is read before the body.
      const pathFirst =
        row.body && /:(callId|activeflowId|groupcallId|campaignId|runId)/.test(pathOf(name)) && ids !== INVENTED
      expect(pathFirst ? (await ask('root', name, ids, {})).status : 404, `${words} without a body`).toBe(404)
    }
    expect(await objects()).toEqual(before)
  },
)

test('a call without an AI agent is neither taken over nor handed back: 409 with the reason', async () => {
  for (const name of ['POST /api/calls/:callId/take-over', 'POST /api/calls/:callId/hand-back']) {
    const answer = await ask('root', name, OWN)
    expect(answer.status, name).toBe(409)
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/is over|has no AI agent|No agent talks/)
  }
})

test('an agent does not reach another agent’s call, and reaches their own', async () => {
  await talk('w_test.call_others', 'Somebody Else')
  const { userId } = (await (await request('/api/me', { headers: { Cookie: cookies.ada ?? '' } })).json()) as Me
  await talk('w_test.call_adas', 'Ada', userId)
  for (const [name, row] of OF_CALLS) {
    const allowed = row.who !== 'anyone' && 'role' in row.who && row.who.role === 'agent'
    const answer = await ask('ada', name, { callId: 'w_test.call_others' })
    expect(answer.status, name).toBe(allowed ? 404 : 403)
    expect(await answer.text(), name).toContain(allowed ? 'There is no such call.' : 'role')
  }
  expect((await ask('root', 'GET /api/calls/:callId', { callId: 'w_test.call_others' })).status).toBe(200)
  expect((await ask('ada', 'GET /api/calls/:callId', { callId: 'w_test.call_adas' })).status).toBe(200)
  expect((await ask('ada', 'GET /api/calls/:callId/conversation', { callId: 'w_test.call_adas' })).status).toBe(200)
})
