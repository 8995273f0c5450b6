import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type EightServer, startEightByEight } from './server.ts'

const [RIDER, OURS, DRIVER] = ['+6591234567', '+6531234567', '+6598765432']
let eight: EightServer
let program: Server
let programUrl = ''
let got: { path: string; header: string | undefined; body: Record<string, Record<string, unknown>> }[] = []
let reply: { status: number; body: unknown } = { status: 200, body: {} }

beforeAll(async () => {
  eight = await startEightByEight({ numbers: [OURS], msPerCharacter: 0 })
  program = createServer((request, response) => {
    let text = ''
    request.on('data', piece => {
      text += String(piece)
    })
    request.on('end', () => {
      got.push({ path: request.url ?? '', header: request.headers.authorization, body: JSON.parse(text) })
      const { status, body } = request.url === '/vca' ? reply : { status: 200, body: {} }
      response.writeHead(status).end(JSON.stringify(body))
    })
  })
  await new Promise<void>(resolve => program.listen(0, '127.0.0.1', resolve))
  programUrl = `http://127.0.0.1:${(program.address() as AddressInfo).port}`
})
afterAll(async () => {
  await eight.close()
  program.close()
})
beforeEach(() => {
  got = []
  Object.assign(eight.platform.faults, { duplicates: false, summaryFirst: false, capitals: false })
})

const KEY = { Authorization: 'Bearer eight-demo-key' }
const rest = (method: string, path: string, body?: object, headers: Record<string, string> = KEY) =>
  fetch(`${eight.url}/api/v1/subaccounts/${path}`, {
    ...{ method, headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

test('webhooks are registered by type, listed without their header, and taken away', async () => {
  for (const type of ['VCA', 'VCS', 'VSS']) {
    const hook = { type, url: `${programUrl}/${type.toLowerCase()}`, httpAuthHeader: 'Bearer secret' }
    expect((await rest('POST', 'demo_sg/webhooks', hook)).status).toBe(200)
  }
  expect((await rest('POST', 'demo_sg/webhooks', { type: 'VNU', url: programUrl })).status).toBe(200)
  expect((await rest('DELETE', 'demo_sg/webhooks/VNU')).status).toBe(200)
  expect((await rest('DELETE', 'demo_sg/webhooks/VNU')).status).toBe(404)
  const listed = (await (await rest('GET', 'demo_sg/webhooks')).json()) as { webhooks: object[] }
  expect(listed).toMatchObject({ count: 3, statusCode: 0, subAccountId: 'demo_sg' })
  expect(listed.webhooks[0]).toMatchObject({ type: 'VCA', httpAuthHeaderAvailable: true, enabled: true })
  expect(JSON.stringify(listed)).not.toContain('secret')
})

test.each<[number, string, () => Promise<Response>]>([
  [401, 'a wrong key', () => rest('GET', 'demo_sg/webhooks', undefined, { Authorization: 'Bearer no' })],
  [403, 'another sub-account', () => rest('GET', 'other/webhooks')],
  [404, 'no such path', () => rest('GET', 'demo_sg/calls')],
  [405, 'no such method', () => rest('PUT', 'demo_sg/webhooks')],
  [422, 'no such type', () => rest('POST', 'demo_sg/webhooks', { type: 'VXX', url: 'https://a.test' })],
  [422, 'no address', () => rest('POST', 'demo_sg/webhooks', { type: 'VCA', url: 'reception' })],
])('%i: %s', async (status, _, asks) => {
  const answer = await asks()
  expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ statusCode: '1001' })])
})

test('the program is asked with its header, and its callflow is performed', async () => {
  reply = {
    status: 200,
    body: { callflow: [{ action: 'makeCall', params: { source: OURS.slice(1), destination: DRIVER.slice(1) } }] },
  }
  const id = eight.platform.call(RIDER, OURS)
  await vi.waitFor(() => expect(eight.platform.session(id).doing.is).toBe('talking'))
  eight.platform.hangUp(id, 'a')
  await vi.waitFor(() => expect(got.at(-1)?.path).toBe('/vss'))
  expect(got.map(one => one.path)).toEqual(['/vcs', '/vca', '/vcs', '/vcs', '/vcs', '/vcs', '/vcs', '/vss'])
  expect(new Set(got.map(one => one.header))).toEqual(new Set(['Bearer secret']))
  expect(got.at(-1)?.body.payload).toMatchObject({ sessionStatus: 'COMPLETED' })
})

test('everything twice, the summary first, and capitals, on demand', async () => {
  Object.assign(eight.platform.faults, { duplicates: true, summaryFirst: true, capitals: true })
  eight.platform.people.set(DRIVER, { does: 'busy' })
  const id = eight.platform.call(RIDER, OURS)
  await vi.waitFor(() => expect(eight.platform.session(id).doing.is).toBe('over'))
  await eight.platform.settled(id)
  const paths = got.map(one => one.path)
  expect(paths.filter(path => path === '/vss')).toHaveLength(2)
  expect(paths.at(-1)).toBe('/vcs')
  const summary = got.find(one => one.path === '/vss')?.body.payload
  expect(summary).toMatchObject({ sessionStatus: 'BUSY', details: { CallA: {}, CallB: { SourceRefId: null } } })
})

test('a program that answers 500 is not asked again: the call is over with an error', async () => {
  reply = { status: 500, body: {} }
  const id = eight.platform.call(RIDER, OURS)
  await vi.waitFor(() => expect(eight.platform.session(id).status).toBe('ERROR'))
  await eight.platform.settled(id)
  expect(got.filter(one => one.path === '/vca')).toHaveLength(1)
})
