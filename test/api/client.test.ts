/** `@trunkline/client` as a program gets it: built, in a folder of its own, and its README run against the real Worker. */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ROOT } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { type ApiStage, examplesIn, run, setApiStage } from './api-stage.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'client-'))
let stage: ApiStage

beforeAll(async () => {
  const home = path.join(ROOT, 'packages/client')
  const built = await run(process.execPath, [path.join(home, 'build.mjs')])
  expect(built).toMatchObject({ code: 0, errors: '' })
  const place = path.join(folder, 'node_modules/@trunkline/client')
  mkdirSync(place, { recursive: true })
  for (const part of ['package.json', 'dist'])
    cpSync(path.join(home, part), path.join(place, part), { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  stage = await setApiStage(6950)
}, 120_000)
afterAll(async () => {
  await stage?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the program of the README compiles against the declarations alone, and does what it says', async () => {
  const [example] = examplesIn('packages/client/README.md', 'ts')
  const code = example?.code ?? ''
  writeFileSync(path.join(folder, 'example.mjs'), code)
  const env = { TRUNKLINE_URL: stage.url, TRUNKLINE_KEY: stage.key }
  const ran = await run(process.execPath, ['example.mjs'], { cwd: folder, env })
  expect(ran).toMatchObject({ code: 0, errors: '' })
  expect(ran.output).toContain('Order is ready version 1\n')
  expect(ran.output).toMatch(/progressing\n(?:terminating\n)?hangup\n400 actions\.\S+\n$/)

  const declared = 'declare const process: { env: { TRUNKLINE_URL: string; TRUNKLINE_KEY: string } }\n'
  writeFileSync(path.join(folder, 'example.mts'), declared + code)
  writeFileSync(
    path.join(folder, 'wrong.mts'),
    `import { Trunkline } from '@trunkline/client'
const trunkline = new Trunkline({ baseUrl: 'http://127.0.0.1', key: '' })
// @ts-expect-error a flow needs its actions
await trunkline.flows.create({ name: 'x' })
// @ts-expect-error there is no such route
await trunkline.request('GET /v1.0/nothing')
// @ts-expect-error the path has an id
await trunkline.request('GET /v1.0/flows/:flowId')
`,
  )
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc')
  const strict = [
    '--noEmit',
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--lib',
    'es2023,dom',
    '--types',
    '',
  ]
  const checked = await run(process.execPath, [tsc, ...strict, 'example.mts', 'wrong.mts'], { cwd: folder })
  expect(checked).toMatchObject({ code: 0, output: '' })
}, 120_000)

/** A program that runs until it is ended, and what it has printed so far. */
function start(code: string, env: Record<string, string>): { output(): string; end(): void } {
  writeFileSync(path.join(folder, 'receiver.mjs'), code)
  const child = spawn(process.execPath, ['receiver.mjs'], { cwd: folder, env: { ...process.env, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  return { output: () => output, end: () => void child.kill() }
}

test('the receiver of the README takes what is signed by either of its secrets, and says why it refuses the rest', async () => {
  const [example] = examplesIn('packages/client/README.md', 'js')
  const ask = async <T>(route: string, body: object = {}): Promise<T> => {
    const headers = { Authorization: `Bearer ${stage.key}`, 'Content-Type': 'application/json' }
    const answer = await fetch(`${stage.url}${route}`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(answer.ok, await answer.clone().text()).toBe(true)
    return answer.json() as Promise<T>
  }
  const port = await freePort(6990)
  // Calls of the test before this one may still end; this endpoint hears of none of them.
  const only = { url: `http://127.0.0.1:${port}/`, types: ['webhook_disabled'] }
  const made = await ask<{ id: string; secret: string }>('/v1.0/webhooks', only)
  const strange = `whsec_${btoa('a secret that nobody has here')}`
  const states: string[] = []
  const outputs: string[] = []
  for (const secrets of [`${strange} ${made.secret}`, strange]) {
    const receiver = start(example?.code ?? '', { PORT: String(port), WEBHOOK_SECRETS: secrets })
    await vi.waitFor(() => expect(receiver.output()).toContain('ready'), { timeout: 20_000 })
    states.push((await ask<{ state: string }>(`/v1.0/webhooks/${made.id}/test`)).state)
    outputs.push(receiver.output())
    receiver.end()
  }
  expect(states).toEqual(['delivered', 'dead'])
  expect(outputs).toEqual(['ready\n', 'ready\nwrong-signature\n'])
}, 60_000)
