/// <reference types="node" />
/**
 * A supervisor sees on the page Reports what a real call was: the Worker, the phone network and a browser, nothing in between replaced. The table is
 * downloaded, and a report is set to be sent by itself, paused and deleted.
 */
import { readFile } from 'node:fs/promises'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser } from './agent.ts'

let stage: Stage
let browser: Browser
let page: Page
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7370, networkPort: 7380 })
  browser = await openBrowser()
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await page.goto(stage.url)
  await page.getByRole('button', { name: 'Continue as Sam' }).click()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

interface Placed {
  id: string
  status: string
}

test('nothing to count says the next step; a call that was made stands in the report', async () => {
  test.setTimeout(90_000)
  await page.getByRole('link', { name: 'Reports', exact: true }).click()
  await expect(page.getByRole('link', { name: 'Make a campaign and start dialing.' })).toBeVisible()
  const root = await signIn(stage.url, 'root')
  const api = <T>(method: string, path: string, body?: object) => call<T>(stage.url, root, method, path, body)
  const destinations = [{ type: 'tel', target: '+15005550006' }]
  const placed = await api<Placed>('POST', '/v1.0/calls', { destinations, actions: [{ type: 'hangup' }] })
  await expect
    .poll(async () => (await api<Placed>('GET', `/v1.0/calls/${placed.id}`)).status, { timeout: 40_000 })
    .toBe('hangup')
  await page.getByLabel('Days').selectOption('today')
  const all = page.getByRole('row', { name: /^All/ })
  await expect(all.getByRole('cell').first()).toHaveText('1', { timeout: 15_000 })
  await expect(page.locator('canvas')).toBeVisible()
})

test('the table of numbers is downloaded, and no number is taken for a formula', async () => {
  await page.getByRole('navigation', { name: 'Reports' }).getByRole('link', { name: 'Numbers' }).click()
  const link = page.getByRole('link', { name: 'Download as CSV' })
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  const text = await readFile((await download.path()) ?? '', 'utf8')
  expect(text).toMatch(/^\uFEFFNumber,Dialed,Answer rate,Refused,Health\r\n'\+1\d{10},1,/)
})

test('a report is set to be sent by itself, paused and deleted', async () => {
  await page.getByRole('button', { name: 'Send this report by itself' }).click()
  await page.getByLabel('Name').fill('Numbers on Monday')
  await page.getByLabel('How often').selectOption('week')
  await page.getByRole('button', { name: 'Save' }).click()
  const row = page.getByRole('row', { name: /Numbers on Monday/ })
  await expect(row).toContainText('each Monday at 08:00')
  await page.getByRole('button', { name: 'Pause Numbers on Monday' }).click()
  await expect(row).toContainText('paused')
  await page.getByRole('button', { name: 'Go on with Numbers on Monday' }).click()
  await expect(row).not.toContainText('paused')
  await page.getByRole('button', { name: 'Delete Numbers on Monday' }).click()
  await page.getByRole('button', { name: /^Really delete\?/ }).click()
  await expect(row).toHaveCount(0)
})
