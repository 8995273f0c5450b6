/** The examples of docs/api.md, run as they stand against the local stack, and the page that shows all routes. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ApiStage, examplesIn, run, setApiStage } from './api-stage.ts'

let stage: ApiStage
let hasCurl = false

beforeAll(async () => {
  hasCurl = (await run('curl', ['--version']).catch(() => ({ code: 1 }))).code === 0
  stage = await setApiStage(6990)
}, 120_000)
afterAll(() => stage?.close())

const NUMBER = '+14155550001'
/** What each answer must have, by the number of its example. The ids that later examples use are in `env`. */
const ANSWERS: ((env: Record<string, string>) => object)[] = [
  () => ({ errors: [], warnings: [{ field: expect.any(String) }] }),
  () => ({ name: 'Reception', version: 1, canary: null }),
  env => ({ id: NUMBER, number: NUMBER, flow_id: env.FLOW }),
  env => ({ flow_id: env.FLOW, status: 'dialing', direction: 'outgoing' }),
  env => ({ id: env.CALL, flow_id: env.FLOW, hangup_reason: null }),
  () => ({ message: expect.any(String) }),
  () => ({ name: 'Sales', routing_method: 'longest-idle', wait_queuecall_ids: [] }),
  () => ({ items: [], next: null }),
  env => ({ id: env.FLOW, version: 1, canary: { version: 2, percent: 10 } }),
  env => ({ id: env.FLOW, version: 3, canary: null }),
  () => ({ calls: [{ status: 'dialing' }, { status: 'dialing' }], groupcalls: [{ ring_method: 'ring_all' }] }),
  env => ({ id: env.GROUP, call_count: 2 }),
  () => ({ items: expect.arrayContaining([expect.objectContaining({ name: 'Ada', status: 'offline' })]) }),
]

test('the examples with curl do what the page says, one after the other', async context => {
  context.skip(!hasCurl, 'there is no curl on this machine')
  const examples = examplesIn('docs/api.md', 'sh')
  expect(examples).toHaveLength(ANSWERS.length)
  const env: Record<string, string> = { BASE: stage.url, KEY: stage.key }
  for (const [index, { before, code }] of examples.entries()) {
    const { output, errors } = await run('bash', ['-eu'], { env, input: code })
    const answer = JSON.parse(output || '{}') as { id?: string; groupcalls?: { id: string }[] }
    const name = /`id`.* is `\$([A-Z]+)` from here on/.exec(before)?.[1]
    if (name !== undefined) env[name] = answer.id ?? answer.groupcalls?.[0]?.id ?? ''
    expect(answer, `example ${index + 1}: ${errors}${output}`).toMatchObject(ANSWERS[index]?.(env) ?? {})
  }
  expect(['canceling', 'terminating', 'hangup']).toContain((await read<{ status: string }>(`calls/${env.CALL}`)).status)
  await oneAnswers(env.GROUP ?? '')
}, 60_000)

async function read<T>(path: string): Promise<T> {
  const answer = await fetch(`${stage.url}/v1.0/${path}`, { headers: { Authorization: `Bearer ${stage.key}` } })
  expect(answer.status, path).toBe(200)
  return (await answer.json()) as T
}

/** Two pretend people ring; one answers at once and is greeted by the flow, and the phone of the other, who needs three seconds, stops. */
async function oneAnswers(group: string): Promise<void> {
  const winner = await vi.waitFor(
    async () => {
      const { answer_call_id } = await read<{ answer_call_id: string | null }>(`groupcalls/${group}`)
      if (answer_call_id === null) throw new Error('nobody has answered')
      return answer_call_id
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(await read(`activeflows/${winner}`)).toMatchObject({ reference_id: winner })
  const { call_ids } = await read<{ call_ids: string[] }>(`groupcalls/${group}`)
  const other = call_ids.find(id => id !== winner) ?? ''
  await vi.waitFor(
    async () => expect(await read(`calls/${other}`)).toMatchObject({ status: 'hangup', flow_id: null }),
    { timeout: 20_000, interval: 100 },
  )
}

test('the page of all routes is a file of ours under our policy, and the document that it reads is there', async () => {
  const page = await fetch(`${stage.url}/docs`)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  const html = await page.text()
  const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? '')
  expect(scripts.length).toBeGreaterThan(1)
  for (const file of scripts) expect((await fetch(`${stage.url}${file}`)).status, file).toBe(200)
  const document = (await (await fetch(`${stage.url}/api/openapi.json`)).json()) as { openapi: string }
  expect(document.openapi).toBe('3.1.0')
})
