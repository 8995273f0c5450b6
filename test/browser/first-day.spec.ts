/** The first day of a person whom an administrator has added: sign-in, an empty call log, one number, levels, a reload. */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { hears, openBrowser, pressButton } from './agent.ts'

const EMAIL = 'nora@example.com'
/** Made up for this test. */
const PASSWORD = 'a winter day in oslo'

let stage: Stage
let browser: Browser
let page: Page

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 6550, networkPort: 6570 })
  browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, permissions: ['microphone'] })
  page = await context.newPage()
  await page.goto(stage.url)
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

test('signs in with e-mail and password, and with nothing else [S4-21]', async () => {
  const root = await browser.newContext()
  await root.request.post(`${stage.url}/api/demo/sign-in`, { data: { key: 'root' } })
  const added = await root.request.post(`${stage.url}/api/members`, {
    data: { email: EMAIL, name: 'Nora', password: PASSWORD, role: 'agent' },
  })
  expect(added.status()).toBe(201)
  await root.close()
  await expect(page).toHaveURL(/\/app\/auth$/)
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByLabel('Password', { exact: true }).fill(`${PASSWORD}!`)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('E-mail or password is wrong.')).toBeVisible()
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await pressButton(page, 'Check my headset')
  await expect(page.getByRole('button', { name: 'Continue', exact: true })).toBeEnabled({ timeout: 15_000 })
  await pressButton(page, 'Continue')
  await expect(page.getByText('Phone ready · Line open')).toBeVisible({ timeout: 15_000 })
  const me = await page.request.get(`${stage.url}/api/me`)
  expect(await me.json()).toMatchObject({ email: EMAIL, role: 'agent' })
})

test('an empty call log shows samples that say so, and the event list none [S4-18]', async () => {
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await expect(page.getByText('They did not happen.')).toBeVisible()
  const rows = page.getByRole('table', { name: 'Samples' }).locator('tbody tr')
  await expect(rows).toHaveCount(3)
  for (const row of await rows.all()) {
    await expect(row).toContainText('(sample)')
    await expect(row.getByRole('link')).toHaveCount(0)
  }
  await page.getByRole('link', { name: 'Events', exact: true }).click()
  await expect(page.getByText('(sample)')).toHaveCount(0)
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})

test('the seed’s address fills a number in and dials nothing; the person’s own press does [S3-55]', async () => {
  test.setTimeout(60_000)
  await page.goto(`${stage.url}/campaign?phone=%2B15002200777&contactId=null&autoStart=true`)
  await expect(page.getByLabel('Phone number')).toHaveValue('+15002200777')
  await expect(page.getByText('Phone ready · Line open')).toBeVisible({ timeout: 15_000 })
  const calls = () => stage.network.control.world().calls.filter(one => one.to === '+15002200777')
  expect(calls()).toEqual([])
  // The line of the page before may still be shown as open while this page's phone comes back.
  await expect(page.getByRole('button', { name: 'Call', exact: true })).not.toHaveAttribute('aria-disabled', 'true')
  await pressButton(page, 'Call')
  await expect.poll(() => calls().length, { timeout: 15_000 }).toBe(1)
})

test('the levels of both sides move during the call [S3-46]', async () => {
  await hears(page)
  const level = (who: string) =>
    page.getByLabel(who, { exact: true }).evaluate((meter: HTMLMeterElement) => meter.value)
  await expect.poll(() => level('They'), { timeout: 15_000, intervals: [50] }).toBeGreaterThan(0.05)
  const seen = new Set<number>()
  await expect
    .poll(async () => seen.add(await level('They')).size, { timeout: 15_000, intervals: [50] })
    .toBeGreaterThan(3)
  await expect.poll(() => level('You'), { timeout: 15_000, intervals: [50] }).toBeGreaterThan(0.01)
  await pressButton(page, 'Hang up')
  await expect(page.getByLabel('They', { exact: true })).toHaveCount(0)
})

test('the event list is there again after a reload [S4-17]', async () => {
  await page.getByRole('link', { name: 'Events', exact: true }).click()
  const first = page.getByRole('row').nth(1)
  await expect(page.getByText('Conversation ended').first()).toBeVisible()
  await page.reload()
  await expect(first).toBeVisible({ timeout: 15_000 })
  await expect(page.getByText('Conversation ended').first()).toBeVisible()
  await expect(page.getByText('(sample)')).toHaveCount(0)
})
