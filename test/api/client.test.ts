/** `@trunkline/client` as a program gets it: built, in a folder of its own, and its README run against the real Worker. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../../scripts/local/build.ts'
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
