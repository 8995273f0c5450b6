/// <reference types="node" />
/**
 * A second factor in real browsers: an admin sets it up with the code of an app, signs in with a code and with a backup code, and
 * requires it of everybody; an agent is led to the set-up before anything else. The Worker is the real one.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { codeOf } from '../totp.ts'
import { openBrowser } from './agent.ts'
import { lookEverywhere } from './look.ts'

/** Made up for this test. */
const PASSWORD = 'a windy day in porto'

let stage: Stage
let browser: Browser
let nora: Page
let backup = ''
let secret = ''
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7682, networkPort: 7702 })
  browser = await openBrowser()
  const root = await browser.newContext()
  await root.request.post(`${stage.url}/api/demo/sign-in`, { data: { key: 'root' } })
  for (const [name, role] of [
    ['Nora', 'admin'],
    ['Ola', 'agent'],
  ]) {
    const data = { email: `${name}@example.com`, name, role, password: PASSWORD }
    expect((await root.request.post(`${stage.url}/api/members`, { data })).status()).toBe(201)
  }
  await root.close()
  nora = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

async function firstStep(page: Page, name: string): Promise<void> {
  await page.goto(`${stage.url}/app/auth`)
  await page.getByLabel('E-mail').fill(`${name}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** From the password to the first code of the app. */
async function setUp(page: Page, screen: string): Promise<void> {
  await page.getByLabel('Your password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Set it up' }).click()
  await expect(page.getByRole('img', { name: 'The secret as a picture for the app' })).toBeVisible()
  secret = await page.getByLabel('The secret', { exact: true }).inputValue()
  const codes = page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem')
  await expect(codes).toHaveCount(10)
  backup = (await codes.first().textContent()) ?? ''
  await lookEverywhere(page, screen)
  await page.getByLabel('The code that the app shows now').fill('000000')
  await page.getByRole('button', { name: 'Switch it on' }).click()
  await expect(page.getByText('The code is not right.')).toBeVisible()
  await page.getByLabel('The code that the app shows now').fill(await codeOf(secret, Date.now()))
  await page.getByRole('button', { name: 'Switch it on' }).click()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('button', { name: /^Sign out/ }).click()
  await expect(page).toHaveURL(/\/app\/auth$/)
}

const codeField = (page: Page) => page.getByLabel('The code of the app on your phone, or a backup code')

test('an admin sets it up, and a sign-in asks for the code of the app', async () => {
  test.setTimeout(90_000)
  await firstStep(nora, 'Nora')
  await nora.getByRole('button', { name: 'Continue without the phone' }).click()
  await nora.getByRole('link', { name: 'Team', exact: true }).click()
  await nora.getByRole('button', { name: 'Set up a second factor' }).click()
  await setUp(nora, 'second-factor-of-the-team')
  await expect(nora.getByText('It is on: each sign-in asks for a code')).toBeVisible()

  await signOut(nora)
  await firstStep(nora, 'Nora')
  await expect(codeField(nora)).toBeVisible()
  await lookEverywhere(nora, 'second-factor-sign-in')
  await codeField(nora).fill('000000')
  await nora.getByRole('button', { name: 'Go on' }).click()
  await expect(nora.getByText('The code is not right.')).toBeVisible()
  await codeField(nora).fill(await codeOf(secret, Date.now()))
  await nora.getByRole('button', { name: 'Go on' }).click()
  await expect(nora.getByRole('button', { name: 'Settings' }).or(nora.getByText('Headset check'))).toBeVisible()
})

test('a backup code lets in once, and the admin requires it of everybody', async () => {
  test.setTimeout(90_000)
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await firstStep(page, 'Nora')
  await codeField(page).fill(backup)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await page.getByRole('link', { name: 'Team', exact: true }).click()
  // By keyboard: the box of a switch is under its label.
  await page.getByRole('switch', { name: /^Everybody in this workspace needs one/ }).press('Space')
  await expect(page.getByText('This workspace wants it, so it stays on.')).toBeVisible()

  const ola = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await firstStep(ola, 'Ola')
  await expect(ola.getByRole('heading', { name: 'A second factor first' })).toBeVisible()
  expect((await ola.request.get(`${stage.url}/api/calls`)).status()).toBe(403)
  await setUp(ola, 'second-factor-first')
  await expect(ola.getByRole('button', { name: 'Continue without the phone' })).toBeVisible({ timeout: 15_000 })
  expect((await ola.request.get(`${stage.url}/api/calls`)).status()).toBe(200)
  await ola.context().close()
  await page.context().close()
})
