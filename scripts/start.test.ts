/** The first command of a fresh clone: options that it does not know, and two of them at once. */
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const SCRIPTS = path.join(import.meta.dirname)
const ENDS_WITHIN_MS = 20_000
let clone = ''
const children: ChildProcess[] = []

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'trunkline-clone-'))
  mkdirSync(path.join(clone, 'scripts'))
  for (const name of ['install.mjs', 'lock.mjs', 'start.mjs', 'start-options.mjs'])
    if (existsSync(path.join(SCRIPTS, name))) copyFileSync(path.join(SCRIPTS, name), path.join(clone, 'scripts', name))
  writeFileSync(path.join(clone, 'package-lock.json'), '{}')
  // It says when it began and ended, and takes its time as npm ci does.
  writeFileSync(
    path.join(clone, 'npm.js'),
    `const fs = require('node:fs')
    fs.appendFileSync('log', 'begins ')
    fs.rmSync('node_modules', { recursive: true, force: true })
    setTimeout(() => {
      fs.mkdirSync('node_modules')
      fs.appendFileSync('log', 'ends ')
      process.exit(fs.existsSync('fails') ? 1 : 0)
    }, 700)`,
  )
  writeFileSync(path.join(clone, 'package.json'), '{"type":"commonjs"}')
  // What is started says its options, instead of the whole product.
  writeFileSync(path.join(clone, 'scripts', 'start.ts'), `console.log('started', ...process.argv.slice(2))`)
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill()
  rmSync(clone, { recursive: true, force: true })
})

async function start(
  options: string[] = [],
  env: Record<string, string> = {},
): Promise<{ code: number; said: string }> {
  const npm = { npm_execpath: path.join(clone, 'npm.js'), ...env }
  const child = spawn(process.execPath, [path.join(clone, 'scripts', 'start.mjs'), ...options], {
    env: { PATH: process.env.PATH, ...npm },
  })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += String(text)))
  const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS)
  const code = await new Promise<number>(resolve => child.on('exit', ended => resolve(ended ?? -1)))
  clearTimeout(late)
  return { code, said }
}
const log = () => (existsSync(path.join(clone, 'log')) ? readFileSync(path.join(clone, 'log'), 'utf8').trim() : '')

test.each([['--prot=5051'], ['--cps'], ['--cps=fast'], ['--cps=0'], ['watch']])(
  'npm start ends at %s, names it and what it knows, and installs nothing',
  async option => {
    const { code, said } = await start(['--watch', option])
    expect(code).toBe(2)
    expect(said).toContain(`does not know the option ${option}.`)
    expect(said).toContain('--cps=N')
    expect(said).toContain('--watch')
    expect(log()).toBe('')
  },
)

test('an option that npm has kept for itself is named as well', async () => {
  const { code, said } = await start([], { npm_config_cps: '8' })
  expect(code).toBe(2)
  expect(said).toContain('npm start -- --cps')
  expect(log()).toBe('')
})

test('the options that it knows are passed on', async () => {
  const { said } = await start(['--cps=0.5', '--watch'])
  expect(said).toContain('started --cps=0.5 --watch')
})

test('two starts at once in a fresh clone install once, and the second one says that it waits', async () => {
  const both = await Promise.all([start(), start()])
  expect(log()).toBe('begins ends')
  expect(both.map(one => one.code)).toEqual([0, 0])
  expect(both.filter(one => one.said.includes('another process installs the dependencies'))).toHaveLength(1)
  for (const { said } of both) expect(said).toContain('started')
  expect((await start()).said).not.toContain('installing')
})

test('a start that was ended while it installed holds nobody up, also when several find what it left', async () => {
  mkdirSync(path.join(clone, '.trunkline'))
  // No process has this id: it is above the largest one.
  writeFileSync(path.join(clone, '.trunkline', 'installing'), '99999999')
  const all = await Promise.all([start(), start(), start()])
  expect(all.map(one => one.code)).toEqual([0, 0, 0])
  expect(log()).toBe('begins ends')
})

test('when the one that installs fails, the next one tries, and nothing is left locked', async () => {
  writeFileSync(path.join(clone, 'fails'), '')
  const both = await Promise.all([start(), start()])
  expect(both.map(one => one.code)).toEqual([1, 1])
  expect(log()).toBe('begins ends begins ends')
  rmSync(path.join(clone, 'fails'))
  expect((await start()).code).toBe(0)
})
