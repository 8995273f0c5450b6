/**
 * The Worker is killed between the end of a message and its callback, and callbacks are lost or come twice: one message each time. No
 * browser takes part; the carrier is the phone network, and what was stored is on disk.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { call, OUR_NUMBERS, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'

const [, NUMBER = ''] = OUR_NUMBERS

let stage: Stage
let root = ''
const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-voicemail-'))

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: folder, port: 6950, networkPort: 6970, dialer: false })
  root = await signIn(stage.url, 'root')
  const nobody = { flow_id: null, queue_id: null, conference_id: null, agent_id: null, user_id: null }
  await call(stage.url, root, 'PUT', `/v1.0/numbers/${encodeURIComponent(NUMBER)}`, nobody)
})
test.afterAll(async () => {
  await stage?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Listed {
  kind: string
  number: string
  sound: string
}
/** What the inbox has of this caller; null: the Worker does not answer. */
async function left(from: string): Promise<string[] | null> {
  try {
    const { items } = await call<{ items: Listed[] }>(stage.url, root, 'GET', '/v1.0/inbox')
    return items.filter(one => one.number === from).map(one => `${one.kind} ${one.sound}`)
  } catch {
    return null
  }
}

/** Somebody leaves a message and hangs up. Resolves when the carrier has the whole sound. */
async function speaks(from: string): Promise<void> {
  const words = [{ pauseMs: 700 }, { say: 'Please call me back about the invoice of last month.' }]
  const acts = [{ listen: true }, ...words, ...words, { hangUp: true }]
  const sid = stage.network.control.dial(from, NUMBER, { kind: 'human', acts })
  const recorded = () =>
    stage.network.control
      .log()
      .some(entry => JSON.stringify(entry).includes('recording') && JSON.stringify(entry).includes(sid))
  await expect.poll(recorded, { timeout: 60_000 }).toBe(true)
  const ended = () => stage.network.control.world().calls.every(one => one.sid !== sid || one.status === 'completed')
  await expect.poll(ended, { timeout: 60_000 }).toBe(true)
}

test('a callback that comes twice is one message', async () => {
  test.setTimeout(120_000)
  stage.network.control.addFault({ on: 'recording', what: 'duplicate' })
  await speaks('+14155559301')
  await expect.poll(() => left('+14155559301'), { timeout: 60_000 }).toEqual(['voicemail kept'])
  stage.network.control.clearFaults()
})

test('every callback of the recording is lost, and the Worker is killed: one message', async () => {
  test.setTimeout(240_000)
  stage.network.control.addFault({ on: 'recording', what: 'drop' })
  await speaks('+14155559302')
  const pid = stage.worker.pid()
  expect(pid).not.toBeNull()
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(() => stage.worker.pid(), { timeout: 30_000 }).not.toBe(pid)
  await expect.poll(() => left('+14155559302'), { timeout: 150_000 }).toEqual(['voicemail kept'])
  expect(await left('+14155559301')).toEqual(['voicemail kept'])
  stage.network.control.clearFaults()
})
