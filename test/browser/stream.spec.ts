/// <reference types="node" />
/**
 * The live stream on the Events page of the real product: calls of a program appear while they happen, by name and by call; a pause and a killed Worker lose nothing; the end
 * of the sign-in is said. Light and dark, desktop and phone width.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser, openPage } from './dialer-driver.ts'
import { look } from './look.ts'
import { picture } from './looks.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-live-stream-'))
let stage: Stage
let browser: Browser
let root = ''

test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: folder, port: 7750, networkPort: 7770, log: () => undefined })
  browser = await openBrowser()
  root = await signIn(stage.url, 'root')
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
  rmSync(folder, { recursive: true, force: true })
})

let placed = 0
/** A call that rings for a second, hears a word and is over. */
async function place(): Promise<string> {
  placed += 1
  const destinations = [{ type: 'tel', target: `+1500200${String(2000 + placed)}` }]
  const actions = [{ type: 'talk', option: { text: 'Good morning.' } }, { type: 'hangup' }]
  const body = { destinations, actions, consent: 'test' }
  return (await call<{ id: string }>(stage.url, root, 'POST', '/v1.0/calls', body)).id
}

async function open(name: string, options: Parameters<typeof openPage>[1] = {}): Promise<Page> {
  const { page } = await openPage(browser, { reducedMotion: 'reduce', ...options })
  await page.goto(stage.url)
  await page.getByRole('button', { name: `Continue as ${name}` }).click()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await page.getByRole('link', { name: 'Events', exact: true }).click()
  return page
}
const state = (page: Page) => page.getByRole('region', { name: 'Live stream of the workspace' }).getByRole('status')
const list = (page: Page) => page.getByRole('list', { name: 'Events of the workspace' })
const rows = (page: Page, name: string) => list(page).getByRole('listitem').filter({ hasText: name })

test('events of calls appear while they happen, by name, by call, and as JSON', async () => {
  test.setTimeout(120_000)
  const page = await open('Root')
  await expect(state(page)).toHaveText('Connected')
  await expect(page.getByText('What happens in the workspace from now on stands here.')).toBeVisible()
  const callId = await place()
  await expect(rows(page, 'call_hungup')).toHaveCount(1, { timeout: 30_000 })
  await expect(rows(page, 'call_answered')).toHaveCount(1)
  await rows(page, 'call_hungup').getByText('As JSON').click()
  await expect(rows(page, 'call_hungup')).toContainText(`"call_id": "${callId}"`)

  await page.getByLabel('Name of the event').fill('call_ringing')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect(list(page).getByRole('listitem')).toHaveCount(1)
  await place()
  await expect(list(page).getByRole('listitem')).toHaveCount(2, { timeout: 30_000 })
  await list(page).getByRole('button', { name: 'Only this call' }).last().click()
  await expect(page.getByLabel('Call', { exact: true })).toHaveValue(callId)
  await expect(list(page).getByRole('listitem')).toHaveCount(1)

  await page.getByLabel('Name of the event').fill('call_flown')
  await page.getByLabel('Call', { exact: true }).fill('')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('There is no such event or call.')
  await expect(state(page)).toHaveText('Not connected')
  await page.getByRole('button', { name: 'Show everything' }).click()
  await expect(state(page)).toHaveText('Connected')
  await page.context().close()
})

test('a pause and a killed Worker are said, and what happened meanwhile is shown afterwards', async () => {
  test.setTimeout(180_000)
  const page = await open('Root')
  await expect(state(page)).toHaveText('Connected')
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(state(page)).toContainText('Paused.')
  // The calls of the test before may still be ending.
  const ended = (callId: string) => rows(page, 'call_hungup').filter({ has: page.locator(`a[href*="${callId}"]`) })
  const first = await place()
  const status = async () => (await call<{ status: string }>(stage.url, root, 'GET', `/v1.0/calls/${first}`)).status
  await expect.poll(status, { timeout: 30_000 }).toBe('hangup')
  await expect(ended(first)).toHaveCount(0)
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect(ended(first)).toHaveCount(1)

  const pid = stage.worker.pid()
  expect(pid).not.toBeNull()
  process.kill(Number(pid), 'SIGKILL')
  await expect(state(page)).toHaveText('The connection was lost. Connecting again.')
  await expect(state(page)).toHaveText('Connected', { timeout: 60_000 })
  await expect(ended(await place())).toHaveCount(1, { timeout: 30_000 })
  await page.context().close()
})

test('an agent has no stream of the workspace', async () => {
  const page = await open('Ada')
  await expect(page.getByRole('heading', { name: 'Events', exact: true })).toBeVisible()
  await expect(page.getByText('Live stream of the workspace')).toHaveCount(0)
  await page.context().close()
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const)
    test(`the live stream: ${colorScheme}, ${width} wide`, async () => {
      test.setTimeout(90_000)
      const page = await open('Root', { colorScheme, viewport: { width, height } })
      await expect(state(page)).toHaveText('Connected')
      await place()
      await expect(rows(page, 'call_hungup')).toHaveCount(1, { timeout: 30_000 })
      await rows(page, 'call_hungup').getByText('As JSON').click()
      await look(page, 'the live stream')
      await page.getByRole('heading', { name: 'Live stream of the workspace' }).scrollIntoViewIfNeeded()
      await picture(page, `stream-${colorScheme}-${width}`)
      await page.context().close()
    })
