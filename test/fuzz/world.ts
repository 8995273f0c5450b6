/**
 * The Worker with one of each thing in it, in a place where nothing is ever dialled: every area is on the do-not-call list, and the
 * carrier knows no call.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { ACTORS, SID, signed, varsOf } from '../../bench/webhook.ts'
import { type Bare, serveBare } from '../../bench/workerd.ts'
import { buildWorker, ROOT, WORK } from '../../scripts/local/build.ts'
import { call, signIn } from '../../scripts/local/demo.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { SCOPES } from '../../src/wire/scope.ts'
import { ROUTES } from '../actors/security/meanings.ts'

export const WORKSPACE = 'w_bench'
const OUR_NUMBER = '+14155550001'
const AI_NUMBER = '+14155550010'

export interface World {
  bare: Bare
  url: string
  cookies: Record<'admin' | 'agent', string>
  /** of a program that may do everything that programs may */
  key: string
  /** by the name of the parameter of a path */
  ids: Record<string, string>
  /** what workerd said on its error output that is no line of ours */
  uncaught: string[]
  close(): void
}

/** `shard`: worlds that are made at once look for their ports at places of their own. */
export async function makeWorld(shard = 0): Promise<World> {
  const [carrier, carrierUrl] = await deafCarrier(shard)
  const port = await freePort(5700 + shard * 20)
  const url = `http://127.0.0.1:${port}`
  const script = await buildWorker(path.join(WORK, 'fuzz'), 'test/fuzz/worker.ts')
  const uncaught: string[] = []
  const vars = {
    ...varsOf(url, carrierUrl),
    TRUNKLINE_MODE: 'local',
    SESSION_SECRET: SID,
    PHONE_NETWORK_URL: carrierUrl,
  }
  const actors = { ...ACTORS, DATABASE: 'DatabaseActor' }
  const log = (text: string) => {
    if (/uncaught|exception/i.test(text)) uncaught.push(text)
  }
  const bare = await serveBare({ script, port, actors, vars, inMemory: true, log })
  await post(`${url}/fuzz/tables`, tables())
  const cookies = { admin: await signIn(url, 'root'), agent: await signIn(url, 'ada') }
  const close = () => {
    bare.stop()
    carrier.close()
  }
  const ids = await furnish(url, cookies.admin)
  return { bare, url, cookies, key: (await keyOf(url, cookies.admin)).key, ids, uncaught, close }
}

/** Forgets how often the key was used, so that the limit of a minute is not all that a run sees. */
export async function beginMinute(world: World): Promise<void> {
  await post(`${world.url}/fuzz/tables`, ['UPDATE api_keys SET requests = 0'])
}

function keyOf(url: string, admin: string): Promise<{ key: string; keyId: string }> {
  return call(url, admin, 'POST', '/api/keys', { name: 'Program', scopes: SCOPES })
}

/** Signs in again when a request that was taken has ended a sign-in. */
export async function signInAgain(world: World): Promise<void> {
  world.cookies.admin = await signIn(world.url, 'root')
  world.cookies.agent = await signIn(world.url, 'ada')
}

function tables(): string[] {
  const folder = path.join(ROOT, 'migrations')
  return readdirSync(folder)
    .sort()
    .flatMap(name => readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter(line => line.trim() !== '' && !line.startsWith('--'))
}

/** It answers as a carrier to whom nothing is known. */
async function deafCarrier(shard: number) {
  const server = createServer((request, answer) => {
    request.resume()
    answer
      .writeHead(404, { 'Content-Type': 'application/json' })
      .end('{"code":20404,"message":"not found","status":404}')
  })
  const port = await freePort(5760 + shard * 20)
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return [server, `http://127.0.0.1:${port}`] as const
}

async function furnish(url: string, admin: string): Promise<Record<string, string>> {
  const ask = <T>(method: string, route: string, body?: unknown) => call<T>(url, admin, method, route, body)
  await ask('PUT', '/api/workspace', { name: 'Fuzz', sellerName: 'Northwind', sellerNumber: OUR_NUMBER })
  await ask('PUT', '/api/clearance/rules', { profile: 'custom', country: 'US' })
  // The areas of every number that these bodies have; the carrier knows nothing of the others.
  for (const area of ['+1415', '+1500']) await ask('POST', '/api/do-not-call', { area })
  for (const number of [OUR_NUMBER, AI_NUMBER]) await ask('POST', '/api/numbers', { number })
  const { agentId } = await ask<{ agentId: string }>('POST', '/api/ai/agents', { name: 'Robin', prompt: 'Speak.' })
  await ask('PUT', `/api/ai/agents/${agentId}/numbers`, { numbers: [AI_NUMBER] })
  const scenario = ROUTES['PUT /api/ai/agents/:agentId/scenarios/:name']?.body
  await ask('PUT', `/api/ai/agents/${agentId}/scenarios/hello`, scenario)
  const campaign = ROUTES['POST /api/campaigns']?.body
  const { campaignId } = await ask<{ campaignId: string }>('POST', '/api/campaigns', campaign)
  await ask('POST', '/api/contacts', { contacts: [{ contactId: 'p_fuzz', firstName: 'Pat', phone: '+14155550142' }] })
  const { importId } = await ask<{ importId: string }>('POST', '/api/imports', { name: 'Fuzz' })
  const headers = { Cookie: admin, 'Content-Type': 'text/csv' }
  await fetch(`${url}/api/imports/${importId}/file`, { method: 'PUT', headers, body: 'phone\n+14155550147\n' })
  const hello = [{ type: 'answer' }, { type: 'talk', option: { text: 'Hello.' } }]
  const { id: flowId } = await ask<{ id: string }>('POST', '/v1.0/flows', { name: 'Hello', actions: hello })
  const member = { name: 'Gone', role: 'agent', password: 'a long enough secret', email: 'gone@example.com' }
  const { userId } = await ask<{ userId: string }>('POST', '/api/members', member)
  const dialled = { extension: '2000', name: 'Reception' }
  const { id: extensionId } = await ask<{ id: string }>('POST', '/v1.0/extensions', dialled)
  const exchange = { name: 'Old exchange', auth_types: ['basic'] }
  const { id: trunkId } = await ask<{ id: string }>('POST', '/v1.0/trunks', exchange)
  const callSid = `CA${'0'.repeat(32)}`
  const inbound = `${url}/twilio/${WORKSPACE}/inbound`
  await fetch(inbound, signed(inbound, callSid, { To: AI_NUMBER, Called: AI_NUMBER, Direction: 'inbound' }))
  const callId = await logged(() => ask<{ items: { callId: string }[] }>('GET', '/api/calls'))
  return {
    ...{ agentId, campaignId, flowId, userId, callId, callSid, name: 'hello', id: 'p_fuzz', number: AI_NUMBER },
    ...{ extensionId, trunkId, importId, report: 'calls', row: '2', sessionId: 'none' },
    runId: `${WORKSPACE}.rh_0`,
    ...{ keyId: (await keyOf(url, admin)).keyId },
  }
}

/** The id of the first call, as soon as the log has it. */
async function logged(calls: () => Promise<{ items: { callId: string }[] }>): Promise<string> {
  for (let tries = 0; tries < 500; tries += 1) {
    const found = (await calls()).items[0]?.callId
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error('the call of the carrier has not reached the log')
}

async function post(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
}
