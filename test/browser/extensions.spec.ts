/// <reference types="node" />
/** Extensions at the edge with unmodified JsSIP and SIP.js in a real Chromium: the Worker, its registrar, and sound between the pages. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium, expect, test } from '@playwright/test'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { findChromium } from './chromium.ts'
import { BrowserPhone, type Made, makeExtension, SOUND, servePages } from './sip/sip-stage.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-extensions-'))
let stage: Stage
let browser: Browser
let pages: Awaited<ReturnType<typeof servePages>>
let root = ''
let one: Made
let two: Made
let three: Made
const phones: BrowserPhone[] = []

test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: folder, port: 7120, networkPort: 7130, dialer: false, log: () => undefined })
  pages = await servePages(7125)
  const { executablePath, args, env } = await findChromium()
  const own = [...args, '--allow-loopback-in-peer-connection']
  browser = await chromium.launch({
    executablePath,
    args: own,
    env: { ...process.env, ...env } as Record<string, string>,
  })
  root = await signIn(stage.url, 'root')
  one = await makeExtension(stage.url, root, '101')
  two = await makeExtension(stage.url, root, '102')
  three = await makeExtension(stage.url, root, '103')
})
test.afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close()
  await expect.poll(async () => (await registered()).length, { timeout: 10_000 }).toBe(0)
})
test.afterAll(async () => {
  await browser?.close()
  await pages?.close()
  await stage?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function phone(library: 'jssip' | 'sipjs' = 'jssip'): Promise<BrowserPhone> {
  const made = await BrowserPhone.open(browser, pages.url, library)
  phones.push(made)
  return made
}
const registeredPhone = async (made: Made) => (await phone()).register(made)

async function registered(): Promise<string[]> {
  const { items } = await call<{ items: Made[] }>(stage.url, root, 'GET', '/v1.0/extensions')
  return items.filter(item => item.registered).map(item => item.extension)
}

/** 101 calls 102, who answers, and both hear each other. */
async function talk(): Promise<[BrowserPhone, BrowserPhone]> {
  const [a, b] = [await registeredPhone(one), await registeredPhone(two)]
  await a.do('call', '102')
  await b.hears('incoming 101')
  await b.do('accept')
  await a.hears('outgoing confirmed')
  await Promise.all([a.hearsSound('outgoing'), b.hearsSound('incoming')])
  return [a, b]
}

test('a phone registers with its secret, and with a wrong one it is told so', async () => {
  const right = await registeredPhone(one)
  expect(await registered()).toEqual(['101'])
  const wrong = await phone()
  await wrong.start(two, 'wrong')
  expect(await wrong.hears('registrationFailed')).toContain('401')
  expect((await right.heard()).at(-1)).toBe('registered')
  expect(await registered()).toEqual(['101'])
})

test('two phones hear each other, hold and go on, send tones, and hang up; the call stands in the log [S1-25]', async () => {
  test.setTimeout(90_000)
  const [a, b] = await talk()
  await a.do('dial', 'outgoing', '5')
  await b.hears('incoming newDTMF remote 5')
  await a.do('hold', 'outgoing', true)
  await b.hears('incoming hold remote')
  await Promise.all([a.hearsNothing('outgoing'), b.hearsNothing('incoming')])
  await a.do('hold', 'outgoing', false)
  await b.hears('incoming unhold remote')
  await Promise.all([a.hearsSound('outgoing'), b.hearsSound('incoming')])
  await b.do('hangUp', 'incoming')
  await a.hears('outgoing ended remote')
  await expect
    .poll(async () => (await call<{ items: { status: string }[] }>(stage.url, root, 'GET', '/v1.0/calls')).items[0])
    .toMatchObject({ status: 'hangup', hangup_reason: 'normal', source: { type: 'extension', target: '101' } })
  const { items } = await call<{ items: { id: string }[] }>(stage.url, root, 'GET', '/v1.0/calls')
  const ladder = await call<{ cause: string; messages: { line: string }[] }>(
    ...([stage.url, root, 'GET', `/v1.0/calls/${items[0]?.id}/ladder`] as const),
  )
  expect(ladder.cause).toBe('101 and 102 have talked, and one of them has hung up.')
  const methods = ladder.messages.map(({ line }) => line.split(' ')[0])
  for (const method of ['INVITE', 'ACK', 'INFO', 'BYE']) expect(methods).toContain(method)
})

test('a caller who hangs up before the answer stops the ringing; a phone that is busy says so', async () => {
  const [a, b] = [await registeredPhone(one), await registeredPhone(two)]
  await a.do('call', '102')
  await b.hears('incoming 101')
  await a.hears('outgoing progress')
  await a.do('hangUp', 'outgoing')
  expect(await b.hears('incoming failed remote')).toContain('Canceled')
  expect(await a.hears('outgoing failed')).toContain('Canceled')
  await a.do('call', '102')
  await expect.poll(async () => (await b.heard()).filter(word => word === 'incoming 101').length).toBe(2)
  await b.do('busy')
  await expect.poll(async () => (await a.heard()).at(-1)).toContain('failed remote Busy 486')
})

test('who calls an extension without a phone is told in words', async () => {
  const a = await registeredPhone(one)
  await a.do('call', '102')
  expect(await a.hears('outgoing failed')).toContain('480 This extension is not registered.')
})

test('both phones of an extension ring, one answers, and the other stops', async () => {
  const [a, b, other] = [await registeredPhone(one), await registeredPhone(two), await registeredPhone(two)]
  await a.do('call', '102')
  await Promise.all([b.hears('incoming 101'), other.hears('incoming 101')])
  await other.do('accept')
  await a.hears('outgoing confirmed')
  expect(await b.hears('incoming failed remote')).toContain('Canceled')
  await Promise.all([a.hearsSound('outgoing'), other.hearsSound('incoming')])
})

test('a call is transferred by REFER, and the two who are left hear each other', async () => {
  test.setTimeout(90_000)
  const [a, b] = await talk()
  const c = await registeredPhone(three)
  await a.do('transfer', 'outgoing', '103')
  await b.hears('incoming refer')
  await c.hears('incoming 102')
  await c.do('accept')
  await a.hears('refer accepted 200')
  await a.do('hangUp', 'outgoing')
  await expect.poll(() => b.loudest('referred', 1_200), { timeout: 15_000 }).toBeGreaterThan(SOUND)
  await expect.poll(() => c.loudest('incoming', 1_200), { timeout: 15_000 }).toBeGreaterThan(SOUND)
})

test('the binding of a browser that is killed is gone at once', async () => {
  await registeredPhone(one)
  const lost = await registeredPhone(two)
  expect(await registered()).toEqual(['101', '102'])
  await lost.close()
  await expect.poll(registered, { timeout: 10_000 }).toEqual(['101'])
})

test('a phone of another vendor’s library is called and heard', async () => {
  test.setTimeout(90_000)
  const a = await registeredPhone(one)
  const b = await (await phone('sipjs')).register(two)
  await a.do('call', '102')
  await b.hears('incoming 101')
  await b.do('accept')
  await a.hears('outgoing confirmed')
  await Promise.all([a.hearsSound('outgoing'), b.hearsSound('incoming')])
  await a.do('hangUp', 'outgoing')
  await b.hears('incoming Terminated')
  await b.do('call', '101')
  await a.hears('incoming 102')
  await a.do('accept')
  await b.hears('outgoing Established')
  await expect.poll(() => a.loudest('incoming', 1_200), { timeout: 15_000 }).toBeGreaterThan(SOUND)
  await expect.poll(() => b.loudest('outgoing', 1_200), { timeout: 15_000 }).toBeGreaterThan(SOUND)
  await b.do('hangUp', 'outgoing')
  await a.hears('incoming ended remote')
})

test('the Worker is killed in mid-call: both phones come back by themselves, go on, and hang up', async () => {
  test.setTimeout(120_000)
  const [a, b] = await talk()
  const pid = stage.worker.pid() ?? 0
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => stage.worker.pid(), { timeout: 30_000 }).not.toBe(pid)
  const times = async (phone: BrowserPhone) => (await phone.heard()).filter(word => word === 'registered').length
  for (const phone of [a, b]) await expect.poll(() => times(phone), { timeout: 40_000 }).toBeGreaterThan(1)
  await a.do('dial', 'outgoing', '7')
  await b.hears('incoming newDTMF remote 7')
  await Promise.all([a.hearsSound('outgoing'), b.hearsSound('incoming')])
  await b.do('hangUp', 'incoming')
  expect(await a.hears('outgoing ended remote')).toContain('Terminated')
})
