/** The example with curl only, as it stands: two agents in real browsers answer what it makes ring. */
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { ROOT } from '../../scripts/local/build.ts'
import { call, signIn } from '../../scripts/local/demo.ts'
import { SCOPES } from '../../src/wire/scope.ts'
import { type Agent, presence, press } from './agent.ts'
import { twoDesks } from './two-desks.ts'

const floor = twoDesks(7350)

/** Whatever rings at this agent is taken. */
async function takes({ page }: Agent, dialog: string): Promise<void> {
  await expect(page.getByRole('dialog', { name: dialog })).toBeVisible({ timeout: 60_000 })
  await press(page, 'a')
}
const ORDER = ['flow-created', 'call-agent-joined', 'transfer-wanted', 'transfer-consulting', 'transfer-moved']

test('a flow, a number, a caller who presses a key, a queue, Ada, Bo after he was asked, and the timeline, with curl only [S1-13] [S1-44]', async () => {
  test.setTimeout(120_000)
  test.skip(spawnSync('curl', ['--version']).status !== 0, 'there is no curl on this machine')
  const { stage, ada, bo } = floor
  const root = await signIn(stage.url, 'root')
  const { key } = await call<{ key: string }>(stage.url, root, 'POST', '/api/keys', { name: 'Evening', scopes: SCOPES })
  const env = { ...process.env, BASE: stage.url, NETWORK: stage.network.url, KEY: key }
  const script = spawn('bash', [path.join(ROOT, 'examples/switchboard.sh')], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [script.stdout, script.stderr]) stream.setEncoding('utf8').on('data', text => (said += text))
  const ended = new Promise<number | null>(resolve => script.on('close', resolve))
  await takes(ada, 'Queue call')
  await takes(bo, 'A colleague asks')
  expect(await ended, said).toBe(0)
  const timeline = said.slice(said.indexOf('The timeline:')).split('\n')
  const places = ORDER.map(type => timeline.indexOf(type))
  expect(places, said).toEqual(places.toSorted((a, b) => a - b))
  expect(places[0], said).toBeGreaterThan(0)
  await expect.poll(() => presence(bo.page), { timeout: 10_000 }).toBe('on-call')
  await expect.poll(() => presence(ada.page), { timeout: 10_000 }).toBe('ready')
})
