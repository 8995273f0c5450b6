/** Every route and every command of the desk's socket, as ten principals, against the meanings that are written down by hand. */
import { beforeAll, expect, test } from 'vitest'
import { logOf, stubFor } from '../../../src/actors/stubs.ts'
import { uniqueWith } from '../../../src/actors/unique.ts'
import { SOLO_POLICY } from '../../../src/core/batch/batch.ts'
import { deskId, legId, singleBatchId } from '../../../src/core/ids.ts'
import { aiAgentBody } from '../../../src/wire/ai-agent.ts'
import { deskAction } from '../../../src/wire/desk.ts'
import { routes } from '../../../src/wire/routes/table.ts'
import { rehearsalBody } from '../../../src/wire/scenario.ts'
import { makeKey } from '../../../src/worker/api-keys.ts'
import { bindings, migrated, request, until } from '../stage.ts'
import { furnishedConference } from './conference-of.ts'
import { COMMANDS, type Meaning, ROUTES, type RouteMeaning } from './meanings.ts'
import { ask, callOf, JSON_TYPE, type Person, person, socketOf } from './people.ts'
import { furnishedSupervision } from './supervision-of.ts'
import * as voice from './voice-things.ts'

const OWN = 'w_test.call_own'
const COLLEAGUES = 'w_test.call_colleagues'
const SCENARIO = rehearsalBody.parse({
  about: voice.MARK,
  caller: { acts: [{ listen: true }] },
  expect: [{ agent: 'hello' }],
  end: 'none',
})

/** What a principal is, in words. */
const PRINCIPALS = [
  'nobody',
  'a forged cookie',
  'a bare token',
  'a sign-in that ran out',
  'a removed member',
  'an agent of another workspace',
  'an admin of another workspace',
  'an agent',
  'a supervisor',
  'an admin',
] as const
type Principal = (typeof PRINCIPALS)[number]
const SIGNED_OUT: readonly Principal[] = PRINCIPALS.slice(0, 5)
const FOREIGN: readonly Principal[] = PRINCIPALS.slice(5, 7)

const people = {} as Record<Principal, Person>
let colleague = {} as Person
let campaignId = ''
const sids: Record<string, string> = {}

beforeAll(async () => {
  await migrated()
  await inhabit()
  await furnish()
}, 120_000)

async function inhabit(): Promise<void> {
  people['an agent'] = await person(`Ada ${voice.MARK}`, 'agent')
  people['a supervisor'] = await person('Sam', 'supervisor')
  people['an admin'] = await person('Root', 'admin')
  people['an agent of another workspace'] = await person('Far', 'agent', 'w_far')
  people['an admin of another workspace'] = await person('Away', 'admin', 'w_far')
  colleague = await person(`Bo ${voice.MARK}`, 'agent')
  const removed = await person('Gone', 'admin')
  expect((await ask(people['an admin'], `DELETE /api/members/${removed.userId}`)).status).toBe(200)
  people['a removed member'] = removed
  const late = await person('Late', 'admin')
  await bindings.DB.prepare('UPDATE session SET expiresAt = ? WHERE userId = ?')
    .bind(new Date(Date.now() - 1_000).toISOString(), late.userId)
    .run()
  people['a sign-in that ran out'] = late
  const { cookie } = people['an admin']
  const [name = '', value = ''] = cookie.split(/=(.*)/)
  const token = decodeURIComponent(value).split('.')[0] ?? ''
  people['a bare token'] = { ...people['an admin'], cookie: `${name}=${token}` }
  people['a forged cookie'] = {
    ...people['an admin'],
    cookie: `${name}=${encodeURIComponent(`${token}.${btoa('x'.repeat(32))}`)}`,
  }
  people.nobody = { ...people['an admin'], cookie: '' }
  // The demo's people are made by their first sign-in, which the matrix tries too.
  await request('/api/demo/sign-in', { method: 'POST', headers: JSON_TYPE, body: '{"key":"ada"}' })
}

async function furnish(): Promise<void> {
  const book = stubFor(bindings, 'workspace', 'w_test')
  await book.setProfile('Same', 'Same', '+14155550100')
  await book.saveAiAgent('ai_matrix', aiAgentBody.parse({ name: voice.MARK, prompt: voice.MARK }), 'Root')
  await book.saveContacts([
    {
      contactId: 'p_matrix',
      firstName: voice.MARK,
      lastName: '',
      company: '',
      phone: '+14155550142',
      timeZone: null,
      postcode: null,
      extension: null,
    },
  ])
  const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
  const made = await ask(people['a supervisor'], 'POST /api/campaigns', { name: voice.MARK, outcomes })
  campaignId = ((await made.json()) as { campaignId: string }).campaignId
  await callOf(OWN, { agentName: voice.MARK, agentId: people['an agent'].userId })
  await callOf(COLLEAGUES, { agentName: voice.MARK, agentId: colleague.userId })
  for (const callId of [OWN, COLLEAGUES])
    await until(async () => {
      expect(await logOf(bindings, 'w_test').knows(callId)).toBe(true)
      const { call } = await stubFor(bindings, 'call', callId).read()
      if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
      sids[callId] = call.providerId
    })
}

/** What a path names, fresh where a good request uses it up. */
async function things(endpoint: string, callId: string, who: Principal): Promise<Record<string, string>> {
  const book = stubFor(bindings, 'workspace', 'w_test')
  const found: Record<string, string> = {
    campaignId,
    callId,
    callSid: sids[callId] ?? '',
    agentId: 'ai_matrix',
    id: 'p_matrix',
    name: 'a-name',
    number: '+14155550708',
    runId: '',
    keyId: '',
    accountId: 'ba_w_test',
    flowId: '',
    activeflowId: '',
    groupcallId: '',
    entryId: '',
    recordingId: '',
    workspaceId: 'w_test',
    report: 'calls',
    signature: '',
    queueId: '',
    queuecallId: '',
    supervisionId: '',
    webhookId: '',
    extensionId: '',
    trunkId: '',
    maskId: '',
    maskSessionId: '',
    userId: '',
    sessionId: 'colleagues',
  }
  if (endpoint.includes(':flowId')) {
    found.flowId = uniqueWith('fl_')
    const actionsJson = '[{"id":"a","type":"answer","option":{}}]'
    const change = { name: voice.MARK, detail: '', actionsJson }
    await book.flow({ do: 'create', flowId: found.flowId, change, by: 'Root' })
    await book.flow({ do: 'publish', flowId: found.flowId })
  }
  if (/:queue(call)?Id|queuecalls/.test(endpoint)) Object.assign(found, await voice.queued(people['an admin'], OWN))
  if (endpoint.includes(':groupcallId')) found.groupcallId = await voice.grouped()
  if (endpoint.includes(':activeflowId')) found.activeflowId = await voice.flowing(people['an agent'])
  if (endpoint.includes('/conference')) Object.assign(found, await furnishedConference())
  if (endpoint.includes(':supervisionId')) found.supervisionId = await furnishedSupervision(people[who])
  if (endpoint.includes(':entryId')) found.entryId = await voice.left(people['an agent'])
  if (/:extensionId|\/ladder/.test(endpoint)) Object.assign(found, await voice.extended())
  if (endpoint.includes(':trunkId')) found.trunkId = await voice.trunked()
  if (endpoint.includes(':importId')) Object.assign(found, await voice.listedPeople(people['a supervisor']))
  if (endpoint.includes(':scheduleId')) found.scheduleId = await voice.scheduledReport(people['a supervisor'])
  if (endpoint.includes(':mask')) Object.assign(found, await voice.masked())
  if (endpoint.includes(':webhookId')) found.webhookId = await voice.endpointOfWebhook()
  if (endpoint.includes(':recordingId')) Object.assign(found, await voice.stored(callId))
  if (endpoint.includes(':invitationId')) found.invitationId = await invited()
  if (endpoint.includes(':keyId')) found.keyId = await key()
  if (endpoint.includes(':userId')) found.userId = (await person('Victim', 'agent')).userId
  if (endpoint.includes(':number'))
    await stubFor(bindings, 'trunk', 'w_test').saveNumber({
      number: '+14155550708',
      name: voice.MARK,
      deskId: null,
      inFlightCap: 1,
      cooldownMs: 0,
    })
  if (endpoint.includes(':name') || endpoint.includes(':runId'))
    await book.saveScenario('ai_matrix', 'a-name', JSON.stringify(SCENARIO), 'Root')
  if (endpoint.includes(':runId')) found.runId = await run()
  if (endpoint.includes(':sessionId')) {
    const row = await bindings.DB.prepare('SELECT id FROM session WHERE userId = ?')
      .bind(colleague.userId)
      .first<{ id: string }>()
    found.sessionId = row?.id ?? ''
  }
  return found
}

async function key(): Promise<string> {
  const wanted = { workspaceId: 'w_test', name: voice.MARK, scopes: [], addresses: [], madeBy: 'Root', endsMs: null }
  return (await makeKey(bindings, wanted, Date.now()))?.keyId ?? ''
}

async function invited(): Promise<string> {
  const wanted = { email: 'invited@example.com', role: 'agent' } as const
  const answer = await ask(people['an admin'], 'POST /api/invitations', wanted)
  return ((await answer.json()) as { invitationId: string }).invitationId
}

let runs = 0
/** A run of the scenario that is over at once. */
async function run(): Promise<string> {
  runs += 1
  const runId = `w_test.rh_${runs.toString(16)}`
  const book = stubFor(bindings, 'workspace', 'w_test')
  // Of a scenario of its own, because what a good request has begun on the other one may still run.
  const name = `run-${runs}`
  await book.saveScenario('ai_matrix', name, JSON.stringify(SCENARIO), 'Root')
  expect((await book.beginRehearsal('ai_matrix', name, runId, 1)).result).toBe('begun')
  const order = { runId, agentId: 'ai_matrix', name, version: 1, startedMs: Date.now(), scenario: SCENARIO }
  await stubFor(bindings, 'rehearsal', runId).begin(JSON.stringify(order))
  await book.rehearsalEnded(runId, 'broken', Date.now())
  return runId
}

interface Answer {
  status: number
  text: string
}

async function call(
  who: Principal,
  endpoint: string,
  { body, query = '' }: RouteMeaning,
  callId: string,
): Promise<Answer> {
  const named = await things(endpoint, callId, who)
  const fill = (text: string) => text.replaceAll(/:([A-Za-z]+)/g, (all, name: string) => named[name] ?? all)
  const [method = '', pattern = ''] = endpoint.split(' ')
  const path = pattern.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(named[name] ?? ''))
  const socket = (routes as Record<string, { gives: string }>)[endpoint]?.gives === 'socket'
  const upgrade: Record<string, string> = socket ? { Upgrade: 'websocket' } : {}
  const headers = { ...JSON_TYPE, ...upgrade, ...(people[who].cookie === '' ? {} : { Cookie: people[who].cookie }) }
  const sent =
    body === undefined
      ? {}
      : { body: JSON.stringify(body).replace('":campaignId"', JSON.stringify(fill(':campaignId'))) }
  const answer = await request(`${path}${fill(query)}`, { method, headers, ...sent })
  const { webSocket } = answer as Response & { webSocket: (WebSocket & { accept(): void }) | null }
  webSocket?.accept()
  webSocket?.close()
  return { status: answer.status, text: webSocket ? '' : await answer.text() }
}

/** The answer of somebody who may: anything but a door that is shut. A request may still be refused for what it asks. */
function isOpen({ status, text }: Answer): boolean {
  const missing = status === 404 && !text.includes('There is no recording of this call.')
  return status < 500 && ![401, 403].includes(status) && !missing
}

function mayDo(who: Principal, meaning: Meaning, ownCall: boolean): boolean {
  const rank = { 'an agent': 1, 'a supervisor': 2, 'an admin': 3 }[who as string] ?? 0
  switch (meaning) {
    case 'anyone':
      return true
    case 'own':
    case 'member':
      return rank >= 1
    case 'agent-of-the-call':
      return rank >= 2 || (rank === 1 && ownCall)
    case 'supervisor':
    case 'supervisor-of-the-call':
      return rank >= 2
    case 'admin':
      return rank >= 3
    case 'program':
    case 'holder':
      return false
  }
}

/** Null: as it should be. */
async function fault(who: Principal, endpoint: string, meaning: RouteMeaning, callId: string): Promise<string | null> {
  const answer = await call(who, endpoint, meaning, callId)
  const words = `${who} · ${endpoint} · ${callId}: ${answer.status}`
  if (answer.status >= 500 && answer.status !== 502 && answer.status !== 503) return `${words} is an error of ours`
  // This sign-in is a colleague's: found by nobody.
  if (endpoint === 'DELETE /api/me/sessions/:sessionId')
    return answer.status === (SIGNED_OUT.includes(who) ? 401 : 404) ? null : words
  // The token of the installation decides, and there is none.
  if (endpoint === 'POST /api/first-admin') return answer.status === 403 ? null : words
  if (meaning.may === 'anyone') return answer.status === 200 ? null : words
  if (meaning.may === 'holder') return answer.status === 404 ? null : words
  if (SIGNED_OUT.includes(who) || meaning.may === 'program') return answer.status === 401 ? null : words
  if (FOREIGN.includes(who)) {
    if (answer.text.includes(voice.MARK)) return `${words} shows another workspace`
    return meaning.names && isOpen(answer) ? words : null
  }
  const may = mayDo(who, meaning.may, callId === OWN)
  if (isOpen(answer) !== may) return `${words} ${answer.text.slice(0, 80)}`
  return null
}

/** What the workspace is, as its admin reads it, without what changes by itself. */
async function workspace(): Promise<unknown> {
  const read = async (path: string) =>
    (await (await ask(people['an admin'], `GET ${path}`)).json()) as { items: object[] }
  const [members, campaigns, contacts, agents] = await Promise.all([
    read('/api/members?limit=200'),
    read('/api/campaigns'),
    read('/api/contacts?limit=200'),
    read('/api/ai/agents'),
  ])
  const victims = (items: object[]) => items.filter(one => (one as { name?: string }).name !== 'Victim')
  return [
    victims(members.items),
    campaigns.items,
    contacts.items,
    agents.items,
    await stubFor(bindings, 'workspace', 'w_test').seller(),
  ]
}

test('every route has a meaning, and every meaning a route [D1] [D8] [D11] [D21]', () => {
  expect(Object.keys(ROUTES).sort()).toEqual(Object.keys(routes).sort())
})

test('every command has a meaning [D11]', () => {
  const types = deskAction.options.map(option => option.shape.type.value)
  expect([...Object.keys(COMMANDS), 'hello', 'ack'].sort()).toEqual([...types].sort())
})

test.each(PRINCIPALS.slice(0, 7))(
  '%s: every route, and the workspace is what it was',
  async who => {
    const before = await workspace()
    const wrong: (string | null)[] = []
    for (const [endpoint, meaning] of Object.entries(ROUTES)) wrong.push(await fault(who, endpoint, meaning, OWN))
    expect(wrong.filter(one => one !== null)).toEqual([])
    expect(await workspace()).toEqual(before)
  },
  120_000,
)

test.each(PRINCIPALS.slice(7))(
  '%s: every route, with a call of the agent’s own and with a colleague’s',
  async who => {
    const wrong: (string | null)[] = []
    for (const [endpoint, meaning] of Object.entries(ROUTES))
      for (const callId of /:call(Id|Sid)/.test(endpoint) ? [OWN, COLLEAGUES] : [OWN])
        wrong.push(await fault(who, endpoint, meaning, callId))
    expect(wrong.filter(one => one !== null)).toEqual([])
  },
  120_000,
)

/** A colleague in the middle of a single call, whose desk everybody else tries to act on. */
async function busyColleague() {
  const desk = deskId('w_test', colleague.userId)
  const socket = await socketOf(colleague, '/api/desk')
  socket.send({ id: 'h', type: 'hello', protocol: 1, tabId: 'tab', since: 0 })
  await until(async () => expect(socket.messages.at(-1)?.type).toBe('view'))
  const batchId = singleBatchId(desk, 'matrix')
  const callId = legId(batchId, 1)
  await stubFor(bindings, 'batch', batchId).open({
    policy: { ...SOLO_POLICY, amd: 'off' },
    legs: [{ callId, contactId: null, name: voice.MARK, to: '+14155550147', from: '+14155550100' }],
    seats: [{ seatId: `${desk}:1`, deskId: desk, place: { kind: 'room', room: `${desk}.1` } }],
    campaignId: null,
    agentName: voice.MARK,
    record: false,
    clearance: { purpose: 'single', agent: desk, hours: null },
  })
  return { desk, batchId, callId }
}

test('on a colleague’s desk and legs no command of anybody else does anything [D11]', async () => {
  const { desk, batchId, callId } = await busyColleague()
  const read = async () => {
    const view = await stubFor(bindings, 'desk', desk).view()
    return JSON.stringify([{ ...view, at: 0 }, (await stubFor(bindings, 'batch', batchId).read()).phase])
  }
  const before = await read()
  const wrong: string[] = []
  for (const who of PRINCIPALS) {
    if (SIGNED_OUT.includes(who)) {
      const answer = await request('/api/desk', { headers: { Upgrade: 'websocket', Cookie: people[who].cookie } })
      if (answer.status !== 401) wrong.push(`${who} opens a desk: ${answer.status}`)
      continue
    }
    const socket = await socketOf(people[who], '/api/desk')
    for (const [type, { command, gives }] of Object.entries(COMMANDS)) {
      const text = JSON.stringify({ id: `${type}`, type, ...command })
      socket.send(JSON.parse(text.replace(':callId', callId).replace(':campaignId', campaignId)) as object)
      const answer = await until(async () => {
        const found = socket.messages.find(one => one.id === type)
        expect(found, `${who} ${type}`).toBeDefined()
        return found
      })
      if (gives === 'refused' && answer?.type !== 'refused') wrong.push(`${who} ${type}: ${answer?.type}`)
    }
    if (FOREIGN.includes(who) && JSON.stringify(socket.messages).includes(voice.MARK))
      wrong.push(`${who} reads the workspace`)
  }
  expect(wrong).toEqual([])
  expect(await read()).toBe(before)
}, 120_000)
